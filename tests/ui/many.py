"""Cases in a store without mail behind them: one by one, or 100,000 at once."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.store import Store
from bounce_assistant.store.messages import Place
from bounce_assistant.store.verdicts import Verdict

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
MANY = 100_000


def keep(store: Store, number: int, *, name: str = "", mailing: int | None = None) -> None:
    verdict = Verdict(
        f"person{number}@example.com",
        CauseId("user_unknown"),
        CauseGroup.ADDRESS,
        "This address doesn't exist",
        name=name,
        subject=f"Open house {number}",
        mailing=mailing,
    )
    raw = f"Message-ID: <{number}@example.com>\n\n".encode()
    store.messages.keep(raw, Place(file=f"{number}.eml"), NOW - timedelta(hours=number), [verdict])


def fill(file: Path, count: int) -> None:
    """Copy the first message and its case as often as wanted, in one statement each."""
    with closing(sqlite3.connect(file)) as db, db:
        for table in ("message", "bounce"):
            info = db.execute(f"PRAGMA table_info({table})").fetchall()
            names = [str(column[1]) for column in info]
            values = ["n" if name in {"id", "message_id"} else name for name in names]
            if "digest" in names:
                values[names.index("digest")] = "'d' || n"
            db.execute(
                f"WITH RECURSIVE count(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM count"  # noqa: S608 -- names of columns only
                f" WHERE n < {count})"
                f" INSERT INTO {table} ({', '.join(names)})"
                f" SELECT {', '.join(values)} FROM {table}, count WHERE {table}.id = 1"
            )
