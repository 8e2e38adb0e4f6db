"""Complaints: who pressed the spam button, as far as mail companies tell."""

import pytest

from bounce_assistant.report.facts import MessageKind
from tests.unit.report.mails import ORIGINAL, UNA, mail, read

DANA = "dana@larkspur.example"


def complaint(*fields: str, original: str = ORIGINAL) -> str:
    """Return a feedback report (RFC 5965) with these fields."""
    told = "\n".join(["Feedback-Type: abuse", "User-Agent: Feedback/1", "Version: 1", *fields])
    body = f"""\
--f1
Content-Type: text/plain

This is an email abuse report for a message received from 192.0.2.9.
--f1
Content-Type: message/feedback-report

{told}
--f1
Content-Type: message/rfc822

{original}
--f1--
"""
    report_type = 'Content-Type: multipart/report; report-type=feedback-report; boundary="f1"'
    return mail(body, report_type, sender="fbl@feedback.example", subject="FW: 12 Elm Street")


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        ((f"Original-Rcpt-To: <{DANA}>",), [DANA]),
        ((f"Original-Rcpt-To: {DANA}", "Original-Rcpt-To: bob@larkspur.example"),
         [DANA, "bob@larkspur.example"]),
        ((f"Original-Rcpt-To: {DANA}", f"Original-Rcpt-To: {DANA}"), [DANA]),
        ((f"Removal-Recipient: {DANA}",), [DANA]),
        ((), [DANA]),
        (("Original-Rcpt-To: user-1be3@redacted.example",), ["user-1be3@redacted.example"]),
    ],
)  # fmt: skip
def test_a_complaint_names_who_complained(fields: tuple[str, ...], who: list[str]) -> None:
    report = read(complaint(*fields))
    assert report.kind is MessageKind.FEEDBACK
    assert [each.recipient for each in report.recipients] == who


def test_a_complaint_that_withholds_the_name_is_still_one() -> None:
    report = read(complaint(original="Subject: 12 Elm Street\nMessage-ID: <1@oakfield.example>\n"))
    assert report.kind is MessageKind.FEEDBACK
    assert [each.recipient for each in report.recipients] == [""]


def test_a_complaint_says_what_was_sent() -> None:
    original = read(complaint()).original
    assert original
    assert (original.subject, original.sender) == ("12 Elm Street", "agent@oakfield.example")


def test_a_complaint_of_outlook_has_no_report_part() -> None:
    reported = f"X-HmXmrOriginalRecipient: {DANA}\n{ORIGINAL}"
    body = f"--f1\nContent-Type: message/rfc822\n\n{reported}\n--f1--\n"
    raw = mail(
        body,
        "Content-Type: multipart/mixed; boundary=f1",
        sender="staff@hotmail.com",
        subject="complaint about message from 192.0.2.9",
    )
    report = read(raw)
    assert report.kind is MessageKind.FEEDBACK
    assert [each.recipient for each in report.recipients] == [DANA]


def test_a_letter_about_complaints_is_no_complaint() -> None:
    raw = mail("Feedback-Type: abuse is what they sent me.", sender=UNA, subject="Complaints")
    assert read(raw).kind is MessageKind.NOT_A_BOUNCE
