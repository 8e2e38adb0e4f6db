"""Whether the user sent what came back: Sent is asked by Message-ID, on a real Dovecot."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.describe import describe
from bounce_assistant.services.fetch import CheckResult, Found, check_account
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.stored import describe_stored
from bounce_assistant.store.database import Store, open_store
from bounce_assistant.store.outgoing import NewOutgoing
from bounce_assistant.store.returned_ids import LookUp
from bounce_assistant.store.rows import AccountId, CaseId, CaseQuery, CaseState
from tests.servers.certificates import Authority
from tests.servers.door import BreakError, Door, Fault
from tests.servers.dovecot import Dovecot
from tests.servers.gmail_front import gmail_front
from tests.servers.running import running
from tests.servers.signed_up import sign_up

KNOWLEDGE = load_knowledge()
NOW = datetime.now(UTC)
EXAMINE_SENT = b'EXAMINE "Sent"'
SILENCE = 2.0  # seconds that a line bears here
FORGED, UNKNOWN_USER = CauseId("forged"), CauseId("user_unknown")
_users = count()
# What a nameless machine handed in, which the sender's domain disowned: not the user's, it seems.
FOREIGN = (
    "Received: from pc (unknown [203.0.113.9]) by mx.example.org with ESMTP id 1\r\n"
    "Authentication-Results: mx.example.org; spf=fail; dmarc=fail\r\n"
)


def notice(sender: str, message_id: str, *, marks: str = FOREIGN) -> bytes:
    """Return a bounce that brings a mail back by which one can't tell that it was sent by him."""
    person = f"p-{message_id}".translate({ord(c): "x" for c in '"<>()@ \\'})
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.org\r\n"
        f"To: {sender}\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt came back.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; {person}@example.com"
        "\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{marks}Message-ID: {message_id}\r\n"
        f"From: {sender}\r\nTo: {person}@example.com\r\nSubject: Open house\r\n--b--\r\n"
    ).encode()


class SentDoor(Door):
    """Has trouble when Sent is searched, or opened."""

    fault: Fault | None = None
    at = b"HEADER Message-ID"

    def from_client(self, line: bytes) -> bytes:
        if self.fault and self.at in line:
            if self.fault != "refuse":
                raise BreakError(self.fault)
            return line.split(b" ")[0] + b" NOSUCHCOMMAND\r\n"
        return line


@dataclass
class Desk:
    """A store with the account of somebody whose mailbox is behind a door."""

    store: Store
    dovecot: Dovecot
    door: Door
    user: str = field(default_factory=lambda: f"asked{next(_users)}")
    found: list[Found] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.accounts, self.account = sign_up(
            self.store, self.dovecot, self.user, self.door.port, SILENCE
        )
        self.cases = Cases(self.store, KNOWLEDGE)
        self.dovecot.folder(self.user, "Sent")

    @property
    def id(self) -> AccountId:
        return AccountId(self.account.id)

    def put(self, message_id: str, *, marks: str = FOREIGN) -> None:
        raw = notice(self.account.email, message_id, marks=marks)
        self.dovecot.put(self.user, raw, NOW - timedelta(minutes=3))

    def put_sent(self, message_id: str) -> None:
        raw = f"Message-ID: {message_id}\r\nFrom: {self.account.email}\r\nSubject: Open house\r\n"
        when = NOW - timedelta(days=1)
        self.dovecot.put(self.user, f"{raw}\r\nCome by.\r\n".encode(), when, folder="Sent")

    def check(self, job: Job | None = None) -> CheckResult:
        self.found.clear()
        self.door.heard.clear()
        return check_account(
            self.account, self.accounts, self.store, KNOWLEDGE, job or Job(),
            on_found=self.found.append,
        )  # fmt: skip

    def causes(self) -> list[str]:
        """Return the causes, oldest kept first, as window, ``cases`` and ``check`` have them."""
        stored = list(describe_stored(self.store, self.cases, KNOWLEDGE))
        told = [(each["sent_by_you"], each["deliveries"][0]["cause"]) for each in stored]
        keys = self.cases.listed(CaseQuery(state=None))
        rows = self.cases.rows(keys)
        shown = {key.case: rows[key].cause for key in keys}
        assert [cause for _, cause in told] == [shown[case] for case in sorted(shown)]
        for found in self.found:
            described = describe("", found.examination, KNOWLEDGE)
            cause = described["deliveries"][0]["cause"]
            assert (described["sent_by_you"], cause) in told
        return [f"{sent} {cause}" for sent, cause in told]

    def searches(self) -> int:
        return len([line for line in self.door.heard if b"HEADER Message-ID" in line])

    def look_ups(self) -> list[LookUp | None]:
        return [self.store.returned_ids.look_up_of(one) for one in self.store.messages.ids()]


@pytest.fixture
def desk(tmp_path: Path, dovecot: Dovecot, authority: Authority) -> Iterator[Desk]:
    with (
        open_store(tmp_path / "bounces.sqlite3") as store,
        running(SentDoor(dovecot, authority.issue("asked"))) as door,
    ):
        yield Desk(store, dovecot, door)


def test_what_is_in_sent_was_not_forged_and_what_is_not_stays_what_it_was(desk: Desk) -> None:
    for name in ("mine", "theirs", "quiet"):
        desk.put(f"<{name}@example.com>", marks="" if name == "quiet" else FOREIGN)
    desk.put_sent("<mine@example.com>")
    desk.put_sent("<not-mine@example.com>")
    before = desk.dovecot.snapshot(desk.user)
    result = desk.check()
    assert (result.problem, result.found, len(desk.found)) == (None, 3, 3)
    assert desk.causes() == [f"yes {UNKNOWN_USER}", f"no {FORGED}", f"yes {UNKNOWN_USER}"]
    assert desk.searches() == 1
    assert desk.dovecot.snapshot(desk.user) == before
    assert not [line for line in desk.door.heard if b"SELECT" in line]


def test_what_was_asked_once_is_not_asked_again(desk: Desk) -> None:
    desk.put("<mine@example.com>")
    desk.put("<theirs@example.com>")
    desk.put_sent("<mine@example.com>")
    desk.check()
    assert desk.check().problem is None
    assert not [line for line in desk.door.heard if b"EXAMINE" in line or b"SEARCH" in line]
    for name in ("mine", "theirs"):
        desk.put(f"<{name}@example.com>", marks="X-Another: notice\r\n" + FOREIGN)
    assert desk.check().found == 2
    assert desk.searches() == 0
    assert desk.causes() == [f"yes {UNKNOWN_USER}", f"no {FORGED}"] * 2


def test_what_the_program_sent_itself_needs_no_asking(desk: Desk) -> None:
    desk.put("<first@example.com>", marks="X-Nobody: knows\r\n")
    desk.check()
    ours = "<from-the-outbox@example.com>"
    (again,) = desk.store.outbox.add(
        [NewOutgoing(CaseId(1), desk.id, desk.account.email, "d@example.com", "Open", ours, b"x")],
        now=NOW,
        for_undo=False,
    )
    assert desk.store.outbox.begin(again, now=NOW)
    desk.put(ours)
    desk.check()
    assert desk.causes()[1] == f"yes {UNKNOWN_USER}"
    assert desk.searches() == 0


@pytest.mark.parametrize(
    "odd",
    ['<a"b@example.com>', "<a(b)c@example.com>", "<a\\b{c}@example.com>", "<a%*]b@example.com>",
     "<nil@example.com>", "<" + "x" * 220 + "@example.com>"],
)  # fmt: skip
def test_odd_ids_are_found_like_any_other(desk: Desk, odd: str) -> None:
    desk.put(odd)
    desk.put("<plain@example.com>")
    desk.put_sent(odd)
    desk.put_sent("<plain@example.com>")
    assert desk.check().problem is None
    assert desk.causes() == [f"yes {UNKNOWN_USER}"] * 2


def test_many_are_asked_for_in_a_few_searches(desk: Desk) -> None:
    for number in range(90):
        desk.put(f"<{number}.mailing@example.com>")
        if number % 3:
            desk.put_sent(f"<{number}.mailing@example.com>")
    result = desk.check()
    assert (result.problem, result.found) == (None, 90)
    assert desk.searches() == 3
    wanted = [f"yes {UNKNOWN_USER}" if number % 3 else f"no {FORGED}" for number in range(90)]
    assert desk.causes() == wanted


@pytest.mark.parametrize(
    "step",
    [
        "services.sent_copies.diagnose_again",
        "store.returned_ids.ReturnedIds.notices_about",
        "store.returned_ids.ReturnedIds.found",
    ],
)
def test_a_program_that_dies_over_it_leaves_no_case_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def die(*_: object) -> None:
        raise SystemExit

    desk.put("<mine@example.com>")
    desk.put_sent("<mine@example.com>")
    with monkeypatch.context() as patch:
        patch.setattr(f"bounce_assistant.{step}", die)
        with pytest.raises(SystemExit):
            desk.check()
    assert desk.look_ups() == [LookUp.OPEN]
    assert desk.check().problem is None
    assert desk.causes() == [f"yes {UNKNOWN_USER}"]


def test_more_than_fits_into_memory_is_told_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bounce_assistant.services.fetch._MOST_HELD", 2)
    for number in range(6):
        desk.put(f"<{number}@example.com>")
        if number % 2:
            desk.put_sent(f"<{number}@example.com>")
    assert desk.check().problem is None
    assert len(desk.found) == 6
    assert desk.causes() == [f"no {FORGED}", f"yes {UNKNOWN_USER}"] * 3


def test_what_was_kept_before_sent_was_ever_asked_is_asked_about(desk: Desk) -> None:
    desk.put("<mine@example.com>")
    desk.put_sent("<mine@example.com>")
    desk.check()
    with desk.store._connections.write() as db:
        db.execute("DELETE FROM returned_id")
    desk.found.clear()
    assert desk.cases.rediagnose(Job()) == 1
    assert desk.causes() == [f"no {FORGED}"]
    desk.check()
    assert desk.causes() == [f"yes {UNKNOWN_USER}"]


@pytest.mark.parametrize("at", [b"HEADER Message-ID", EXAMINE_SENT])
@pytest.mark.parametrize("fault", ["close", "reset", "stall", "refuse"])
def test_trouble_with_sent_never_spoils_a_check(desk: Desk, fault: Fault, at: bytes) -> None:
    assert isinstance(desk.door, SentDoor)
    desk.put("<mine@example.com>")
    desk.put_sent("<mine@example.com>")
    desk.door.fault, desk.door.at = fault, at
    result = desk.check()
    assert (result.problem, result.stopped, result.set_aside) == (None, False, ())
    assert (result.found, len(desk.found)) == (1, 1)
    if fault == "refuse" and at != EXAMINE_SENT:  # then all of Sent is looked through
        assert desk.causes() == [f"yes {UNKNOWN_USER}"]
        return
    assert desk.causes() == [f"no {FORGED}"]
    assert desk.look_ups() == [LookUp.GIVEN_UP]
    desk.door.fault = None
    assert desk.check().problem is None
    assert desk.causes() == [f"yes {UNKNOWN_USER}"]


def test_a_sent_folder_that_is_never_to_be_had_is_given_up(desk: Desk) -> None:
    assert isinstance(desk.door, SentDoor)
    desk.put("<mine@example.com>")
    desk.door.fault, desk.door.at = "refuse", EXAMINE_SENT
    tries = []
    for _ in range(5):
        desk.check()
        tries.append(any(EXAMINE_SENT in line for line in desk.door.heard))
    assert tries == [True, True, True, False, False]


def test_stop_is_heard_while_sent_says_nothing(desk: Desk) -> None:
    assert isinstance(desk.door, SentDoor)
    desk.put("<mine@example.com>")
    desk.put_sent("<mine@example.com>")
    desk.door.fault = "stall"
    job = Job()
    job.progress = lambda _done, _total, words: (
        threading.Timer(0.3, job.cancel).start() if "Looking in Sent" in words else None
    )
    result = desk.check(job)
    assert (result.stopped, result.problem, result.found, len(desk.found)) == (True, None, 1, 1)
    assert desk.look_ups() == [LookUp.OPEN]  # no try that was made
    desk.door.fault = None
    assert desk.check().problem is None
    assert desk.causes() == [f"yes {UNKNOWN_USER}"]


def test_what_a_person_decided_stands(desk: Desk) -> None:
    assert isinstance(desk.door, SentDoor)
    for name in ("chosen", "done"):
        desk.put(f"<{name}@example.com>")
        desk.put_sent(f"<{name}@example.com>")
    desk.door.fault, desk.door.at = "close", EXAMINE_SENT
    desk.check()
    chosen, done = sorted(key.case for key in desk.cases.listed(CaseQuery()))
    desk.cases.choose_cause([chosen], FORGED)
    desk.cases.mark_done([done])
    desk.door.fault = None
    desk.check()
    assert desk.cases.look_at(chosen).row.cause == FORGED
    opened = desk.cases.look_at(done)
    assert (opened.row.cause, opened.row.state) == (UNKNOWN_USER, CaseState.DONE)


def test_forged_bounces_are_hidden_only_once_sent_was_looked_in(desk: Desk) -> None:
    desk.cases.hide(FORGED, [])
    for name in ("mine", "theirs"):
        desk.put(f"<{name}@example.com>")
    desk.put_sent("<mine@example.com>")
    desk.check()
    rows = desk.cases.rows(desk.cases.listed(CaseQuery(state=None))).values()
    states = {str(row.cause): row.state for row in rows}
    assert states == {UNKNOWN_USER: CaseState.NEEDS_YOU, FORGED: CaseState.DONE}


def test_without_a_sent_folder_nothing_is_asked(desk: Desk) -> None:
    shutil.rmtree(desk.dovecot.folder(desk.user, "Sent"))
    desk.put("<mine@example.com>")
    for _ in range(2):
        assert desk.check().problem is None
        assert not [line for line in desk.door.heard if EXAMINE_SENT in line]
    assert desk.look_ups() == [LookUp.GIVEN_UP]
    assert desk.causes() == [f"no {FORGED}"]


def test_gmail_is_asked_in_its_own_language(
    tmp_path: Path, dovecot: Dovecot, authority: Authority
) -> None:
    certificate = authority.issue("asked-gmail")
    with (
        open_store(tmp_path / "bounces.sqlite3") as store,
        gmail_front(dovecot, certificate) as front,
    ):
        desk = Desk(store, dovecot, front)
        for name in ("mine", "theirs"):
            desk.put(f"<{name}@example.com>")
        desk.put_sent("<mine@example.com>")
        assert desk.check().problem is None
        assert desk.causes() == [f"yes {UNKNOWN_USER}", f"no {FORGED}"]
        (line,) = [line for line in front.heard if b"X-GM-RAW" in line]
        assert b"rfc822msgid:mine@example.com" in line
        assert b" OR rfc822msgid:" in line
