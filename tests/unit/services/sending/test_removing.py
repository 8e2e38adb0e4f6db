"""An account with mail on its way out is not removed without a word about that mail."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.removing import StillWaitingError, remove_account, remove_when_sent
from bounce_assistant.store.outgoing import OutgoingState
from bounce_assistant.store.rows import CaseQuery, CaseState
from tests.servers.submission import PASSWORD, Submission
from tests.unit.services.sending.conftest import Sender, make_sender


@pytest.mark.parametrize("keep_history", [True, False])
def test_mail_that_still_waits_is_said_and_the_account_stays(
    sender: Sender, *, keep_history: bool
) -> None:
    due = sender.clock.now() + timedelta(days=2)
    (later,) = sender.send(sender.case(), due_at=due)
    (soon,) = sender.send(sender.case("lee@example.net"))
    with pytest.raises(StillWaitingError) as told:
        remove_account(sender.account, sender.accounts, sender.outbox, keep_history=keep_history)
    assert told.value.title.startswith("2 emails are still waiting to be sent")
    assert sender.accounts.list() == [sender.account]
    assert sender.state(later) is OutgoingState.SCHEDULED
    assert sender.state(soon) is OutgoingState.UNDO


def test_dropped_knowingly_their_cases_need_you_again(
    sender: Sender, submission: Submission
) -> None:
    case = sender.case()
    (message,) = sender.send(case)
    dropped = remove_account(
        sender.account, sender.accounts, sender.outbox, keep_history=True, drops_waiting=True
    )
    assert dropped == 1
    assert sender.state(message) is OutgoingState.CANCELLED
    assert [key.case for key in sender.store.cases.keys(CaseQuery(state=CaseState.NEEDS_YOU))] == [
        case
    ]
    sender.wait_for_undo()
    assert submission.received == []


def test_what_has_left_already_stops_nothing(sender: Sender, submission: Submission) -> None:
    (message,) = sender.send(sender.case())
    sender.wait_for_undo()
    assert sender.state(message) is OutgoingState.SENT
    assert remove_account(sender.account, sender.accounts, sender.outbox, keep_history=True) == 0
    assert sender.accounts.list() == []


def test_one_that_is_being_sent_right_now_keeps_the_account(sender: Sender) -> None:
    (message,) = sender.send(sender.case())
    sender.clock.pass_by(seconds=11)
    sender.store.outbox.release(message, now=sender.clock.now())
    sender.store.outbox.begin(message, now=sender.clock.now())
    with pytest.raises(AppError, match="is being sent from"):
        remove_account(
            sender.account, sender.accounts, sender.outbox, keep_history=True, drops_waiting=True
        )
    assert sender.accounts.list() == [sender.account]


def test_another_accounts_answer_to_a_notice_from_this_mailbox_counts_when_history_goes(
    sender: Sender,
) -> None:
    """The notice would take it along; kept, it may still leave."""
    (message,) = sender.send(sender.case())
    second = replace(sender.account, id=0, email="second@example.com")
    other = sender.accounts.add(second, "secret")
    with sender.store._connections.write() as db:
        db.execute("UPDATE message SET account_id = ?", (other.id,))
    assert sender.outbox.bound_to(other, keep_history=True) == []
    assert [one.id for one in sender.outbox.bound_to(other, keep_history=False)] == [message]


def test_an_account_goes_by_itself_once_its_mail_has_left(
    sender: Sender, submission: Submission
) -> None:
    case = sender.case()
    due = sender.clock.now() + timedelta(hours=2)
    sender.send(case, due_at=due)
    assert remove_when_sent(sender.account, sender.accounts, sender.outbox) == 1
    sender.wait_for_undo()
    assert sender.accounts.list() == [sender.account]
    sender.clock.pass_by(hours=2)
    assert sender.outbox.run(Job()).removed == (sender.account.email,)
    assert len(submission.received) == 1
    assert sender.accounts.list() == []
    assert sender.accounts.password(sender.account) == ""
    assert sender.store.cases.keys(CaseQuery(state=None)), "its bounces stay"


def test_it_goes_in_a_later_run_of_the_program_as_well(
    sender: Sender, submission: Submission, tmp_path: Path, knowledge: Knowledge
) -> None:
    sender.send(sender.case())
    remove_when_sent(sender.account, sender.accounts, sender.outbox)
    sender.store.close()
    again = make_sender(tmp_path, submission, knowledge, account=sender.account)
    try:
        assert again.accounts.leaving() == [sender.account]
        again.outbox.run(Job())
        again.wait_for_undo()
        assert len(submission.received) == 1
        assert again.accounts.list() == []
    finally:
        again.store.close()


def test_mail_that_waits_for_another_sign_in_keeps_the_account(
    sender: Sender, submission: Submission
) -> None:
    sender.accounts.set_password(sender.account, "wrong")
    (message,) = sender.send(sender.case())
    remove_when_sent(sender.account, sender.accounts, sender.outbox)
    sender.wait_for_undo()
    assert sender.state(message) is OutgoingState.REFUSED
    assert sender.accounts.list() == [sender.account]
    sender.accounts.set_password(sender.account, PASSWORD)
    sender.outbox.send_now(message)
    sender.wait_for_undo()
    assert sender.accounts.list() == []


def test_an_account_that_nothing_waits_for_goes_at_once_and_one_that_is_kept_stays(
    sender: Sender,
) -> None:
    sender.send(sender.case())
    remove_when_sent(sender.account, sender.accounts, sender.outbox)
    sender.accounts.set_leaving(sender.account, is_leaving=False)
    sender.wait_for_undo()
    assert sender.accounts.list() == [sender.account]
    assert remove_when_sent(sender.account, sender.accounts, sender.outbox) == 0
    assert sender.accounts.list() == []
