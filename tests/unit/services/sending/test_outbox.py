"""What goes out again, through a real submission server: once, or never."""

from email import message_from_bytes, policy

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.services.fixes.resend import Order
from bounce_assistant.services.job import Job
from bounce_assistant.store.outgoing import OutgoingState
from bounce_assistant.store.rows import CaseQuery, CaseState
from tests.servers.submission import Submission
from tests.unit.services.sending.conftest import Sender


def test_an_email_leaves_when_the_time_for_undo_is_over(
    sender: Sender, submission: Submission
) -> None:
    (message,) = sender.send(sender.case())
    sender.clock.pass_by(seconds=9)
    sender.outbox.run(Job())
    assert submission.received == []
    assert 0 < sender.outbox.seconds_for_undo([message]) <= 1
    sender.clock.pass_by(seconds=2)
    sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.SENT
    (received,) = submission.received
    assert received.recipients == ["dana@example.net"]
    mail = message_from_bytes(received.raw, policy=policy.default)
    assert mail["To"] == "Dana Reyes <dana@example.net>"
    assert mail["From"] == "Agent <agent@example.com>"
    assert mail["Subject"] == "Open house on Saturday"
    assert mail["Message-ID"] != "<1@example.com>"
    assert mail.get_content().strip() == "See you there."


def test_undo_within_ten_seconds_sends_nothing(sender: Sender, submission: Submission) -> None:
    case = sender.case()
    (message,) = sender.send(case)
    assert sender.outbox.undo([message]) == (message,)
    sender.wait_for_undo()
    assert submission.received == []
    assert sender.state(message) is OutgoingState.CANCELLED
    assert len(sender.cases.keys(CaseQuery(state=CaseState.NEEDS_YOU))) == 1
    (again,) = sender.send(case)
    sender.wait_for_undo()
    assert sender.outbox.undo([again]) == ()
    assert len(submission.received) == 1


def test_what_was_sent_waits_for_a_second_bounce(sender: Sender) -> None:
    sender.send(sender.case())
    assert len(sender.cases.keys(CaseQuery(state=CaseState.WAITING))) == 1
    sender.wait_for_undo()
    assert len(sender.cases.keys(CaseQuery(state=CaseState.WAITING))) == 1


def test_nobody_gets_two_at_once(sender: Sender) -> None:
    case = sender.case()
    first, second = (sender.resend.review(Order(case)) for _ in range(2))
    sender.resend.send([first])
    with pytest.raises(AppError, match="on its way"):
        sender.resend.send([second])
