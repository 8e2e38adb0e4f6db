"""SEARCH (RFC 9051, section 6.4.4) that finds all, where a server gives some of it only."""

import imaplib
from collections.abc import Sequence
from typing import Any

from bounce_assistant.mail.imap_client import SEARCH_PATIENCE, Client
from bounce_assistant.mail.problems import is_refusal

Keys = Sequence[Any]  # nested lists of search keys, as IMAPClient takes them
_MESSAGES_PER_SEARCH = 50_000  # our reader takes no answer line of more than a million bytes
_LEAST_LIMIT = 50  # hits; nobody limits answers to fewer
_ROUND = 50


class Searching:
    """Searches the open folder.

    Some servers answer with so many hits at most and don't say that there are more. A number of
    hits that looks like a limit is doubted: the two halves together must not have more.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._limit = 0  # hits that the server gives at most; 0: as many as there are, it seems
        self._exists, self._top = 0, 0

    def opened(self, exists: int, uid_next: int | None) -> None:
        """Hear of the folder that was opened: its messages, and its next UID if it is known."""
        self._exists, self._top = exists, (uid_next or 1) - 1

    def within(
        self, low: int, high: int | None, keys: Keys, charset: str | None = None
    ) -> list[int]:
        """Return, ascending, the UIDs from ``low`` to ``high`` (None: the last) with these keys.

        Raises what sockets and imaplib raise; see ``is_refusal``.
        """
        found: set[int] = set()
        for window in _windows(self._exists):
            found |= self._whole(low, high, [*window, *keys], charset)
        return sorted(found)

    def if_able(self, keys: Keys, *, patience: int = SEARCH_PATIENCE) -> list[int] | None:
        """Return, ascending, what a search finds; None where the server refuses it."""
        try:
            found = self._client.search_uids(list(keys), _charset(keys), patience=patience)
            return sorted(found)
        except imaplib.IMAP4.error as error:
            if is_refusal(error):
                return None
            raise

    def _whole(self, low: int, high: int | None, keys: Keys, charset: str | None) -> set[int]:
        found = self._ask(low, high, keys, charset)
        if not self._is_doubtful(len(found)):
            return found
        top = high or self._top or max(self._client.search_uids(["UID", "*"]), default=0)
        if top <= low:
            return found
        middle = (low + top) // 2
        halves = ((low, middle), (middle + 1, high))
        parts = [self._ask(*half, keys, charset) for half in halves]
        more = set().union(found, *parts)
        if len(more) == len(found):
            return found
        self._limit = min(self._limit or len(found), len(found))
        return more.union(
            *(
                self._whole(*half, keys, charset)
                for half, part in zip(halves, parts, strict=True)
                if len(part) >= self._limit
            )
        )

    def _ask(self, low: int, high: int | None, keys: Keys, charset: str | None) -> set[int]:
        criteria = ["UID", f"{low}:{high or '*'}", *keys]
        found = self._client.search_uids(criteria, charset)
        # n:* always names the last message, even below n (RFC 9051, section 9, seq-range).
        return {uid for uid in found if low <= uid <= (high or uid)}

    def _is_doubtful(self, hits: int) -> bool:
        if hits == self._exists:
            return False
        if self._limit:
            return hits >= self._limit
        is_round = hits % _ROUND in {0, _ROUND - 1} or 0 in {hits & (hits - 1), hits & (hits + 1)}
        return hits >= _LEAST_LIMIT and is_round


def _charset(keys: Keys) -> str | None:
    return None if all(str(part).isascii() for part in keys) else "UTF-8"


def _windows(exists: int) -> list[list[str]]:
    """Return sequence sets that cut a huge folder; of a usual one nothing need be said."""
    if exists <= _MESSAGES_PER_SEARCH:
        return [[]]
    starts = range(1, exists + 1, _MESSAGES_PER_SEARCH)
    return [[f"{start}:{min(start + _MESSAGES_PER_SEARCH - 1, exists)}"] for start in starts]
