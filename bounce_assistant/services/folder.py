"""Reads one folder from where the last check stopped; safe to stop at any message."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bounce_assistant.mail.inbox_search import CHOSEN_FIELDS, Promise, load_inbox_search
from bounce_assistant.mail.mailbox import Candidates, FetchedMessage, FolderState, Look, Reading
from bounce_assistant.services.glance import (
    FIRST_WORDS,
    MORE_WORDS,
    is_worth_fetching,
    says_nothing_yet,
)
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.store.cursors import FolderCursor
from bounce_assistant.store.rows import AccountId

LOOK_AT_ALL = 1_000  # up to so many messages every header is looked at, whatever SEARCH says
_CHUNK = 500  # messages between two moves of the cursor

# Judges a message and keeps it with the cursor, in one transaction.
Take = Callable[[FetchedMessage, FolderCursor], None]


@dataclass(slots=True)
class Tally:
    """What a check has done so far, over all folders of an account."""

    job: Job
    looked_at: int = 0
    total: int = 0
    found: int = 0

    def step(self, words: str = "") -> None:
        """Report progress in words; raise CancelledError once the user has had enough."""
        bounces = "1 bounce" if self.found == 1 else f"{self.found:,} bounces"
        words = words or f"{self.looked_at:,} of {self.total:,} messages looked at, {bounces} found"
        self.job.step(self.looked_at, self.total, words)


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What a check has to look at in a folder."""

    folder: str
    uids: tuple[int, ...]  # ascending; never looked at before
    candidates: tuple[int, ...]  # ascending; those worth a look
    found: Candidates | None  # what a search made of them; None: their headers have to tell
    start: FolderCursor  # as it is now
    end: FolderCursor  # as it will be when all is done


def plan_folder(
    mailbox: Reading,
    account: AccountId,
    folder: str,
    known: FolderCursor | None,
    since: date,
    *,
    outside: FolderState | None = None,
) -> FolderPlan:
    """Find out what is new in a folder, or older than earlier checks went.

    ``known`` is where the last check stopped; None, or of another UIDVALIDITY: read it all. It is
    opened unless what is told of it from ``outside`` shows that there is nothing to do.
    """
    is_covered = known is not None and since.toordinal() >= known.since_day
    if known and outside and is_covered and _is_unchanged(known, outside):
        return FolderPlan(folder, (), (), None, known, known)
    state = mailbox.open(folder)
    if known is None or known.uid_validity != state.uid_validity:
        known = None
    start = known or FolderCursor(account, folder, state.uid_validity, 0, 0, since.toordinal())
    covered = date.fromordinal(start.since_day or since.toordinal())
    since = min(since, covered)
    if known and since == covered and _is_unchanged(known, state):
        return FolderPlan(folder, (), (), None, start, start)
    uids = mailbox.uids(since, 0 if since < covered else start.last_uid)
    if since < covered:
        seen = {uid for uid in mailbox.uids(covered) if uid <= start.last_uid}
        uids = [uid for uid in uids if uid not in seen]
    end = replace(
        start,
        last_uid=max(start.last_uid, (state.uid_next or 1) - 1, *uids[-1:]),
        highest_modseq=state.highest_modseq or 0,
        since_day=since.toordinal(),
    )
    found = mailbox.candidates(since, uids[0] - 1) if len(uids) > LOOK_AT_ALL else None
    chosen = uids if found is None else sorted((found.sure | found.maybe) & set(uids))
    return FolderPlan(folder, tuple(uids), tuple(chosen), found, start, end)


def read_folder(
    mailbox: Reading,
    plan: FolderPlan,
    knowledge: Knowledge,
    take: Take,
    tally: Tally,
    *,
    is_kept: Callable[[Look], bool] = lambda _: False,
) -> None:
    """Hand every likely notice of a plan to ``take``; the caller moves the cursor to its end.

    ``is_kept`` knows those that needn't be fetched again, from another folder.
    """
    base = tally.looked_at
    mailbox.open(plan.folder)
    for start in range(0, len(plan.candidates), _CHUNK):
        chunk = plan.candidates[start : start + _CHUNK]
        likely = _likely(mailbox, plan.found, chunk, knowledge)
        by_uid = {look.uid: look for look in likely if not is_kept(look)}
        for message in mailbox.messages([by_uid[uid] for uid in sorted(by_uid)]):
            cursor = replace(plan.start, last_uid=max(plan.start.last_uid, message.uid))
            take(message, cursor)
            tally.looked_at = base + bisect_right(plan.uids, message.uid)
            tally.step()
        tally.looked_at = base + bisect_right(plan.uids, chunk[-1])
        tally.step()
    tally.looked_at = base + len(plan.uids)


def _likely(
    mailbox: Reading, found: Candidates | None, chunk: Sequence[int], knowledge: Knowledge
) -> Iterator[Look]:
    """Yield those that are worth fetching, in any order."""
    if found is None:
        search = load_inbox_search()
        looks = {look.uid: look for look in mailbox.looks(chunk)}
        promises = {uid: search.promise(look.header) for uid, look in looks.items()}
        yield from (looks[uid] for uid, one in promises.items() if one is Promise.SURE)
        maybe = [uid for uid, one in promises.items() if one is Promise.MAYBE]
    else:
        yield from mailbox.looks([uid for uid in chunk if uid in found.sure], ())
        maybe = [uid for uid in chunk if uid in found.maybe]
    glances = list(mailbox.looks(maybe, CHOSEN_FIELDS, FIRST_WORDS))
    longer = {look.uid: look for look in glances if says_nothing_yet(look)}
    for look in mailbox.looks(list(longer), (), MORE_WORDS):
        longer[look.uid] = replace(longer[look.uid], beginning=look.beginning)
    for look in glances:
        seen = longer.get(look.uid, look)
        if is_worth_fetching(seen, knowledge):
            yield seen


def _is_unchanged(known: FolderCursor, state: FolderState) -> bool:
    """Say whether nothing arrived since (RFC 9051, section 2.3.1.1; RFC 7162, section 3.1.2)."""
    if known.uid_validity != state.uid_validity:
        return False
    if state.uid_next is not None:
        return state.uid_next - 1 <= known.last_uid
    return state.highest_modseq is not None and state.highest_modseq == known.highest_modseq
