"""The program as a user has it."""

from pathlib import Path

import pytest

from tests.end2end.program import Program
from tests.servers.certificates import Authority


@pytest.fixture
def program(tmp_path: Path, authority: Authority) -> Program:
    return Program(tmp_path, authority.ca)
