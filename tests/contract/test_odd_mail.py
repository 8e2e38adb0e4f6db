"""A real Dovecot behind a door that closes, resets or falls silent over one particular mail."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.services.fetch import CheckResult, check_account
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.steady import MOST_SILENCES
from bounce_assistant.store.database import Store, open_store
from bounce_assistant.store.rows import AccountId
from tests.servers.certificates import Authority
from tests.servers.door import FAULTS, Fault
from tests.servers.dovecot import Dovecot
from tests.servers.odd_mail_door import OddMailDoor
from tests.servers.running import running
from tests.servers.signed_up import sign_up

KNOWLEDGE = load_knowledge()
NOW = datetime.now(UTC)
SILENCE = 2.0  # seconds that a line bears here
HEADER = b"BODY.PEEK[HEADER.FIELDS"
NOTICE = (
    "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\r\n"
    "To: rosa@example.com\r\nSubject: Undelivered {0}\r\n\r\n"
    "<p{0}@example.com>: host mx.example.com said: 550 5.1.1 no such user\r\n"
)
_users = count()


@dataclass
class Desk:
    """A store with the account of somebody whose mailbox is behind the door."""

    store: Store
    dovecot: Dovecot
    door: OddMailDoor
    user: str = field(default_factory=lambda: f"odd{next(_users)}")

    def __post_init__(self) -> None:
        self.accounts, self.account = sign_up(
            self.store, self.dovecot, self.user, self.door.port, SILENCE
        )

    def put(self, many: int, *, first: int = 1, padding: int = 0, folder: str = "INBOX") -> None:
        for number in range(first, first + many):
            raw = NOTICE.format(number) + ("x" * 76 + "\r\n") * (padding // 78)
            when = NOW - timedelta(hours=1, seconds=-number)
            self.dovecot.put(self.user, raw.encode(), when, folder=folder)

    def check(self, *, again: bool = False) -> CheckResult:
        return check_account(self.account, self.accounts, self.store, KNOWLEDGE, Job(), again=again)

    def set_aside(self) -> list[int]:
        return [mail.uid for mail in self.store.set_aside.of(AccountId(self.account.id))]

    def kept(self) -> set[int]:
        with self.store._connections.read() as db:
            rows = db.execute("SELECT uid FROM message WHERE account_id = ?", (self.account.id,))
            return {int(uid) for (uid,) in rows}


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> Fault:
    chosen: Fault = request.param
    return chosen


@pytest.fixture
def desk(tmp_path: Path, dovecot: Dovecot, authority: Authority, fault: Fault) -> Iterator[Desk]:
    with (
        open_store(tmp_path / "bounces.sqlite3") as store,
        running(OddMailDoor(dovecot, authority.issue("odd"), fault)) as door,
    ):
        yield Desk(store, dovecot, door)


def test_the_mail_is_named_and_set_aside_and_all_others_are_read(desk: Desk) -> None:
    desk.put(60)
    desk.put(5, first=101, folder="Junk")
    desk.door.odd = {23}
    result = desk.check()
    assert result.problem is None
    assert [mail.uid for mail in result.set_aside] == [23]
    assert '"Undelivered 23" from Mail Delivery System' in result.unread_words
    assert desk.kept() == set(range(1, 61)) - {23}
    assert result.found == 59 + 5
    if desk.door.fault in ("close", "stall"):  # else what came before it is lost as well
        assert desk.door.connections <= 4  # what came before it is not asked for again
    before = desk.door.connections
    assert desk.check().problem is None
    assert desk.door.connections == before + 1


@pytest.mark.parametrize("fault", ["reset"])
def test_a_mail_whose_header_already_breaks_it_is_set_aside(desk: Desk) -> None:
    desk.put(30, padding=5_000)
    desk.door.odd, desk.door.part = {1, 2}, HEADER
    result = desk.check()
    assert result.problem is None
    assert {mail.uid for mail in result.set_aside} == {1, 2}
    assert desk.kept() == set(range(3, 31))


@pytest.mark.parametrize("fault", ["reset", "stall", "refuse"])
def test_a_server_that_breaks_over_every_mail_blames_none(desk: Desk) -> None:
    desk.put(20)
    desk.door.odd = set(range(1, 21))
    result = desk.check()
    assert isinstance(result.problem, MailServerError)
    is_break = result.problem.kind in (ProblemKind.CUT, ProblemKind.SILENT)
    assert is_break or result.problem.is_refusal
    assert result.set_aside == ()
    assert desk.door.connections <= MOST_SILENCES + 1
    desk.door.odd.clear()
    assert desk.check().found == 20


@pytest.mark.parametrize("fault", ["stall"])
def test_a_line_that_broke_over_it_by_chance_blames_nobody(desk: Desk) -> None:
    desk.put(20)
    desk.door.odd, desk.door.most_breaks = {7}, 2
    result = desk.check()
    assert (result.problem, result.set_aside, result.found) == (None, (), 20)


@pytest.mark.parametrize("fault", ["reset"])
def test_the_only_new_mail_is_compared_with_older_ones(desk: Desk) -> None:
    desk.put(3)
    desk.check()
    desk.put(1, first=4)
    desk.door.odd = {4}
    result = desk.check()
    assert result.problem is None
    assert [mail.uid for mail in result.set_aside] == [4]


@pytest.mark.parametrize("alone", ["INBOX", "Junk"])
def test_the_only_mail_of_a_folder_is_compared_with_those_of_another(
    desk: Desk, alone: str
) -> None:
    other = {"INBOX": "Junk", "Junk": "INBOX"}[alone]
    desk.put(1, folder=alone)
    desk.put(6, first=101, folder=other)
    desk.door.odd, desk.door.where = {1}, alone.encode()
    result = desk.check()
    assert result.problem is None
    assert [(mail.folder, mail.uid) for mail in result.set_aside] == [(alone, 1)]
    assert (result.found, desk.kept()) == (6, set(range(1, 7)))


@pytest.mark.parametrize("fault", ["stall", "refuse"])
def test_mail_that_can_be_compared_with_none_is_not_blamed(desk: Desk) -> None:
    desk.put(1)
    desk.door.odd = {1}
    result = desk.check()
    assert isinstance(result.problem, MailServerError)
    assert (result.set_aside, desk.set_aside()) == ((), [])
    desk.door.odd.clear()
    assert desk.check().found == 1


@pytest.mark.parametrize("fault", ["close"])
def test_mail_that_was_set_aside_can_be_tried_again(desk: Desk) -> None:
    desk.put(20)
    desk.door.odd = {4, 9}
    assert len(desk.check().set_aside) == 2
    desk.door.odd = {9}  # the mail company has mended the other one
    result = desk.check(again=True)
    assert result.problem is None
    assert [mail.uid for mail in result.set_aside] == [9]
    assert (result.found, result.read_again, desk.set_aside()) == (1, 1, [9])
    for path in desk.dovecot.folder(desk.user).glob("*/*.test*"):
        if b"Undelivered 9" in path.read_bytes():
            path.unlink()
    result = desk.check(again=True)
    assert (result.found, result.read_again, desk.set_aside()) == (0, 1, [])
    assert desk.kept() == set(range(1, 21)) - {9}


@pytest.mark.parametrize("fault", ["close"])
def test_trying_again_skips_nothing_that_was_not_looked_at_yet(desk: Desk) -> None:
    desk.put(20)
    desk.door.odd = {4}
    desk.check()
    cursor = desk.store.cursors.get(AccountId(desk.account.id), "INBOX")
    assert cursor
    desk.store.cursors.put(replace(cursor, last_uid=2))  # as a check that was stopped leaves it
    desk.door.odd = set()
    desk.put(1, first=21)
    result = desk.check(again=True)
    assert (result.problem, result.found) == (None, 2)
    assert desk.kept() == set(range(1, 22))
