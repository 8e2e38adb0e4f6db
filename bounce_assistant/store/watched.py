"""What was sent again, watched: a notice about it is tied to it, and silence counts as delivery."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bounce_assistant.store.connection import Connections
from bounce_assistant.store.decisions import move_case
from bounce_assistant.store.outgoing import OutgoingState, Watch, seconds
from bounce_assistant.store.rows import CaseState


class Watched:
    """Settles what nobody said anything against."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def settle_quiet(self, before: datetime, *, now: datetime) -> int:
        """Take what was sent before a time, and not bounced, for delivered; return how many.

        Only where the account's inbox has been checked since that long after it was sent: silence
        says nothing when nobody listened.
        """
        quiet = seconds(now) - seconds(before)
        question = (
            "SELECT outgoing.id, digest, bounced FROM outgoing"
            " JOIN account ON account.id = account_id"
            " WHERE state = ? AND watch = ? AND began_at <= ?"
            " AND checked_at >= began_at + ? AND account.problem = ''"
        )
        values = (OutgoingState.SENT, Watch.WATCHING, seconds(before), quiet)
        with self._connections.read() as db:
            if db.execute(question, values).fetchone() is None:
                return 0
        with self._connections.write() as db:
            found = db.execute(question, values).fetchall()
            for number, digest, bounced in found:
                db.execute("UPDATE outgoing SET watch = ? WHERE id = ?", (Watch.QUIET, number))
                move_case(db, digest, bounced, CaseState.DONE, now, only_from=(CaseState.WAITING,))
        return len(found)


def tie_notice(
    db: sqlite3.Connection, notice: str, message_ids: Iterable[str], now: datetime
) -> None:
    """Tie a notice (its digest) to what it is about, by Message-ID, within a transaction.

    The case that the message was to mend is done with: the notice brings one of its own. One whose
    outcome was unknown has evidently been sent. Doing it twice changes nothing.
    """
    for message_id in message_ids:
        row = db.execute(
            "SELECT id, digest, bounced, bounced_by FROM outgoing"
            " WHERE message_id = ? AND digest <> ?",
            (message_id, notice),
        ).fetchone()
        if row is None:
            continue
        number, digest, bounced, known = row
        db.execute(
            "UPDATE outgoing SET watch = ?, bounced_by = iif(bounced_by = '', ?, bounced_by),"
            " problem = iif(state = ?, '', problem), state = iif(state = ?, ?, state)"
            " WHERE id = ?",
            (
                Watch.BOUNCED, notice, OutgoingState.UNKNOWN, OutgoingState.UNKNOWN,
                OutgoingState.SENT, number,
            ),
        )  # fmt: skip
        if not known:
            both = (CaseState.WAITING, CaseState.NEEDS_YOU)
            move_case(db, digest, bounced, CaseState.DONE, now, only_from=both)
