"""Reads one folder from where the last check stopped; safe to stop at any message."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bounce_assistant.mail.inbox_search import load_inbox_search
from bounce_assistant.mail.mailbox import FetchedMessage, FolderState, Look, Mailbox
from bounce_assistant.services.job import Job
from bounce_assistant.store.cursors import FolderCursor
from bounce_assistant.store.rows import AccountId

LOOK_AT_ALL = 1_000  # up to so many messages every header is looked at, whatever SEARCH says
_CHUNK = 200  # messages between two moves of the cursor

# Judges a message and keeps it with the cursor, in one transaction.
Take = Callable[[Look, FetchedMessage, FolderCursor], None]


@dataclass(slots=True)
class Tally:
    """What a check has done so far, over all folders of an account."""

    job: Job
    looked_at: int = 0
    total: int = 0
    found: int = 0

    def step(self) -> None:
        """Report progress in words; raise CancelledError once the user has had enough."""
        bounces = "1 bounce" if self.found == 1 else f"{self.found:,} bounces"
        words = f"{self.looked_at:,} of {self.total:,} messages looked at, {bounces} found"
        self.job.step(self.looked_at, self.total, words)


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What a check has to look at in a folder."""

    folder: str
    uids: tuple[int, ...]  # ascending; never looked at before
    candidates: tuple[int, ...]  # those whose header fields are worth a look
    start: FolderCursor  # as it is now
    end: FolderCursor  # as it will be when all is done


def plan_folder(
    mailbox: Mailbox, account: AccountId, folder: str, known: FolderCursor | None, since: date
) -> FolderPlan:
    """Open a folder and find out what is new, or older than earlier checks went.

    ``known`` is where the last check stopped; None, or of another UIDVALIDITY: read it all.
    """
    state = mailbox.open(folder)
    if known is None or known.uid_validity != state.uid_validity:
        known = None
    start = known or FolderCursor(account, folder, state.uid_validity, 0, 0, since.toordinal())
    covered = date.fromordinal(start.since_day or since.toordinal())
    since = min(since, covered)
    if known and since == covered and _is_unchanged(known, state):
        return FolderPlan(folder, (), (), start, start)
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
    return FolderPlan(folder, tuple(uids), _candidates(mailbox, uids, since), start, end)


def read_folder(mailbox: Mailbox, plan: FolderPlan, take: Take, tally: Tally) -> None:
    """Hand every likely notice of a plan to ``take``; the caller moves the cursor to its end."""
    search = load_inbox_search()
    base = tally.looked_at
    mailbox.open(plan.folder)
    for start in range(0, len(plan.candidates), _CHUNK):
        looks = list(mailbox.looks(plan.candidates[start : start + _CHUNK]))
        likely = [look for look in looks if search.is_likely_notice(look.header)]
        by_uid = {look.uid: look for look in likely}
        for message in mailbox.messages(likely):
            cursor = replace(plan.start, last_uid=max(plan.start.last_uid, message.uid))
            take(by_uid[message.uid], message, cursor)
            tally.looked_at = base + bisect_right(plan.uids, message.uid)
            tally.step()
        if looks:
            tally.looked_at = base + bisect_right(plan.uids, looks[-1].uid)
        tally.step()
    tally.looked_at = base + len(plan.uids)


def _candidates(mailbox: Mailbox, uids: list[int], since: date) -> tuple[int, ...]:
    if len(uids) <= LOOK_AT_ALL:
        return tuple(uids)
    found = mailbox.candidates(since, uids[0] - 1)
    return tuple(uids) if found is None else tuple(sorted(set(found) & set(uids)))


def _is_unchanged(known: FolderCursor, state: FolderState) -> bool:
    """Say whether nothing arrived since (RFC 9051, section 2.3.1.1; RFC 7162, section 3.1.2)."""
    if state.uid_next is not None:
        return state.uid_next - 1 <= known.last_uid
    return state.highest_modseq is not None and state.highest_modseq == known.highest_modseq
