"""Sent mail: found again by what a notice tells of it, copied there once and no more."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path

import pytest

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.imap import connect_imap, connect_sent_box
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.report.facts import OriginalMessage
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.services.sent_mail import (
    SentClue,
    clue_of,
    find_in_sent,
    find_sent,
    keep_sent_copy,
)
from bounce_assistant.store.database import open_store
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox

NOW = datetime.now(UTC).replace(microsecond=0)
RAW = (
    b"Message-ID: <1@rosa.example>\r\nFrom: rosa@rosa.example\r\nTo: dana@example.com\r\n"
    b"Subject: Open house\r\n\r\nCome by on Saturday.\r\n"
)
_users = count()


@dataclass(frozen=True, slots=True)
class Rosa:
    """A user of a real server, with an account that is set up."""

    server: Dovecot
    user: str
    account: Account
    accounts: Accounts

    def sent(self) -> list[bytes]:
        files = self.server.snapshot(self.user).items()
        return [raw.replace(b"\n", b"\r\n") for name, raw in files if "/.Sent/" in name]


@pytest.fixture
def rosa(dovecot: Dovecot, tmp_path: Path) -> Iterator[Rosa]:
    user = f"sent{next(_users)}"
    context = ssl.create_default_context(cafile=dovecot.ca)
    with open_store(tmp_path / "bounces.sqlite3") as store:
        accounts = Accounts(
            store.accounts,
            MemorySecrets(),
            lambda a, p, line, of: connect_imap(a, p, line, of, context),
            lambda a, p, line, of: connect_sent_box(a, p, line, of, context),
        )
        account = accounts.add(dovecot.account(user), PASSWORD)
        yield Rosa(dovecot, user, account, accounts)


def test_a_copy_is_laid_into_sent_once(rosa: Rosa) -> None:
    rosa.server.folder(rosa.user, "Sent")
    rosa.server.put(rosa.user, RAW, NOW)
    before = rosa.server.snapshot(rosa.user)
    assert keep_sent_copy(rosa.account, rosa.accounts, RAW, Job(), sent_at=NOW)
    assert not keep_sent_copy(rosa.account, rosa.accounts, RAW, Job(), sent_at=NOW)
    assert rosa.sent() == [RAW]
    after = rosa.server.snapshot(rosa.user)
    assert {name: after[name] for name in before} == before
    found = find_in_sent(rosa.account, rosa.accounts, SentClue("<1@rosa.example>"), Job())
    assert found
    assert found.raw == RAW


def test_without_a_sent_folder_nothing_is_made(rosa: Rosa) -> None:
    assert not keep_sent_copy(rosa.account, rosa.accounts, RAW, Job())
    assert find_in_sent(rosa.account, rosa.accounts, SentClue("<1@rosa.example>"), Job()) is None
    assert rosa.server.snapshot(rosa.user) == {}


def test_a_server_that_cannot_search_is_looked_through() -> None:
    sent = FakeFolder()
    for days in (3, 1, 0):
        date = f"Date: {format_datetime(NOW - timedelta(days=days))}\r\n".encode()
        sent.put(date + RAW.replace(b"1@", b"%d@" % days), NOW - timedelta(days=days))
    with closing(FakeMailbox({"Sent": sent}, can_search=False, sent=["Sent"])) as mailbox:
        by_id = find_sent(mailbox, SentClue("<1@rosa.example>", sent_at=NOW), Job())
        assert by_id
        assert (by_id.uid, by_id.by_message_id) == (2, True)
        clue = SentClue("<other@relay.example>", "dana@example.com", "Open house", NOW)
        by_words = find_sent(mailbox, clue, Job())
        assert by_words
        assert (by_words.uid, by_words.by_message_id) == (3, False)
        assert find_sent(mailbox, SentClue("<other@relay.example>"), Job()) is None


def test_a_notice_tells_what_to_look_for() -> None:
    original = OriginalMessage("<1@x>", "Hi", date="Fri, 20 Nov 2026 10:00:00 -0500")
    clue = clue_of(original, "dana@example.com")
    assert clue == SentClue(
        "<1@x>", "dana@example.com", "Hi", datetime(2026, 11, 20, 15, tzinfo=UTC)
    )
    assert clue_of(OriginalMessage(date="yesterday"), "").sent_at is None
