"""A check: what is kept, what is only looked at, and what is told at the end."""

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fetch import CheckResult, Found, check_account, check_accounts
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store.database import Store, open_store
from bounce_assistant.store.rows import AccountId
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox

NOW = datetime.now(UTC)
KNOWLEDGE = load_knowledge()
ROSA = Account(0, "rosa@example.com", "imap.example.com", 993, "tls", "", 465, "tls", "rosa")
BEN = replace(ROSA, email="ben@example.com")


def notice(recipient: str) -> bytes:
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.org\r\nTo: rosa@example.com\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt came back.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
        "--b--\r\n"
    ).encode()


LETTER = b"From: Dana <dana@example.com>\r\nSubject: Undelivered flyers\r\n\r\nPick them up?\r\n"
AWAY = (
    b"From: Dana <dana@example.com>\r\nAuto-Submitted: auto-replied\r\n"
    b"Subject: Automatic reply: showing\r\n\r\nI'm out of the office until Monday.\r\n"
)


class Mailboxes:
    """Fake mailboxes by e-mail address; one may be unreachable."""

    def __init__(self) -> None:
        self.folders: dict[str, dict[str, FakeFolder]] = {}
        self.unreachable: set[str] = set()
        self.opened: list[FakeMailbox] = []

    def of(self, account: Account) -> dict[str, FakeFolder]:
        return self.folders.setdefault(account.email, {"INBOX": FakeFolder(), "Junk": FakeFolder()})

    def __call__(
        self, account: Account, _credential: Credential, _line: Line, _provider: Provider | None
    ) -> Mailbox:
        if account.email in self.unreachable:
            raise AppError("Can't reach imap.example.com.", "", "Check your connection.")
        mailbox = FakeMailbox(self.of(account))
        self.opened.append(mailbox)
        return mailbox


class Desk:
    """A store with accounts and their mailboxes, and checks that go through them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.mailboxes = Mailboxes()
        self.accounts = Accounts(store.accounts, MemorySecrets(), self.mailboxes)
        self.rosa = self.accounts.add(ROSA, "s3cret")
        self.found: list[Found] = []

    def put(self, raw: bytes, folder: str = "INBOX") -> None:
        self.mailboxes.of(self.rosa)[folder].put(raw, NOW)

    def check(self, job: Job | None = None) -> CheckResult:
        return check_account(
            self.rosa,
            self.accounts,
            self.store,
            KNOWLEDGE,
            job or Job(),
            on_found=self.found.append,
        )

    def recipients(self) -> list[str]:
        with sqlite3.connect(self.store.path) as db:
            rows = db.execute("SELECT recipient FROM bounce ORDER BY id").fetchall()
        db.close()
        return [row[0] for row in rows]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_store(tmp_path / "bounces.sqlite3") as store:
        yield Desk(store)


def test_bounces_are_kept_and_other_mail_is_only_looked_at(desk: Desk) -> None:
    for raw in (LETTER, notice("dana@example.com"), AWAY):
        desk.put(raw)
    desk.put(notice("eli@example.com"), "Junk")
    result = desk.check()
    assert (result.looked_at, result.found, result.problem) == (4, 2, None)
    assert desk.recipients() == ["dana@example.com", "eli@example.com"]
    assert [(found.folder, found.uid) for found in desk.found] == [("INBOX", 2), ("Junk", 1)]
    assert result.new_messages == tuple(found.message for found in desk.found)
    assert desk.mailboxes.opened[0].is_closed


def test_a_second_check_finds_nothing_new(desk: Desk) -> None:
    desk.put(notice("dana@example.com"))
    desk.check()
    result = desk.check()
    assert (result.looked_at, result.found) == (0, 0)
    assert desk.mailboxes.opened[1].asked == ["outline"]


def test_a_folder_numbered_anew_doubles_nothing(desk: Desk) -> None:
    desk.put(notice("dana@example.com"))
    desk.check()
    folders = desk.mailboxes.of(desk.rosa)
    folders["INBOX"] = replace(folders["INBOX"], uid_validity=99)
    result = desk.check()
    assert (result.looked_at, result.found) == (1, 0)
    assert desk.recipients() == ["dana@example.com"]


def test_stopping_keeps_what_was_found(desk: Desk) -> None:
    for number in range(5):
        desk.put(notice(f"p{number}@example.com"))
    job = Job(lambda done, _total, _words: job.cancel() if done == 2 else None)
    result = desk.check(job)
    assert result.stopped
    assert result.found == len(desk.recipients()) < 5
    assert desk.check().found == 5 - result.found
    assert desk.recipients() == [f"p{number}@example.com" for number in range(5)]


def test_a_stopped_job_looks_at_nothing(desk: Desk) -> None:
    desk.put(notice("dana@example.com"))
    job = Job()
    job.cancel()
    assert desk.check(job).stopped
    assert desk.recipients() == []


def test_one_account_in_trouble_does_not_stop_the_rest(desk: Desk) -> None:
    ben = desk.accounts.add(BEN, "s3cret")
    desk.put(notice("dana@example.com"))
    desk.mailboxes.unreachable.add(ben.email)
    results = check_accounts([ben, desk.rosa], desk.accounts, desk.store, KNOWLEDGE, Job())
    assert [str(result.problem or "") for result in results] == [
        "Can't reach imap.example.com. Check your connection.",
        "",
    ]
    assert [result.found for result in results] == [0, 1]


def test_one_that_hangs_does_not_keep_the_rest_waiting(desk: Desk) -> None:
    """Its server has taken the call and says nothing; the other is told of before it is over."""
    ben = desk.accounts.add(BEN, "s3cret")
    desk.put(notice("dana@example.net"))
    rosa_is_done, told = threading.Event(), []
    real = desk.mailboxes.__call__

    def connect(account: Account, *more: Any) -> Mailbox:
        if account.email == ben.email:
            assert rosa_is_done.wait(30), "Rosa's check waits for Ben's"
        return real(account, *more)

    def on_result(result: CheckResult) -> None:
        told.append(result.account.email)
        if result.account.email == desk.rosa.email:
            rosa_is_done.set()

    desk.accounts._connect = connect
    results = check_accounts(
        [ben, desk.rosa], desk.accounts, desk.store, KNOWLEDGE, Job(), on_result=on_result
    )
    assert told == [desk.rosa.email, ben.email]
    assert [result.account.email for result in results] == [ben.email, desk.rosa.email]
    assert [result.problem for result in results] == [None, None]
    assert desk.recipients() == ["dana@example.net"]


def test_after_stop_no_further_account_is_opened(desk: Desk) -> None:
    job = Job()
    job.cancel()
    results = check_accounts([desk.rosa], desk.accounts, desk.store, KNOWLEDGE, job)
    assert [result.stopped for result in results] == [True]
    assert desk.mailboxes.opened == []


def test_the_last_check_is_remembered_with_its_problem(desk: Desk) -> None:
    desk.put(LETTER)
    desk.check()
    first = desk.store.accounts.last_check(AccountId(desk.rosa.id))
    assert (first.looked_at, first.problem) == (1, "")
    assert first.at
    desk.mailboxes.unreachable.add(desk.rosa.email)
    desk.check()
    second = desk.store.accounts.last_check(AccountId(desk.rosa.id))
    assert second.problem.startswith("Can't reach imap.example.com.")


def test_a_second_check_of_the_same_account_is_turned_away(desk: Desk) -> None:
    with desk.accounts.checking(desk.rosa):
        result = desk.check()
    assert result.problem
    assert "being checked already" in result.problem.title
    assert desk.store.accounts.last_check(AccountId(desk.rosa.id)).at is None


def test_an_account_removed_in_the_middle_ends_its_check_with_a_sentence(desk: Desk) -> None:
    for number in range(3):
        desk.put(notice(f"p{number}@example.com"))
    result = check_account(
        desk.rosa,
        desk.accounts,
        desk.store,
        KNOWLEDGE,
        Job(),
        on_found=lambda _: desk.accounts.remove(desk.rosa.id, keep_history=True),
    )
    assert result.problem
    assert result.problem.title == "rosa@example.com was removed while its mail was looked at."
    assert desk.recipients() == ["p0@example.com"]


def test_a_check_without_a_password_asks_for_it(desk: Desk) -> None:
    desk.accounts.set_password(desk.rosa, "")
    result = desk.check()
    assert result.problem
    assert "There's no password kept for rosa@example.com." in result.problem.title
