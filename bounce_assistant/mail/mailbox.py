"""What is asked of a mailbox; all of it is reading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bounce_assistant.mail.inbox_search import FIELDS

WHOLE_LIMIT = 25_000_000  # bytes; of a larger message only the beginning is fetched
PART_SIZE = 1_000_000  # bytes of that beginning


@dataclass(frozen=True, slots=True)
class FolderState:
    """What a server says when a folder is opened (RFC 9051, section 6.3.3)."""

    uid_validity: int
    uid_next: int | None  # None: the server doesn't say
    exists: int  # messages
    highest_modseq: int | None  # RFC 7162; None without CONDSTORE


@dataclass(frozen=True, slots=True)
class Look:
    """The few header fields that tell a likely notice from other mail."""

    uid: int
    size: int  # bytes of the whole message
    arrived: datetime  # aware; when the server took it in
    header: bytes


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """A message as the server has it."""

    uid: int
    raw: bytes
    is_whole: bool


class Mailbox(Protocol):
    """One connection to one account. Every method may raise AppError or CancelledError."""

    def folders(self) -> tuple[str, ...]:
        """Return the folders where notices arrive: INBOX, then Spam where there is one."""

    def sent_folders(self) -> tuple[str, ...]:
        """Return the folders that hold copies of what was sent; none where they can't be told."""

    def open(self, folder: str) -> FolderState:
        """Open a folder for reading only; the calls below are about it."""

    def uids(self, since: date, after: int = 0) -> list[int]:
        """Return, ascending, the messages that arrived from ``since`` on with a UID above."""

    def candidates(self, since: date, after: int = 0) -> list[int] | None:
        """Return those of ``uids`` that a search takes for notices; None: it can't search so."""

    def with_message_id(self, message_id: str) -> list[int]:
        """Return those of that Message-ID (RFC 5322); none where the server can't search so."""

    def sent_to(self, recipient: str, first: date, last: date) -> list[int] | None:
        """Return those to an address that arrived on these days; None: it can't search so."""

    def arrived_between(self, first: date, last: date) -> list[int]:
        """Return, ascending, the messages that arrived on these days, both included."""

    def looks(self, uids: Sequence[int], fields: Sequence[str] = FIELDS) -> Iterator[Look]:
        """Yield what stands in these header fields, ascending, batch by batch."""

    def messages(self, looks: Sequence[Look]) -> Iterator[FetchedMessage]:
        """Yield messages, ascending, batch by batch; of huge ones the beginning."""

    def close(self) -> None:
        """Sign out. Never raises."""


class SentBox(Protocol):
    """A connection that can do one thing: lay a copy of what was sent into Sent."""

    def put(self, raw: bytes, sent_at: datetime) -> bool:
        """Add a message (RFC 9051, section 6.3.12), as read; False: there is no Sent folder."""

    def close(self) -> None:
        """Sign out. Never raises."""
