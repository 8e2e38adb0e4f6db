"""Mail that goes out again, as the store keeps it: values and how rows become them."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType

from bounce_assistant.store.rows import AccountId, CaseId

OutgoingId = NewType("OutgoingId", int)


class OutgoingState(StrEnum):
    """Where a message stands on its way out."""

    UNDO = "waiting for undo"
    SCHEDULED = "scheduled"
    SENDING = "sending"  # committed before its first byte left
    SENT = "sent"  # the provider's server took it
    REFUSED = "refused"  # it did not; nothing was sent
    UNKNOWN = "unknown"  # its answer was never heard; never sent again by itself
    CANCELLED = "cancelled"


class Watch(StrEnum):
    """What is known of a message after it was sent."""

    NONE = ""
    WATCHING = "watching"
    QUIET = "looks delivered"
    BOUNCED = "bounced again"


WAITING = (OutgoingState.UNDO, OutgoingState.SCHEDULED)  # can still be called back
OPEN = (*WAITING, OutgoingState.SENDING, OutgoingState.UNKNOWN)
COUNTED = (OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.UNKNOWN)  # may have arrived


@dataclass(frozen=True, slots=True)
class NewOutgoing:
    """A message to be taken in; ``raw`` is all of it but the Date field, with CRLF."""

    case: CaseId
    account: AccountId
    sender: str
    recipient: str
    subject: str
    message_id: str  # with angle brackets
    raw: bytes
    name: str = ""
    source: str = ""
    batch: str = ""
    due_at: datetime | None = None  # None: at once, after the time for Undo


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message in the outbox. Times are aware, UTC, whole seconds."""

    id: OutgoingId
    case: CaseId | None  # None: the case is not here any more
    account: AccountId | None  # None: the account was removed
    sender: str
    recipient: str
    name: str
    subject: str
    message_id: str
    size: int  # bytes
    source: str
    batch: str
    state: OutgoingState
    made_at: datetime
    due_at: datetime
    tries: int
    began_at: datetime | None
    settled_at: datetime | None
    said: str
    problem: str
    looked_at: datetime | None
    copy: str
    watch: Watch
    bounced_by: str
    digest: str
    bounced: str
    held_state: str = ""  # of one let go by the person: what Undo makes it again


SELECT = (
    "SELECT outgoing.id, bounce.id, outgoing.account_id, sender, outgoing.recipient,"
    " outgoing.name, outgoing.subject, outgoing.message_id, outgoing.size, source, batch,"
    " outgoing.state, made_at, due_at, tries, began_at, settled_at, said, problem, looked_at,"
    " copy, watch, bounced_by, outgoing.digest, outgoing.bounced,"
    " held_state"
    " FROM outgoing LEFT JOIN message ON message.digest = outgoing.digest"
    " LEFT JOIN bounce ON bounce.message_id = message.id AND bounce.recipient = outgoing.bounced"
)


def read_outgoing(row: sqlite3.Row | tuple[object, ...]) -> Outgoing:
    """Return the value of a row of SELECT."""
    (
        number, case, account, sender, recipient, name, subject, message_id, size, source, batch,
        state, made, due, tries, began, settled, said, problem, looked, copy, watch, by, digest,
        bounced, held,
    ) = tuple(row)  # fmt: skip
    return Outgoing(
        id=OutgoingId(_int(number)),
        case=None if case is None else CaseId(_int(case)),
        account=None if account is None else AccountId(_int(account)),
        sender=str(sender),
        recipient=str(recipient),
        name=str(name),
        subject=str(subject),
        message_id=str(message_id),
        size=_int(size),
        source=str(source),
        batch=str(batch),
        state=OutgoingState(str(state)),
        made_at=_moment(made),
        due_at=_moment(due),
        tries=_int(tries),
        began_at=None if began is None else _moment(began),
        settled_at=None if settled is None else _moment(settled),
        said=str(said),
        problem=str(problem),
        looked_at=None if looked is None else _moment(looked),
        copy=str(copy),
        watch=Watch(str(watch)),
        bounced_by=str(by),
        digest=str(digest),
        bounced=str(bounced),
        held_state=str(held),
    )


def seconds(moment: datetime) -> int:
    """Return whole seconds since 1970, as the tables keep times."""
    return int(moment.timestamp())


def _moment(value: object) -> datetime:
    return datetime.fromtimestamp(_int(value), UTC)


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
