"""Mail kept as it came, with what the diagnosis made of it."""

import hashlib
import sqlite3
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bounce_assistant.diagnosis.verdict import Certainty
from bounce_assistant.store.connection import Connections
from bounce_assistant.store.cursors import FolderCursor, put_cursor
from bounce_assistant.store.decisions import move_case
from bounce_assistant.store.returned_ids import put_returned
from bounce_assistant.store.rows import AccountId, CaseId, CaseState, MessageId
from bounce_assistant.store.same_notice import enrich, find_same
from bounce_assistant.store.verdicts import Verdict, recipient_key, tidy
from bounce_assistant.store.watched import tie_notice

_TAIL = 4096
_CHUNK = 1 << 20
_BIG = 1_000_000  # bytes; beyond it, speed counts more than the last tenth


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message was found: in a folder of an account, or in a file."""

    account: AccountId | None = None
    folder: str = ""
    uid_validity: int = 0
    uid: int = 0
    file: str = ""
    gmail_id: str = ""  # X-GM-MSGID: the same in all folders; "": another server, or a file


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a message handed to the store."""

    message: MessageId
    cases: tuple[CaseId, ...]
    is_new: bool  # False: it was here already


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message as it was kept."""

    id: MessageId
    digest: str
    place: Place
    arrived: datetime
    raw: bytes
    size: int  # bytes of the message itself, of which raw may be those that matter

    @property
    def missing(self) -> int:
        """How many bytes were left on the mail server."""
        return max(0, self.size - len(self.raw))


class Messages:
    """Keep mail once, give it back unchanged."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def keep(  # noqa: PLR0913 - what is kept, where it goes, and what it tells of others
        self,
        raw: bytes,
        place: Place,
        arrived: datetime,
        verdicts: Sequence[Verdict],
        cursor: FolderCursor | None = None,
        size: int | None = None,
        *,
        about: Sequence[str] = (),
        returned: Sequence[str] = (),
        fingerprint: str = "",
        hidden: Collection[str] = (),
    ) -> Kept:
        """Keep a message, its cases and how far the folder is read: all of it, or nothing.

        ``arrived`` is aware. A message known by its bytes or its place is not doubled; one added
        by hand and now found in an account moves to that account. ``size``: bytes of the message,
        when ``raw`` is a part of it. ``about`` has the Message-IDs of what did not arrive, so that
        what was sent again is known to have bounced again; ``returned`` those to look for in Sent.
        ``fingerprint`` tells the same notice where one is a part of the other; of the two the
        fuller text is kept. New cases of ``hidden`` causes are done with from the start, unless the
        diagnosis isn't sure or Sent has still to be looked in (then see ``hide``).
        """
        digest, whole = digest_of(raw), size or len(raw)
        with self._connections.read() as db:
            is_known = _find(db, digest, place) is not None
        # Packed outside of the transaction: others may write meanwhile.
        packed = b"" if is_known else zlib.compress(raw, 1 if len(raw) > _BIG else 6)
        with self._connections.write() as db:
            known = _find(db, digest, place)
            same = None if known else find_same(db, fingerprint, is_whole=len(raw) >= whole)
            if same:
                known, kept = same
                if kept >= len(raw):
                    digest = _digest(db, known)
                else:
                    enrich(db, known, digest, packed or zlib.compress(raw), whole)
                    _put_only(db, known, verdicts)
            if known:
                message = known
                _move(db, message, place)
            else:
                message = _insert(db, digest, place, arrived, whole, fingerprint)
                db.execute(
                    "INSERT INTO raw_message VALUES (?, ?)", (message, packed or zlib.compress(raw))
                )
                _put_verdicts(db, message, verdicts)
            is_open = put_returned(db, message, returned) and place.account is not None
            if known is None and not is_open:
                _hide(db, digest, verdicts, hidden)
            if cursor:
                put_cursor(db, cursor)
            if about:
                tie_notice(db, digest, about, datetime.now(UTC))
            return Kept(message, _cases(db, message), known is None)

    def found_again(self, place: Place) -> bool:
        """Say whether a message is kept, by its Gmail number; remember where it is now."""
        with self._connections.read() as db:
            message = _by_gmail_id(db, place)
        if message is None:
            return False
        with self._connections.write() as db:
            _move(db, message, place)
        return True

    def diagnose_again(
        self, message: MessageId, verdicts: Sequence[Verdict], *, returned: Sequence[str] = ()
    ) -> bool:
        """Put new verdicts in place of the old ones; return whether a case changed.

        ``returned`` as in ``keep``.
        What a person decided stays. Cases keep their ids while their recipient stays the same, or
        while the message has one case before and after.
        """
        with self._connections.write() as db:
            before = _found(db, message)
            _put_only(db, message, verdicts)
            put_returned(db, message, returned)
            return before != _found(db, message)

    def hide(self, messages: Collection[MessageId], hidden: Collection[str]) -> None:
        """Be done with cases of ``hidden`` causes, as ``keep`` would, unless a person decided."""
        marks = ", ".join("?" * len(hidden))
        with self._connections.write() as db:
            for message in messages:
                rows = db.execute(
                    "SELECT digest, bounce.recipient FROM bounce"  # noqa: S608 - question marks only
                    " JOIN message ON message.id = message_id WHERE message.id = ?"
                    f" AND found_cause IN ({marks}) AND certainty <> ? AND NOT EXISTS"
                    " (SELECT 1 FROM decision WHERE decision.digest = message.digest"
                    "  AND decision.recipient = bounce.recipient)",
                    (message, *hidden, Certainty.NOT_SURE),
                ).fetchall()
                for digest, recipient in rows:
                    move_case(db, digest, recipient, CaseState.DONE, datetime.now(UTC))

    def ids(self) -> list[MessageId]:
        """Return every message, oldest kept first."""
        with self._connections.read() as db:
            return [MessageId(row[0]) for row in db.execute("SELECT id FROM message ORDER BY id")]

    def with_reason(self, reason: str) -> list[MessageId]:
        """Return the messages of which a case was diagnosed with a reason, oldest kept first."""
        with self._connections.read() as db:
            found = db.execute(
                "SELECT DISTINCT message_id FROM bounce WHERE reason = ? ORDER BY message_id",
                (reason,),
            )
            return [MessageId(row[0]) for row in found]

    def get(self, message: MessageId) -> KeptMessage | None:
        """Return a message with its bytes as they came; None when it is not here any more."""
        with self._connections.read() as db:
            row = db.execute(
                "SELECT digest, account_id, folder, uid_validity, uid, file, arrived, zlib,"
                " size"
                " FROM message JOIN raw_message ON message_id = id WHERE id = ?",
                (message,),
            ).fetchone()
        if row is None:
            return None
        return KeptMessage(
            message,
            row[0],
            Place(*row[1:6]),
            datetime.fromtimestamp(row[6], UTC),
            zlib.decompress(row[7]),
            row[8],
        )

    def known_uids(self, account: AccountId, folder: str, uid_validity: int) -> frozenset[int]:
        """Return the UIDs of a folder that are kept already (RFC 3501, section 2.3.1.1)."""
        with self._connections.read() as db:
            found = db.execute(
                "SELECT uid FROM message WHERE account_id = ? AND folder = ? AND uid_validity = ?",
                (account, folder, uid_validity),
            )
            return frozenset(row[0] for row in found)


def digest_of(raw: bytes) -> str:
    """Return what a message is known by: its bytes, whatever the line ends and the empty tail."""
    digest = hashlib.sha256()
    end = len(raw) - _TAIL + len(raw[-_TAIL:].rstrip()) if len(raw) > _TAIL else len(raw.rstrip())
    for start in range(0, end, _CHUNK):  # no copy of the whole: mail can have 60 MB
        digest.update(raw[start : min(start + _CHUNK, end)].replace(b"\r", b""))
    return digest.hexdigest()


def _hide(
    db: sqlite3.Connection, digest: str, verdicts: Sequence[Verdict], hidden: Collection[str]
) -> None:
    now = datetime.now(UTC)
    for verdict in verdicts:
        if verdict.cause in hidden and verdict.certainty != Certainty.NOT_SURE:
            move_case(db, digest, recipient_key(verdict.recipient), CaseState.DONE, now)


def _find(db: sqlite3.Connection, digest: str, place: Place) -> MessageId | None:
    row = db.execute("SELECT id FROM message WHERE digest = ?", (digest,)).fetchone()
    if row is None and place.account and place.uid:
        row = db.execute(
            "SELECT id FROM message"
            " WHERE account_id = ? AND folder = ? AND uid_validity = ? AND uid = ?",
            (place.account, place.folder, place.uid_validity, place.uid),
        ).fetchone()
    return MessageId(row[0]) if row else _by_gmail_id(db, place)


def _digest(db: sqlite3.Connection, message: MessageId) -> str:
    (digest,) = db.execute("SELECT digest FROM message WHERE id = ?", (message,)).fetchone()
    return str(digest)


def _by_gmail_id(db: sqlite3.Connection, place: Place) -> MessageId | None:
    row = db.execute(
        "SELECT id FROM message WHERE account_id = ? AND gmail_id = ? AND gmail_id <> ''",
        (place.account, place.gmail_id),
    ).fetchone()
    return MessageId(row[0]) if row else None


def _insert(
    db: sqlite3.Connection,
    digest: str,
    place: Place,
    arrived: datetime,
    size: int,
    fingerprint: str,
) -> MessageId:
    done = db.execute(
        "INSERT INTO message"
        " (digest, account_id, folder, uid_validity, uid, file, arrived, size, gmail_id,"
        " fingerprint, kept_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unixepoch())",
        (
            digest,
            place.account,
            place.folder,
            place.uid_validity,
            place.uid,
            place.file.encode("utf-8", "replace").decode(),
            int(arrived.timestamp()),
            size,
            place.gmail_id,
            fingerprint,
        ),
    )
    return MessageId(done.lastrowid or 0)


def _move(db: sqlite3.Connection, message: MessageId, place: Place) -> None:
    if place.account is None:
        return
    db.execute(
        "UPDATE message SET account_id = ?, folder = ?, uid_validity = ?, uid = ?,"
        " gmail_id = iif(? <> '', ?, gmail_id)"
        " WHERE id = ? AND (account_id IS NULL OR account_id = ?)",
        (
            place.account,
            place.folder,
            place.uid_validity,
            place.uid,
            place.gmail_id,
            place.gmail_id,
            message,
            place.account,
        ),
    )


def _put_verdicts(db: sqlite3.Connection, message: MessageId, verdicts: Sequence[Verdict]) -> None:
    account, arrived = db.execute(
        "SELECT coalesce(account_id, 0), arrived FROM message WHERE id = ?", (message,)
    ).fetchone()
    # Of two verdicts on one person the first stands: the notice's own order.
    first = {recipient_key(verdict.recipient): verdict for verdict in reversed(verdicts)}
    for key, verdict in reversed(first.items()):
        columns = _columns(verdict)
        db.execute(
            "INSERT INTO bounce (message_id, account_id, arrived, recipient, address, name,"
            " subject, mailing, reason, bounce_type, certainty, found_cause, found_group,"
            " found_title, cause, cause_group, title)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (message_id, recipient) DO UPDATE SET address = excluded.address,"
            " name = excluded.name, subject = excluded.subject, mailing = excluded.mailing,"
            " reason = excluded.reason, bounce_type = excluded.bounce_type,"
            " certainty = excluded.certainty, found_cause = excluded.found_cause,"
            " found_group = excluded.found_group, found_title = excluded.found_title,"
            " cause = iif(is_chosen, cause, excluded.cause),"
            " cause_group = iif(is_chosen, cause_group, excluded.cause_group),"
            " title = iif(is_chosen, title, excluded.title)",
            # Numbered marks (?12) would say the last three once, but Python 3.12 warns of them.
            (message, account, arrived, key, *columns, *columns[-3:]),
        )


def _put_only(db: sqlite3.Connection, message: MessageId, verdicts: Sequence[Verdict]) -> None:
    """Put verdicts in place of those there are; cases keep their ids as far as they can."""
    wanted = {recipient_key(verdict.recipient) for verdict in verdicts}
    had = {str(row[0]) for row in _found(db, message)}
    if len(had) == len(wanted) == 1 and had != wanted:
        _rename(db, message, *had, *wanted)
        had = wanted
    db.executemany(
        "DELETE FROM bounce WHERE message_id = ? AND recipient = ?",
        [(message, gone) for gone in had - wanted],
    )
    _put_verdicts(db, message, verdicts)


def _columns(verdict: Verdict) -> tuple[str | int | None, ...]:
    address = tidy(verdict.recipient)
    return (
        address,
        tidy(verdict.name) or address,
        tidy(verdict.subject),
        verdict.mailing,
        verdict.reason,
        verdict.bounce_type,
        verdict.certainty,
        verdict.cause,
        str(verdict.group),
        tidy(verdict.title),
    )


def _found(db: sqlite3.Connection, message: MessageId) -> list[tuple[str | int | None, ...]]:
    return db.execute(
        "SELECT recipient, address, name, subject, mailing, reason, bounce_type, certainty,"
        " found_cause, found_group, found_title FROM bounce WHERE message_id = ?"
        " ORDER BY recipient",
        (message,),
    ).fetchall()


def _rename(db: sqlite3.Connection, message: MessageId, old: str, new: str) -> None:
    (digest,) = db.execute("SELECT digest FROM message WHERE id = ?", (message,)).fetchone()
    for table in ("decision", "tick"):
        db.execute(
            f"UPDATE OR REPLACE {table} SET recipient = ? WHERE digest = ? AND recipient = ?",  # noqa: S608 - fixed names
            (new, digest, old),
        )
    db.execute(
        "UPDATE OR IGNORE outgoing SET bounced = ? WHERE digest = ? AND bounced = ?",
        (new, digest, old),
    )
    db.execute("UPDATE bounce SET recipient = ? WHERE message_id = ?", (new, message))


def _cases(db: sqlite3.Connection, message: MessageId) -> tuple[CaseId, ...]:
    found = db.execute("SELECT id FROM bounce WHERE message_id = ? ORDER BY id", (message,))
    return tuple(CaseId(row[0]) for row in found)
