"""Mail that a server can't hand out: it breaks the connection, so it is asked for once only."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bounce_assistant.store.connection import Connections
from bounce_assistant.store.rows import AccountId


@dataclass(frozen=True, slots=True)
class SetAsideMail:
    """One mail that could not be read; UIDVALIDITY and UID are those of RFC 9051."""

    account: AccountId
    folder: str
    uid_validity: int
    uid: int
    size: int = 0  # bytes; 0: not known
    sender: str = ""  # as From has it; "": not known
    subject: str = ""


class SetAside:
    """Remembers which mail to pass over, until its folder is numbered anew."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, mail: SetAsideMail) -> None:
        """Remember a mail; once more is no harm."""
        with self._connections.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO set_aside VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    mail.account,
                    mail.folder,
                    mail.uid_validity,
                    mail.uid,
                    mail.size,
                    int(datetime.now(UTC).timestamp()),
                    mail.sender,
                    mail.subject,
                ),
            )

    def uids(self, account: AccountId, folder: str, uid_validity: int) -> frozenset[int]:
        """Return the UIDs to pass over in a folder."""
        with self._connections.read() as db:
            found = db.execute(
                "SELECT uid FROM set_aside"
                " WHERE account_id = ? AND folder = ? AND uid_validity = ?",
                (account, folder, uid_validity),
            )
            return frozenset(row[0] for row in found)

    def of(self, account: AccountId) -> list[SetAsideMail]:
        """Return what is passed over in an account, as its folders are numbered or once were."""
        with self._connections.read() as db:
            found = db.execute(
                "SELECT folder, uid_validity, uid, size, sender, subject FROM set_aside"
                " WHERE account_id = ? ORDER BY folder, uid",
                (account,),
            )
            return [SetAsideMail(account, *row) for row in found]

    def remove(self, mail: SetAsideMail) -> None:
        """Forget that a mail is passed over."""
        with self._connections.write() as db:
            db.execute(
                "DELETE FROM set_aside"
                " WHERE account_id = ? AND folder = ? AND uid_validity = ? AND uid = ?",
                (mail.account, mail.folder, mail.uid_validity, mail.uid),
            )
