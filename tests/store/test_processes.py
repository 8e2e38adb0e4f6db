"""Kills at any moment and several programs at once: nothing lost, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bounce_assistant.store import Store, open_store
from bounce_assistant.store.rows import AccountId, CaseQuery, CaseState
from tests.store.keep import MONDAY, account, keep, opened, raw

ROOT = Path(__file__).parents[2]

# Reads an inbox like a check does: each message with the cursor, from where the cursor stands.
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bounce_assistant.store import open_store
from bounce_assistant.store.cursors import FolderCursor
from bounce_assistant.store.messages import Place
from tests.store.keep import raw, verdict

store = open_store(Path(sys.argv[1]))
mine, end = store.accounts.list()[0].id, int(sys.argv[2])
cursor = store.cursors.get(mine, "INBOX")
for uid in range(cursor.last_uid + 1 if cursor else 1, end + 1):
    store.messages.keep(
        raw(uid), Place(mine, "INBOX", 7, uid), datetime.now(UTC),
        [verdict("a@example.net"), verdict("b@example.net")],
        FolderCursor(mine, "INBOX", 7, uid),
    )
    print(uid, flush=True)
store.close()
"""


def start(path: Path, end: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(end)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def check_whole(store: Store, mine: AccountId, uids: range) -> None:
    messages = [store.messages.get(message) for message in store.messages.ids()]
    assert [message.raw for message in messages if message] == [raw(uid) for uid in uids]
    assert store.messages.known_uids(mine, "INBOX", 7) == frozenset(uids)
    assert len(store.cases.keys(CaseQuery())) == 2 * len(uids)
    with store._connections.read() as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a signal of POSIX")
def test_killed_at_any_moment_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    path = tmp_path / "bounces.sqlite3"
    with open_store(path) as store:
        mine = account(store)
    chance = random.Random(554)  # noqa: S311 - moments, not secrets
    said = 0
    for _ in range(8):
        with start(path, 100_000) as writer:
            assert writer.stdout
            for _ in range(chance.randrange(1, 60)):
                said = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            said = max([said, *(int(line) for line in writer.stdout if line.endswith("\n"))])
        with open_store(path) as store:
            cursor = store.cursors.get(mine, "INBOX")
            assert cursor is not None
            assert cursor.last_uid in (said, said + 1)  # kept, and killed before it was said
            check_whole(store, mine, range(1, cursor.last_uid + 1))


def test_two_programs_at_once_keep_each_message_once(tmp_path: Path) -> None:
    path = tmp_path / "bounces.sqlite3"
    with open_store(path) as store:
        mine = account(store)
        with start(path, 150) as one, start(path, 150) as two:
            (case,) = keep(store, 9000).cases
            for _ in range(20):
                store.decisions.set_state([case], CaseState.DONE, now=MONDAY)
                assert store.cases.counts().done == 1
            one.communicate(timeout=60)
            two.communicate(timeout=60)
        assert (one.returncode, two.returncode) == (0, 0)
        assert store.messages.known_uids(mine, "INBOX", 7) == frozenset(range(1, 151))
        assert len(store.messages.ids()) == 151
        assert len(store.cases.keys(CaseQuery())) == 300


def test_threads_share_one_store(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        problems: list[Exception] = []

        def work(first: int) -> None:
            try:
                for number in range(first, first + 40):
                    keep(store, number)
                    store.cases.keys(CaseQuery())
            except Exception as problem:  # noqa: BLE001 - shown by the assertion
                problems.append(problem)

        threads = [threading.Thread(target=work, args=(1000 * n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        assert len(store.messages.ids()) == 160


def test_a_closed_store_opens_again_when_asked(store: Store) -> None:
    keep(store, 1)
    store.close()
    assert len(store.messages.ids()) == 1
