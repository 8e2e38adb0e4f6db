"""What goes out again, through a real submission server: once, or never."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.services.fixes.resend import Order
from bounce_assistant.services.job import Job
from bounce_assistant.services.standing import standing_of
from bounce_assistant.store.accounts import AccountRow
from bounce_assistant.store.outgoing import OutgoingState
from bounce_assistant.store.rows import CaseQuery, CaseState
from tests.servers.ports import free_port
from tests.servers.submission import Submission
from tests.unit.services.sending.conftest import Sender, make_sender, run_until_over


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


def test_a_refusal_says_so_and_the_case_needs_you(sender: Sender, submission: Submission) -> None:
    submission.mood.replies["rcpt"] = "550 5.7.1 Not for you"
    (message,) = sender.send(sender.case())
    assert run_until_over(sender, message) is OutgoingState.REFUSED
    found = sender.outbox.get(message)
    assert found is not None
    assert found.said == "550 5.7.1 Not for you"
    assert "Nothing was sent." in found.problem
    assert len(sender.cases.keys(CaseQuery(state=CaseState.NEEDS_YOU))) == 1


def test_a_refused_one_goes_when_the_person_says_so(sender: Sender, submission: Submission) -> None:
    submission.mood.replies["data"] = "554 No"
    submission.mood.once = True
    (message,) = sender.send(sender.case())
    run_until_over(sender, message)
    sender.outbox.send_now(message)
    assert run_until_over(sender, message) is OutgoingState.SENT
    assert len(submission.received) == 1


def test_greylisting_is_tried_again_later_by_itself(sender: Sender, submission: Submission) -> None:
    submission.mood.replies["rcpt"] = "451 4.7.1 Greylisted"
    submission.mood.once = True
    (message,) = sender.send(sender.case())
    assert run_until_over(sender, message) is OutgoingState.SCHEDULED
    sender.clock.pass_by(minutes=4)
    sender.outbox.run(Job())
    assert submission.received == []
    sender.clock.pass_by(minutes=2)
    sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.SENT
    assert len(submission.received) == 1


def test_a_server_that_always_says_later_is_told_in_the_end(
    sender: Sender, submission: Submission
) -> None:
    submission.mood.replies["rcpt"] = "451 4.7.1 Greylisted"
    (message,) = sender.send(sender.case())
    sender.wait_for_undo()
    for _ in range(6):
        sender.clock.pass_by(hours=1)
        sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.REFUSED


def test_offline_it_waits_and_goes_when_the_line_is_back(
    sender: Sender, submission: Submission
) -> None:
    port = submission.port
    sender.store.accounts.change(_row(sender, port=free_port()))
    (message,) = sender.send(sender.case())
    assert run_until_over(sender, message) is OutgoingState.SCHEDULED
    found = sender.outbox.get(message)
    assert found is not None
    assert "Can't reach" in found.problem
    sender.store.accounts.change(_row(sender, port=port))
    sender.clock.pass_by(minutes=20)
    sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.SENT
    assert len(submission.received) == 1


@pytest.mark.parametrize("fault", ["drop", "silence"])
def test_an_answer_that_was_never_heard_is_unknown_and_never_repeated(
    sender: Sender, submission: Submission, fault: str
) -> None:
    submission.mood.replies["data"] = fault
    submission.mood.once = True
    (message,) = sender.send(sender.case())
    assert run_until_over(sender, message) is OutgoingState.UNKNOWN
    for _ in range(3):
        sender.clock.pass_by(days=1)
        sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.UNKNOWN
    assert len(submission.received) == 1
    assert len(sender.cases.keys(CaseQuery(state=CaseState.NEEDS_YOU))) == 1


def test_an_unknown_one_goes_again_under_its_own_id_when_the_person_decides(
    sender: Sender, submission: Submission
) -> None:
    submission.mood.replies["data"] = "drop"
    submission.mood.once = True
    (message,) = sender.send(sender.case())
    run_until_over(sender, message)
    sender.outbox.send_now(message)
    assert run_until_over(sender, message) is OutgoingState.SENT
    first, second = submission.ids()
    assert first == second


def test_the_person_may_know_that_an_unknown_one_arrived(
    sender: Sender, submission: Submission
) -> None:
    submission.mood.replies["data"] = "drop"
    (message,) = sender.send(sender.case())
    run_until_over(sender, message)
    sender.outbox.it_arrived(message)
    assert sender.state(message) is OutgoingState.SENT


def test_a_wrong_password_sends_nothing_and_says_what_to_do(
    sender: Sender, submission: Submission
) -> None:
    sender.accounts.set_password(sender.account, "wrong")
    (message,) = sender.send(sender.case())
    assert run_until_over(sender, message) is OutgoingState.REFUSED
    found = sender.outbox.get(message)
    assert found is not None
    assert "Sign in again." in found.problem


def test_stop_before_it_left_keeps_it_for_later(sender: Sender, submission: Submission) -> None:
    submission.mood.replies["rcpt"] = "silence"
    submission.mood.once = True
    (message,) = sender.send(sender.case())
    sender.clock.pass_by(seconds=11)
    job = Job()
    submission.mood.watch["rcpt"] = job.cancel
    with pytest.raises(CancelledError):
        sender.outbox.run(job)
    submission.mood.watch.clear()
    assert sender.state(message) is OutgoingState.SCHEDULED
    sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.SENT
    assert len(submission.received) == 1


def test_a_try_for_later_waits_for_its_time(sender: Sender, submission: Submission) -> None:
    case = sender.case()
    (message,) = sender.send(case, due_at=sender.clock.now() + timedelta(days=2))
    sender.clock.pass_by(days=1, hours=23)
    sender.outbox.run(Job())
    assert submission.received == []
    sender.outbox.change(message, sender.clock.now() + timedelta(days=1))
    sender.clock.pass_by(hours=2)
    sender.outbox.run(Job())
    assert submission.received == []
    sender.clock.pass_by(days=1)
    sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.SENT


def test_one_put_off_while_others_go_out_stays(sender: Sender, submission: Submission) -> None:
    first, second = sender.send(sender.case(), sender.case("una@example.net"))
    tomorrow = sender.clock.now() + timedelta(days=1)
    submission.mood.watch["taken"] = lambda: sender.outbox.change(second, tomorrow)
    sender.wait_for_undo()
    assert sender.state(first) is OutgoingState.SENT
    assert sender.state(second) is OutgoingState.SCHEDULED
    assert len(submission.received) == 1


def test_offline_hurries_nothing_that_was_put_off(sender: Sender) -> None:
    (message,) = sender.send(sender.case(), due_at=sender.clock.now())
    tomorrow = sender.clock.now() + timedelta(days=1)
    sender.outbox.change(message, tomorrow)
    sender.store.outbox.put_off(message, sender.clock.now(), "Nothing answers.", counts=False)
    assert [one.due_at for one in sender.outbox.waiting()] == [tomorrow]


def test_one_that_is_days_late_waits_for_a_word(sender: Sender, submission: Submission) -> None:
    (message,) = sender.send(sender.case(), due_at=sender.clock.now() + timedelta(hours=1))
    sender.clock.pass_by(days=3)
    sender.outbox.run(Job())
    found = sender.outbox.get(message)
    assert found is not None
    assert sender.outbox.is_late(found)
    words = standing_of([found], sender.clock.now(), is_late=True).words
    assert words.startswith("Late: it was due ")
    assert submission.received == []
    sender.outbox.send_now(message)
    assert run_until_over(sender, message) is OutgoingState.SENT


def test_no_more_than_three_times(sender: Sender) -> None:
    case = sender.case()
    for _ in range(3):
        sender.send(case)
        sender.wait_for_undo()
    review = sender.resend.review(Order(case))
    assert not review.can_be_sent
    assert "3 times already" in review.locked


def test_a_clock_that_jumps_sends_once(sender: Sender, submission: Submission) -> None:
    (message,) = sender.send(sender.case(), due_at=sender.clock.now() + timedelta(hours=2))
    sender.clock.wall += timedelta(hours=3)
    sender.outbox.run(Job())
    sender.clock.wall -= timedelta(days=400)
    sender.outbox.run(Job())
    sender.clock.wall += timedelta(days=800)
    sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.SENT
    assert len(submission.received) == 1


def test_a_clock_that_jumps_shortens_no_undo(sender: Sender, submission: Submission) -> None:
    (message,) = sender.send(sender.case())
    sender.clock.wall += timedelta(days=1)
    sender.outbox.run(Job())
    assert submission.received == []
    assert sender.outbox.undo([message]) == (message,)


def test_after_a_restart_undo_works_for_ten_seconds_more(
    sender: Sender, submission: Submission, tmp_path: Path
) -> None:
    (message,) = sender.send(sender.case())
    sender.store.close()
    again = make_sender(tmp_path, submission, sender.knowledge)
    again.clock.pass_by(hours=5)
    again.outbox.run(Job())
    assert submission.received == []
    assert again.outbox.seconds_for_undo([message]) == 10
    again.wait_for_undo()
    assert again.state(message) is OutgoingState.SENT
    assert len(submission.received) == 1
    again.store.close()


def test_what_a_program_left_in_undo_days_ago_waits_for_a_word(
    sender: Sender, submission: Submission, tmp_path: Path
) -> None:
    (message,) = sender.send(sender.case())
    sender.store.close()
    again = make_sender(tmp_path, submission, sender.knowledge)
    again.clock.pass_by(days=3)
    again.outbox.run(Job())
    again.wait_for_undo()
    found = again.outbox.get(message)
    assert found is not None
    assert again.outbox.is_late(found)
    assert submission.received == []
    again.outbox.send_now(message)
    assert run_until_over(again, message) is OutgoingState.SENT
    again.store.close()


def test_a_long_time_offline_costs_no_patience_with_greylisting(
    sender: Sender, submission: Submission
) -> None:
    port = submission.port
    sender.store.accounts.change(_row(sender, port=free_port()))
    (message,) = sender.send(sender.case())
    sender.wait_for_undo()
    for _ in range(10):
        sender.clock.pass_by(minutes=5)
        sender.outbox.run(Job())
    sender.store.accounts.change(_row(sender, port=port))
    submission.mood.replies["rcpt"] = "451 4.7.1 Greylisted"
    submission.mood.once = True
    for _ in range(2):
        sender.clock.pass_by(minutes=10)
        sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.SENT


def test_two_programs_send_it_once(sender: Sender, submission: Submission, tmp_path: Path) -> None:
    messages = sender.send(*(sender.case(f"p{n}@example.net") for n in range(8)))
    other = make_sender(tmp_path, submission, sender.knowledge)
    for one in (sender, other):
        one.outbox.run(Job())
        one.clock.pass_by(seconds=11)
    with ThreadPoolExecutor() as pool:
        rounds = [pool.submit(one.outbox.run, Job(), wait=20) for one in (sender, other)]
        for round_ in rounds:
            round_.result(60)
    assert [sender.state(message) for message in messages] == [OutgoingState.SENT] * 8
    assert sorted(submission.ids()) == sorted(set(submission.ids()))
    assert len(submission.received) == 8
    other.store.close()


def test_the_minutes_pace_is_kept(sender: Sender, submission: Submission) -> None:
    messages = sender.send(*(sender.case(f"p{n}@example.net") for n in range(23)))
    sender.wait_for_undo()
    assert len(submission.received) == 20
    assert sender.outbox.progress(messages).done == 20
    assert sender.outbox.meter(sender.account).sent == 20
    sender.clock.pass_by(seconds=61)
    sender.outbox.run(Job())
    assert len(submission.received) == 23
    assert sender.outbox.progress(messages).is_over


def _row(sender: Sender, *, port: int) -> AccountRow:
    (row,) = sender.store.accounts.list()
    return replace(row, smtp_port=port)
