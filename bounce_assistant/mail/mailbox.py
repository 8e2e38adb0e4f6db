"""What is asked of a mailbox; all of it is reading."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bounce_assistant.mail.accounts import FolderRole
from bounce_assistant.mail.inbox_search import FIELDS

ROLES: tuple[FolderRole, ...] = ("inbox", "spam")
WHOLE_LIMIT = 100_000  # bytes; of a larger message only what a diagnosis needs is fetched
MOST_OF_ONE = 1_000_000  # bytes of any message, however large


@dataclass(frozen=True, slots=True)
class FolderState:
    """What a server says when a folder is opened (RFC 9051, section 6.3.3)."""

    uid_validity: int
    uid_next: int | None  # None: the server doesn't say
    exists: int  # messages
    highest_modseq: int | None  # RFC 7162; None without CONDSTORE


@dataclass(frozen=True, slots=True)
class Outline:
    """What a mailbox looks like from outside, no folder being open."""

    folders: tuple[str, ...]  # as ``Mailbox.folders``
    states: Mapping[str, FolderState]  # of those asked for, as far as the server tells
    sent: tuple[str, ...] = ()  # as ``Mailbox.sent_folders``


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a search takes for notices."""

    sure: frozenset[int]  # UIDs worth fetching
    maybe: frozenset[int]  # UIDs whose first words decide; none of the above


@dataclass(frozen=True, slots=True)
class Look:
    """What little tells a likely notice from other mail."""

    uid: int
    size: int  # bytes of the whole message
    header: bytes = b""  # the fields asked for
    beginning: bytes = b""  # of what follows the header, if asked for
    types: frozenset[str] = frozenset()  # of the parts, as text/plain; with the beginning
    gmail_id: str = ""  # X-GM-MSGID: the same in all folders; "": another server


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """A message as the server has it, or those of its parts that a diagnosis needs."""

    uid: int
    raw: bytes
    size: int  # bytes of the whole message, on the server
    arrived: datetime  # aware; when the server took it in
    gmail_id: str = ""  # as in ``Look``

    @property
    def is_whole(self) -> bool:
        return len(self.raw) >= self.size


class Reading(Protocol):
    """What a check asks of a mailbox. Every method may raise AppError or CancelledError."""

    def outline(
        self, roles: Collection[FolderRole] = ROLES, known: Collection[str] = ()
    ) -> Outline:
        """Return the folders of these roles, and how those stand that are ``known``, in one go."""

    def open(self, folder: str) -> FolderState:
        """Open a folder for reading only; the calls below are about it."""

    def uids(self, since: date, after: int = 0) -> list[int]:
        """Return, ascending, the messages that arrived from ``since`` on with a UID above."""

    def candidates(
        self, since: date, after: int = 0, until: int | None = None
    ) -> Candidates | None:
        """Return those of ``uids`` that a search takes for notices; None: it can't search so.

        ``until`` is the last UID of interest, included.
        """

    def looks(
        self, uids: Sequence[int], fields: Sequence[str] = FIELDS, beginning: int = 0
    ) -> Iterator[Look]:
        """Yield what stands in these header fields, ascending, batch by batch.

        ``beginning``: so many bytes of what follows the header as well, and the parts' types. How
        it is encoded is then part of the header, asked for or not.
        """

    def messages(self, looks: Sequence[Look]) -> Iterator[FetchedMessage]:
        """Yield messages, ascending, batch by batch; of huge ones what a diagnosis needs."""

    def close(self) -> None:
        """Sign out. Never raises."""


class Mailbox(Reading, Protocol):
    """One connection to one account."""

    @property
    def received(self) -> int:
        """How many bytes came over this connection so far, packed where they are packed."""

    def folders(self, roles: Collection[FolderRole] = ROLES) -> tuple[str, ...]:
        """Return the folders of these roles where notices arrive: INBOX, then Spam."""

    def sent_folders(self) -> tuple[str, ...]:
        """Return the folders that hold copies of what was sent; none where they can't be told."""

    def with_message_ids(
        self, message_ids: Sequence[str], since: date = date.min
    ) -> list[int] | None:
        """Return, ascending, those of these Message-IDs (RFC 5322); None: it can't search so.

        Of those that arrived from ``since`` on. Servers find parts of a Message-ID as well. A few
        dozen at once: all have to fit into one line.
        """

    def sent_to(self, recipient: str, first: date, last: date) -> list[int] | None:
        """Return those to an address that arrived on these days; None: it can't search so."""

    def written_to(self, words: Sequence[str], first: date, last: date) -> list[int] | None:
        """Return, ascending, those whose To or Cc hold all these words; None: it can't search so.

        Of those that arrived on these days, both included. Capitals don't matter.
        """

    def arrived_between(self, first: date, last: date) -> list[int]:
        """Return, ascending, the messages that arrived on these days, both included."""

    def whole(self, look: Look) -> bytes:
        """Return a message to its last byte, fetched in pieces; empty when it is gone."""

    def wait(self, seconds: float) -> bool | None:
        """Wait until mail arrives in the open folder; False: none did, None: it can't tell."""


class SentBox(Protocol):
    """A connection that can do one thing: lay a copy of what was sent into Sent."""

    def put(self, raw: bytes, sent_at: datetime) -> bool:
        """Add a message (RFC 9051, section 6.3.12), as read; False: there is no Sent folder."""

    def close(self) -> None:
        """Sign out. Never raises."""
