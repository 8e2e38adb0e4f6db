"""What the case history knows of people: each address's past, other addresses, domains in use."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bounce_assistant.store.connection import Connections
from bounce_assistant.store.outgoing import OutgoingState, Watch
from bounce_assistant.store.rows import CaseId, CaseState
from bounce_assistant.store.verdicts import recipient_key

_LATEST = 1000  # notices about one address that are looked at
_MOST_NAMESAKES = 10


@dataclass(frozen=True, slots=True)
class PastNotice:
    """One notice about an address, as it stands in the list: the person's own choice included."""

    case: CaseId
    address: str  # as written then
    name: str
    when: datetime  # aware, UTC
    subject: str
    cause: str
    group: str  # CauseGroup value
    title: str
    bounce_type: str
    certainty: str
    state: CaseState


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """An address of the case history, with the last thing that was said about it."""

    address: str  # lower case
    name: str
    when: datetime
    cause: str
    certainty: str


@dataclass(frozen=True, slots=True)
class SentAgain:
    """A message that went out again to an address."""

    address: str
    name: str
    when: datetime  # when it left, aware, UTC
    subject: str
    watch: Watch


class StoredPeople:
    """Reads what is known of people; of its own it keeps the phone numbers that were typed."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def past(self, address: str) -> list[PastNotice]:
        """Return what came back for an address, or spoke of it, newest first."""
        with self._connections.read() as db:
            rows = db.execute(
                "SELECT id, address, name, arrived, subject, cause, cause_group, title,"
                " bounce_type, certainty, state FROM bounce WHERE recipient = ?"
                " ORDER BY arrived DESC, id DESC LIMIT ?",
                (recipient_key(address), _LATEST),
            ).fetchall()
        return [_notice(row) for row in rows]

    def others_named(self, name: str, address: str) -> list[KnownAddress]:
        """Return the other addresses of people of this name, the one seen last in front."""
        states = tuple(map(str, CaseState))  # names each part of the index bounce_by_name
        with self._connections.read() as db:
            rows = db.execute(
                "SELECT recipient, name, max(arrived), cause, certainty FROM bounce"
                " WHERE state IN (?, ?, ?) AND name = ? COLLATE NOCASE"
                " AND recipient NOT IN ('', ?)"
                " GROUP BY recipient ORDER BY max(arrived) DESC LIMIT ?",
                (*states, name, recipient_key(address), _MOST_NAMESAKES),
            ).fetchall()
        return _known(rows)

    def at_domain(self, domain: str) -> list[KnownAddress]:
        """Return every address of the history at a domain, with the last said about each."""
        ending = f"@{domain.casefold()}"
        with self._connections.read() as db:
            rows = db.execute(
                "SELECT recipient, name, max(arrived), cause, certainty FROM bounce"
                " WHERE substr(recipient, ?) = ? GROUP BY recipient",
                (-len(ending), ending),
            ).fetchall()
        return _known(rows)

    def domains(self, causes: Iterable[str], *, but_not_sure: str) -> frozenset[str]:
        """Return the domains of addresses with one of these causes, not of that certainty."""
        with self._connections.read() as db:
            rows = db.execute(
                "SELECT DISTINCT substr(recipient, instr(recipient, '@') + 1) FROM bounce"
                " WHERE certainty <> ? AND cause IN (SELECT value FROM json_each(?))",
                (but_not_sure, json.dumps(sorted(causes))),
            )
            return frozenset(row[0] for row in rows)

    def sent(self, address: str) -> list[SentAgain]:
        """Return what went out to an address again and was taken, newest first."""
        return self._sent(address=address)

    def quiet(self) -> list[SentAgain]:
        """Return what went out again to anybody and has not come back for days, newest first."""
        return self._sent(watch=Watch.QUIET)

    def phone(self, address: str) -> str:
        """Return the phone number that was typed beside an address; "" if none was."""
        with self._connections.read() as db:
            row = db.execute(
                "SELECT number FROM phone WHERE recipient = ?", (recipient_key(address),)
            ).fetchone()
        return str(row[0]) if row else ""

    def keep_phone(self, address: str, number: str) -> None:
        """Keep a phone number beside an address; "" forgets it."""
        with self._connections.write() as db:
            db.execute("DELETE FROM phone WHERE recipient = ?", (recipient_key(address),))
            if number:
                db.execute(
                    "INSERT INTO phone VALUES (?, ?, unixepoch())", (recipient_key(address), number)
                )

    def _sent(self, *, address: str = "", watch: str = "") -> list[SentAgain]:
        with self._connections.read() as db:
            rows = db.execute(
                "SELECT recipient, name, began_at, subject, watch FROM outgoing"
                " WHERE state = ? AND began_at IS NOT NULL"
                " AND (? = '' OR recipient = ? COLLATE NOCASE) AND (? = '' OR watch = ?)"
                " ORDER BY began_at DESC, id DESC LIMIT ?",
                (OutgoingState.SENT, address, address, watch, watch, _LATEST),
            ).fetchall()
        return [
            SentAgain(to, name, datetime.fromtimestamp(began, UTC), subject, Watch(stands))
            for to, name, began, subject, stands in rows
        ]


def _known(rows: Iterable[sqlite3.Row | tuple[str, str, int, str, str]]) -> list[KnownAddress]:
    # Beside max() SQLite gives the other columns of that same row.
    return [
        KnownAddress(address, name, datetime.fromtimestamp(when, UTC), cause, certainty)
        for address, name, when, cause, certainty in rows
    ]


def _notice(row: tuple[int, str, str, int, str, str, str, str, str, str, str]) -> PastNotice:
    case, address, name, when, subject, cause, group, title, bounce_type, certainty, state = row
    return PastNotice(
        CaseId(case),
        address,
        name,
        datetime.fromtimestamp(when, UTC),
        subject,
        cause,
        group,
        title,
        bounce_type,
        certainty,
        CaseState(state),
    )
