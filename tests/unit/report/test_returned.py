"""The copy of our mail in a notice: all of it, or said not to be."""

import base64

import pytest

from bounce_assistant.report.returned import Came, is_whole_message, returned_copy

LETTER = b"From: a@example.com\nSubject: Hi\nMessage-ID: <1@example.com>\n\nHello\n"
PARTS = (
    b"From: a@example.com\nMessage-ID: <1@example.com>\n"
    b"Content-Type: multipart/mixed; boundary=X\n\n--X\n\nHello\n--X--\n"
)


def notice(*parts: bytes, end: bytes = b"\n--B--\n") -> bytes:
    head = b"From: MAILER-DAEMON\nContent-Type: multipart/report; boundary=B\n\n"
    return head + b"".join(b"--B\n" + part for part in parts).rstrip(b"\n") + b"\n" + end


def carried(letter: bytes, kind: bytes = b"message/rfc822") -> bytes:
    return b"Content-Type: " + kind + b"\n\n" + letter


@pytest.mark.parametrize("letter", [LETTER, PARTS])
def test_a_whole_copy_comes_back_byte_for_byte(letter: bytes) -> None:
    found = returned_copy(notice(b"\nSorry\n", carried(letter)))
    assert found.came is Came.WHOLE
    assert found.raw.rstrip(b"\n") == letter.rstrip(b"\n")


def test_line_ends_of_any_kind_are_read() -> None:
    found = returned_copy(notice(carried(PARTS)).replace(b"\n", b"\r\n"))
    assert found.came is Came.WHOLE


@pytest.mark.parametrize(
    "kind", [b"text/rfc822-headers", b"message/rfc822-headers", b"message/global-headers"]
)
def test_headings_alone_are_said_to_be_headings(kind: bytes) -> None:
    assert returned_copy(notice(carried(LETTER, kind))).came is Came.HEADER


def test_a_copy_with_an_empty_body_is_its_headings() -> None:
    head = LETTER.partition(b"\n\n")[0] + b"\n\n"
    assert returned_copy(notice(carried(head))).came is Came.HEADER


@pytest.mark.parametrize("cut", [10, 20])
def test_a_copy_whose_last_delimiter_is_missing_was_cut(cut: int) -> None:
    assert returned_copy(notice(carried(PARTS[:-cut]))).came in (Came.CUT, Came.HEADER)
    assert returned_copy(notice(carried(PARTS.replace(b"--X--", b"")))).came is Came.CUT


def test_a_notice_that_ends_too_early_makes_its_copy_doubtful() -> None:
    assert returned_copy(notice(carried(LETTER), end=b"")).came is Came.CUT


@pytest.mark.parametrize(
    "words",
    [
        b"[message truncated]",
        b"--- Rest of message truncated.",
        b"... only the first 100 lines are included here ...",
        b"1234 bytes omitted",
    ],
)
def test_a_copy_that_says_it_was_cut_was_cut(words: bytes) -> None:
    assert returned_copy(notice(carried(LETTER + words + b"\n"))).came is Came.CUT


def test_half_a_page_of_html_was_cut() -> None:
    head = b"From: a@example.com\nContent-Type: text/html\n\n<html><body><p>Hel"
    assert not is_whole_message(head)
    assert is_whole_message(head + b"lo</p></body></html>\n")


def test_half_a_base64_text_was_cut() -> None:
    head = b"From: a@example.com\nContent-Transfer-Encoding: base64\n\nSGVsbG8gdGhlcmU"
    assert not is_whole_message(head)
    assert is_whole_message(head + b"=\n")


def test_a_copy_in_base64_is_decoded() -> None:
    body = base64.encodebytes(PARTS)
    part = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + body
    assert returned_copy(notice(part)).raw == PARTS


def test_of_two_copies_the_one_with_the_id_is_ours() -> None:
    other = LETTER.replace(b"<1@", b"<2@").replace(b"Hello", b"Other")
    found = returned_copy(notice(carried(other), carried(LETTER)), "<1@example.com>")
    assert b"Hello" in found.raw


def test_a_forwarded_notice_is_looked_into() -> None:
    inner = notice(b"Content-Type: message/delivery-status\n\nAction: failed\n", carried(LETTER))
    inner = inner.replace(
        b"multipart/report; boundary=B",
        b"multipart/report; report-type=delivery-status; boundary=B",
    )
    outer = notice(carried(inner)).replace(b"boundary=B\n\n--B", b"boundary=OUT\n\n--OUT", 1)
    outer = outer[: outer.rindex(b"--B--")] + b"--OUT--\n"
    assert b"Hello" in returned_copy(outer).raw


def test_a_copy_in_the_text_of_a_notice_is_found() -> None:
    text = b"From: MAILER-DAEMON@x\n\nSorry.\n\n--- Below this line is a copy of the message.\n\n"
    letter = (
        b"Return-Path: <a@example.com>\nReceived: by x; Mon\nFrom: a@example.com\n"
        b"Message-ID: <1@example.com>\nSubject: Hi\n\nHello\n"
    )
    found = returned_copy(text + letter)
    assert found.came is Came.WHOLE
    assert found.raw.endswith(b"Hello\n")
    assert returned_copy(text + letter + b"--- Rest of message truncated.\n").came is Came.CUT


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"x", b"\xff\xfe\x00", b"--B--", notice(b"\nSorry\n")]
)
def test_no_copy_is_no_copy(raw: bytes) -> None:
    assert returned_copy(raw).came is Came.NOTHING
