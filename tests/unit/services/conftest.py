"""A store of its own for each test, and the shipped knowledge, loaded once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.store import Store, open_store


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "bounces.sqlite3") as store:
        yield store
