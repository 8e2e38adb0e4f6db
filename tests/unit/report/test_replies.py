"""Codes and commands inside server words."""

import pytest

from bounce_assistant.report.replies import command_in, find_codes, tidy_diagnostic


@pytest.mark.parametrize(
    ("words", "reply", "status"),
    [
        ("550 5.1.1 User unknown", "550", "5.1.1"),
        ("550-5.1.1 User unknown", "550", "5.1.1"),
        ("550 User unknown", "550", ""),
        ("550 Recipients unknown", "550", ""),
        ("450 Messages from you are limited", "450", ""),
        ("said: 550 Email refused", "550", ""),
        ("550 #5.1.1 User unknown", "550", "5.1.1"),
        ("550 (#5.1.1) User unknown", "550", "5.1.1"),
        ("User unknown (#5.1.1)", "", "5.1.1"),
        ("host said: 452 4.2.2 Mailbox full (in reply to RCPT TO)", "452", "4.2.2"),
        ("421-4.7.0 Try again later", "421", "4.7.0"),
        ("550 550 5.7.1 Refused", "550", "5.7.1"),
        ("smtp; 5.1.1 (no mailbox)", "", "5.1.1"),
        ("554 5.7.509 Access denied", "554", "5.7.509"),
        ("550", "550", ""),
        ("550: no such user", "550", ""),
        ("250 2.1.5 fine, then 550 5.1.1 not", "550", "5.1.1"),
    ],
)
def test_the_codes_of_a_reply_are_found(words: str, reply: str, status: str) -> None:
    codes = find_codes(words)
    assert (codes.reply_code, str(codes.status or "")) == (reply, status)


@pytest.mark.parametrize(
    "words",
    [
        "size limit 500 MB",
        "the message is larger than 500 kB",
        "after 421 seconds",
        "connect to 192.0.2.5 port 587",
        "over 500 recipients",
        "RFC 5321",
        "2026-05-01 450.000",
        "room 5500",
        "192.0.2.450",
    ],
)
def test_other_numbers_are_no_codes(words: str) -> None:
    assert find_codes(words).reply_code == ""


@pytest.mark.parametrize("words", ["version 5.1.1.2", "host 10.5.1.1", "15.1.2507.37", "4.5.1.2.3"])
def test_versions_and_numbers_of_hosts_are_no_status(words: str) -> None:
    assert find_codes(words).status is None


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("said: 550 no (in reply to RCPT TO command)", "RCPT"),
        ("said: 550 no (in reply to MAIL FROM command)", "MAIL"),
        ("said: 554 no (in reply to end of DATA command)", "DATA"),
        ("said: 550 no (in reply to EHLO command)", "HELO"),
        ("192.0.2.5 failed after I sent the message", "DATA"),
        ("192.0.2.5 does not like recipient", "RCPT"),
        ("SMTP error from remote mail server after initial connection: 554", "CONN"),
        ("SMTP error from remote mail server after end of data: 550", "DATA"),
        ("User unknown", ""),
        ("the data you asked for, from our mail team", ""),
    ],
)
def test_the_refused_command_is_named(words: str, command: str) -> None:
    assert command_in(words) == command


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("550-5.1.1 The account\n550-5.1.1 does not\n550 5.1.1 exist",
         "550 5.1.1 The account does not exist"),
        ("550-No\r\n550 User", "550 No User"),
        ("  550   5.1.1\n\tUser \n unknown ", "550 5.1.1 User unknown"),
        ("550 User unknown, not 551 moved", "550 User unknown, not 551 moved"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_reply_of_several_lines_is_one(words: str, told: str) -> None:
    assert tidy_diagnostic(words) == told
