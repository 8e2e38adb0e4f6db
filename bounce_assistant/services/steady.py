"""A mailbox that is reached again when its line breaks, and finds the mail over which it breaks.

Some servers fall over one odd mail, and nothing behind it would ever be found. Asked for less and
less, by halves, they show which one it is; that one is set aside and passed over from then on.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from bounce_assistant.mail.accounts import FolderRole
from bounce_assistant.mail.inbox_search import FIELDS
from bounce_assistant.mail.mailbox import (
    ROLES,
    Candidates,
    FetchedMessage,
    FolderState,
    Look,
    Mailbox,
    Outline,
)
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.store.rows import AccountId
from bounce_assistant.store.set_aside import SetAside, SetAsideMail

MOST_RECONNECTS = 40  # in one check: a mail among 20,000 takes about half of them
_SAME_PLACE = 2  # times that the line breaks before less is asked for
_LOST = 20_000  # bytes that may have been under way when a line broke: one record of TLS
_PROOF = 400  # openings of a folder, to see that a line bears more than what another broke over


class _Numbered(Protocol):
    @property
    def uid(self) -> int: ...


One = TypeVar("One", bound=_Numbered)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Break:
    """A line that broke, after so many bytes."""

    problem: MailServerError
    received: int


@dataclass(frozen=True, slots=True)
class _Searched:
    """What a search found up to a message."""

    uid: int
    found: Candidates | None


class SteadyMailbox:
    """Keeps what ``Reading`` promises, on as many connections as it takes."""

    def __init__(
        self, connect: Callable[[], Mailbox], account: AccountId, set_aside: SetAside
    ) -> None:
        self._connect, self._account, self._set_aside = connect, account, set_aside
        self._inner = connect()
        self._folder = ""
        self._state = FolderState(0, None, 0, None)
        self._reconnects = 0
        self._suspects: set[int] = set()  # in the open folder; asked for alone
        self.newly_set_aside: list[SetAsideMail] = []

    def outline(
        self, roles: Collection[FolderRole] = ROLES, known: Collection[str] = ()
    ) -> Outline:
        return self._twice(lambda: self._inner.outline(roles, known))

    def open(self, folder: str) -> FolderState:
        if folder == self._folder:
            return self._state  # it is open, and one check needs to hear of it once
        self._suspects.clear()
        self._folder = ""  # until it is open there is nothing to open again
        self._state = self._twice(lambda: self._inner.open(folder))
        self._folder = folder
        return self._state

    def uids(self, since: date, after: int = 0) -> list[int]:
        found = self._twice(lambda: self._inner.uids(since, after))
        barred = self._barred()
        return [uid for uid in found if uid not in barred]

    def candidates(
        self, since: date, after: int = 0, until: int | None = None
    ) -> Candidates | None:
        if not any(uid > after for uid in self._barred()):
            try:
                return self._twice(lambda: self._inner.candidates(since, after, until))
            except MailServerError as problem:
                self._come_back(problem)
        return self._candidates_by_pieces(since, after, until)

    def looks(
        self, uids: Sequence[int], fields: Sequence[str] = FIELDS, beginning: int = 0
    ) -> Iterator[Look]:
        return self._over(
            uids, lambda part: self._inner.looks(part, fields, beginning), self._lay_aside
        )

    def messages(self, looks: Sequence[Look]) -> Iterator[FetchedMessage]:
        by_uid = {look.uid: look for look in looks}
        return self._over(
            list(by_uid),
            lambda part: self._inner.messages([by_uid[uid] for uid in part]),
            self._lay_aside,
        )

    def close(self) -> None:
        self._inner.close()

    def _candidates_by_pieces(
        self, since: date, after: int, until: int | None
    ) -> Candidates | None:
        """Search range by range; what breaks a search may bear to be looked at, if alone."""

        def search(part: Sequence[int]) -> Iterator[_Searched]:
            yield _Searched(part[-1], self._inner.candidates(since, part[0] - 1, part[-1]))

        uids = [uid for uid in self.uids(since, after) if until is None or uid <= until]
        sure: set[int] = set()
        maybe: set[int] = set()
        for piece in self._over(uids, search, lambda uid, _: self._suspects.add(uid)):
            if piece.found is None:
                return None
            sure |= piece.found.sure
            maybe |= piece.found.maybe
        maybe |= self._suspects.intersection(uids)
        return Candidates(frozenset(sure), frozenset(maybe - sure))

    def _over(
        self,
        uids: Sequence[int],
        ask: Callable[[Sequence[int]], Iterator[One]],
        found_out: Callable[[int, _Break], object],
    ) -> Iterator[One]:
        """Yield what is said of these messages; ``found_out`` hears which one can't be had."""
        parts = [(part, 0) for part in reversed(self._parts(uids))]
        while parts:
            part, breaks = parts.pop()
            try:
                for one in ask(part):
                    part, breaks = part[bisect_right(part, one.uid) :], 0
                    yield one
                continue
            except MailServerError as problem:
                broken = self._come_back(problem)
            breaks += 1
            if not part or breaks < _SAME_PLACE:
                parts += [(part, breaks)] if part else []
            elif len(part) == 1:
                found_out(part[0], broken)
            else:
                middle = len(part) // 2
                for half in (part[middle:], part[:middle]):
                    parts.append((half, breaks - 1 if len(half) > 1 else 0))

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

    def _lay_aside(self, uid: int, broken: _Break) -> None:
        """Pass over a mail from now on, once the line was seen to bear what it broke over."""
        openings = 0
        while self._inner.received <= broken.received + _LOST:
            openings += 1
            if openings > _PROOF or not broken.problem.is_clean_end:
                raise broken.problem  # it may break whatever is asked for
            self._inner.open(self._folder)
        mail = SetAsideMail(
            self._account, self._folder, self._state.uid_validity, uid, self._size_of(uid)
        )
        self._set_aside.add(mail)
        self.newly_set_aside.append(mail)

    def _size_of(self, uid: int) -> int:
        try:
            return sum(look.size for look in self._inner.looks([uid], ()))
        except MailServerError as problem:
            self._come_back(problem)
            return 0

    def _twice(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except MailServerError as problem:
            self._come_back(problem)
        return ask()

    def _come_back(self, problem: MailServerError) -> _Break:
        """Connect again and open the folder; raise the problem where that is of no use."""
        if problem.kind is not ProblemKind.CUT or self._reconnects == MOST_RECONNECTS:
            raise problem
        self._reconnects += 1
        broken = _Break(problem, self._inner.received)
        self._inner.close()
        self._inner = self._connect()
        if self._folder and self._inner.open(self._folder).uid_validity != self._state.uid_validity:
            raise problem
        return broken

    def _barred(self) -> frozenset[int]:
        return self._set_aside.uids(self._account, self._folder, self._state.uid_validity)
