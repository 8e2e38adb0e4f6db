"""Full disk, damaged file, folder out of reach: a sentence, and nothing lost."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.store import Store, connection, open_store
from bounce_assistant.store.messages import Place
from tests.store.keep import MONDAY, keep, opened, raw, verdict


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if os.name != "posix" or os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("mounting a small disk takes root and a system that allows it")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill(store: Store) -> int:
    """Keep mail of 100 kB that does not compress, until there is no room; return how many."""
    for number in range(1000):
        noise = raw(number) + os.urandom(100_000)
        store.messages.keep(noise, Place(file=f"{number}.eml"), MONDAY, [verdict()])
    raise AssertionError("the disk was never full")


def test_a_full_disk_is_said_in_a_sentence_and_loses_nothing(small_disk: Path) -> None:
    with opened(small_disk) as store:
        with pytest.raises(AppError, match="no room left on the disk"):
            fill(store)
        kept = store.messages.ids()
        assert kept
    with opened(small_disk) as store:
        assert store.messages.ids() == kept
        for message in kept:
            assert store.messages.get(message)
        assert sound(store)


def test_after_room_was_made_the_same_store_goes_on(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    with opened(small_disk) as store:
        ballast.write_bytes(bytes(400_000))
        with pytest.raises(AppError):
            fill(store)
        before = len(store.messages.ids())
        ballast.unlink()
        keep(store, 5000)
        assert len(store.messages.ids()) == before + 1


def test_a_disk_full_from_the_start_is_said_in_a_sentence(small_disk: Path) -> None:
    free = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(bytes(free))
    with pytest.raises(AppError, match="no room left on the disk"):
        opened(small_disk)


def test_a_store_that_may_not_grow_loses_nothing(store: Store) -> None:
    keep(store, 1)
    with store._connections.read() as db:
        db.execute("PRAGMA max_page_count = 60")
    with pytest.raises(AppError, match="no room left on the disk") as problem:
        fill(store)
    assert problem.value.next_step
    assert store.messages.ids()
    assert sound(store)


@pytest.mark.parametrize("content", [b"This is a letter, not a database. " * 200, os.urandom(9000)])
def test_a_file_that_is_no_database_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bounces.sqlite3"
    path.write_bytes(content)
    with pytest.raises(AppError, match="is damaged") as problem:
        open_store(path)
    assert str(path) in problem.value.detail
    assert path.read_bytes() == content


def test_a_file_damaged_in_the_middle_is_said_in_a_sentence(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for number in range(200):
            keep(store, number)
    path = tmp_path / "bounces.sqlite3"
    with path.open("r+b") as file:
        for page in range(2, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises(AppError, match="is damaged"), opened(tmp_path) as store:
        keep(store, 1000)


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(AppError, match="can't make the folder"):
        open_store(tmp_path / "file" / "bounces.sqlite3")


def test_a_folder_in_place_of_the_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bounces.sqlite3").mkdir()
    with pytest.raises(AppError, match="can't use the folder"):
        opened(tmp_path)


def test_a_file_that_may_not_be_written_is_said_in_a_sentence(store: Store) -> None:
    with store._connections.read() as db:
        db.execute("PRAGMA query_only = ON")
    with pytest.raises(AppError, match="can't use the folder"):
        keep(store, 1)


def test_a_store_in_long_use_elsewhere_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    with opened(tmp_path) as store, closing(sqlite3.connect(store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(AppError, match="Another copy"):
            keep(store, 1)
        other.rollback()
        keep(store, 1)


def test_a_mistake_of_ours_is_not_dressed_up(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError), store._connections.read() as db:
        db.execute("SELECT nothing FROM nowhere")
    assert store.cases.counts().needs_you == 0


def sound(store: Store) -> bool:
    with store._connections.read() as db:
        return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
