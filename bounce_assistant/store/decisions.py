"""What a person decided about a case; a later check or diagnosis never overwrites it."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.store.connection import Connections
from bounce_assistant.store.rows import CaseId, CaseState
from bounce_assistant.store.verdicts import tidy

_STEP = 400  # ids a statement; SQLite takes far more, but not without end


@dataclass(frozen=True, slots=True)
class Choice:
    """A cause chosen by the person, with the words its list row shows."""

    cause: CauseId
    group: CauseGroup
    title: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What stands for one recipient of one message; None where nothing was decided."""

    digest: str
    recipient: str
    state: CaseState | None = None
    snoozed_until: datetime | None = None
    choice: Choice | None = None


class Decisions:
    """Each change returns what stood before, so that it can be put back."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def set_state(
        self,
        cases: Sequence[CaseId],
        state: CaseState,
        *,
        now: datetime,
        snoozed_until: datetime | None = None,
    ) -> tuple[Decision, ...]:
        """Move cases to a state; ``snoozed_until`` says when a waiting one comes back."""
        with self._connections.write() as db:
            before = tuple(_of_cases(db, cases))
            after = [replace(one, state=state, snoozed_until=snoozed_until) for one in before]
            _put(db, after, now)
        return before

    def choose(
        self, choices: Sequence[tuple[CaseId, Choice]], *, now: datetime
    ) -> tuple[Decision, ...]:
        """Let the person's cause stand over the diagnosis of each case."""
        with self._connections.write() as db:
            before: list[Decision] = []
            after: list[Decision] = []
            for case, choice in choices:
                for one in _of_cases(db, [case]):
                    before.append(one)
                    after.append(replace(one, choice=choice))
            _put(db, after, now)
        return tuple(before)

    def put_back(self, before: Sequence[Decision], *, now: datetime) -> None:
        """Undo: let what stood before stand again."""
        with self._connections.write() as db:
            _put(db, before, now)

    def of(self, case: CaseId) -> Decision | None:
        """Return what was decided about a case; None when the case is not here any more."""
        with self._connections.read() as db:
            return next(_of_cases(db, [case]), None)

    def wake(self, *, now: datetime) -> int:
        """Return snoozed cases whose time has come to Needs you; return how many."""
        with self._connections.write() as db:
            due = db.execute(
                "SELECT id FROM bounce WHERE snoozed_until <= ?", (int(now.timestamp()),)
            )
            cases = [CaseId(row[0]) for row in due.fetchall()]
            awake = [
                replace(one, state=CaseState.NEEDS_YOU, snoozed_until=None)
                for one in _of_cases(db, cases)
            ]
            _put(db, awake, now)
        return len(cases)

    def tick(self, case: CaseId, step: str, *, at: datetime | None) -> None:
        """Tick a step off at a time; None takes the tick away."""
        with self._connections.write() as db:
            for one in _of_cases(db, [case]):
                key = (one.digest, one.recipient, step)
                db.execute("DELETE FROM tick WHERE digest = ? AND recipient = ? AND step = ?", key)
                if at:
                    db.execute("INSERT INTO tick VALUES (?, ?, ?, ?)", (*key, _seconds(at)))

    def ticks(self, case: CaseId) -> dict[str, datetime]:
        """Return the steps ticked off for a case, each with its time."""
        with self._connections.read() as db:
            found = db.execute(
                "SELECT step, ticked_at FROM tick JOIN message USING (digest)"
                " JOIN bounce ON message_id = message.id AND bounce.recipient = tick.recipient"
                " WHERE bounce.id = ? ORDER BY ticked_at, step",
                (case,),
            )
            return {step: datetime.fromtimestamp(at, UTC) for step, at in found}


def move_case(
    db: sqlite3.Connection,
    digest: str,
    recipient: str,
    state: CaseState,
    now: datetime,
    *,
    only_from: tuple[CaseState, ...] = tuple(CaseState),
) -> None:
    """Move one case to a state, within a transaction; ``only_from`` spares what a person chose."""
    row = db.execute(
        "SELECT state FROM decision WHERE digest = ? AND recipient = ?", (digest, recipient)
    ).fetchone()
    if CaseState(row[0] if row and row[0] else CaseState.NEEDS_YOU) in only_from:
        db.execute(
            "INSERT INTO decision (digest, recipient, state, decided_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (digest, recipient) DO UPDATE SET state = excluded.state,"
            " snoozed_until = NULL, decided_at = excluded.decided_at",
            (digest, recipient, state, _seconds(now)),
        )


def _of_cases(db: sqlite3.Connection, cases: Sequence[CaseId]) -> Iterator[Decision]:
    for start in range(0, len(cases), _STEP):
        some = cases[start : start + _STEP]
        marks = ", ".join("?" * len(some))
        found = db.execute(
            "SELECT message.digest, bounce.recipient, decision.state, decision.snoozed_until,"  # noqa: S608 - question marks only
            " decision.cause, decision.cause_group, decision.title"
            " FROM bounce JOIN message ON message.id = message_id"
            " LEFT JOIN decision ON decision.digest = message.digest"
            "  AND decision.recipient = bounce.recipient"
            f" WHERE bounce.id IN ({marks})",
            some,
        )
        for digest, recipient, state, until, cause, group, title in found.fetchall():
            yield Decision(
                digest,
                recipient,
                CaseState(state) if state else None,
                datetime.fromtimestamp(until, UTC) if until is not None else None,
                Choice(CauseId(cause), CauseGroup(group), title) if cause else None,
            )


def _put(db: sqlite3.Connection, decisions: Sequence[Decision], now: datetime) -> None:
    db.executemany(
        "INSERT INTO decision"
        " (digest, recipient, state, snoozed_until, cause, cause_group, title, decided_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (digest, recipient) DO UPDATE SET state = excluded.state,"
        " snoozed_until = excluded.snoozed_until, cause = excluded.cause,"
        " cause_group = excluded.cause_group, title = excluded.title,"
        " decided_at = excluded.decided_at",
        [
            (
                one.digest,
                one.recipient,
                one.state,
                _seconds(one.snoozed_until) if one.snoozed_until else None,
                one.choice.cause if one.choice else None,
                str(one.choice.group) if one.choice else None,
                tidy(one.choice.title) if one.choice else None,
                _seconds(now),
            )
            for one in decisions
        ],
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
