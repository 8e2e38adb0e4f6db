"""How far each folder has been read, so that a check asks for what is new only."""

import sqlite3
from dataclasses import dataclass

from bounce_assistant.store.connection import Connections
from bounce_assistant.store.rows import AccountId


@dataclass(frozen=True, slots=True)
class FolderCursor:
    """A place in a folder: UIDVALIDITY and UID of RFC 3501, HIGHESTMODSEQ of RFC 7162."""

    account: AccountId
    folder: str
    uid_validity: int
    last_uid: int
    highest_modseq: int = 0  # 0: the server has none
    since_day: int = 0  # read from this day on, as date.toordinal(); 0: not said


class Cursors:
    """One cursor for each account and folder."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, account: AccountId, folder: str) -> FolderCursor | None:
        """Return how far a folder has been read; None when never."""
        with self._connections.read() as db:
            row = db.execute(
                "SELECT uid_validity, last_uid, highest_modseq, since_day FROM folder_cursor"
                " WHERE account_id = ? AND folder = ?",
                (account, folder),
            ).fetchone()
        return FolderCursor(account, folder, *row) if row else None

    def all(self, account: AccountId) -> dict[str, FolderCursor]:
        """Return how far each folder of an account has been read, by its name."""
        with self._connections.read() as db:
            found = db.execute(
                "SELECT folder, uid_validity, last_uid, highest_modseq, since_day"
                " FROM folder_cursor WHERE account_id = ?",
                (account,),
            )
            return {row[0]: FolderCursor(account, *row) for row in found}

    def put(self, cursor: FolderCursor) -> None:
        """Remember how far a folder has been read, where no message was kept on the way."""
        with self._connections.write() as db:
            put_cursor(db, cursor)


def put_cursor(db: sqlite3.Connection, cursor: FolderCursor) -> None:
    """Move a cursor inside a transaction that is open already."""
    db.execute(
        "INSERT INTO folder_cursor"
        " (account_id, folder, uid_validity, last_uid, highest_modseq, since_day)"
        " VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (account_id, folder) DO UPDATE SET uid_validity = excluded.uid_validity,"
        " last_uid = excluded.last_uid, highest_modseq = excluded.highest_modseq,"
        " since_day = excluded.since_day",
        (
            cursor.account,
            cursor.folder,
            cursor.uid_validity,
            cursor.last_uid,
            cursor.highest_modseq,
            cursor.since_day,
        ),
    )
