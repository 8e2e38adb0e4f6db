"""What came back, by Message-ID: which of it is known to have been sent, and what is to be asked.

Kept for notices whose returned mail doesn't itself say that the user sent it.
"""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bounce_assistant.store.connection import Connections
from bounce_assistant.store.outgoing import COUNTED
from bounce_assistant.store.rows import AccountId, MessageId

# ruff: noqa: S608 - the SQL is put together from question marks and fixed parts

_MOST_TRIES = 3  # a folder that is never to be had isn't asked for at every check
_STEP = 400  # values a statement
_OPEN = "state = ? AND message_id IN (SELECT id FROM message WHERE account_id = ?)"


class LookUp(StrEnum):
    """What became of looking for a Message-ID in Sent."""

    OPEN = "open"
    FOUND = "found"
    ABSENT = "absent"  # which says little: not every server keeps a copy of what was sent
    GIVEN_UP = "given up"  # it could not be looked for


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked for in an account's Sent folders."""

    message_ids: tuple[str, ...] = ()  # of the latest notices first
    first: datetime | None = None  # when the earliest notice about them was written, aware


class ReturnedIds:
    """Safe to use from several threads."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def copy_of(self, message_ids: Sequence[str]) -> str | None:
        """Return the folder with a copy of any of these, "" if it was sent from here; else None."""
        with self._connections.read() as db:
            return _copy_of(db, message_ids)

    def wanted(self, account: AccountId, most: int) -> Wanted:
        """Return what is still to be looked for in an account, at most so many Message-IDs."""
        with self._connections.read() as db:
            rows = db.execute(
                "SELECT sent_id, max(arrived), min(arrived) FROM returned_id"
                " JOIN message ON message.id = message_id"
                " WHERE state = ? AND account_id = ?"
                " GROUP BY sent_id ORDER BY 2 DESC LIMIT ?",
                (LookUp.OPEN, account, most),
            ).fetchall()
        if not rows:
            return Wanted()
        first = datetime.fromtimestamp(min(row[2] for row in rows), UTC)
        return Wanted(tuple(row[0] for row in rows), first)

    def notices_about(self, message_ids: Collection[str]) -> list[MessageId]:
        """Return the notices that are about any of these."""
        notices: set[MessageId] = set()
        with self._connections.read() as db:
            for marks, some in _steps(message_ids):
                question = f"SELECT message_id FROM returned_id WHERE sent_id IN ({marks})"
                notices |= {MessageId(row[0]) for row in db.execute(question, some)}
        return sorted(notices)

    def found(self, message_ids: Collection[str], folder: str) -> list[MessageId]:
        """Keep that a copy is in a folder, for all accounts; return the notices about it."""
        return self._settle(message_ids, LookUp.FOUND, folder=folder)

    def absent(self, account: AccountId, message_ids: Collection[str]) -> list[MessageId]:
        """Keep that an account's Sent has none of these; return its notices about them."""
        return self._settle(message_ids, LookUp.ABSENT, of=account)

    def not_asked(
        self, account: AccountId, message_ids: Collection[str], *, is_last: bool = False
    ) -> list[MessageId]:
        """Count a try that could not be made; return the notices for which it was the last.

        ``is_last``: it makes no sense to try again.
        """
        with self._connections.write() as db:
            for marks, some in _steps(message_ids):
                db.execute(
                    "UPDATE returned_id SET tries = iif(?, ?, tries + 1)"
                    f" WHERE sent_id IN ({marks}) AND {_OPEN}",
                    (is_last, _MOST_TRIES, *some, LookUp.OPEN, account),
                )
            given_up = db.execute(
                f"UPDATE returned_id SET state = ? WHERE {_OPEN} AND tries >= ?"
                " RETURNING message_id",
                (LookUp.GIVEN_UP, LookUp.OPEN, account, _MOST_TRIES),
            ).fetchall()
        return sorted({MessageId(row[0]) for row in given_up})

    def look_up_of(self, message: MessageId) -> LookUp | None:
        """Return how far a notice's look-up got; None where there was nothing to ask.

        GIVEN_UP as well while it failed and is to be tried again.
        """
        with self._connections.read() as db:
            rows = db.execute(
                "SELECT iif(state = ? AND tries > 0, ?, state) FROM returned_id"
                " WHERE message_id = ?",
                (LookUp.OPEN, LookUp.GIVEN_UP, message),
            ).fetchall()
        states = {LookUp(row[0]) for row in rows}
        order = (LookUp.FOUND, LookUp.GIVEN_UP, LookUp.OPEN, LookUp.ABSENT)
        return next((state for state in order if state in states), None)

    def _settle(
        self,
        message_ids: Collection[str],
        state: LookUp,
        *,
        of: AccountId | None = None,
        folder: str = "",
    ) -> list[MessageId]:
        notices: set[MessageId] = set()
        with self._connections.write() as db:
            for marks, some in _steps(message_ids):
                rows = db.execute(
                    "UPDATE returned_id SET state = ?, folder = ?"
                    f" WHERE sent_id IN ({marks}) AND state <> ? AND (? IS NULL OR message_id IN"
                    "  (SELECT id FROM message WHERE account_id = ?)) RETURNING message_id",
                    (state, folder, *some, LookUp.FOUND, of, of),
                ).fetchall()
                notices |= {MessageId(row[0]) for row in rows}
        return sorted(notices)


def put_returned(db: sqlite3.Connection, message: MessageId, message_ids: Sequence[str]) -> bool:
    """Note what a notice is about, within a transaction; return whether Sent has to be asked.

    All are Message-IDs of one email. What is known from other notices, or from what this program
    sent, needs no asking.
    """
    folder = _copy_of(db, message_ids)
    for message_id in message_ids:
        db.execute(
            "INSERT OR IGNORE INTO returned_id (message_id, sent_id, state, folder)"
            " SELECT ?, ?, iif(?, ?, iif(EXISTS (SELECT 1 FROM returned_id AS known"
            "  JOIN message ON message.id = known.message_id"
            "  WHERE known.sent_id = ? AND known.state = ? AND account_id IS mine.account_id),"
            "  ?, ?)), ? FROM message AS mine WHERE id = ?",
            (
                message, message_id, folder is not None, LookUp.FOUND, message_id, LookUp.ABSENT,
                LookUp.ABSENT, LookUp.OPEN, folder or "", message,
            ),
        )  # fmt: skip
    question = "SELECT 1 FROM returned_id WHERE message_id = ? AND state = ?"
    return db.execute(question, (message, LookUp.OPEN)).fetchone() is not None


def _copy_of(db: sqlite3.Connection, message_ids: Sequence[str]) -> str | None:
    if not message_ids:
        return None
    marks, states = ", ".join("?" * len(message_ids)), ", ".join("?" * len(COUNTED))
    row = db.execute(
        f"SELECT '' FROM outgoing WHERE message_id IN ({marks}) AND state IN ({states})"
        f" UNION ALL SELECT folder FROM returned_id WHERE sent_id IN ({marks}) AND state = ?"
        " LIMIT 1",
        (*message_ids, *COUNTED, *message_ids, LookUp.FOUND),
    ).fetchone()
    return None if row is None else str(row[0])


def _steps(values: Collection[str]) -> list[tuple[str, list[str]]]:
    """Cut what is more than a statement should have; each part with its question marks."""
    every = list(values)
    parts = [every[start : start + _STEP] for start in range(0, len(every), _STEP)]
    return [(", ".join("?" * len(part)), part) for part in parts]
