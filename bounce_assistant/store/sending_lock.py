"""One program at a time sends: a lock that the system lets go of when its holder dies."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bounce_assistant.store.connection import problems_told

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class SendingLock:
    """SQLite's own file lock on a file beside the database: the same on every system, no clock."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def hold(self, wait: float = 0.0) -> Iterator[bool]:
        """Give whether we are the one to send now; ``wait`` that many seconds for another.

        Raises AppError when the folder is out of reach.
        """
        with problems_told(self._path):
            db = sqlite3.connect(self._path, timeout=wait, isolation_level=None)
        with closing(db):
            with problems_told(self._path):
                is_ours = _take(db)
            try:
                yield is_ours
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")


def _take(db: sqlite3.Connection) -> bool:
    try:
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode & 0xFF in _BUSY:
            return False
        raise
    return True
