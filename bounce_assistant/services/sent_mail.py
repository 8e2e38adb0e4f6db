"""Finds in Sent what the user sent, and lays copies there; each on its own connection."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.inbox_search import decode_field
from bounce_assistant.mail.mailbox import Look, Mailbox
from bounce_assistant.report.facts import OriginalMessage
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job

# Services that put a Message-ID of their own over ours keep ours beside it.
_ID_FIELDS = ("Message-ID", "X-Google-Original-Message-ID", "X-Microsoft-Original-Message-ID")
_FIELDS = (*_ID_FIELDS, "To", "Cc", "Bcc", "Subject", "Date")
_NEAR = timedelta(days=2)  # between the date we know and the one in Sent: clocks and queues
_MOST = 3_000  # messages looked at one by one, where the server can't search


@dataclass(frozen=True, slots=True)
class SentClue:
    """What is known of a message that was sent; empty strings and None where it isn't."""

    message_id: str = ""
    recipient: str = ""
    subject: str = ""
    sent_at: datetime | None = None  # aware


@dataclass(frozen=True, slots=True)
class FoundSent:
    """A copy in Sent. ``by_message_id`` False: known by recipient, subject and time only."""

    folder: str
    uid: int
    raw: bytes
    is_whole: bool
    by_message_id: bool


def clue_of(original: OriginalMessage, recipient: str) -> SentClue:
    """Return what a notice tells about our own mail to one recipient."""
    return SentClue(original.message_id, recipient, original.subject, _moment(original.date))


def find_in_sent(
    account: Account, accounts: Accounts, clue: SentClue, job: Job
) -> FoundSent | None:
    """Return the copy of a message in the account's Sent folder, or None where it isn't there.

    By Message-ID, else by recipient, subject and time within two days. Raises AppError where it
    could not be looked for, and CancelledError once the job was stopped. None says nothing about
    whether the mail went out: not every server keeps a copy of what was sent through it.
    """
    mailbox = accounts.open_mailbox(account, job)
    try:
        return find_sent(mailbox, clue, job)
    finally:
        mailbox.close()


def find_sent(mailbox: Mailbox, clue: SentClue, job: Job) -> FoundSent | None:
    """Look in the Sent folders of a mailbox that is open already; as ``find_in_sent``."""
    for folder in mailbox.sent_folders():
        job.step(0, 0)
        mailbox.open(folder)
        look, by_message_id = _by_message_id(mailbox, clue), True
        if look is None:
            look, by_message_id = _nearby(mailbox, clue)
        raw = mailbox.whole(look) if look else b""
        if look and raw:
            return FoundSent(folder, look.uid, raw, len(raw) >= look.size, by_message_id)
    return None


def keep_sent_copy(
    account: Account,
    accounts: Accounts,
    raw: bytes,
    job: Job,
    *,
    sent_at: datetime | None = None,
) -> bool:
    """Lay a copy into Sent, unless one with its Message-ID is there already; return whether.

    Safe to repeat. False as well where the account has no Sent folder. Raises AppError where the
    server could not be reached or wouldn't take it.
    """
    when = sent_at or datetime.now(UTC)
    return next(keep_sent_copies(account, accounts, [(raw, when)], job))


def keep_sent_copies(
    account: Account, accounts: Accounts, mails: Sequence[tuple[bytes, datetime]], job: Job
) -> Iterator[bool]:
    """As ``keep_sent_copy`` for several messages, each with when it was sent, in two sign-ins.

    Yields after each, in order, once it need not be laid there any more.
    """
    mailbox = accounts.open_mailbox(account, job)
    try:
        known = [_is_there(mailbox, raw, when, job) for raw, when in mails]
    finally:
        mailbox.close()
    if all(known):
        yield from (False for _ in known)
        return
    box = accounts.open_sent_box(account, job)
    try:
        for (raw, when), is_there in zip(mails, known, strict=True):
            yield not is_there and box.put(raw, when)
    finally:
        box.close()


def _is_there(mailbox: Mailbox, raw: bytes, when: datetime, job: Job) -> bool:
    head = message_from_bytes(raw.partition(b"\r\n\r\n")[0], policy=policy.compat32)
    message_id = str(head.get("Message-ID", "")).strip()
    return (
        bool(message_id) and find_sent(mailbox, SentClue(message_id, sent_at=when), job) is not None
    )


def _by_message_id(mailbox: Mailbox, clue: SentClue) -> Look | None:
    if not clue.message_id:
        return None
    for look in mailbox.looks(mailbox.with_message_ids([clue.message_id]) or [], _FIELDS):
        if _has_id(_head(look), clue.message_id):  # servers find parts of it as well
            return look
    return None


def _nearby(mailbox: Mailbox, clue: SentClue) -> tuple[Look | None, bool]:
    """Look through what was sent about then; return the likeliest and whether its id says so."""
    if clue.sent_at is None:
        return None, False
    first, last = _days(clue.sent_at)
    uids = mailbox.sent_to(clue.recipient, first, last) if clue.recipient else None
    if not uids:
        uids = mailbox.arrived_between(first, last)[-_MOST:]
    best: tuple[timedelta, Look] | None = None
    for look in mailbox.looks(uids, _FIELDS):
        head = _head(look)
        if clue.message_id and _has_id(head, clue.message_id):
            return look, True
        written = _moment(str(head.get("Date", "")))
        apart = abs((written or clue.sent_at) - clue.sent_at)
        if _fits(head, clue) and apart <= _NEAR and (best is None or apart < best[0]):
            best = apart, look
    return (best[1] if best else None), False


def _fits(head: "Message[Any, Any]", clue: SentClue) -> bool:
    if not clue.recipient:
        return False
    fields = [str(value) for name in ("To", "Cc", "Bcc") for value in head.get_all(name, [])]
    addresses = {address.lower() for _, address in getaddresses(fields)}
    same_subject = _plain(decode_field(head.get("Subject", ""))) == _plain(clue.subject)
    return clue.recipient.lower() in addresses and same_subject


def _has_id(head: "Message[Any, Any]", message_id: str) -> bool:
    wanted = message_id.strip("<> \t")
    return any(str(head.get(name, "")).strip("<> \t\r\n") == wanted for name in _ID_FIELDS)


def _head(look: Look) -> "Message[Any, Any]":
    return message_from_bytes(look.header, policy=policy.compat32)


def _plain(subject: str) -> str:
    return " ".join(subject.split()).casefold()


def _days(moment: datetime) -> tuple[date, date]:
    return (moment - _NEAR).date(), (moment + _NEAR).date()


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
