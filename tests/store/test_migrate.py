"""A database of any age opens; one from the future is refused with a sentence."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest

from bounce_assistant.store import open_store
from bounce_assistant.store.migrate import (
    StoreTooNewError,
    copy_before_migrating,
    migrate,
    read_steps,
    version_of,
)
from tests.store.keep import keep, opened

ONE = "CREATE TABLE a (n INTEGER) STRICT; INSERT INTO a VALUES (1);"
TWO = "-- a comment; with a semicolon\nUPDATE a SET n = n + 1;\nCREATE TABLE b (n TEXT) STRICT;\n"
BROKEN = "CREATE TABLE c (n TEXT) STRICT; INSERT INTO nowhere VALUES (1);"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "some.sqlite3")) as db:
        yield db


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=10)


def tables(db: sqlite3.Connection) -> set[str]:
    return {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def schema(path: Path) -> list[tuple[str, ...]]:
    with closing(connect(path)) as db:
        found = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2")
        return found.fetchall()


def test_steps_already_taken_are_not_taken_again(db: sqlite3.Connection) -> None:
    migrate(db, [ONE])
    migrate(db, [ONE, TWO])
    migrate(db, [ONE, TWO])
    assert db.execute("SELECT n FROM a").fetchall() == [(2,)]
    assert version_of(db) == 2


def test_of_a_step_that_breaks_nothing_stays(db: sqlite3.Connection) -> None:
    migrate(db, [ONE])
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(db, [ONE, BROKEN])
    assert tables(db) == {"a"}
    assert version_of(db) == 1
    migrate(db, [ONE, TWO])
    assert tables(db) == {"a", "b"}


def test_a_database_from_a_newer_program_is_refused_with_a_sentence(tmp_path: Path) -> None:
    opened(tmp_path).close()
    path = tmp_path / "bounces.sqlite3"
    with closing(connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreTooNewError) as refused:
        open_store(path)
    assert "newer Bounce Assistant" in refused.value.title
    assert refused.value.next_step
    assert path.read_bytes() == before


def test_a_copy_is_made_before_the_first_change(tmp_path: Path) -> None:
    path = tmp_path / "some.sqlite3"
    with closing(connect(path)) as db:
        assert copy_before_migrating(db, path, [ONE]) is None
        migrate(db, [ONE])
        assert copy_before_migrating(db, path, [ONE]) is None
        copy = copy_before_migrating(db, path, [ONE, TWO])
        migrate(db, [ONE, TWO])
    assert copy is not None
    with closing(connect(copy)) as db:
        assert tables(db) == {"a"}
        assert version_of(db) == 1


def test_programs_started_together_migrate_once(tmp_path: Path) -> None:
    path = tmp_path / "some.sqlite3"
    ready = threading.Barrier(4)
    problems: list[Exception] = []

    def start() -> None:
        try:
            with closing(connect(path)) as db:
                ready.wait(10)
                migrate(db, [ONE, TWO])
        except Exception as problem:  # noqa: BLE001 - shown by the assertion
            problems.append(problem)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with closing(connect(path)) as db:
        assert db.execute("SELECT n FROM a").fetchall() == [(2,)]


def test_a_fresh_database_and_a_migrated_one_have_the_same_schema(tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    opened(tmp_path / "fresh").close()
    old = tmp_path / "old.sqlite3"
    steps = read_steps()
    for known in range(1, len(steps) + 1):  # each release that ever was, one after the other
        with closing(connect(old)) as db:
            migrate(db, steps[:known])
    assert schema(old) == schema(tmp_path / "fresh" / "bounces.sqlite3")


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        kept = keep(store, 1)
    with opened(tmp_path) as store:
        assert store.messages.ids() == [kept.message]
    assert not list(tmp_path.glob("*.version-*"))


def test_every_step_has_a_number_of_its_own() -> None:
    folder = files("bounce_assistant.store").joinpath("migrations")
    numbers = sorted(int(step.name[:4]) for step in folder.iterdir() if step.name.endswith(".sql"))
    assert numbers == list(range(1, len(numbers) + 1))
