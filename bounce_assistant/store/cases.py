"""The list of cases: ids for all of it, rows by the page, sorted and searched by SQL."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import repeat

from bounce_assistant.diagnosis.verdict import CauseId, Certainty
from bounce_assistant.store.connection import Connections
from bounce_assistant.store.list_query import (
    FOLD_FROM,
    Batch,
    order,
    read_batch,
    search_words,
    where,
)
from bounce_assistant.store.rows import (
    AccountId,
    BatchId,
    CaseId,
    CaseQuery,
    CaseRow,
    CaseState,
    MessageId,
    RowKey,
    SidebarCounts,
)

_PAGE = 400  # ids a statement

# ruff: noqa: S608 - the SQL is put together from fixed parts of list_query; values are bound


@dataclass(frozen=True, slots=True)
class Past:
    """What happened at the same address before, this time included."""

    bounces: int
    since: datetime


class StoredCases:
    """Reads only, but for the mark that a case was read."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def keys(self, query: CaseQuery, *, fold: bool = True) -> list[RowKey]:
        """Return the rows to show, in order; people, never folded rows, where some are sought."""
        condition = where(query)
        listed = f"FROM bounce WHERE {condition.sql} ORDER BY {order(query)}"
        with self._connections.read() as db:
            (found,) = db.execute(
                f"SELECT json_group_array(id) FROM (SELECT id {listed})", condition.values
            ).fetchone()
            ids: list[CaseId] = json.loads(found)  # in half the time of as many rows
            if not fold or search_words(query.search) or query.beside is not None:
                return list(_keys(ids, {}))
            folds, hidden = _folds(db, query)
            keys = list(_keys([case for case in ids if case not in hidden], folds))
            for batch in query.expanded.intersection(folds.values()):
                below = next(n for n, key in enumerate(keys, start=1) if key.batch == batch)
                keys[below:below] = _keys(_members(db, batch, query), {}, indented=True)
            return keys

    def rows(self, keys: Sequence[RowKey]) -> dict[RowKey, CaseRow]:
        """Return what the rows show; a case that is gone has none."""
        with self._connections.read() as db:
            found = _case_rows(db, [key.case for key in keys])
            rows = {key: found[key.case] for key in keys if key.case in found}
            return {key: _as_shown(db, key, row) for key, row in rows.items()}

    def counts(self) -> SidebarCounts:
        """Return how many rows each entry of the sidebar shows when clicked."""
        views = dict.fromkeys(CaseState, 0)
        groups: dict[str, int] = {}
        accounts: dict[AccountId, int] = {}
        with self._connections.read() as db:
            found = db.execute(
                "SELECT state, cause_group, account_id,"
                " sum(CASE WHEN mailing IS NOT NULL AND n >= ? THEN 1 ELSE n END)"
                " FROM (SELECT state, cause_group, account_id, mailing, count(*) AS n FROM bounce"
                "       GROUP BY state, cause_group, account_id, cause, mailing)"
                " GROUP BY state, cause_group, account_id",
                (FOLD_FROM,),
            ).fetchall()
        for state, group, account, rows in found:
            views[CaseState(state)] += rows
            if state == CaseState.NEEDS_YOU:
                groups[group] = groups.get(group, 0) + rows
                if account:
                    accounts[AccountId(account)] = accounts.get(AccountId(account), 0) + rows
        return SidebarCounts(
            needs_you=views[CaseState.NEEDS_YOU],
            waiting=views[CaseState.WAITING],
            done=views[CaseState.DONE],
            by_group=groups,
            by_account=accounts,
        )

    def members(self, batch: BatchId) -> list[CaseId]:
        """Return the cases that a folded row stands for, newest first."""
        with self._connections.read() as db:
            return _members(db, batch, CaseQuery())

    def with_cause(self, cause: CauseId, state: CaseState) -> list[CaseId]:
        """Return the cases in a state that surely have a cause: so found, or said by the person."""
        with self._connections.read() as db:
            found = db.execute(
                "SELECT id FROM bounce WHERE cause = ? AND state = ?"
                " AND (is_chosen OR certainty <> ?) ORDER BY id",
                (cause, state, Certainty.NOT_SURE),
            )
            return [CaseId(row[0]) for row in found]

    def needing_you(self, messages: Sequence[MessageId]) -> list[MessageId]:
        """Return those of some messages that brought a case which needs the person."""
        with self._connections.read() as db:
            asked = (
                db.execute(
                    "SELECT 1 FROM bounce WHERE message_id = ? AND state = ?",
                    (message, CaseState.NEEDS_YOU),
                ).fetchone()
                for message in messages
            )
            return [message for message, row in zip(messages, asked, strict=True) if row]

    def batch_of(self, case: CaseId) -> BatchId | None:
        """Return the batch that a case belongs to, however few; None if it was sent to one."""
        with self._connections.read() as db:
            row = db.execute(
                "SELECT state, cause_group, account_id, cause, mailing FROM bounce"
                " WHERE id = ? AND mailing IS NOT NULL",
                (case,),
            ).fetchone()
        return Batch(CaseState(row[0]), *row[1:]).id if row else None

    def of_messages(self, messages: Sequence[MessageId]) -> list[CaseId]:
        """Return the cases that came in messages, the newest first."""
        found: list[tuple[int, CaseId]] = []
        with self._connections.read() as db:
            for start in range(0, len(messages), _PAGE):
                some = messages[start : start + _PAGE]
                marks = ", ".join("?" * len(some))
                found += db.execute(
                    f"SELECT arrived, id FROM bounce WHERE message_id IN ({marks})", some
                )
        return [CaseId(case) for _, case in sorted(found, reverse=True)]

    def message_of(self, case: CaseId) -> MessageId | None:
        """Return the message a case came from; None when it is not here any more."""
        with self._connections.read() as db:
            row = db.execute("SELECT message_id FROM bounce WHERE id = ?", (case,)).fetchone()
        return MessageId(row[0]) if row else None

    def beside(self, case: CaseId) -> int:
        """Return how many others the same notice, or the same mailing and cause, brought."""
        with self._connections.read() as db:
            (count,) = db.execute(
                "SELECT count(DISTINCT other.id) FROM bounce AS this JOIN bounce AS other"
                " ON other.id <> this.id AND (other.message_id = this.message_id"
                "  OR (other.state = this.state AND other.cause_group = this.cause_group"
                "   AND other.account_id = this.account_id AND other.cause = this.cause"
                "   AND other.mailing = this.mailing))"
                " WHERE this.id = ?",
                (case,),
            ).fetchone()
        return int(count)

    def past(self, case: CaseId) -> Past | None:
        """Return how often mail to this person came back up to this case, and since when."""
        with self._connections.read() as db:
            count, since = db.execute(
                "SELECT count(*), min(other.arrived) FROM bounce AS this JOIN bounce AS other"
                " ON other.recipient = this.recipient"
                " AND (other.arrived, other.id) <= (this.arrived, this.id)"
                " WHERE this.id = ? AND this.recipient <> '' AND other.cause_group <> 'fine'",
                (case,),
            ).fetchone()
        return Past(count, datetime.fromtimestamp(since, UTC)) if count else None

    def by_message(self, state: CaseState | None = None) -> list[tuple[MessageId, list[CaseId]]]:
        """Return all cases, or those of a state, under the messages they came in."""
        found: dict[MessageId, list[CaseId]] = {}
        with self._connections.read() as db:
            rows = db.execute(
                "SELECT message_id, id FROM bounce WHERE ? IS NULL OR state = ?"
                " ORDER BY message_id, id",
                (state, state),
            )
            for message, case in rows:
                found.setdefault(MessageId(message), []).append(CaseId(case))
        return list(found.items())

    def mark_read(self, case: CaseId) -> None:
        """Take the case for read; a new diagnosis does not undo it."""
        with self._connections.write() as db:
            db.execute("UPDATE bounce SET is_unread = 0 WHERE id = ?", (case,))


def _keys(
    cases: Sequence[CaseId], folds: Mapping[CaseId, BatchId], *, indented: bool = False
) -> Iterator[RowKey]:
    # RowKey._make runs Python for each key; this takes half the time of it.
    make = partial(tuple.__new__, RowKey)
    return map(make, zip(cases, map(folds.get, cases), repeat(indented)))


def _folds(db: sqlite3.Connection, query: CaseQuery) -> tuple[dict[CaseId, BatchId], set[CaseId]]:
    """Return the newest member of each batch that folds, and the members it hides."""
    condition = where(query)
    found = db.execute(
        "SELECT state, cause_group, account_id, cause, mailing, id, max(arrived), group_concat(id)"
        f" FROM bounce WHERE {condition.sql} AND mailing IS NOT NULL"
        " GROUP BY state, cause_group, account_id, cause, mailing HAVING count(*) >= ?",
        (*condition.values, FOLD_FROM),
    )
    folds: dict[CaseId, BatchId] = {}
    hidden: set[CaseId] = set()
    for state, group, account, cause, mailing, newest, _, members in found:
        folds[newest] = Batch(CaseState(state), group, account, cause, mailing).id
        hidden.update(map(CaseId, map(int, members.split(","))))
    return folds, hidden.difference(folds)


def _members(db: sqlite3.Connection, batch: BatchId, query: CaseQuery) -> list[CaseId]:
    condition = read_batch(batch).condition()
    found = db.execute(
        f"SELECT id FROM bounce WHERE {condition.sql} ORDER BY {order(query)}", condition.values
    )
    return [CaseId(row[0]) for row in found]


def _case_rows(db: sqlite3.Connection, cases: Iterable[CaseId]) -> dict[CaseId, CaseRow]:
    wanted = list(cases)
    found: dict[CaseId, CaseRow] = {}
    for start in range(0, len(wanted), _PAGE):
        some = wanted[start : start + _PAGE]
        rows = db.execute(
            "SELECT bounce.id, bounce.name, address, title, subject, cause_group, cause, arrived,"
            " is_unread, state, snoozed_until, coalesce(account.email, '')"
            " FROM bounce LEFT JOIN account ON account.id = account_id"
            f" WHERE bounce.id IN ({', '.join('?' * len(some))})",
            some,
        )
        found |= {CaseId(row[0]): _case_row(row) for row in rows}
    return found


def _case_row(row: tuple[object, ...]) -> CaseRow:
    case, name, address, title, subject, group, cause, arrived, unread, state, until, email = row
    return CaseRow(
        key=RowKey(CaseId(_number(case))),
        name=str(name),
        address=str(address),
        title=str(title),
        subject=str(subject),
        group=str(group),
        cause=str(cause),
        when=datetime.fromtimestamp(_number(arrived), UTC),
        is_unread=bool(unread),
        state=CaseState(str(state)),
        snoozed_until=None if until is None else datetime.fromtimestamp(_number(until), UTC),
        count=1,
        account=str(email),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _as_shown(db: sqlite3.Connection, key: RowKey, row: CaseRow) -> CaseRow:
    """Return the row under its key; a folded one speaks for all its members."""
    if key.batch is None:
        return replace(row, key=key)
    condition = read_batch(key.batch).condition()
    count, newest, unread, titles = db.execute(
        "SELECT count(*), max(arrived), max(is_unread), count(DISTINCT title) FROM bounce"
        f" WHERE {condition.sql}",
        condition.values,
    ).fetchone()
    return replace(
        row,
        key=key,
        name=f"{count} people",
        title=row.title if titles <= 1 else f"{row.title}, and others",
        when=datetime.fromtimestamp(newest or 0, UTC),
        is_unread=bool(unread),
        count=count,
    )
