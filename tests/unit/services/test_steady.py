"""A line that breaks is dialled again; a mail over which it breaks is found and passed over."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.inbox_search import FIELDS
from bounce_assistant.mail.mailbox import Candidates, FetchedMessage, FolderState, Look
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fetch import CheckResult, check_account
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.steady import MOST_RECONNECTS, MOST_SILENCES
from bounce_assistant.store.database import Store, open_store
from bounce_assistant.store.rows import AccountId
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox

NOW = datetime.now(UTC)
KNOWLEDGE = load_knowledge()
ROSA = Account(0, "rosa@example.com", "imap.example.com", 993, "tls", "", 465, "tls", "rosa")
NOTICE = (
    "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.org\r\nTo: rosa@example.com\r\n"
    "Subject: Undelivered Mail Returned to Sender\r\n\r\n"
    "<p{}@example.com>: host mx.example.com said: 550 5.1.1 no such user\r\n"
)
HELLO = 1_000  # bytes of a sign-in and of opening a folder, together


@dataclass
class Server:
    """What breaks the line: a mail, or a number of bytes."""

    folder: FakeFolder = field(default_factory=FakeFolder)
    poison: set[int] = field(default_factory=set)
    breaks_search: bool = False
    most_bytes: int = 10**12  # on one connection
    is_reset: bool = False  # when a line breaks: what is under way is lost
    is_silent: bool = False  # instead of breaking a line
    unread: int = 0  # bytes of a record that came in part
    answers: int = 10**12  # before nobody can be reached any more
    connections: int = 0


class BreakingMailbox(FakeMailbox):
    """Breaks as a server does, and counts what came over the line."""

    def __init__(self, server: Server) -> None:
        super().__init__({"INBOX": server.folder})
        self._server = server
        self._is_broken = False
        server.connections += 1

    def open(self, folder: str) -> FolderState:
        self._get(HELLO)
        return super().open(folder)

    def candidates(
        self, since: date, after: int = 0, until: int | None = None
    ) -> Candidates | None:
        if self._server.breaks_search:
            self._over(uid for uid in self.uids(since, after) if not until or uid <= until)
        self._get(500)
        return super().candidates(since, after, until)

    def looks(
        self, uids: Sequence[int], fields: Sequence[str] = FIELDS, beginning: int = 0
    ) -> Iterator[Look]:
        for start in range(0, len(uids), 50):
            if fields:
                self._over(uids[start : start + 50])
            self._get(len(uids[start : start + 50]) * 100)
            yield from super().looks(uids[start : start + 50], fields, beginning)

    def messages(self, looks: Sequence[Look]) -> Iterator[FetchedMessage]:
        for look in looks:
            self._over([look.uid])
            self._get(look.size)
            yield from super().messages([look])

    def _over(self, uids: Iterable[int]) -> None:
        self._server.answers -= 1
        if self._is_broken or self._server.poison & set(uids) or self._server.answers < 0:
            self._break()

    def _get(self, size: int) -> None:
        if self._is_broken or self.received + size > self._server.most_bytes:
            all_of_it = max(self.received, min(self._server.most_bytes, self.received + size))
            self.received = max(self.received, all_of_it - self._server.unread)
            self._break()
        self.received += size

    def _break(self) -> None:
        self._is_broken = True
        kind = ProblemKind.SILENT if self._server.is_silent else ProblemKind.CUT
        problem = MailServerError("The connection was cut.", kind=kind)
        problem.is_clean_end = not self._server.is_reset
        raise problem


@dataclass
class Desk:
    store: Store
    server: Server

    def __post_init__(self) -> None:
        self.accounts = Accounts(
            self.store.accounts, MemorySecrets(), lambda *_: BreakingMailbox(self.server)
        )
        self.rosa = self.accounts.add(ROSA, "s3cret")

    def put(self, count: int) -> None:
        for _ in range(count):
            number = max(self.server.folder.messages, default=0) + 1
            self.server.folder.put(NOTICE.format(number).encode(), NOW - timedelta(hours=1))

    def check(self, job: Job | None = None) -> CheckResult:
        return check_account(self.rosa, self.accounts, self.store, KNOWLEDGE, job or Job())

    def kept(self) -> set[int]:
        return set(self.store.messages.known_uids(AccountId(self.rosa.id), "INBOX", 1))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_store(tmp_path / "bounces.sqlite3") as store:
        yield Desk(store, Server())


def test_what_lies_behind_a_mail_that_breaks_the_line_is_found(desk: Desk) -> None:
    desk.put(300)
    desk.server.poison = {123}
    result = desk.check()
    assert result.problem is None
    assert [mail.uid for mail in result.set_aside] == [123]
    assert result.unread_words.startswith(
        "One mail could not be read: imap.example.com hangs up, falls silent "
    )
    assert "in your inbox. Everything else was checked." in result.unread_words
    assert desk.kept() == set(range(1, 301)) - {123}
    assert desk.server.connections < 20


def test_a_mail_set_aside_breaks_no_later_check(desk: Desk) -> None:
    desk.put(40)
    desk.server.poison = {7}
    desk.check()
    desk.put(5)
    before = desk.server.connections
    result = desk.check()
    assert (result.problem, result.set_aside, result.found) == (None, (), 5)
    assert desk.server.connections == before + 1


def test_two_such_mails_are_both_found(desk: Desk) -> None:
    desk.put(60)
    desk.server.poison = {1, 60}
    result = desk.check()
    assert {mail.uid for mail in result.set_aside} == {1, 60}
    assert result.unread_words.startswith("2 mails could not be read")
    assert desk.kept() == set(range(2, 60))


@pytest.mark.parametrize("uid", [1, 77, 120])
def test_a_search_that_breaks_over_a_mail_is_made_in_pieces(
    desk: Desk, uid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bounce_assistant.services.folder.LOOK_AT_ALL", 50)
    desk.put(120)
    desk.server.poison, desk.server.breaks_search = {uid}, True
    result = desk.check()
    assert result.problem is None
    assert [mail.uid for mail in result.set_aside] == [uid]
    assert len(desk.kept()) == 119
    assert desk.server.connections <= MOST_RECONNECTS
    cursor = desk.store.cursors.get(AccountId(desk.rosa.id), "INBOX")
    assert cursor
    desk.store.cursors.put(replace(cursor, last_uid=0))  # as after a check that was stopped
    before = desk.server.connections
    assert desk.check().problem is None
    assert desk.server.connections == before + 1  # what is barred isn't searched again


def test_a_search_that_falls_silent_is_not_made_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bounce_assistant.services.folder.LOOK_AT_ALL", 50)
    desk.put(120)
    desk.server.breaks_search = desk.server.is_silent = True
    desk.server.poison = {7}
    result = desk.check()
    assert isinstance(result.problem, MailServerError)  # by halves it would take too long
    assert result.problem.kind is ProblemKind.SILENT
    assert desk.server.connections <= MOST_SILENCES + 1
    desk.server.poison = set()
    assert desk.check().problem is None
    assert desk.kept() == set(range(1, 121))


@pytest.mark.parametrize(
    ("most_bytes", "unread", "is_reset"),
    [
        (HELLO + 120, 0, False),
        (HELLO + 120, 10_000, False),  # a mail's answer in one record, cut in the middle
        (HELLO + 20_000, 16_000, False),
        (HELLO + 40_000, 60_000, True),
    ],
)
def test_a_line_that_bears_few_bytes_blames_no_mail(
    desk: Desk, most_bytes: int, unread: int, *, is_reset: bool
) -> None:
    desk.put(30)
    large = max(desk.server.folder.messages) + 1
    text = NOTICE.format(large) + "x" * 60_000
    desk.server.folder.put(text.encode(), NOW - timedelta(hours=1))
    desk.server.most_bytes, desk.server.unread = most_bytes, unread
    desk.server.is_reset = is_reset
    result = desk.check()
    assert result.problem
    assert result.set_aside == ()
    desk.server.most_bytes = 10**12
    desk.check()
    assert desk.kept() == set(range(1, 32))


def test_a_line_that_breaks_now_and_then_is_dialled_again(desk: Desk) -> None:
    desk.put(300)
    desk.server.most_bytes = 30_000
    result = desk.check()
    assert (result.problem, result.found) == (None, 300)


def test_a_server_that_always_hangs_up_is_left_alone(desk: Desk) -> None:
    desk.put(300)
    desk.server.answers = 0
    desk.server.most_bytes = HELLO + 50
    result = desk.check()
    assert result.problem
    assert result.set_aside == ()
    assert desk.server.connections <= MOST_RECONNECTS + 1


def test_a_check_ends_after_so_many_lines(desk: Desk) -> None:
    desk.put(600)
    desk.server.poison = set(range(1, 601, 3))
    result = desk.check()
    assert result.problem
    assert desk.server.connections <= MOST_RECONNECTS + 1
    assert result.set_aside


def test_stop_ends_the_search_for_the_mail(desk: Desk) -> None:
    desk.put(60)
    desk.server.poison = {30}
    job = Job(lambda done, _total, _words: job.cancel() if done else None)
    result = desk.check(job)
    assert result.stopped
    assert desk.check().problem is None
    assert desk.kept() == set(range(1, 61)) - {30}
