"""The review page: what will leave, and what stands in the way."""

from pathlib import Path

import pytest

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.services.fixes.resend import Order, Resend
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import (
    LetterSource,
    PartKind,
    letter_from_sent,
    letter_from_text,
    read_letter,
)
from bounce_assistant.store.outgoing import OutgoingState
from bounce_assistant.store.rows import CaseId
from tests.campaigns.letters import letters
from tests.servers.submission import Submission
from tests.unit.services.notices import UNKNOWN, bounce
from tests.unit.services.sending.conftest import Sender


def headers_only(sender: Sender) -> CaseId:
    notice = bounce("dana@example.net").replace(b"message/rfc822", b"text/rfc822-headers")
    (case,) = add_text(notice.decode(), sender.store, sender.knowledge, Job()).cases
    return case


def test_a_dead_address_is_locked_until_it_is_changed_or_checked(sender: Sender) -> None:
    case = sender.case(diagnostic=UNKNOWN)
    review = sender.resend.review(Order(case))
    assert not review.can_be_sent
    assert review.can_unlock
    with pytest.raises(AppError, match="can't be sent"):
        sender.resend.send([review])
    assert sender.resend.review(Order(case, to="DANA@example.net ")).can_unlock
    assert sender.resend.review(Order(case, is_checked=True)).can_be_sent
    assert sender.resend.review(Order(case, to="dana.r@example.net")).can_be_sent


def test_a_full_mailbox_may_be_tried_unchanged(sender: Sender) -> None:
    assert sender.resend.review(Order(sender.case())).can_be_sent


def test_the_persons_own_reason_decides_what_is_dead(sender: Sender) -> None:
    case = sender.case(diagnostic=UNKNOWN)
    sender.cases.choose_cause([case], CauseId("inbox_full"))
    assert sender.resend.review(Order(case)).can_be_sent
    sender.cases.choose_cause([case], CauseId("user_unknown"))
    assert not sender.resend.review(Order(case)).can_be_sent


@pytest.mark.parametrize("cause", ["complaint", "forged"])
def test_some_mail_never_goes_again(sender: Sender, cause: str) -> None:
    case = sender.case()
    sender.cases.choose_cause([case], CauseId(cause))
    review = sender.resend.review(Order(case, is_checked=True))
    assert not review.can_be_sent
    assert not review.can_unlock


def test_the_review_says_all_that_will_leave(sender: Sender) -> None:
    review = sender.resend.review(Order(sender.case(), to="dana.r@example.net"))
    assert review.sender == "Agent <agent@example.com>"
    assert review.to == "Dana Reyes <dana.r@example.net>"
    assert review.subject == "Open house on Saturday"
    assert review.source_words == "From the copy that the bounce brought back."
    assert [(part.kind, part.size) for part in review.parts] == [(PartKind.TEXT, 14)]
    assert review.what_happens == "It goes to 1 person. You can undo for 10 seconds."


def test_headings_alone_are_never_sent(sender: Sender) -> None:
    case = headers_only(sender)
    letter = sender.resend.letter(case)
    assert letter.why_not == "The bounce brought back only the headings of your email."
    review = sender.resend.review(Order(case, to="dana.r@example.net"))
    assert not review.can_be_sent
    assert review.locked == letter.why_not


def test_a_text_written_anew_goes_instead(sender: Sender, submission: Submission) -> None:
    case = headers_only(sender)
    header = sender.resend.letter(case).raw
    letter = letter_from_text("Open house on Saturday", "See you at 10.", header=header)
    order = Order(case, to="dana.r@example.net", letter=letter)
    (message,) = sender.resend.send([sender.resend.review(order)])
    sender.wait_for_undo()
    assert sender.state(message) is OutgoingState.SENT
    assert b"See you at 10." in submission.received[0].raw
    assert not letter_from_text("x", "  ").is_whole


def test_what_is_no_address_is_refused(sender: Sender) -> None:
    with pytest.raises(AppError, match="complete address"):
        sender.resend.review(Order(sender.case(), to="dana\r\nBcc: x@example.net"))


def test_the_sample_shows_and_sends_nothing(sender: Sender) -> None:
    sample = Resend(sender.cases, sender.accounts, sender.outbox, is_sample=True)
    review = sample.review(Order(sender.case()))
    assert review.subject == "Open house on Saturday"
    assert not review.can_be_sent
    with pytest.raises(AppError):
        sample.send([review])


def test_without_an_account_nothing_is_sent(sender: Sender) -> None:
    case = sender.case()
    sender.accounts.remove(sender.account.id, keep_history=True)
    assert "Connect your email first" in sender.resend.review(Order(case)).locked


def test_a_group_is_reviewed_once_and_sent_one_by_one(
    sender: Sender, submission: Submission
) -> None:
    fine = [sender.case(f"p{n}@example.net") for n in range(3)]
    dead = sender.case("gone@example.net", UNKNOWN)
    group = sender.resend.review_group([Order(case) for case in (*fine, dead)], Job())
    assert len(group.reviews) == 3
    (left_out,) = group.left_out
    assert left_out.order.case == dead
    assert group.what_happens.startswith("It goes to 3 people, each in an email of their own.")
    submission.mood.rcpt["p1@example.net"] = "550 No"
    messages = sender.resend.send(group.reviews)
    sender.wait_for_undo()
    progress = sender.outbox.progress(messages)
    assert progress.is_over
    assert [one.state for one in progress.results] == [
        OutgoingState.SENT, OutgoingState.REFUSED, OutgoingState.SENT,
    ]  # fmt: skip
    assert all(len(one.recipients) == 1 for one in submission.received)


def test_the_parts_of_an_email_are_named_as_people_know_them() -> None:
    by_name = dict(letters(100))
    pictures = read_letter(LetterSource.SENT, by_name["3 pictures in the text"])
    assert [part.kind for part in pictures.parts].count(PartKind.PICTURE) == 3
    assert pictures.parts[-1].name == "plan.pdf"
    assert pictures.parts[-1].size == 3000
    word = read_letter(LetterSource.SENT, by_name["name in an encoded word"])
    assert word.parts[-1].name == "Grundriß.pdf"
    signed = read_letter(LetterSource.SENT, by_name["S/MIME signed utf-8"])
    assert signed.is_signed
    assert signed.parts[-1].kind is PartKind.SIGNATURE
    invitation = read_letter(LetterSource.SENT, by_name["invitation REQUEST"])
    assert PartKind.INVITATION in {part.kind for part in invitation.parts}


def test_what_counts_for_the_first_sending_is_told() -> None:
    page = (
        b"Subject: x\nContent-Type: text/html\n\n<html><body>"
        b'<a href="https://u1.ct.sendgrid.net/ls/click?upn=1">x</a>'
        b'<img src="https://crm.example.org/track/open/1.gif" width="1"></body></html>\n'
    )
    letter = read_letter(LetterSource.NOTICE, page)
    assert letter.tracked_by == ("u1.ct.sendgrid.net", "crm.example.org")


def test_a_folder_without_mail_is_no_letter(tmp_path: Path) -> None:
    assert not read_letter(LetterSource.PASTED, b" ").is_whole


def test_what_is_bigger_than_they_take_is_said_before_it_goes(sender: Sender) -> None:
    case = sender.case(diagnostic="552 5.3.4 Message size exceeds fixed limit of 20 kB")
    small = letter_from_text("Plans", "Here they are.")
    big = letter_from_text("Plans", "Here they are.\n" * 2000)
    assert sender.resend.review(Order(case, letter=small)).notes == ()
    (note,) = sender.resend.review(Order(case, letter=big)).notes
    assert note.startswith("It is 3")
    assert note.endswith("Their mail company takes 20 kB at most.")


def test_the_review_says_where_answers_go(sender: Sender) -> None:
    """A notice that somebody made up can bring an email whose answers go to them."""
    raw = b"From: agent@example.com\nReply-To: lee@other.example\nSubject: Hi\n\nHello\n"
    review = sender.resend.review(Order(sender.case(), letter=letter_from_sent(raw)))
    assert "Answers to it go to lee@other.example." in review.notes
