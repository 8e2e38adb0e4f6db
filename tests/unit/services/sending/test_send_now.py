"""``Send it now`` can be taken back for ten seconds, and a kill within them changes nothing."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.services.job import Job
from bounce_assistant.store.outgoing import Outgoing, OutgoingId, OutgoingState
from bounce_assistant.store.rows import CaseQuery, CaseState
from tests.servers.submission import Submission
from tests.unit.services.sending.conftest import Sender, make_sender, run_until_over

ROOT = Path(__file__).parents[4]
PATIENCE = 60  # seconds, on a busy machine
Make = Callable[[Sender, Submission], OutgoingId]


def scheduled(sender: Sender, _server: Submission) -> OutgoingId:
    (message,) = sender.send(sender.case(), due_at=sender.clock.now() + timedelta(days=2))
    return message


def refused(sender: Sender, server: Submission) -> OutgoingId:
    server.mood.replies["rcpt"] = "550 5.7.1 Not for you"
    server.mood.once = True
    (message,) = sender.send(sender.case())
    assert run_until_over(sender, message) is OutgoingState.REFUSED
    return message


def unknown(sender: Sender, server: Submission) -> OutgoingId:
    server.mood.replies["data"] = "drop"
    server.mood.once = True
    (message,) = sender.send(sender.case())
    assert run_until_over(sender, message) is OutgoingState.UNKNOWN
    return message


kinds = pytest.mark.parametrize("make", [scheduled, refused, unknown])


def state_of_case(sender: Sender) -> CaseState:
    (state,) = (one for one in CaseState if sender.cases.keys(CaseQuery(state=one)))
    return state


def found(sender: Sender, message: OutgoingId) -> Outgoing:
    one = sender.outbox.get(message)
    assert one is not None
    return one


@kinds
def test_undo_makes_it_what_it_was(sender: Sender, submission: Submission, make: Make) -> None:
    message = make(sender, submission)
    before, place, came = found(sender, message), state_of_case(sender), len(submission.received)
    sender.outbox.send_now(message)
    assert state_of_case(sender) is CaseState.WAITING
    assert sender.outbox.seconds_for_undo([message]) == 10
    sender.clock.pass_by(seconds=9)
    sender.outbox.run(Job())
    assert len(submission.received) == came
    assert sender.outbox.undo([message]) == (message,)
    assert found(sender, message) == before
    assert state_of_case(sender) is place
    sender.wait_for_undo()
    assert len(submission.received) == came


@kinds
def test_it_goes_once_when_the_time_for_undo_is_over(
    sender: Sender, submission: Submission, make: Make
) -> None:
    message = make(sender, submission)
    came, name = len(submission.received), found(sender, message).message_id
    sender.outbox.send_now(message)
    with pytest.raises(AppError, match="on its way"):
        sender.outbox.send_now(message)  # pressed twice
    assert run_until_over(sender, message) is OutgoingState.SENT
    sender.wait_for_undo()
    assert submission.ids()[came:] == [name]
    assert not sender.outbox.undo([message])


@kinds
def test_killed_meanwhile_it_is_neither_lost_nor_sent_unasked(
    sender: Sender, submission: Submission, make: Make, tmp_path: Path
) -> None:
    message = make(sender, submission)
    before, came = found(sender, message), len(submission.received)
    sender.store.close()
    kill_after_letting_go(tmp_path, message)
    again = make_sender(tmp_path, submission, sender.knowledge)
    again.clock.wall = found(again, message).due_at
    held = found(again, message)
    assert held.state is OutgoingState.UNDO
    assert [one.id for one in again.outbox.waiting()] == [message]
    again.outbox.run(Job())
    assert len(submission.received) == came
    if make is refused:  # within the hour it goes on, with the whole time for Undo
        again.wait_for_undo()
        assert again.state(message) is OutgoingState.SENT
        assert len(submission.received) == came + 1
    else:  # days later it is as if it had not been pressed
        again.clock.pass_by(days=1)
        again.outbox.run(Job())
        assert found(again, message) == before
        assert len(submission.received) == came
    again.store.close()


def kill_after_letting_go(folder: Path, message: OutgoingId) -> None:
    """Run another program that lets the message go, and kill it before anything leaves."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.services.sending.hold_child", str(folder), str(message)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    try:
        assert child.stdout.readline() == "let go\n"
    finally:
        child.kill()
        child.communicate(timeout=PATIENCE)
