"""A disk without room, at every step of a message on its way out."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.store.outgoing import OutgoingState
from tests.servers.submission import Submission
from tests.unit.services.sending.conftest import Sender, make_sender


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


@pytest.fixture
def sender(small_disk: Path, submission: Submission, knowledge: Knowledge) -> Iterator[Sender]:
    made = make_sender(small_disk, submission, knowledge)
    yield made
    made.store.close()


def fill(disk: Path) -> None:
    """Leave no room at all."""
    with (disk / "ballast").open("wb") as ballast, suppress(OSError):
        for block in (1 << 16, 1 << 10, 1):
            with suppress(OSError):
                while True:
                    os.write(ballast.fileno(), bytes(block))


def make_room(disk: Path) -> None:
    (disk / "ballast").unlink()


def test_without_room_nothing_is_taken_in(
    sender: Sender, small_disk: Path, submission: Submission
) -> None:
    case = sender.case()
    sender.store.close()  # a fresh log has to grow for the next write
    fill(small_disk)
    with pytest.raises(AppError, match="no room left"):
        sender.send(case)
    make_room(small_disk)
    assert sender.outbox.waiting() == []
    assert submission.received == []


@pytest.mark.parametrize("moment", ["connected", "mail", "rcpt", "data", "taken"])
def test_a_disk_that_fills_on_the_way_sends_it_once(
    sender: Sender, small_disk: Path, submission: Submission, moment: str
) -> None:
    (message,) = sender.send(sender.case())
    sender.store.close()
    submission.mood.watch[moment] = lambda: fill(small_disk)
    sender.clock.pass_by(seconds=11)
    with pytest.raises(AppError, match="no room left"):
        sender.outbox.run(Job())
    submission.mood.watch.clear()
    make_room(small_disk)
    for _ in range(3):
        sender.clock.pass_by(hours=1)
        sender.outbox.run(Job())
    never_kept = OutgoingState.UNKNOWN if moment in {"data", "taken"} else OutgoingState.SENT
    assert sender.state(message) is never_kept
    assert len(submission.received) == 1
