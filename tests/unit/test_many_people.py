"""A notice about hundreds of people: each fate is exact, and the work grows with them only."""

import sys
from collections.abc import Callable

import pytest

from bounce_assistant.diagnosis.notice_text import BUDGET, NoticeText
from bounce_assistant.report.facts import BounceReport, MessageKind, RecipientReport
from bounce_assistant.report.phrase_set import PhraseSet
from bounce_assistant.services.examine import examine_message
from bounce_assistant.services.knowledge import load_knowledge

KNOWLEDGE = load_knowledge()
HEAD = b"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: failure notice\n"
TEXT = HEAD + b"\nYour message could not be delivered to these recipients:\n\n"
REPORT = HEAD + (
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n"
)
FATES = {
    "userunknown": "550 5.1.1 user %d unknown",
    "mailboxfull": "452 4.2.2 the mailbox of number %d is full",
    "hostunknown": "550 5.1.2 Host d%d.example not found",
    "spamdetected": "554 5.7.1 message %d rejected as spam",
    "emailtoolarge": "552 5.3.4 message %d size exceeds fixed limit",
}


def in_words(people: int, fates: dict[str, str]) -> bytes:
    said = list(fates.values())
    lines = (
        f"<u{number}@x.example>: host mx.x.example[192.0.2.{number % 250}] said: "
        f"{said[number % len(said)] % number} (in reply to RCPT TO command)\n\n"
        for number in range(people)
    )
    return TEXT + "".join(lines).encode()


def in_a_report(people: int, fates: dict[str, str]) -> bytes:
    said = list(fates.values())
    groups = (
        f"Final-Recipient: rfc822; u{number}@x.example\nAction: failed\n"
        f"Diagnostic-Code: smtp; {said[number % len(said)] % number}\n\n"
        for number in range(people)
    )
    return REPORT + "".join(groups).encode()


def lone_addresses(people: int, fates: dict[str, str]) -> bytes:
    del fates
    return TEXT + b"".join(b"u%d@x.example\n" % number for number in range(people))


def named_in_the_header(people: int, fates: dict[str, str]) -> bytes:
    names = b",\n ".join(b"u%d@x.example" % number for number in range(people))
    return HEAD + b"X-Failed-Recipients: " + names + TEXT[len(HEAD) - 1 :] + fates_of(fates)


def fates_of(fates: dict[str, str]) -> bytes:
    return "\n\n".join(words % 7 for words in fates.values()).encode()


@pytest.mark.parametrize("make", [in_words, in_a_report])
def test_each_of_five_hundred_people_has_a_fate_of_his_own(
    make: Callable[[int, dict[str, str]], bytes],
) -> None:
    diagnoses = examine_message(make(500, FATES), KNOWLEDGE).diagnoses
    reasons = list(FATES)
    assert [each.recipient.recipient for each in diagnoses] == [
        f"u{number}@x.example" for number in range(500)
    ]
    assert [each.reason for each in diagnoses] == [
        reasons[number % len(reasons)] for number in range(500)
    ]


@pytest.mark.parametrize("make", [in_words, in_a_report, lone_addresses, named_in_the_header])
def test_twice_the_people_are_twice_the_work(
    make: Callable[[int, dict[str, str]], bytes],
) -> None:
    few, many = (calls(make(people, FATES)) for people in (400, 800))
    assert many < 2.3 * few


@pytest.mark.parametrize("make", [in_words, in_a_report, lone_addresses, named_in_the_header])
def test_no_notice_tells_of_more_people_than_a_mail_can_go_to(
    make: Callable[[int, dict[str, str]], bytes],
) -> None:
    diagnoses = examine_message(make(5000, FATES), KNOWLEDGE).diagnoses
    assert 800 < len(diagnoses) <= 1000


def calls(raw: bytes) -> int:
    """Return how many functions are called to judge a message: work that no clock measures."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    KNOWLEDGE.reasons.forget()
    sys.setprofile(counted)
    try:
        examine_message(raw, KNOWLEDGE)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("words", ["not there", "user user unknown", "<> is unknown", "user <>"])
def test_what_is_searched_for_marks_has_an_end(words: str) -> None:
    people = tuple(RecipientReport(f"u{number}@x.example") for number in range(1000))
    text = "".join(f"{each.recipient}: no user here\n" for each in people) + "user " * 8000
    notice = NoticeText(BounceReport(MessageKind.BOUNCE, recipients=people, text=text))
    for each in people:
        notice.locate(words, each.recipient)
    assert notice.searched < BUDGET + 3 * len(text)


def test_names_that_end_each_other_are_not_looked_for_at_every_letter() -> None:
    names = [f"{'a' * length}@x.example" for length in range(1, 61)]
    text = "\n".join(["a" * 60 + "@x.example"] * 2500)
    report = BounceReport(
        MessageKind.BOUNCE,
        recipients=tuple(RecipientReport(recipient=name) for name in names),
        text=text,
    )
    places = NoticeText(report)._first_places
    assert len(places) == len(names)
    assert PhraseSet(names).places_in(text * 2)[-1] < len(text)  # it stopped before the end
