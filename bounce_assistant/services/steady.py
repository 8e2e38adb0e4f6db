"""A mailbox that is reached again when its line breaks, and finds the mail over which it breaks.

Some servers fall over one odd mail: they hang up, say nothing more, or say no. Nothing behind it
would ever be found. Asked for less and less, they show which one it is. It is set aside, and passed
over from then on, once the line broke over it twice while it bore other mail (``bearing.py``).
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from functools import partial
from typing import Protocol, TypeVar

from bounce_assistant.mail.accounts import FolderRole
from bounce_assistant.mail.inbox_search import FIELDS, decode_field
from bounce_assistant.mail.mailbox import (
    MOST_OF_ONE,
    ROLES,
    Candidates,
    FetchedMessage,
    FolderState,
    Look,
    Mailbox,
    Outline,
)
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.services.bearing import (
    MOST_GLANCED,
    Break,
    bears_mail,
    bears_opening,
    choose_others,
)
from bounce_assistant.store.rows import AccountId
from bounce_assistant.store.set_aside import SetAside, SetAsideMail

MOST_RECONNECTS = 40  # in one check: a mail among 20,000 takes about half of them
MOST_SILENCES = 4  # since a mail was set aside: each lasts as long as a time-out
_TIMES = 2  # that a line breaks over one mail, asked for alone, before it is set aside
_NAMING = ("From", "Subject")
_LONGEST = 200  # characters of either that are kept
_BREAKS = (ProblemKind.CUT, ProblemKind.SILENT)


class _Numbered(Protocol):
    @property
    def uid(self) -> int: ...


One = TypeVar("One", bound=_Numbered)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Searched:
    """What a search found up to a message."""

    uid: int
    found: Candidates | None


class SteadyMailbox:
    """Keeps what ``Reading`` promises, on as many connections as it takes."""

    def __init__(
        self,
        connect: Callable[[], Mailbox],
        account: AccountId,
        set_aside: SetAside,
        again: Iterable[SetAsideMail] = (),
    ) -> None:
        """``again``: mail that was set aside and is to be asked for once more."""
        self._connect, self._account, self._set_aside = connect, account, set_aside
        self._again = {(mail.folder, mail.uid_validity, mail.uid) for mail in again}
        self._inner = connect()
        self._folder = ""
        self._folders: tuple[str, ...] = ()  # that may be read
        self._state = FolderState(0, None, 0, None)
        self._reconnects = self._silences = 0
        self._suspects: set[int] = set()  # in the open folder; asked for alone
        self._read: set[int] = set()  # from the open folder, by this check
        self._since = date.max  # as far back as was asked
        self.newly_set_aside: list[SetAsideMail] = []

    def without_second_try(self) -> Mailbox:
        """Return the connection there is; whoever opens folders on it has the last word."""
        self._folder = ""
        return self._inner

    def outline(
        self, roles: Collection[FolderRole] = ROLES, known: Collection[str] = ()
    ) -> Outline:
        outline = self._twice(lambda: self._inner.outline(roles, known))
        self._folders = outline.folders
        return outline

    def open(self, folder: str) -> FolderState:
        if folder == self._folder:
            return self._state  # it is open, and one check needs to hear of it once
        self._suspects.clear()
        self._read.clear()
        self._folder = ""  # until it is open there is nothing to open again
        self._state = self._twice(lambda: self._inner.open(folder))
        self._folder = folder
        return self._state

    def uids(self, since: date, after: int = 0) -> list[int]:
        found = self._twice(lambda: self._inner.uids(since, after))
        self._since = min(self._since, since)
        barred = self._barred()
        return [uid for uid in found if uid not in barred]

    def candidates(
        self, since: date, after: int = 0, until: int | None = None
    ) -> Candidates | None:
        if not any(uid > after for uid in self._barred()):
            try:
                return self._searched(
                    lambda: self._twice(lambda: self._inner.candidates(since, after, until))
                )
            except MailServerError as problem:
                self._come_back(problem)
        return self._candidates_by_pieces(since, after, until)

    def looks(
        self, uids: Sequence[int], fields: Sequence[str] = FIELDS, beginning: int = 0
    ) -> Iterator[Look]:
        return self._over(
            uids,
            lambda part: self._inner.looks(part, fields, beginning),
            self._lay_aside,
            lambda uid, broken: self._confirm(uid, broken, MOST_GLANCED),
        )

    def messages(self, looks: Sequence[Look]) -> Iterator[FetchedMessage]:
        by_uid = {look.uid: look for look in looks}
        found = self._over(
            list(by_uid),
            lambda part: self._inner.messages([by_uid[uid] for uid in part]),
            partial(self._lay_aside, is_named=True),
            lambda uid, broken: self._confirm(uid, broken, min(by_uid[uid].size, MOST_OF_ONE)),
        )
        for message in found:
            self._read.add(message.uid)
            yield message

    def close(self) -> None:
        self._inner.close()

    def _candidates_by_pieces(
        self, since: date, after: int, until: int | None
    ) -> Candidates | None:
        """Search range by range; what breaks a search may bear to be looked at, if alone."""

        def search(part: Sequence[int]) -> Iterator[_Searched]:
            found = self._searched(lambda: self._inner.candidates(since, part[0] - 1, part[-1]))
            yield _Searched(part[-1], found)

        uids = [uid for uid in self.uids(since, after) if until is None or uid <= until]
        sure: set[int] = set()
        maybe: set[int] = set()
        for piece in self._over(uids, search, self._suspects.add):
            if piece.found is None:
                return None
            sure |= piece.found.sure
            maybe |= piece.found.maybe
        maybe |= self._suspects.intersection(uids)
        return Candidates(frozenset(sure), frozenset(maybe - sure))

    def _searched(self, search: Callable[[], Candidates | None]) -> Candidates | None:
        """Return what is found; None where the server falls silent, as the headers tell as well."""
        try:
            return search()
        except MailServerError as problem:
            if problem.kind is not ProblemKind.SILENT:
                raise
            self._come_back(problem)
            return None

    def _over(
        self,
        uids: Sequence[int],
        ask: Callable[[Sequence[int]], Iterator[One]],
        found_out: Callable[[int], object],
        confirm: Callable[[int, Break], object] = lambda _uid, _broken: None,
    ) -> Iterator[One]:
        """Yield what is said of these messages; ``found_out`` hears which one can't be had.

        ``confirm`` hears of each break over one message alone; what it raises ends it all.
        """
        parts: list[tuple[list[int], Break | None, int]]
        parts = [(part, None, 0) for part in reversed(self._parts(uids))]
        while parts:
            part, first, breaks = parts.pop()
            is_alone = len(part) == 1
            try:
                for one in ask(part):
                    part = part[bisect_right(part, one.uid) :]
                    yield one
                continue
            except MailServerError as problem:
                broken = self._come_back(problem)
            if not part:
                continue
            if not is_alone:
                parts += [(less, None, 0) for less in reversed(_less(part))]
                continue
            first = first or broken
            confirm(part[0], first)
            if breaks + 1 < _TIMES:
                parts.append((part, first, breaks + 1))
            else:
                found_out(part[0])

    def _parts(self, uids: Sequence[int]) -> list[list[int]]:
        """Cut where a mail to pass over lies between two, and around those under suspicion."""
        barred = sorted(self._barred())
        parts: list[list[int]] = []
        for uid in uids:
            if uid in barred:
                continue
            before = parts[-1][-1] if parts else 0
            is_alone = uid in self._suspects or before in self._suspects
            if not parts or is_alone or bisect_right(barred, before) < bisect_right(barred, uid):
                parts.append([])
            parts[-1].append(uid)
        return parts

    def _confirm(self, uid: int, broken: Break, size: int) -> None:
        """Return once this line bore other mail, and more of it; raise the problem otherwise.

        Where there is no other in its folder, what lies in another one is read.
        """
        need = broken.need(size)
        for folder in dict.fromkeys((self._folder, *self._folders)):
            bears = self._bears(folder, uid, need)
            if bears:
                return
            if bears is not None:
                raise broken.problem
        if not (broken.problem.is_clean_end and bears_opening(self._inner, self._folder, need)):
            raise broken.problem

    def _bears(self, folder: str, uid: int, need: int) -> bool | None:
        """Say whether a line bears so much of a folder's mail but this; None: there is none."""
        is_here = folder == self._folder
        suspects, read = {uid, *self._suspects, *self._barred()}, self._read
        if not is_here:
            at = self._inner.open(folder).uid_validity
            suspects, read = set(self._set_aside.uids(self._account, folder, at)), set()
        others = [one for one in self._inner.uids(self._since) if one not in suspects]
        chosen = choose_others(self._inner, others, read, need)
        bears = False if chosen else None
        for looks in chosen:
            try:
                bears = bears_mail(self._inner, looks, need)
            except MailServerError as problem:
                self._come_back(problem)
                if not is_here:
                    self._inner.open(folder)
            if bears:
                break
        if not is_here:
            self._inner.open(self._folder)
        return bears

    def _lay_aside(self, uid: int, *, is_named: bool = False) -> None:
        """Pass over a mail from now on. ``is_named``: its header can be had."""
        self._silences = 0
        look = self._look_of(uid, _NAMING if is_named else ())
        header = message_from_bytes(look.header, policy=policy.compat32)
        sender, subject = (decode_field(header.get(name, ""))[:_LONGEST] for name in _NAMING)
        at = self._state.uid_validity
        mail = SetAsideMail(self._account, self._folder, at, uid, look.size, sender, subject)
        self._set_aside.add(mail)
        self._again.discard((self._folder, at, uid))
        self.newly_set_aside.append(mail)

    def _look_of(self, uid: int, fields: Sequence[str]) -> Look:
        try:
            found = list(self._inner.looks([uid], fields))
        except MailServerError as problem:
            self._come_back(problem)
            found = []
        return found[0] if found else Look(uid, 0)

    def _twice(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except MailServerError as problem:
            if problem.kind is not ProblemKind.CUT:  # no single mail is behind that
                raise
            self._come_back(problem)
        return ask()

    def _come_back(self, problem: MailServerError) -> Break:
        """Connect again and open the folder; raise the problem where that is of no use."""
        self._silences += problem.kind is ProblemKind.SILENT
        is_enough = self._reconnects == MOST_RECONNECTS or self._silences > MOST_SILENCES
        is_break = problem.kind in _BREAKS or problem.is_refusal
        if is_enough or not is_break:
            raise problem
        self._reconnects += 1
        broken = Break(problem, self._inner.received)
        self._inner.close()
        self._inner = self._connect()
        if self._folder and self._inner.open(self._folder).uid_validity != self._state.uid_validity:
            raise problem
        return broken

    def _barred(self) -> frozenset[int]:
        at = self._state.uid_validity
        barred = self._set_aside.uids(self._account, self._folder, at)
        return frozenset(uid for uid in barred if (self._folder, at, uid) not in self._again)


def _less(uids: list[int]) -> list[list[int]]:
    """Return what is asked for next: the first, over which it may have broken, and two halves."""
    middle = (len(uids) + 1) // 2
    return [part for part in (uids[:1], uids[1:middle], uids[middle:]) if part]
