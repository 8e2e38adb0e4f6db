"""Whether what came back was sent by the user: Sent is searched for it by Message-ID, read only.

A copy there proves it. That there is none proves nothing: not every server keeps copies, nor do
services that send in the user's name.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes, policy

from bounce_assistant.errors import AppError
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.services.examine import Yours
from bounce_assistant.services.folder import Tally
from bounce_assistant.services.keeping import diagnose_again, yours_of
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.store import Store
from bounce_assistant.store.rows import AccountId, MessageId

_MOST_IDS = 5_000  # looked for in one check, if there is time; the rest in later ones
_PATIENCE = 30.0  # seconds after which no further search is begun
_BEFORE = timedelta(days=10)  # how long before its notice an email was sent, at most
_IDS_PER_SEARCH, _LONGEST_SEARCH = 40, 5_000  # all in one line: 8,000 bytes (RFC 2683, 3.2.1.5)
_MOST_HITS = 1_000  # messages whose Message-ID is compared: searches find parts of them as well


@dataclass(slots=True)
class SentCopies:
    """The look-up for one account, to be made once its notices are kept."""

    account: AccountId
    store: Store
    knowledge: Knowledge

    def look_up(self, mailbox: Mailbox, folders: Sequence[str], tally: Tally) -> set[MessageId]:
        """Look for what is wanted in Sent; return the messages that were diagnosed anew.

        Trouble with the server means that it could not be checked, and is kept as that. Raises
        CancelledError once stopped, and AppError when the store can't be used.
        """
        wanted = self.store.returned_ids.wanted(self.account, _MOST_IDS)
        if wanted.first is None:
            return set()
        left = list(wanted.message_ids)
        if not folders:
            self._could_not(left, is_last=True)
            return set()
        search = _Search(mailbox, wanted.first.date() - _BEFORE, tally, len(left))
        changed: set[MessageId] = set()
        is_all_asked = True
        for folder in folders:
            try:
                for batch, found in search.through(folder, left):
                    changed |= self._keep(found, folder)
                    absent = [one for one in batch if one not in found]
                    if folder == folders[-1] and is_all_asked:
                        self._hide(self.store.returned_ids.absent(self.account, absent))
                        absent = []
                    left = [*left[len(batch) :], *absent]
            except _CouldNotError:
                is_all_asked = False
        if not is_all_asked:
            self._could_not(left)
        return changed

    def _keep(self, found: set[str], folder: str) -> set[MessageId]:
        notices = self.store.returned_ids.notices_about(found)
        known = yours_of(self.store)

        def copy_of(ids: Sequence[str]) -> str | None:
            is_found = not found.isdisjoint(ids)
            return folder if is_found or known.copy_of is None else known.copy_of(ids)

        yours = Yours(known.addresses, copy_of)
        for notice in notices:
            diagnose_again(notice, self.store, self.knowledge, yours)
        # Last: whoever is killed before it asks once more, and no case is left behind.
        self.store.returned_ids.found(found, folder)
        self._hide(notices)
        return set(notices)

    def _could_not(self, ids: Sequence[str], *, is_last: bool = False) -> None:
        given_up = self.store.returned_ids.not_asked(self.account, ids, is_last=is_last)
        self._hide(given_up)

    def _hide(self, notices: Sequence[MessageId]) -> None:
        """Do what waited for the answer: a bounce that the person sent isn't hidden as forged."""
        hidden = self.store.settings.load().hidden_causes
        if hidden and notices:
            self.store.messages.hide(notices, hidden)


class _CouldNotError(Exception):
    """The server was of no help."""


@dataclass(slots=True)
class _Search:
    """Searches folder after folder, as long as there is time."""

    mailbox: Mailbox
    since: date
    tally: Tally
    total: int
    began: float = field(default_factory=time.monotonic)

    def through(self, folder: str, ids: Sequence[str]) -> Iterator[tuple[list[str], set[str]]]:
        """Yield what was looked for, a few dozen Message-IDs at once, and what of it was found."""
        words = "1 email" if self.total == 1 else f"{self.total:,} emails"
        is_open = False
        for batch in _batches(ids):
            if time.monotonic() - self.began > _PATIENCE:
                return  # the rest stays to be looked for
            self.tally.step(f"Looking in Sent for {words} that came back")
            try:
                if not is_open:
                    self.mailbox.open(folder)
                    is_open = True
                found = self._found(batch)
            except AppError as problem:
                raise _CouldNotError from problem
            yield batch, found

    def _found(self, batch: Sequence[str]) -> set[str]:
        uids = self.mailbox.with_message_ids(batch, self.since)
        if uids is None:
            uids = self.mailbox.uids(self.since)
        heads = (
            message_from_bytes(look.header, policy=policy.compat32)
            for look in self.mailbox.looks(uids[-_MOST_HITS:], ("Message-ID",))
        )
        return {str(head.get("Message-ID", "")).strip() for head in heads}.intersection(batch)


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    """Cut into what is searched for at once."""
    batch: list[str] = []
    size = 0
    for one in ids:
        if batch and (len(batch) == _IDS_PER_SEARCH or size + len(one) > _LONGEST_SEARCH):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one) + len("OR HEADER Message-ID ")
    if batch:
        yield batch
