"""A server that silently gives so many hits at most is searched in windows, until all are found."""

import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import pytest

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Password
from bounce_assistant.mail.imap import ImapMailbox, connect_imap
from bounce_assistant.mail.line import Line
from tests.servers.certificates import Authority
from tests.servers.scripted_imap import Answer, Script, ScriptedImap, scripted_imap

DAY = date(2026, 11, 1)
SPARSE = [3 * number + 7 for number in range(2_600)]
Choose = Callable[[Sequence[int]], Sequence[int]]
CHOICES: dict[str, Choose] = {
    "first 1000": lambda hits: hits[:1_000],
    "last 1000": lambda hits: hits[-1_000:],
    "some 500": lambda hits: hits[:: max(1, len(hits) // 500)][:500] if len(hits) > 500 else hits,
    "first 999": lambda hits: hits[:999],
    "last 1024": lambda hits: hits[-1_024:],
}


def searched(folder: Sequence[int], choose: Choose) -> Callable[[str], bytes]:
    """Answer a search by the UID range in it, as a server with a limit does."""

    def answer(command: str) -> bytes:
        low, colon, high = re.findall(r"\bUID (\d+|\*)(:?)(\d+|\*)?", command)[-1]
        first = folder[-1] if low == "*" else int(low)
        last = folder[-1] if high in ("*", "") else int(high)
        first, last = sorted((first, last)) if colon else (first, first)
        hits = choose([uid for uid in folder if first <= uid <= last])
        return b"* SEARCH " + " ".join(map(str, hits)).encode() + b"\r\n{tag} OK done\r\n"

    return answer


@contextmanager
def opened(
    authority: Authority, folder: Sequence[int], choose: Choose, *, says_uid_next: bool = True
) -> Iterator[tuple[ImapMailbox, ScriptedImap]]:
    uid_next = b"* OK [UIDNEXT %d] next\r\n" % (folder[-1] + 1) if says_uid_next else b""
    answers: dict[str, Answer] = {
        "EXAMINE": b"* %d EXISTS\r\n" % (len(folder) + 5) + uid_next + b"{tag} OK done\r\n",
        "UID SEARCH": searched(folder, choose),
    }
    script = Script(certificate=authority.issue("limits"), answers=answers)
    context = ssl.create_default_context(cafile=authority.ca)
    with scripted_imap(script) as server:
        account = Account(1, "d@example.com", "localhost", server.port, "tls", "", 0, "tls", "d")
        mailbox = connect_imap(account, Password("s3cret"), Line(timeout=20), context=context)
        mailbox.open("INBOX")
        yield mailbox, server
        mailbox.close()


def searches(server: ScriptedImap) -> int:
    return sum(b"UID SEARCH" in line for line in server.heard)


@pytest.mark.parametrize("says_uid_next", [True, False])
@pytest.mark.parametrize("choose", CHOICES.values(), ids=CHOICES)
def test_all_is_found_where_a_server_gives_some_only(
    authority: Authority, choose: Choose, *, says_uid_next: bool
) -> None:
    with opened(authority, SPARSE, choose, says_uid_next=says_uid_next) as (mailbox, server):
        assert mailbox.uids(DAY) == SPARSE
        assert searches(server) < 40
        found = mailbox.candidates(DAY, after=SPARSE[100])
        assert found
        assert found.sure | found.maybe == set(SPARSE[101:])


def test_an_answer_that_only_looks_like_a_limit_costs_two_searches(authority: Authority) -> None:
    folder = SPARSE[:1_000]
    with opened(authority, folder, lambda hits: hits) as (mailbox, server):
        assert mailbox.uids(DAY) == folder
        assert searches(server) == 3


def test_an_answer_that_is_no_limit_is_believed(authority: Authority) -> None:
    folder = SPARSE[:1_234]
    with opened(authority, folder, lambda hits: hits) as (mailbox, server):
        assert mailbox.uids(DAY) == folder
        assert mailbox.uids(DAY, after=folder[-21]) == folder[-20:]
        assert searches(server) == 2


def test_a_limit_found_once_is_remembered(authority: Authority) -> None:
    with opened(authority, SPARSE[:1_500], lambda hits: hits[:777]) as (mailbox, _server):
        mailbox._searching._limit = 777
        assert mailbox.uids(DAY) == SPARSE[:1_500]
