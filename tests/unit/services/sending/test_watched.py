"""What was sent again is watched: a second bounce, or three quiet days."""

from datetime import timedelta

import pytest

from bounce_assistant.services.fixes.resend import Order
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.standing import standing_of
from bounce_assistant.store.outgoing import OutgoingId, OutgoingState, Watch
from bounce_assistant.store.rows import CaseId, CaseQuery, CaseState
from tests.servers.submission import Submission
from tests.unit.services.notices import UNKNOWN, bounce
from tests.unit.services.sending.conftest import Sender


def words(sender: Sender, case: CaseId) -> str:
    return standing_of(sender.outbox.of_case(case), sender.clock.now()).words


def bounces_again(sender: Sender, message: OutgoingId) -> CaseId:
    """Keep a notice about a message that we sent, and return its case."""
    found = sender.outbox.get(message)
    assert found is not None
    notice = bounce(found.recipient, diagnostic=UNKNOWN)
    notice = notice.replace(b"<1@example.com>", found.message_id.encode())
    (case,) = add_text(notice.decode(), sender.store, sender.knowledge, Job()).cases
    return case


def state_of(sender: Sender, case: CaseId) -> CaseState:
    return sender.cases.look_at(case).row.state


def check_inbox(sender: Sender, problem: str = "") -> None:
    sender.store.accounts.note_check(
        sender.store.accounts.list()[0].id, at=sender.clock.now(), looked_at=1, problem=problem
    )


def test_a_second_bounce_is_tied_to_what_was_sent(sender: Sender) -> None:
    case = sender.case()
    (message,) = sender.send(case, to="dana.r@example.net")
    sender.wait_for_undo()
    assert words(sender, case) == "Waiting - no bounce so far"
    again = bounces_again(sender, message)
    assert again != case
    assert words(sender, case) == "Bounced again - let's try another way"
    assert state_of(sender, case) is CaseState.DONE
    assert state_of(sender, again) is CaseState.NEEDS_YOU
    assert [one.id for one in sender.outbox.of_case(again)] == [message]


def test_the_history_goes_on_over_several_bounces(sender: Sender) -> None:
    case = sender.case()
    for number in range(3):
        (message,) = sender.send(case, to=f"dana{number}@example.net")
        sender.wait_for_undo()
        case = bounces_again(sender, message)
    assert [one.recipient for one in sender.outbox.of_case(case)] == [
        f"dana{number}@example.net" for number in range(3)
    ]
    review = sender.resend.review(Order(case, to="dana9@example.net"))
    assert "3 times already" in review.locked


def test_a_bounce_of_an_unknown_one_says_that_it_was_sent(
    sender: Sender, submission: Submission
) -> None:
    submission.mood.replies["data"] = "drop"
    (message,) = sender.send(sender.case())
    sender.wait_for_undo()
    assert sender.state(message) is OutgoingState.UNKNOWN
    bounces_again(sender, message)
    assert sender.state(message) is OutgoingState.SENT


def test_three_quiet_days_look_like_delivery(sender: Sender) -> None:
    case = sender.case()
    sender.send(case)
    sender.wait_for_undo()
    sender.clock.pass_by(days=2, hours=23)
    check_inbox(sender)
    assert sender.outbox.settle_quiet() == 0
    sender.clock.pass_by(hours=2)
    check_inbox(sender)
    assert sender.outbox.settle_quiet() == 1
    assert words(sender, case) == "Looks delivered"
    assert state_of(sender, case) is CaseState.DONE


def test_silence_says_nothing_when_nobody_listened(sender: Sender) -> None:
    sender.send(sender.case())
    sender.wait_for_undo()
    check_inbox(sender)
    sender.clock.pass_by(days=30)
    assert sender.outbox.settle_quiet() == 0
    check_inbox(sender, problem="Google asked you to sign in again.")
    assert sender.outbox.settle_quiet() == 0


def test_a_late_bounce_takes_the_delivery_back(sender: Sender) -> None:
    case = sender.case()
    (message,) = sender.send(case)
    sender.wait_for_undo()
    sender.clock.pass_by(days=4)
    check_inbox(sender)
    sender.outbox.settle_quiet()
    bounces_again(sender, message)
    found = sender.outbox.get(message)
    assert found is not None
    assert found.watch is Watch.BOUNCED


def test_what_the_person_decided_stays(sender: Sender) -> None:
    case = sender.case()
    sender.send(case)
    sender.wait_for_undo()
    sender.cases.reopen([case])
    sender.clock.pass_by(days=4)
    check_inbox(sender)
    assert sender.outbox.settle_quiet() == 1
    assert state_of(sender, case) is CaseState.NEEDS_YOU


def test_a_delay_is_no_second_bounce(sender: Sender) -> None:
    case = sender.case()
    (message,) = sender.send(case)
    sender.wait_for_undo()
    found = sender.outbox.get(message)
    assert found is not None
    notice = bounce("dana@example.net").replace(b"Action: failed", b"Action: delayed")
    notice = notice.replace(b"Status: 5.1.1", b"Status: 4.4.1")
    notice = notice.replace(b"<1@example.com>", found.message_id.encode())
    add_text(notice.decode(), sender.store, sender.knowledge, Job())
    assert words(sender, case) == "Waiting - no bounce so far"


def test_removing_an_account_with_its_history_removes_what_it_sent(sender: Sender) -> None:
    case = sender.case()
    with sender.store._connections.write() as db:
        db.execute("UPDATE message SET account_id = ?", (sender.account.id,))
    (message,) = sender.send(case)
    sender.accounts.remove(sender.account.id, keep_history=False)
    assert sender.outbox.get(message) is None


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(hours=3), "Will try again today about "),
        (timedelta(days=1), "Will try again tomorrow about "),
        (timedelta(days=3), "Will try again Thu about "),
        (timedelta(days=20), "Will try again 22 March about "),
    ],
)
def test_a_try_for_later_says_when(sender: Sender, later: timedelta, said: str) -> None:
    case = sender.case()
    sender.send(case, due_at=sender.clock.now() + later)
    assert words(sender, case).startswith(said)
    assert len(sender.cases.keys(CaseQuery(state=CaseState.WAITING))) == 1
