"""A notice that came twice: in part from a server, and whole as a file; it is kept once."""

import sqlite3
import zlib

from bounce_assistant.store.rows import MessageId

# What stands on the digest of a message, so as to outlive every diagnosis.
_ON_DIGEST = (
    ("decision", "digest"),
    ("tick", "digest"),
    ("outgoing", "digest"),
    ("outgoing", "bounced_by"),
)


def find_same(
    db: sqlite3.Connection, fingerprint: str, *, is_whole: bool
) -> tuple[MessageId, int] | None:
    """Return the message that is the same notice, and how many bytes of it are kept.

    One of the two has to be a part (``is_whole`` is about the new one): whole messages that differ
    are different messages, whatever they have in common.
    """
    if not fingerprint:
        return None
    rows = db.execute(
        "SELECT id, size, zlib FROM message JOIN raw_message ON message_id = id"
        " WHERE fingerprint = ? ORDER BY id",
        (fingerprint,),
    )
    for message, size, packed in rows:
        kept = len(zlib.decompress(packed))
        if not is_whole or kept < size:
            return MessageId(message), kept
    return None


def enrich(
    db: sqlite3.Connection, message: MessageId, digest: str, packed: bytes, size: int
) -> None:
    """Put a fuller text in place of the one that is kept; what a person decided goes with it."""
    (old,) = db.execute("SELECT digest FROM message WHERE id = ?", (message,)).fetchone()
    db.execute("UPDATE message SET digest = ?, size = ? WHERE id = ?", (digest, size, message))
    db.execute("UPDATE raw_message SET zlib = ? WHERE message_id = ?", (packed, message))
    for table, column in _ON_DIGEST:
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (digest, old))  # noqa: S608 - fixed names
