"""What every mailbox promises: run on the fake one and on a real Dovecot."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count

import pytest

from bounce_assistant.mail.credentials import Password
from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.services.job import Job
from bounce_assistant.services.sent_mail import SentClue, find_sent
from tests.servers.certificates import Authority
from tests.servers.dovecot import COMPRESS, PASSWORD, Dovecot, running_dovecot
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox
from tests.servers.fault_proxy import fault_proxy

NOW = datetime.now(UTC)
MONTH_AGO = (NOW - timedelta(days=30)).date()
NOTICE = (
    b"From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\r\n"
    b"Return-Path: <>\r\n"
    b"Subject: Undelivered Mail Returned to Sender\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    b"dana@example.com: 550 5.1.1 no such user\r\n"
)
LETTER = b"From: Dana <dana@example.com>\r\nSubject: Open house\r\n\r\nSee you there.\r\n"
_users = count()


def chosen(mailbox: Mailbox, after: int = 0) -> list[int]:
    """Return what a search takes for notices, sure of it or not."""
    found = mailbox.candidates(MONTH_AGO, after)
    assert found
    assert not found.sure & found.maybe
    return sorted(found.sure | found.maybe)


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox under test, and how mail gets into it."""

    put: Callable[[bytes, datetime, str], object]
    open: Callable[[], Mailbox]


@pytest.fixture(scope="module")
def packed_dovecot(authority: Authority) -> Iterator[Dovecot]:
    """A server that compresses (RFC 4978)."""
    with running_dovecot(authority, authority.issue("packed"), more=COMPRESS) as server:
        yield server


@pytest.fixture(params=["fake", "dovecot-tls", "dovecot-starttls", "packed_dovecot-tls"])
def box(request: pytest.FixtureRequest) -> Iterator[Box]:
    if request.param == "fake":
        folders = {"INBOX": FakeFolder(), "Junk": FakeFolder(), "Sent": FakeFolder()}
        yield Box(
            lambda raw, when, folder: folders[folder].put(raw, when),
            lambda: FakeMailbox(folders, sent=["Sent"]),
        )
        return
    name, _, security = request.param.partition("-")
    server: Dovecot = request.getfixturevalue(name)
    user = f"contract{next(_users)}"
    server.folder(user, "Junk")
    server.folder(user, "Sent")
    context = ssl.create_default_context(cafile=server.ca)
    yield Box(
        lambda raw, when, folder: server.put(user, raw, when, folder=folder),
        lambda: connect_imap(
            server.account(user, security=security), Password(PASSWORD), Line(), context=context
        ),
    )


def test_inbox_and_spam_are_read(box: Box) -> None:
    with closing(box.open()) as mailbox:
        assert mailbox.folders() == ("INBOX", "Junk")


def test_a_notice_stands_out_and_comes_back_as_it_was(box: Box) -> None:
    box.put(LETTER, NOW - timedelta(minutes=2), "INBOX")
    box.put(NOTICE, NOW - timedelta(minutes=1), "INBOX")
    with closing(box.open()) as mailbox:
        state = mailbox.open("INBOX")
        assert (state.exists, state.uid_next) == (2, 3)
        assert mailbox.uids(MONTH_AGO) == [1, 2]
        assert chosen(mailbox) == [2]
        (look,) = mailbox.looks([2])
        assert (look.uid, look.size) == (2, len(NOTICE))
        assert b"Return-Path: <>" in look.header
        assert b"no such user" not in look.header
        (message,) = mailbox.messages([look])
        assert (message.uid, message.raw, message.is_whole) == (2, NOTICE, True)
        assert abs(message.arrived - (NOW - timedelta(minutes=1))) < timedelta(seconds=2)


def test_mail_from_before_the_day_asked_for_stays_out(box: Box) -> None:
    box.put(NOTICE, NOW - timedelta(days=40), "INBOX")
    with closing(box.open()) as mailbox:
        mailbox.open("INBOX")
        assert mailbox.uids(MONTH_AGO) == []
        assert chosen(mailbox) == []
        assert mailbox.uids((NOW - timedelta(days=50)).date()) == [1]


def test_only_what_came_after_a_message_is_asked_for(box: Box) -> None:
    for minute in range(3):
        box.put(NOTICE, NOW + timedelta(minutes=minute), "INBOX")
    with closing(box.open()) as mailbox:
        mailbox.open("INBOX")
        assert mailbox.uids(MONTH_AGO, after=1) == [2, 3]
        assert chosen(mailbox, after=2) == [3]
        assert mailbox.uids(MONTH_AGO, after=3) == []


def test_a_message_gone_meanwhile_is_passed_over(box: Box) -> None:
    box.put(NOTICE, NOW, "INBOX")
    with closing(box.open()) as mailbox:
        mailbox.open("INBOX")
        assert [look.uid for look in mailbox.looks([1, 7])] == [1]


def test_of_a_huge_message_only_the_beginning_is_fetched(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("bounce_assistant.mail.imap_fetch", "tests.servers.fake_mailbox"):
        monkeypatch.setattr(f"{module}.WHOLE_LIMIT", 5_000)
    huge = NOTICE + b"x" * 9_000 + b"\r\n"
    box.put(NOTICE, NOW, "INBOX")
    box.put(huge, NOW, "INBOX")
    with closing(box.open()) as mailbox:
        mailbox.open("INBOX")
        small, large = mailbox.messages(list(mailbox.looks([1, 2])))
        assert (small.is_whole, small.raw) == (True, NOTICE)
        assert (large.is_whole, large.raw) == (False, huge[:5_000])
        assert large.size == len(huge)
        (look,) = mailbox.looks([2])
        assert mailbox.whole(look) == huge


@pytest.mark.parametrize("per_search", [50_000, 100])
def test_many_messages_come_in_order(
    box: Box, monkeypatch: pytest.MonkeyPatch, per_search: int
) -> None:
    monkeypatch.setattr("bounce_assistant.mail.imap_search._MESSAGES_PER_SEARCH", per_search)
    for number in range(450):
        box.put(NOTICE + b"%d\r\n" % number, NOW, "INBOX")
    with closing(box.open()) as mailbox:
        mailbox.open("INBOX")
        looks = list(mailbox.looks(mailbox.uids(MONTH_AGO)))
        uids = [message.uid for message in mailbox.messages(looks)]
        assert uids == list(range(1, 451)) == chosen(mailbox)
        assert mailbox.uids(MONTH_AGO, after=449) == [450]


@pytest.mark.parametrize(
    "head",
    [
        "From: postmaster@example.org\r\nSubject: hello",
        "From: a@example.org\r\nX-Failed-Recipients: dana@example.com\r\nSubject: hello",
        "From: a@example.org\r\nAuto-Submitted: auto-replied\r\nSubject: hello",
        "From: a@example.org\r\nSubject: Unzustellbar: Besichtigung",
        "From: a@example.org\r\nSubject: =?utf-8?Q?=C3=89chec?= de la remise",
        "From: a@example.org\r\nSubject: =?utf-8?B?6YCA5L+h?=",
        "From: a@example.org\r\nContent-Type: multipart/report; boundary=x\r\nSubject: hello",
    ],
)
def test_notices_are_found_by_each_of_their_marks(box: Box, head: str) -> None:
    box.put(LETTER, NOW, "INBOX")
    box.put(f"{head}\r\n\r\nbody\r\n".encode(), NOW, "INBOX")
    with closing(box.open()) as mailbox:
        mailbox.open("INBOX")
        assert chosen(mailbox) == [2]


SENT = (
    b"Message-ID: <%d.flyer@rosa.example>\r\nDate: %s\r\nFrom: rosa@rosa.example\r\n"
    b"To: %s\r\nSubject: Open house\r\n\r\nCome by on Saturday.\r\n"
)


def _sent(number: int, to: str, when: datetime) -> bytes:
    return SENT % (number, format_datetime(when).encode(), to.encode())


def test_a_sent_message_is_found_by_its_id(box: Box) -> None:
    for number in range(12):
        box.put(_sent(number, "dana@example.com", NOW), NOW, "Sent")
    with closing(box.open()) as mailbox:
        assert mailbox.sent_folders() == ("Sent",)
        found = find_sent(mailbox, SentClue("<1.flyer@rosa.example>"), Job())
        assert found
        assert (found.folder, found.uid, found.by_message_id) == ("Sent", 2, True)
        assert found.raw == _sent(1, "dana@example.com", NOW)
        assert find_sent(mailbox, SentClue("<99.flyer@rosa.example>"), Job()) is None


def test_several_sent_messages_are_found_by_their_ids_at_once(box: Box) -> None:
    box.put(_sent(77, "dana@example.com", NOW), NOW - timedelta(days=40), "Sent")
    for number in range(12):
        box.put(_sent(number, "dana@example.com", NOW), NOW, "Sent")
    ids = [f"<{number}.flyer@rosa.example>" for number in (77, 2, 99, 5)]
    with closing(box.open()) as mailbox:
        assert mailbox.outline().sent == ("Sent",)
        mailbox.open("Sent")
        assert mailbox.with_message_ids(ids) == [1, 4, 7]
        assert mailbox.with_message_ids(ids, MONTH_AGO) == [4, 7]
        assert mailbox.with_message_ids([]) == []


def test_a_sent_message_is_found_by_recipient_subject_and_time(box: Box) -> None:
    times = [NOW - timedelta(days=days) for days in (9, 4, 3, 0)]
    for number, when in enumerate(times):
        box.put(_sent(number, "Dana <dana@example.com>", when), when, "Sent")
    box.put(_sent(9, "eli@example.com", times[1]), times[1], "Sent")
    near = times[1] + timedelta(minutes=10)
    clue = SentClue("<renamed@relay.example>", "DANA@example.com", " open  House", near)
    with closing(box.open()) as mailbox:
        found = find_sent(mailbox, clue, Job())
        assert found
        assert (found.uid, found.by_message_id) == (2, False)
        assert find_sent(mailbox, replace(clue, subject="Another"), Job()) is None
        assert find_sent(mailbox, replace(clue, recipient="ann@example.com"), Job()) is None
        old = replace(clue, sent_at=NOW - timedelta(days=20))
        assert find_sent(mailbox, old, Job()) is None


def test_a_server_that_can_compress_does(packed_dovecot: Dovecot) -> None:
    packed_dovecot.folder("squeezed")
    for number in range(60):
        packed_dovecot.put("squeezed", NOTICE + b"x" * 3_000 + b"%d\r\n" % number, NOW)
    context = ssl.create_default_context(cafile=packed_dovecot.ca)
    with fault_proxy(packed_dovecot.tls_port) as proxy:
        account = replace(packed_dovecot.account("squeezed"), imap_port=proxy.port)
        with closing(connect_imap(account, Password(PASSWORD), Line(), context=context)) as mailbox:
            mailbox.open("INBOX")
            looks = list(mailbox.looks(mailbox.uids(MONTH_AGO)))
            assert sum(len(message.raw) for message in mailbox.messages(looks)) > 190_000
        assert proxy.passed < 30_000


def test_whom_one_wrote_to_is_found_in_to_and_cc(box: Box) -> None:
    mails = ["To: Dana Reyes <d@a.example>", "To: x@b.example\r\nCc: Reyes, DANA <d@c.example>"]
    mails += ["To: Dana <d@reyes-not.example>", "To: lee@a.example"]
    box.put(f"{mails[0]}\r\n\r\nold\r\n".encode(), NOW - timedelta(days=40), "Sent")
    for minute, head in enumerate(mails, start=-9):
        when = NOW + timedelta(minutes=minute)
        box.put(f"{head}\r\nSubject: Hi\r\n\r\nDana Reyes\r\n".encode(), when, "Sent")
    with closing(box.open()) as mailbox:
        mailbox.open("Sent")
        last = (NOW + timedelta(days=1)).date()
        assert mailbox.written_to(["dana", "reyes"], MONTH_AGO, last) == [2, 3, 4]
        assert mailbox.written_to(["@a.exam"], MONTH_AGO, last) == [2, 5]
        assert mailbox.written_to(["d@c"], MONTH_AGO, last) == [3]
        assert mailbox.written_to(["müller"], MONTH_AGO, last) == []
