"""The accounts we read; never a password, which lives in the system's keychain."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from bounce_assistant.errors import AppError
from bounce_assistant.store.connection import Connections
from bounce_assistant.store.rows import AccountId

_FIELDS = (
    "email, name, username, imap_host, imap_port, imap_security, smtp_host, smtp_port, "
    "smtp_security, provider, sign_in, reads, since_days"
)
NOT_KEPT = AccountId(0)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What is kept of an account."""

    email: str
    name: str = ""
    username: str = ""
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = "tls"
    smtp_host: str = ""
    smtp_port: int = 0
    smtp_security: str = ""
    provider: str = ""
    sign_in: str = "password"
    reads: str = "inbox spam"  # folders, by what they are for
    since_days: int = 30
    id: AccountId = NOT_KEPT  # given by the store


@dataclass(frozen=True, slots=True)
class LastCheck:
    """What came of the last look into an account's inbox."""

    at: datetime | None = None  # when it was last looked through
    looked_at: int = 0  # messages, all checks together
    problem: str = ""
    problem_kind: str = ""  # of mail/problems.py: says what can be done about it
    problem_details: str = ""  # what an IT person wants to hear of it


class StoredAccounts:
    """Add, list, change and remove accounts."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, account: AccountRow) -> AccountId:
        """Keep a new account and return its id. Raises AppError when its address is known."""
        values = _values(account)
        sql = f"INSERT INTO account ({_FIELDS}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608 - fixed names
        try:
            with self._connections.write() as db:
                return AccountId(db.execute(sql, values).lastrowid or 0)
        except sqlite3.IntegrityError as problem:
            raise AppError(
                f"{account.email} is here already.",
                next_step="Remove it first to set it up again.",
            ) from problem

    def list(self) -> list[AccountRow]:
        """Return all accounts, oldest first."""
        with self._connections.read() as db:
            found = db.execute(f"SELECT {_FIELDS}, id FROM account ORDER BY id")  # noqa: S608 - fixed names
            return [AccountRow(*row) for row in found]

    def change(self, account: AccountRow) -> None:
        """Keep new settings of an account that is here."""
        names = ", ".join(f"{name.strip()} = ?" for name in _FIELDS.split(","))
        with self._connections.write() as db:
            db.execute(
                f"UPDATE account SET {names} WHERE id = ?",  # noqa: S608 - fixed names
                (*_values(account), account.id),
            )

    def bounces(self, account: AccountId) -> int:
        """Return how many bounces are kept that came to an account."""
        with self._connections.read() as db:
            (count,) = db.execute(
                "SELECT count(*) FROM bounce JOIN message ON message.id = bounce.message_id"
                " WHERE message.account_id = ?",
                (account,),
            ).fetchone()
        return int(count)

    def remove(self, account: AccountId, *, keep_history: bool) -> None:
        """Forget an account; with its bounces and what was decided, unless history is kept."""
        with self._connections.write() as db:
            if not keep_history:
                for table in ("decision", "tick", "outgoing"):
                    db.execute(
                        f"DELETE FROM {table} WHERE digest IN"  # noqa: S608 - fixed names
                        " (SELECT digest FROM message WHERE account_id = ?)",
                        (account,),
                    )
                db.execute("DELETE FROM message WHERE account_id = ?", (account,))
                db.execute(
                    "DELETE FROM phone WHERE recipient NOT IN (SELECT recipient FROM bounce)"
                )
            db.execute("UPDATE message SET account_id = NULL WHERE account_id = ?", (account,))
            db.execute("DELETE FROM account WHERE id = ?", (account,))

    def set_leaving(self, account: AccountId, is_leaving: bool) -> None:  # noqa: FBT001 - the value
        """Remember that an account is to be removed once its mail has left, or no longer is."""
        with self._connections.write() as db:
            db.execute("UPDATE account SET is_leaving = ? WHERE id = ?", (is_leaving, account))

    def leaving(self) -> frozenset[AccountId]:
        """Return the accounts that are to be removed once their mail has left."""
        with self._connections.read() as db:
            found = db.execute("SELECT id FROM account WHERE is_leaving")
            return frozenset(AccountId(row[0]) for row in found)

    def note_check(
        self,
        account: AccountId,
        *,
        at: datetime,
        looked_at: int,
        problem: str = "",
        kind: str = "",
        details: str = "",
    ) -> None:
        """Remember a check: when, how many messages it looked at, and why it stopped if it did.

        One that a problem ended early is no news of the inbox, so the time of the last stays.
        """
        with self._connections.write() as db:
            db.execute(
                "UPDATE account SET checked_at = iif(? = '', ?, checked_at),"
                " looked_at = looked_at + ?, problem = ?, problem_kind = ?, problem_details = ?"
                " WHERE id = ?",
                (problem, int(at.timestamp()), looked_at, problem, kind, details, account),
            )

    def last_check(self, account: AccountId) -> LastCheck:
        """Return what came of the last check; of an account never checked, the empty one."""
        with self._connections.read() as db:
            row = db.execute(
                "SELECT checked_at, looked_at, problem, problem_kind, problem_details FROM account"
                " WHERE id = ?",
                (account,),
            ).fetchone()
        if row is None:
            return LastCheck()
        at = None if row[0] is None else datetime.fromtimestamp(row[0], UTC)
        return LastCheck(at, *row[1:])


def _values(account: AccountRow) -> tuple[str | int, ...]:
    return (
        account.email,
        account.name,
        account.username,
        account.imap_host,
        account.imap_port,
        account.imap_security,
        account.smtp_host,
        account.smtp_port,
        account.smtp_security,
        account.provider,
        account.sign_in,
        account.reads,
        account.since_days,
    )
