"""The second start knows what the first one knew, from what that kept."""

from pathlib import Path

import pytest

from bounce_assistant.services.knowledge import Knowledge, load_knowledge

PARTS = ("words", "handbook", "blocklists", "addresses", "meanings")


def known(knowledge: Knowledge) -> dict[str, object]:
    parts = {part: getattr(knowledge, part) for part in PARTS}
    return parts | {"reasons": knowledge.reasons.reasons}


def test_a_second_start_knows_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = known(load_knowledge())
    kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.rglob("*.msgpack")}
    assert len(kept) == len(first)
    assert known(load_knowledge()) == first
    assert kept == {path.name: path.stat().st_mtime_ns for path in tmp_path.rglob("*.msgpack")}
