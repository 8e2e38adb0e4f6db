"""The facts of a notice, as read and not yet judged."""

import re
from enum import StrEnum

import msgspec

_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")


class MessageKind(StrEnum):
    """What a message is."""

    BOUNCE = "bounce"
    DELAY = "delay"
    FEEDBACK = "feedback"
    AUTO_REPLY = "auto-reply"
    DELIVERED = "delivered"
    NOT_A_BOUNCE = "not-a-bounce"


class DsnAction(StrEnum):
    """What a server did about one recipient (RFC 3464, section 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


ARRIVED = frozenset({DsnAction.DELIVERED, DsnAction.RELAYED, DsnAction.EXPANDED})


class StatusCode(msgspec.Struct, frozen=True, order=True):
    """An enhanced status code: class, subject, detail (RFC 3463, section 2)."""

    class_: int
    subject: int
    detail: int

    @classmethod
    def parse(cls, text: str) -> "StatusCode | None":
        """Read the first code in a text such as ``5.1.1 (bad mailbox)``; None if there is none."""
        match = _STATUS.search(text)
        return cls(*map(int, match.groups())) if match else None

    def __str__(self) -> str:
        """Return the code as servers write it."""
        return f"{self.class_}.{self.subject}.{self.detail}"


class RecipientReport(msgspec.Struct, frozen=True):
    """What the notice says about one recipient. Empty strings: it does not say."""

    recipient: str  # as we wrote it, where the notice knows
    final_recipient: str = ""  # where forwarding took it, when that differs
    dsn_action: DsnAction | None = None
    status: StatusCode | None = None
    reply_code: str = ""  # three digits
    diagnostic: str = ""  # the server's own words
    remote_mta: str = ""  # the server that said no
    smtp_command: str = ""  # the command it refused: CONN, HELO, MAIL, RCPT, DATA


class OriginalMessage(msgspec.Struct, frozen=True):
    """Our own mail, as far as it was returned."""

    message_id: str = ""
    subject: str = ""
    sender: str = ""  # the address in From
    to: tuple[str, ...] = ()
    date: str = ""  # as written in its Date field
    headers: tuple[tuple[str, str], ...] = ()  # names as written, values unfolded and decoded
    body: str = ""  # its text, if it came back; at most BODY_LIMIT characters
    size: int = 0  # bytes that came back


class ReportedBy(msgspec.Struct, frozen=True):
    """Who wrote the notice, by its own headers; never by the recipient's domain."""

    service: str = ""
    host: str = ""


class Notice(msgspec.Struct, frozen=True):
    """The notice as a mail of its own."""

    subject: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()
    date: str = ""
    message_id: str = ""
    return_path: str | None = None  # None: no Return-Path field; "": the empty one of RFC 5321
    headers: tuple[tuple[str, str], ...] = ()


class BounceReport(msgspec.Struct, frozen=True):
    """Everything a message says about failed (or late, or arrived) deliveries."""

    kind: MessageKind
    reported_by: ReportedBy = ReportedBy()
    recipients: tuple[RecipientReport, ...] = ()
    original: OriginalMessage | None = None
    notice: Notice = Notice()
    text: str = ""  # what a person reads, then the machine part; evidence points into it
    imitation: str = ""  # what it wants of its reader, if it imitates a notice to lure him
    signs: tuple[str, ...] = ()  # why it was taken for this kind, for the card and for tests
