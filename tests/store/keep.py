"""What a test of the store keeps, in the fewest words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.store import Store, open_store
from bounce_assistant.store.accounts import AccountRow
from bounce_assistant.store.messages import Kept, Place
from bounce_assistant.store.rows import AccountId
from bounce_assistant.store.verdicts import Verdict

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def opened(folder: Path) -> Store:
    return open_store(folder / "bounces.sqlite3")


def account(store: Store, email: str = "agent@example.com") -> AccountId:
    return store.accounts.add(AccountRow(email, imap_host="imap.example.com"))


def verdict(recipient: str = "dana@example.net", **changes: Any) -> Verdict:
    usual = Verdict(
        recipient,
        CauseId("user_unknown"),
        CauseGroup.ADDRESS,
        "This address doesn't exist",
        subject="Open house on Saturday",
    )
    return replace(usual, **changes)


def raw(number: int) -> bytes:
    return f"From: MAILER-DAEMON\r\nSubject: Undelivered {number}\r\n\r\nNo.\r\n".encode()


def keep(
    store: Store,
    number: int,
    *verdicts: Verdict,
    of: AccountId | None = None,
    hours: int | None = None,
) -> Kept:
    """Keep message ``number``, an hour later than the one before."""
    place = Place(of, "INBOX", 7, number) if of else Place(file=f"{number}.eml")
    arrived = MONDAY + timedelta(hours=number if hours is None else hours)
    return store.messages.keep(raw(number), place, arrived, verdicts or (verdict(),))
