"""What came back of our own mail, wherever the notice put it."""

import pytest

from bounce_assistant.report.original import (
    BODY_LIMIT,
    cut_original,
    header_start,
    original_from_bytes,
    original_from_text,
)
from tests.unit.report.mails import ORIGINAL, dsn, mail, read

FAILED = "Final-Recipient: rfc822; dana@larkspur.example\nAction: failed\nStatus: 5.1.1\n"
SAID = "<dana@larkspur.example>: 550 5.1.1 User unknown"


@pytest.mark.parametrize(
    "part_type",
    [
        "message/rfc822",
        "text/rfc822-headers",
        "message/global",
        "message/global-headers",
        "text/rfc822-header",
        "message/rfc822; charset=utf-8",
    ],
)
def test_our_mail_comes_back_in_a_part_of_its_own(part_type: str) -> None:
    raw = dsn(FAILED).replace("Content-Type: message/rfc822", f"Content-Type: {part_type}")
    original = read(raw).original
    assert original
    assert original.message_id == "<1@oakfield.example>"
    assert original.subject == "12 Elm Street"
    assert original.sender == "agent@oakfield.example"
    assert original.to == ("dana@larkspur.example",)
    assert original.date == "Mon, 2 Mar 2026 08:59:00 +0000"


@pytest.mark.parametrize(
    "line",
    [
        "--- Below this line is a copy of the message.",
        "------ This is a copy of the message, including all the headers. ------",
        "----- Original message -----",
        "-----Original Message-----",
        "--- Original message follows ---",
        "   ----- Message header follows -----",
        "---- Unsent message follows ----",
        "Original message headers:",
        "Returned message follows",
        "Ursprüngliche Nachricht:",
        "Mensaje original",
        "Message d'origine",
        "元のメッセージ",
    ],
)
def test_our_mail_comes_back_inside_the_text(line: str) -> None:
    said, copy = cut_original(f"{SAID}\n\n{line}\n\n{ORIGINAL}")
    assert said.strip() == SAID
    original = original_from_text(copy)
    assert original
    assert original.subject == "12 Elm Street"


def test_our_mail_comes_back_without_any_line_before_it() -> None:
    assert cut_original(f"{SAID}\n\n{ORIGINAL}") == (f"{SAID}\n\n", ORIGINAL)


def test_our_mail_comes_back_quoted() -> None:
    original = original_from_text("".join(f"> {line}\n" for line in ORIGINAL.splitlines()))
    assert original
    assert original.subject == "12 Elm Street"


@pytest.mark.parametrize(
    "text",
    [SAID, "To: dana\nSubject: so", "Reason: full\nStatus: late\nAction: none\n", "", "\n" * 50],
)
def test_a_notice_without_our_mail_has_no_original(text: str) -> None:
    assert header_start(text) == -1
    assert original_from_text(text) is None


def test_nothing_after_a_header_is_an_empty_body() -> None:
    assert original_from_bytes(b"Subject: x\nFrom: a@x.example").body == ""


def test_everyone_written_to_is_named_once() -> None:
    original = original_from_bytes(
        b"To: Dana <d@x.example>, b@x.example\nCc: d@x.example\nBcc: c@x.example\n\n"
    )
    assert original.to == ("d@x.example", "b@x.example", "c@x.example")


def test_encoded_words_are_decoded() -> None:
    original = original_from_bytes(b"Subject: =?utf-8?b?QW5nZWJvdCBmw7xy?= Dana\n\n")
    assert original.subject == "Angebot für Dana"


def test_a_long_mail_comes_back_with_its_beginning_and_its_size() -> None:
    raw = b"Subject: x\n\n" + b"word " * 100_000
    original = original_from_bytes(raw)
    assert len(original.body) == BODY_LIMIT
    assert original.size == len(raw)


def test_our_html_mail_is_told_in_words() -> None:
    original = original_from_bytes(b"Content-Type: text/html\n\n<p>Hello <b>Dana</b></p>")
    assert original.body == "Hello Dana"


def test_a_returned_mail_is_none_of_the_notices_words() -> None:
    report = read(mail(f"{SAID}\n\n--- Below this line is a copy of the message.\n\n{ORIGINAL}"))
    assert "Hello Dana" not in report.text
    assert report.original
    assert "Hello Dana" in report.original.body
