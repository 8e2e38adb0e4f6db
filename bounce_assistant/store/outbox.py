"""The outbox: each step of a message on its way out is one transaction, kept even by a power cut.

A step names the state it leads from, so of two programs that take it at once one succeeds.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from bounce_assistant.errors import AppError
from bounce_assistant.store.connection import Connections
from bounce_assistant.store.decisions import move_case
from bounce_assistant.store.outgoing import (
    COUNTED,
    SELECT,
    WAITING,
    NewOutgoing,
    Outgoing,
    OutgoingId,
    OutgoingState,
    Watch,
    read_outgoing,
    seconds,
)
from bounce_assistant.store.rows import AccountId, CaseId, CaseState
from bounce_assistant.store.verdicts import tidy

# ruff: noqa: S608 - the SQL is put together from fixed parts; values are bound

_LONGEST = 500  # characters of what a server said
_CHAIN = (
    "WITH RECURSIVE chain (digest, bounced) AS ("
    " SELECT message.digest, bounce.recipient FROM bounce JOIN message ON message.id = message_id"
    "  WHERE bounce.id = ?"
    " UNION SELECT before.digest, before.bounced FROM outgoing AS before"
    "  JOIN chain ON before.bounced_by = chain.digest) "
)


class StoredOutbox:
    """Adds messages and moves them on; every change is durable when the call returns."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(
        self, messages: Sequence[NewOutgoing], *, now: datetime, for_undo: bool = True
    ) -> list[OutgoingId]:
        """Take messages in, all of them or none; their cases move to Waiting.

        Those without ``due_at`` wait for Undo, or are due now. Raises AppError when a case is not
        here any more, or when one of its messages is on its way already.
        """
        packed = [zlib.compress(message.raw, 1) for message in messages]
        with self._connections.write_through() as db:
            return [
                _insert(db, message, body, now, for_undo=for_undo)
                for message, body in zip(messages, packed, strict=True)
            ]

    def get(self, message: OutgoingId) -> Outgoing | None:
        """Return a message; None when it is not here any more."""
        return next(iter(self._select("WHERE outgoing.id = ?", message)), None)

    def raw(self, message: OutgoingId) -> bytes:
        """Return all of a message but its Date field; empty when it is not here any more."""
        with self._connections.read() as db:
            row = db.execute(
                "SELECT zlib FROM outgoing_raw WHERE outgoing_id = ?", (message,)
            ).fetchone()
        return zlib.decompress(row[0]) if row else b""

    def of_case(self, case: CaseId) -> list[Outgoing]:
        """Return what was sent for a case, oldest first; with what came before it bounced again."""
        with self._connections.read() as db:
            found = db.execute(
                f"{_CHAIN} {SELECT} JOIN chain ON chain.digest = outgoing.digest"
                " AND chain.bounced = outgoing.bounced ORDER BY outgoing.id",
                (case,),
            )
            return [read_outgoing(row) for row in found]

    def in_states(self, states: Iterable[OutgoingState]) -> list[Outgoing]:
        """Return all messages in these states, the first due first."""
        wanted = tuple(states)
        marks = ", ".join("?" * len(wanted))
        return self._select(
            f"WHERE outgoing.state IN ({marks}) ORDER BY due_at, outgoing.id", *wanted
        )

    def bound_to(self, account: AccountId, sender: str, *, notices: bool) -> list[Outgoing]:
        """Return what has still to leave and couldn't without an account, the first due first.

        That is its own mail; with ``notices`` also what answers a notice from its mailbox.
        """
        states = (*WAITING, OutgoingState.SENDING)
        marks = ", ".join("?" * len(states))
        return self._select(
            f"WHERE outgoing.state IN ({marks}) AND (outgoing.sender = ? COLLATE NOCASE"
            " OR (? AND outgoing.digest IN (SELECT digest FROM message WHERE account_id = ?)))"
            " ORDER BY due_at, outgoing.id",
            *states, sender, notices, account,
        )  # fmt: skip

    def of_batch(self, batch: str) -> list[Outgoing]:
        """Return what was sent together, in order."""
        return self._select("WHERE batch = ? ORDER BY outgoing.id", batch)

    def due(self, now: datetime) -> list[Outgoing]:
        """Return the scheduled messages whose time has come, the first due first."""
        return self._select(
            "WHERE outgoing.state = ? AND due_at <= ? ORDER BY due_at, outgoing.id",
            OutgoingState.SCHEDULED,
            seconds(now),
        )

    def copies_to_do(self) -> list[Outgoing]:
        """Return the sent messages of which a copy has still to be laid into Sent."""
        return self._select("WHERE copy = 'to do' ORDER BY outgoing.id")

    def began_since(self, account: AccountId, since: datetime) -> list[datetime]:
        """Return when each message of an account left that may have arrived, oldest first."""
        marks = ", ".join("?" * len(COUNTED))
        with self._connections.read() as db:
            found = db.execute(
                "SELECT began_at FROM outgoing WHERE account_id = ? AND began_at > ?"
                f" AND state IN ({marks}) ORDER BY began_at",
                (account, seconds(since), *COUNTED),
            ).fetchall()
        return [datetime.fromtimestamp(row[0], since.tzinfo) for row in found]

    def hold(self, message: OutgoingId, *, now: datetime) -> bool:
        """Let a scheduled, refused or unknown message go when the time for Undo is over.

        False when it is in none of these states. Raises AppError when another one to the same
        person is on its way. It keeps its Message-ID.
        """
        with self._connections.write_through() as db:
            try:
                held = _step(
                    db, message,
                    (OutgoingState.SCHEDULED, OutgoingState.REFUSED, OutgoingState.UNKNOWN),
                    "held_state = state, held_due = due_at, state = ?, due_at = ?",
                    OutgoingState.UNDO, seconds(now),
                )  # fmt: skip
            except sqlite3.IntegrityError as problem:
                raise _on_its_way() from problem
            if held:
                _move(db, message, CaseState.WAITING, now)
        return held

    def release(self, message: OutgoingId, *, now: datetime) -> bool:
        """End the time for Undo; False when it was undone, or released already.

        It stays due when it was: a program that died days ago makes it late.
        """
        return self._step(
            message, (OutgoingState.UNDO,),
            "state = ?, due_at = min(due_at, ?), held_state = '', held_due = NULL, tries = 0,"
            " problem = '', began_at = NULL, settled_at = NULL, looked_at = NULL",
            OutgoingState.SCHEDULED, seconds(now),
        )  # fmt: skip

    def cancel(self, messages: Sequence[OutgoingId], *, now: datetime) -> list[OutgoingId]:
        """Call messages back; return those that had not left yet. Their cases need you again.

        One that the person let go becomes what it was: scheduled, refused or unknown.
        """
        called_back = []
        with self._connections.write_through() as db:
            for message in messages:
                if _give_back(db, message, now):
                    called_back.append(message)
                elif _step(
                    db, message, WAITING, "state = ?, settled_at = ?",
                    OutgoingState.CANCELLED, seconds(now),
                ):  # fmt: skip
                    _move(db, message, CaseState.NEEDS_YOU, now)
                    called_back.append(message)
        return called_back

    def reschedule(self, message: OutgoingId, due_at: datetime) -> bool:
        """Give a waiting message another time; False when it left already."""
        return self._step(
            message, WAITING, "state = ?, due_at = ?, tries = 0, problem = ''",
            OutgoingState.SCHEDULED, seconds(due_at),
        )  # fmt: skip

    def begin(self, message: OutgoingId, *, now: datetime) -> bool:
        """Step to sending; call it before the first byte leaves.

        False: it was called back, or given a later time, since it was found to be due at ``now``.
        """
        with self._connections.write_through() as db:
            done = db.execute(
                "UPDATE outgoing SET state = ?, began_at = ?, problem = ''"
                " WHERE id = ? AND state = ? AND due_at <= ?",
                (
                    OutgoingState.SENDING, seconds(now),
                    message, OutgoingState.SCHEDULED, seconds(now),
                ),
            )  # fmt: skip
        return done.rowcount == 1

    def put_off(
        self, message: OutgoingId, due_at: datetime, problem: str, *, counts: bool = True
    ) -> bool:
        """Go back to scheduled: the server was not reached, or said "later" in so many words.

        A time still to come, which the person gave it meanwhile, stays.
        """
        return self._step(
            message, (OutgoingState.SCHEDULED, OutgoingState.SENDING),
            "state = ?, due_at = max(due_at, ?), problem = ?, tries = tries + ?, began_at = NULL",
            OutgoingState.SCHEDULED, seconds(due_at), tidy(problem), int(counts),
        )  # fmt: skip

    def settle(
        self, message: OutgoingId, state: OutgoingState, *, now: datetime,
        said: str = "", problem: str = "", copy: bool = False,
    ) -> bool:  # fmt: skip
        """Keep how it ended: sent, refused or unknown. ``copy``: one has to go into Sent."""
        is_sent = state is OutgoingState.SENT
        with self._connections.write_through() as db:
            moved = _step(
                db, message,
                (OutgoingState.SCHEDULED, OutgoingState.SENDING, OutgoingState.UNKNOWN),
                "state = ?, settled_at = ?, said = ?, problem = ?, copy = ?,"
                " watch = iif(watch = '', ?, watch)",
                state, seconds(now), tidy(said)[:_LONGEST], tidy(problem),
                "to do" if copy and is_sent else "", Watch.WATCHING if is_sent else Watch.NONE,
            )  # fmt: skip
            if moved:
                after = CaseState.WAITING if is_sent else CaseState.NEEDS_YOU
                before = CaseState.NEEDS_YOU if is_sent else CaseState.WAITING
                _move(db, message, after, now, only_from=(before,))
        return moved

    def orphans_are_unknown(self, *, now: datetime) -> list[OutgoingId]:
        """Mark what a dead program left in sending. Only for who holds the sending lock."""
        problem = "The program ended while it was being sent."
        orphans = []
        with self._connections.write_through() as db:
            found = db.execute("SELECT id FROM outgoing WHERE state = ?", (OutgoingState.SENDING,))
            for (number,) in found.fetchall():
                message = OutgoingId(number)
                _step(
                    db, message, (OutgoingState.SENDING,),
                    # One that bounced has evidently been sent.
                    "state = iif(watch = ?, ?, ?), settled_at = ?, problem = ?",
                    Watch.BOUNCED, OutgoingState.SENT, OutgoingState.UNKNOWN,
                    seconds(now), problem,
                )  # fmt: skip
                _move(db, message, CaseState.NEEDS_YOU, now, only_from=(CaseState.WAITING,))
                orphans.append(message)
        return orphans

    def note_looked(self, message: OutgoingId, *, now: datetime, problem: str) -> bool:
        """Keep that Sent was searched for an unknown one, in vain."""
        return self._step(
            message, (OutgoingState.UNKNOWN,), "looked_at = ?, problem = ?",
            seconds(now), tidy(problem),
        )  # fmt: skip

    def note_copied(self, message: OutgoingId) -> None:
        """Keep that a copy lies in Sent, or that there is no Sent folder."""
        self._step(message, (OutgoingState.SENT,), "copy = 'done'")

    def _select(self, where: str, *values: object) -> list[Outgoing]:
        with self._connections.read() as db:
            return [read_outgoing(row) for row in db.execute(f"{SELECT} {where}", values)]

    def _step(
        self, message: OutgoingId, states: Sequence[OutgoingState], changes: str, *values: object
    ) -> bool:
        with self._connections.write_through() as db:
            return _step(db, message, states, changes, *values)


def _step(
    db: sqlite3.Connection,
    message: OutgoingId,
    states: Sequence[OutgoingState],
    changes: str,
    *values: object,
) -> bool:
    """Change one message if it is in one of the states; return whether it was."""
    marks = ", ".join("?" * len(states))
    done = db.execute(
        f"UPDATE outgoing SET {changes} WHERE id = ? AND state IN ({marks})",
        (*values, message, *states),
    )
    return done.rowcount == 1


def _give_back(db: sqlite3.Connection, message: OutgoingId, now: datetime) -> bool:
    """Make a message that is held for Undo what it was before; False when it isn't held."""
    row = db.execute(
        "SELECT held_state FROM outgoing WHERE id = ? AND state = ? AND held_state <> ''",
        (message, OutgoingState.UNDO),
    ).fetchone()
    if row is None:
        return False
    given_back = _step(
        db, message, (OutgoingState.UNDO,),
        "state = held_state, due_at = held_due, held_state = '', held_due = NULL",
    )  # fmt: skip
    if row[0] != OutgoingState.SCHEDULED:
        _move(db, message, CaseState.NEEDS_YOU, now)
    return given_back


def _insert(
    db: sqlite3.Connection, message: NewOutgoing, body: bytes, now: datetime, *, for_undo: bool
) -> OutgoingId:
    case = db.execute(
        "SELECT digest, recipient FROM bounce JOIN message ON message.id = message_id"
        " WHERE bounce.id = ?",
        (message.case,),
    ).fetchone()
    if case is None:
        raise AppError("This bounce isn't here any more.", next_step="Pick another one.")
    waits = message.due_at is None and for_undo
    try:
        number = db.execute(
            "INSERT INTO outgoing (digest, bounced, account_id, sender, recipient, name, subject,"
            " message_id, size, source, batch, state, made_at, due_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *case, message.account, message.sender, tidy(message.recipient),
                tidy(message.name), tidy(message.subject), message.message_id, len(message.raw),
                message.source, message.batch,
                OutgoingState.UNDO if waits else OutgoingState.SCHEDULED,
                seconds(now), seconds(message.due_at or now),
            ),
        ).lastrowid  # fmt: skip
    except sqlite3.IntegrityError as problem:
        raise _on_its_way() from problem
    added = OutgoingId(number or 0)
    db.execute("INSERT INTO outgoing_raw VALUES (?, ?)", (added, body))
    _move(db, added, CaseState.WAITING, now)
    return added


def _move(
    db: sqlite3.Connection,
    message: OutgoingId,
    state: CaseState,
    now: datetime,
    *,
    only_from: tuple[CaseState, ...] = tuple(CaseState),
) -> None:
    """Move the case that a message is about."""
    digest, bounced = db.execute(
        "SELECT digest, bounced FROM outgoing WHERE id = ?", (message,)
    ).fetchone()
    move_case(db, digest, bounced, state, now, only_from=only_from)


def _on_its_way() -> AppError:
    return AppError(
        "This email is on its way to them already.",
        "Two at once would look careless.",
        "Wait for that one, or call it back first.",
    )
