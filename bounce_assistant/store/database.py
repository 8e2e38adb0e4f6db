"""The store as the services see it: one file, opened once, its parts side by side."""

from pathlib import Path
from types import TracebackType
from typing import Self

from bounce_assistant.errors import AppError
from bounce_assistant.store.accounts import StoredAccounts
from bounce_assistant.store.cases import StoredCases
from bounce_assistant.store.connection import Connections, problems_told
from bounce_assistant.store.cursors import Cursors
from bounce_assistant.store.decisions import Decisions
from bounce_assistant.store.messages import Messages
from bounce_assistant.store.migrate import copy_before_migrating, migrate, read_steps
from bounce_assistant.store.outbox import StoredOutbox
from bounce_assistant.store.people import StoredPeople
from bounce_assistant.store.reason_rules import ReasonRules
from bounce_assistant.store.returned_ids import ReturnedIds
from bounce_assistant.store.sending_lock import SendingLock
from bounce_assistant.store.set_aside import SetAside
from bounce_assistant.store.settings import StoredSettings
from bounce_assistant.store.watched import Watched


class Store:
    """Safe to use from several threads and several processes at once."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.path = connections.path
        self.accounts = StoredAccounts(connections)
        self.cursors = Cursors(connections)
        self.set_aside = SetAside(connections)
        self.messages = Messages(connections)
        self.cases = StoredCases(connections)
        self.people = StoredPeople(connections)
        self.returned_ids = ReturnedIds(connections)
        self.decisions = Decisions(connections)
        self.reason_rules = ReasonRules(connections)
        self.settings = StoredSettings(connections)
        self.outbox = StoredOutbox(connections)
        self.watched = Watched(connections)
        self.sending_lock = SendingLock(connections.path.with_suffix(".sending"))

    def own_addresses(self) -> frozenset[str]:
        """Return the user's own addresses, lower case: those of the accounts, and those set."""
        names = {name for row in self.accounts.list() for name in (row.email, row.username)}
        names.update(self.settings.load().my_addresses)
        return frozenset(name.lower() for name in names if "@" in name)

    def close(self) -> None:
        """Close the file; every change made so far is in it."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open_store(path: Path) -> Store:
    """Open the database at a path, or make it, brought up to this program's version.

    ``path`` is the file itself; its folder is made. Raises AppError when it is newer than the
    program, damaged, out of reach, in long use, or when the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise AppError(
            "Bounce Assistant can't make the folder where it keeps your bounces.",
            f"The folder is {path.parent}.",
            "Check that you may write there, then try again.",
        ) from problem
    connections = Connections(path)
    try:
        with problems_told(path):
            db = connections.connection()
            steps = read_steps()
            copy_before_migrating(db, path, steps)
            migrate(db, steps)
    except BaseException:
        connections.close()
        raise
    return Store(connections)
