"""Servers differ: where Spam is, what they search, what they leave unsaid."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Password
from bounce_assistant.mail.imap import ImapMailbox, connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Candidates
from tests.servers.certificates import Authority
from tests.servers.scripted_imap import Answer, Script, ScriptedImap, scripted_imap

DAY = date(2026, 11, 1)
Answering = Callable[[Mapping[str, Answer]], tuple[ImapMailbox, ScriptedImap]]


@pytest.fixture
def answering(authority: Authority) -> Iterator[Answering]:
    """A signed-in mailbox on a server with answers of its own."""
    certificate = authority.issue("habits")
    context = ssl.create_default_context(cafile=authority.ca)
    with ExitStack() as stack:

        def start(answers: Mapping[str, Answer]) -> tuple[ImapMailbox, ScriptedImap]:
            script = Script(certificate=certificate, answers=answers)
            server = stack.enter_context(scripted_imap(script))
            port = server.port
            account = Account(1, "d@example.com", "localhost", port, "tls", "", 0, "tls", "d")
            mailbox = connect_imap(account, Password("s3cret"), Line(timeout=5), context=context)
            stack.callback(mailbox.close)
            return mailbox, server

        yield start


@pytest.mark.parametrize(
    ("listed", "folders"),
    [
        (b'* LIST (\\Junk) "/" "[Gmail]/Papierkorb 2"\r\n', ("INBOX", "[Gmail]/Papierkorb 2")),
        (b'* LIST () "." INBOX.Spam\r\n', ("INBOX", "INBOX.Spam")),
        (b'* LIST () NIL "Bulk Mail"\r\n', ("INBOX", "Bulk Mail")),
        (b'* LIST (\\Noselect) "/" Spam\r\n* LIST () "/" Mail/Junk\r\n', ("INBOX", "Mail/Junk")),
        (b'* LIST () "/" Spam\r\n* LIST (\\Junk) "/" Weg\r\n', ("INBOX", "Weg")),
        (b'* LIST () "/" "Courrier ind&AOk-sirable"\r\n', ("INBOX", "Courrier indésirable")),
        (b'* LIST () "/" Junkyard\r\n', ("INBOX",)),
    ],
)
def test_the_spam_folder_is_found(
    answering: Answering, listed: bytes, folders: tuple[str, ...]
) -> None:
    answer = b'* LIST () "/" INBOX\r\n' + listed + b"{tag} OK done\r\n"
    mailbox, _ = answering({"LIST": answer})
    assert mailbox.folders() == folders


@pytest.mark.parametrize("refusal", [b"{tag} NO can't do\r\n", b"{tag} BAD [PARSE] what?\r\n"])
def test_a_server_that_cannot_search_is_read_without(answering: Answering, refusal: bytes) -> None:
    mailbox, _ = answering(
        {".*SEARCH.*HEADER": refusal, "UID SEARCH": b"* SEARCH 3\r\n{tag} OK done\r\n"}
    )
    mailbox.open("INBOX")
    assert mailbox.candidates(DAY) is None
    assert mailbox.uids(DAY) == [3]


def test_a_server_that_knows_ascii_only_is_searched_in_ascii(answering: Answering) -> None:
    mailbox, server = answering(
        {
            ".*SEARCH CHARSET": b"{tag} NO [BADCHARSET (US-ASCII)] no\r\n",
            "UID SEARCH": b"* SEARCH 3 9\r\n{tag} OK done\r\n",
        }
    )
    mailbox.open("INBOX")
    assert mailbox.candidates(DAY) == Candidates(frozenset({3, 9}), frozenset())
    assert any(b"CHARSET UTF-8" in line for line in server.heard)


def test_a_search_cut_off_is_no_refusal(answering: Answering) -> None:
    mailbox, _ = answering({"UID SEARCH": b"x" * 1_100_000 + b"\r\n{tag} OK done\r\n"})
    mailbox.open("INBOX")
    with pytest.raises(AppError, match="far more than we asked for"):
        mailbox.candidates(DAY)


def test_a_server_that_says_little_is_understood(answering: Answering) -> None:
    mailbox, _ = answering({"EXAMINE": b"* 4 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n"})
    state = mailbox.open("INBOX")
    assert (state.exists, state.uid_next, state.highest_modseq) == (4, None, None)


def test_only_reading_commands_are_ever_sent(answering: Answering) -> None:
    said = b"* 1 FETCH (UID 1 RFC822.SIZE 5 BODY[] {5}\r\nhello)\r\n{tag} OK done\r\n"
    mailbox, server = answering(
        {"UID FETCH": said, "UID SEARCH": b"* SEARCH 1\r\n{tag} OK done\r\n"}
    )
    mailbox.folders()
    mailbox.open("INBOX")
    mailbox.candidates(DAY)
    (message,) = mailbox.messages(list(mailbox.looks([1])))
    assert message.raw == b"hello"
    mailbox.close()
    heard = [line.split(b" ", 1)[1] for line in server.heard if b" " in line[:8]]
    reading = (b"CAPABILITY", b"LOGIN", b"LIST", b"EXAMINE", b"UID SEARCH", b"UID FETCH", b"LOGOUT")
    assert [line for line in heard if not line.startswith(reading)] == []
    fetches = [line for line in heard if line.startswith(b"UID FETCH")]
    assert all(b"BODY.PEEK[" in line and b"BODY[" not in line for line in fetches)
