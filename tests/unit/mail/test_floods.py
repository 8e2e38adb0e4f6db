"""A server that sends without end is left: by its bytes, its lines or its time."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Password
from bounce_assistant.mail.imap import ImapMailbox, connect_imap
from bounce_assistant.mail.incoming import Allowance, FloodError
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Look
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from tests.servers.certificates import Authority
from tests.servers.scripted_imap import ENDLESS, Script, ScriptedImap, scripted_imap

DAY = date(2026, 11, 1)
MOST = 6_000_000  # bytes that may have been read before it was left
Flooding = Callable[[dict[str, bytes]], ScriptedImap]
LITERAL = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n"


@pytest.fixture
def flooding(authority: Authority) -> Iterator[Flooding]:
    certificate = authority.issue("flood")
    with ExitStack() as stack:
        yield lambda answers: stack.enter_context(
            scripted_imap(Script(certificate=certificate, answers=answers))
        )


def connected(server: ScriptedImap, authority: Authority) -> ImapMailbox:
    context = ssl.create_default_context(cafile=authority.ca)
    account = Account(1, "d@example.com", "localhost", server.port, "tls", "", 0, "tls", "d")
    return connect_imap(account, Password("s3cret"), Line(timeout=20), context=context)


def left(problem: AppError) -> None:
    assert isinstance(problem, MailServerError)
    assert problem.kind is ProblemKind.FLOOD
    assert problem.title == "localhost sends far more than we asked for."
    assert problem.next_step


@pytest.mark.parametrize(
    "said",
    [
        b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n" + ENDLESS,
        b"* OK still here\r\n" + ENDLESS,
        b"x" * 5_000 + ENDLESS,
        b"* 1 FETCH (UID 1 BODY[] {50}\r\n" + b"y" * 50 + b")\r\n" + ENDLESS,
        LITERAL % 4_294_967_296 + ENDLESS,
        LITERAL % 60_000_000 + ENDLESS,
    ],
    ids=["untagged", "chatter", "one line", "literals", "4 GB literal", "60 MB literal"],
)
def test_a_fetch_without_end_is_left(flooding: Flooding, authority: Authority, said: bytes) -> None:
    mailbox = connected(flooding({"UID FETCH": said}), authority)
    mailbox.open("INBOX")
    with pytest.raises(AppError) as told:
        list(mailbox.messages([Look(1, 500)]))
    left(told.value)
    assert mailbox.received < MOST
    mailbox.close()  # doesn't read on


@pytest.mark.parametrize(
    ("command", "ask"),
    [
        ("LIST", ImapMailbox.folders),
        ("EXAMINE", lambda mailbox: mailbox.open("INBOX")),
        ("UID SEARCH", lambda mailbox: mailbox.open("INBOX") and mailbox.uids(DAY)),
    ],
)
def test_no_command_is_answered_without_end(
    flooding: Flooding, authority: Authority, command: str, ask: Callable[[ImapMailbox], object]
) -> None:
    said = b'* LIST () "/" "another folder"\r\n* SEARCH 1 2 3\r\n* OK more\r\n' + ENDLESS
    mailbox = connected(flooding({command: said}), authority)
    with pytest.raises(AppError) as told:
        ask(mailbox)
    left(told.value)
    mailbox.close()


def test_a_sign_in_is_not_answered_without_end(flooding: Flooding, authority: Authority) -> None:
    with pytest.raises(AppError) as told:
        connected(flooding({"LOGIN": b"* OK and\r\n" + ENDLESS}), authority)
    left(told.value)


def test_an_answer_that_comes_drop_by_drop_ends() -> None:
    now = [0.0]
    allowance = Allowance(lambda: now[0])
    allowance.renew(100)
    for _ in range(14):
        now[0] += 60
        allowance.take(1)
    now[0] += 61
    with pytest.raises(FloodError):
        allowance.take(1)
    allowance.renew(0)
    allowance.take(1)


def test_what_was_asked_for_may_be_large() -> None:
    allowance = Allowance()
    allowance.renew(50_000_000)
    allowance.take(50_000_000)
    allowance.check(1_999_999)
    with pytest.raises(FloodError):
        allowance.check(2_000_001)
