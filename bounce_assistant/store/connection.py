"""One connection per thread, short transactions, and SQLite's troubles told in sentences."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bounce_assistant.errors import AppError

BUSY_SECONDS = 10.0  # how long a write waits for another process to finish its own
_ROOM = 256 * 1024  # bytes; with less, an I/O problem is taken for a full disk
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNREACHABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_AUTH,
}


class RemovedMeanwhileError(AppError):
    """What was to be kept belongs to something that is no longer there, such as an account."""


class Connections:
    """Hands each thread its own connection to one database file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mine = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one moment of the database. Not to be nested.

        Raises AppError when the file is damaged or out of reach.
        """
        with self._transaction("BEGIN") as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a connection whose changes are kept all together, or not at all. Not to be nested.

        Raises AppError when the disk is full, the file damaged, out of reach or in long use.
        """
        with self._transaction("BEGIN IMMEDIATE") as db:
            yield db

    @contextmanager
    def write_through(self) -> Iterator[sqlite3.Connection]:
        """As ``write``, and on the disk when it returns: a power cut takes nothing of it back."""
        with problems_told(self.path):
            self.connection().execute("PRAGMA synchronous = FULL")
        try:
            with self.write() as db:
                yield db
        finally:
            self.connection().execute("PRAGMA synchronous = NORMAL")

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, opened on first use."""
        db: sqlite3.Connection | None = getattr(self._mine, "db", None)
        if db is None:
            db = _connect(self.path)
            self._mine.db = db
            with self._lock:
                self._all.append(db)
        return db

    def close(self) -> None:
        """Close the connections of all threads; a later call opens new ones."""
        with self._lock:
            closing, self._all = self._all, []
            self._mine = threading.local()
        for db in closing:
            db.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with problems_told(self.path):
            db = self.connection()
            db.execute(begin)
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has often rolled back already
                    if db.in_transaction:
                        db.execute("ROLLBACK")
                raise


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        # Enough against a kill; a power cut may take the last moments, which a check finds again.
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA cache_size = -16000")
        db.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def problems_told(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the world into AppError; what is our fault passes through."""
    try:
        yield
    except sqlite3.Error as problem:
        told = _sentence(problem, path)
        if told is None:
            raise
        raise told from problem


def _sentence(problem: sqlite3.Error, path: Path) -> AppError | None:
    extended = getattr(problem, "sqlite_errorcode", 0)
    code = extended & 0xFF  # the primary one
    if extended == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return RemovedMeanwhileError("What this belongs to was removed meanwhile.")
    if code == sqlite3.SQLITE_FULL or (code in _UNREACHABLE and _is_full(path)):
        return AppError(
            "There's no room left on the disk.",
            "What was kept so far is safe.",
            "Free some space, then try again.",
        )
    if code in _DAMAGED:
        return AppError(
            "The file that holds your bounces is damaged.",
            f"It is {path}.",
            "Move it somewhere else and start again: your mailbox isn't touched, "
            "and the next check finds the bounces again.",
        )
    if code in _BUSY:
        return AppError(
            "Another copy of Bounce Assistant is busy with your bounces.",
            next_step="Close it, or try again in a moment.",
        )
    if code in _UNREACHABLE:
        return AppError(
            "Bounce Assistant can't use the folder where it keeps your bounces.",
            f"The file is {path}.",
            "Check that the folder is there and that you may write to it, then try again.",
        )
    return None


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _ROOM
    except OSError:
        return False
