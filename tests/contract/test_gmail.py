"""Gmail's extension (X-GM-EXT-1), spoken by a door in front of a real Dovecot."""

import shutil
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Password
from bounce_assistant.mail.imap import ImapMailbox, connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fetch import CheckResult, check_account
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store.database import Store, open_store
from tests.contract.test_mailbox import LETTER, MONTH_AGO, NOTICE
from tests.servers.certificates import Authority
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.gmail_front import ALL_MAIL, GmailFront, gmail_front

KNOWLEDGE = load_knowledge()
NOW = datetime.now(UTC)
_users = count()


@dataclass(frozen=True, slots=True)
class Gmail:
    """One user's mailbox behind the door."""

    front: GmailFront
    user: str

    @property
    def behind(self) -> Dovecot:
        return self.front.behind

    @property
    def account(self) -> Account:
        return replace(self.behind.account(self.user), imap_port=self.front.port)

    @property
    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.behind.ca)

    def put(self, raw: bytes, folder: str = "All Mail") -> Path:
        return self.behind.put(self.user, raw, NOW - timedelta(minutes=5), folder=folder)

    def open(self) -> ImapMailbox:
        return connect_imap(self.account, Password(PASSWORD), Line(), context=self.context)

    def heard(self, words: bytes) -> list[bytes]:
        return [line for line in self.front.heard if words in line]


@pytest.fixture(scope="module")
def front(authority: Authority) -> Iterator[GmailFront]:
    certificate = authority.issue("gmail")
    with (
        running_dovecot(authority, certificate, more=ALL_MAIL) as server,
        gmail_front(server, certificate) as door,
    ):
        yield door


@pytest.fixture
def gmail(front: GmailFront) -> Gmail:
    one = Gmail(front, f"gmail{next(_users)}")
    front.heard.clear()
    for folder in ("INBOX", "All Mail", "Junk"):
        one.behind.folder(one.user, folder)
    return one


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "bounces.sqlite3") as store:
        yield store


def check(gmail: Gmail, store: Store) -> CheckResult:
    accounts = Accounts(
        store.accounts,
        MemorySecrets(),
        lambda a, c, line, of: connect_imap(a, c, line, of, gmail.context),
    )
    account = accounts.find(gmail.account.email) or accounts.add(gmail.account, PASSWORD)
    accounts.lend_password(account, PASSWORD)
    return check_account(account, accounts, store, KNOWLEDGE, Job())


def test_all_mail_is_read_in_place_of_the_inbox(gmail: Gmail) -> None:
    with closing(gmail.open()) as mailbox:
        assert mailbox.folders() == ("All Mail", "Junk")
        assert mailbox.outline().folders == ("All Mail", "Junk")


def test_gmail_is_asked_in_its_own_language_as_well(gmail: Gmail) -> None:
    gmail.put(LETTER)
    gmail.put(NOTICE)
    with closing(gmail.open()) as mailbox:
        mailbox.open("All Mail")
        found = mailbox.candidates(MONTH_AGO)
        assert found
        assert found.sure == {2}
    assert len(gmail.heard(b"X-GM-RAW from:mailer-daemon")) == 1


def test_a_message_has_one_number_in_every_folder(gmail: Gmail) -> None:
    path = gmail.put(NOTICE, "Junk")
    shutil.copy(path, gmail.behind.folder(gmail.user, "All Mail") / "new" / path.name)
    numbers = set()
    with closing(gmail.open()) as mailbox:
        for folder in ("Junk", "All Mail"):
            mailbox.open(folder)
            numbers |= {look.gmail_id for look in mailbox.looks([1])}
    assert len(numbers) == 1
    assert numbers.pop().isdigit()


def test_a_bounce_taken_out_of_spam_is_neither_fetched_nor_shown_again(
    gmail: Gmail, store: Store
) -> None:
    path = gmail.put(NOTICE, "Junk")
    assert check(gmail, store).found == 1
    path = next(gmail.behind.folder(gmail.user, "Junk").rglob(f"{path.name}*"))
    moved = gmail.behind.folder(gmail.user, "All Mail") / "new" / path.name.partition(":")[0]
    path.rename(moved)
    gmail.front.heard.clear()
    result = check(gmail, store)
    assert (result.problem, result.looked_at, result.found) == (None, 1, 0)
    assert gmail.heard(b"BODY.PEEK[]") == []
    (message,) = store.messages.ids()
    kept = store.messages.get(message)
    assert kept
    assert kept.place.folder == "All Mail"
