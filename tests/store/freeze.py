"""Writes the database that a release leaves behind, to be opened by every later one.

python -m tests.store.freeze, once for each release; a file that is there is never replaced.
"""

import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bounce_assistant import __version__
from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.store import Store, open_store
from bounce_assistant.store.cursors import FolderCursor
from bounce_assistant.store.decisions import Choice
from bounce_assistant.store.rows import CaseState
from bounce_assistant.store.settings import Settings
from tests.store.keep import MONDAY, account, keep, verdict

FROZEN = Path(__file__).parent / "frozen"


def main() -> None:
    target = FROZEN / f"{__version__}.sqlite3"
    if target.exists():
        sys.exit(f"{target} is there already; a release leaves one database.")
    FROZEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        with open_store(Path(folder) / "a.sqlite3") as store:
            live(store)
        with closing(sqlite3.connect(Path(folder) / "a.sqlite3")) as db:
            db.execute("VACUUM INTO ?", (str(target),))


def live(store: Store) -> None:
    """Leave behind a little of everything."""
    mine = account(store)
    store.cursors.put(FolderCursor(mine, "INBOX", 7, 3, 900))
    store.accounts.note_check(mine, at=MONDAY, looked_at=1204)
    full = Choice(CauseId("inbox_full"), CauseGroup.LATER, "Their inbox is full")
    (done,) = keep(store, 1, verdict("ana@example.net", name="Ana Ruiz"), of=mine).cases
    (snoozed,) = keep(store, 2, verdict("bo@example.net"), of=mine).cases
    (chosen,) = keep(store, 3, verdict("cy@example.net"), of=mine).cases
    for number in (4, 5, 6):
        keep(store, number, verdict(f"p{number}@example.net", mailing=-554))
    store.decisions.set_state([done], CaseState.DONE, now=MONDAY)
    until = MONDAY + timedelta(days=2)
    store.decisions.set_state([snoozed], CaseState.WAITING, now=MONDAY, snoozed_until=until)
    store.decisions.choose([(chosen, full)], now=MONDAY)
    store.decisions.tick(chosen, "call", at=MONDAY)
    store.settings.save(replace(Settings(), theme="dark", my_name="Agent"))


if __name__ == "__main__":
    main()
