"""How long a list of many cases takes, beside the bare reading of its ids; run by hand.

python -m tests.benchmarks.store.case_list [CASES]
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bounce_assistant.store import Store, open_store
from bounce_assistant.store.accounts import AccountRow
from bounce_assistant.store.rows import AccountId, CaseQuery, CaseState

_GROUPS = ("address", "later", "blocked", "setup", "unsure")
_FIRST = ("Dana", "Lee", "Ana", "Zoe", "Ines", "Omar")
_LAST = ("Reyes", "Okafor", "Lind", "Novak", "Sato")
_ROUNDS = 5


def fill(store: Store, cases: int, account: AccountId) -> None:
    """Put cases straight into the tables; three in ten belong to a mailing."""
    chance = random.Random(7)  # noqa: S311 - made-up people
    with store._connections.write() as db:
        for number in range(1, cases + 1):
            db.execute(
                "INSERT INTO message VALUES (?, ?, ?, 'INBOX', 1, ?, '', ?, 1000, 0)",
                (number, str(number), account, number, 1_700_000_000 + number * 60),
            )
            group = chance.choice(_GROUPS)
            found = (group, group, f"What went wrong: {group}")
            db.execute(
                "INSERT INTO bounce (message_id, account_id, recipient, address, name, subject,"
                " mailing, arrived, reason, bounce_type, certainty, found_cause, found_group,"
                " found_title, cause, cause_group, title)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', '', ?, ?, ?, ?, ?, ?)",
                (
                    number,
                    account,
                    f"p{number}@example.net",
                    f"p{number}@example.net",
                    f"{chance.choice(_FIRST)} {chance.choice(_LAST)} {number}",
                    f"Open house {number % 997}",
                    chance.randrange(cases // 30) if chance.random() < 0.3 else None,
                    1_700_000_000 + number * 60,
                    *found,
                    *found,
                ),
            )


def fastest(work: Callable[[], object]) -> float:
    """Return the best of some rounds, in milliseconds."""
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def main(cases: int) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "b.sqlite3") as store:
        account = store.accounts.add(AccountRow("agent@example.com"))
        fill(store, cases, account)
        unit = fastest(lambda: _bare(store))
        print(f"{cases:,} cases; reading their ids alone: {unit:.0f} ms = 1.0")
        keys = store.cases.keys(CaseQuery())
        thousand = [key.case for key in keys[:1000]]
        now = datetime.now(UTC)
        works: dict[str, Callable[[], object]] = {
            "open": lambda: store.cases.keys(CaseQuery()),
            "sort by name": lambda: store.cases.keys(CaseQuery(order="name", descending=False)),
            "sort by title": lambda: store.cases.keys(CaseQuery(order="title")),
            "sort by subject": lambda: store.cases.keys(CaseQuery(order="subject")),
            "filter by cause": lambda: store.cases.keys(CaseQuery(group="later")),
            "filter by account": lambda: store.cases.keys(CaseQuery(account=account)),
            "search one letter": lambda: store.cases.keys(CaseQuery(search="d")),
            "search a name": lambda: store.cases.keys(CaseQuery(search="dana sato")),
            "search what all have": lambda: store.cases.keys(CaseQuery(search="example.net")),
            "search one person": lambda: store.cases.keys(CaseQuery(search="p777@example.net")),
            "all counts": store.cases.counts,
            "one page of rows": lambda: store.cases.rows(keys[:64]),
            "1,000 done": lambda: store.decisions.set_state(thousand, CaseState.DONE, now=now),
        }
        for name, work in works.items():
            took = fastest(work)
            print(f"{name:22} {took:7.1f} ms  {took / unit:5.2f}")
        size = store.path.stat().st_size / 1_000_000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"file without raw mail {size:.0f} MB, memory at most {memory:.0f} MB")


def _bare(store: Store) -> list[tuple[int]]:
    with store._connections.read() as db:
        return db.execute("SELECT id FROM bounce ORDER BY arrived").fetchall()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
