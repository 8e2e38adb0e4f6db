"""Brings an older database up to this program, one whole step at a time."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from bounce_assistant.errors import AppError


class StoreTooNewError(AppError):
    """The database was written by a newer program."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            "Your bounces were kept by a newer Bounce Assistant.",
            f"This copy reads version {known} of the file, and the file is version {found}.",
            "Install the newest Bounce Assistant to open them.",
        )


def read_steps() -> tuple[str, ...]:
    """Return the SQL of all migrations, oldest first; found in a checkout and when installed."""
    found = sorted(
        (step.name, step.read_text(encoding="utf-8"))
        for step in files(__package__).joinpath("migrations").iterdir()
        if re.fullmatch(r"\d{4}_\w+\.sql", step.name)
    )
    return tuple(sql for _, sql in found)


def version_of(db: sqlite3.Connection) -> int:
    """Return how many steps a database has seen; 0 for a new one."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def migrate(db: sqlite3.Connection, steps: Sequence[str]) -> None:
    """Run the steps this database has not seen. All of one step, or none of it.

    Raises StoreTooNewError when it has seen more than we know.
    """
    if version_of(db) > len(steps):
        raise StoreTooNewError(version_of(db), len(steps))
    for number, sql in enumerate(steps, start=1):
        if version_of(db) < number:
            _run_step(db, number, sql)


def copy_before_migrating(db: sqlite3.Connection, path: Path, steps: Sequence[str]) -> Path | None:
    """Copy a database that is about to change; return the copy, None when there is no need."""
    version = version_of(db)
    if not 0 < version < len(steps):
        return None
    copy = path.with_name(f"{path.name}.version-{version}")
    with closing(sqlite3.connect(copy)) as target:
        db.backup(target)
    return copy


def _run_step(db: sqlite3.Connection, number: int, sql: str) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        # Asked again under the lock: a second copy of the program may have been quicker.
        if version_of(db) < number:
            for statement in _statements(sql):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _statements(sql: str) -> Iterator[str]:
    """Split a script; executescript() would commit in the middle of a step."""
    statement = ""
    for piece in re.split("(?<=;)", sql):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
