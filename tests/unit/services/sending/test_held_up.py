"""What a refused sign-in held up is offered again once the person has signed in."""

import pytest

from bounce_assistant.store.outgoing import OutgoingState
from tests.servers.submission import PASSWORD, Submission
from tests.unit.services.sending.conftest import Sender, run_until_over


def test_what_a_refused_sign_in_held_up_is_known(sender: Sender, submission: Submission) -> None:
    (account,) = sender.accounts.list()
    case, done = sender.case(), sender.case("lee@example.net")
    sender.accounts.set_password(account, "changed since")
    (message,), (given_up,) = sender.send(case), sender.send(done)
    assert run_until_over(sender, message) is OutgoingState.REFUSED
    sender.cases.mark_done([done])
    assert sender.state(given_up) is OutgoingState.REFUSED
    assert [one.id for one in sender.outbox.held_up(account.email.upper())] == [message]
    assert sender.outbox.held_up("other@example.com") == []
    sender.accounts.set_password(account, PASSWORD)
    sender.outbox.send_now(message)
    assert sender.outbox.held_up(account.email) == []
    assert run_until_over(sender, message) is OutgoingState.SENT
    assert len(submission.received) == 1


@pytest.mark.parametrize(
    ("reply", "is_held_up"),
    [("530 5.7.0 Authentication Required.", True), ("554 5.7.1 Looks like spam", False)],
)
def test_only_what_a_sign_in_mends_is_held_up_by_it(
    sender: Sender, submission: Submission, reply: str, *, is_held_up: bool
) -> None:
    submission.mood.replies["mail"] = reply
    (message,) = sender.send(sender.case())
    assert run_until_over(sender, message) is OutgoingState.REFUSED
    assert bool(sender.outbox.held_up(sender.accounts.list()[0].email)) is is_held_up
