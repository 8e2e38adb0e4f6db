"""A notice fetched in part and dropped whole is one message, whichever came first."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fetch import CheckResult, check_account
from bounce_assistant.services.intake import Intake, add_files
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store.database import Store, open_store
from bounce_assistant.store.messages import KeptMessage
from bounce_assistant.store.rows import CaseId, CaseQuery, CaseState, MessageId
from tests.end2end.large_notice import large_notice
from tests.servers.dovecot import PASSWORD, Dovecot

KNOWLEDGE = load_knowledge()
NOW = datetime.now(UTC)
NOTICE = large_notice(400_000)
_users = count()


@dataclass
class Desk:
    """One account on Dovecot, and a file with the same notice."""

    store: Store
    server: Dovecot
    file: Path
    user: str

    def __post_init__(self) -> None:
        context = ssl.create_default_context(cafile=self.server.ca)
        self.accounts = Accounts(
            self.store.accounts,
            MemorySecrets(),
            lambda a, c, line, of: connect_imap(a, c, line, of, context),
        )
        self.account = self.accounts.add(self.server.account(self.user), PASSWORD)
        self.server.put(self.user, NOTICE, NOW)
        self.file.write_bytes(NOTICE)

    def check(self) -> CheckResult:
        return check_account(self.account, self.accounts, self.store, KNOWLEDGE, Job())

    def drop(self) -> Intake:
        return add_files([str(self.file)], self.store, KNOWLEDGE, Job())

    def only(self) -> KeptMessage:
        (message,) = self.store.messages.ids()
        kept = self.store.messages.get(message)
        assert kept
        return kept

    def case(self) -> CaseId:
        (key,) = self.store.cases.keys(CaseQuery())
        return key.case

    def state(self, message: MessageId) -> list[tuple[str, str]]:
        with self.store._connections.read() as db:
            return db.execute(
                "SELECT state, recipient FROM bounce WHERE message_id = ?", (message,)
            ).fetchall()


@pytest.fixture
def desk(dovecot: Dovecot, tmp_path: Path) -> Iterator[Desk]:
    with open_store(tmp_path / "bounces.sqlite3") as store:
        yield Desk(store, dovecot, tmp_path / "notice.eml", f"parts{next(_users)}")


def test_what_was_fetched_in_part_is_made_whole_by_the_file(desk: Desk) -> None:
    assert desk.check().found == 1
    part = desk.only()
    assert len(part.raw) < 80_000
    intake = desk.drop()
    assert (intake.read, intake.known) == (1, 1)
    whole = desk.only()
    assert (whole.id, whole.raw, whole.missing) == (part.id, NOTICE, 0)
    assert (whole.place.folder, whole.place.uid) == ("INBOX", 1)
    assert desk.drop().known == 1
    assert desk.check().found == 0
    assert desk.only().raw == NOTICE


def test_what_was_dropped_whole_stays_so_when_it_is_found_on_the_server(desk: Desk) -> None:
    desk.drop()
    dropped = desk.only()
    result = desk.check()
    assert (result.problem, result.looked_at, result.found) == (None, 1, 0)
    found = desk.only()
    assert (found.id, found.raw, found.missing) == (dropped.id, NOTICE, 0)
    assert (found.place.account, found.place.uid) == (desk.account.id, 1)


@pytest.mark.parametrize("is_part_first", [True, False])
def test_what_was_decided_stays(desk: Desk, *, is_part_first: bool) -> None:
    first, second = (desk.check, desk.drop) if is_part_first else (desk.drop, desk.check)
    first()
    message = desk.only().id
    case = desk.case()
    desk.store.decisions.set_state([case], CaseState.DONE, now=NOW)
    desk.store.decisions.tick(case, "call", at=NOW)
    second()
    assert desk.only().id == message
    assert desk.state(message) == [("done", "dana@example.com")]
    assert set(desk.store.decisions.ticks(case)) == {"call"}


def test_another_notice_with_the_same_number_stays_another(desk: Desk, tmp_path: Path) -> None:
    desk.check()
    other = tmp_path / "other.eml"
    other.write_bytes(large_notice(300_000, "eli@example.com"))
    assert add_files([str(other)], desk.store, KNOWLEDGE, Job()).known == 0
    assert len(desk.store.messages.ids()) == 2
