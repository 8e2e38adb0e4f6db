"""The figures of a one-page report: how many bounced, why, and who still needs somebody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bounce_assistant.advice.playbooks import BADGES, CauseGroup
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.export import read_rows
from bounce_assistant.store.rows import CaseRow, CaseState, RowKey

_REASONS, _PEOPLE = 8, 20  # lines at most


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: what, and how many."""

    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """People whose copy of one email came back for one reason."""

    first: CaseRow  # the newest
    others: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a report says, ready to be set on a page."""

    total: int
    first: datetime | None  # of the notices, aware
    last: datetime | None
    states: tuple[Figure, ...]
    sorts: tuple[Figure, ...]  # by badge, the most frequent first
    reasons: tuple[Figure, ...]  # by title, the most frequent first; the rest as one line
    people: tuple[Group, ...]  # who needs somebody, newest first
    more: int  # bounces that found no room

    def shorter(self) -> "Summary":
        """Return the summary with one line fewer of the people."""
        gone = self.people[-1:]
        more = self.more + sum(1 + group.others for group in gone)
        return replace(self, people=self.people[:-1], more=more)


def summarize(cases: Cases, keys: Sequence[RowKey]) -> Summary:
    """Count cases; ``keys`` one for each case, nothing folded."""
    states, sorts, reasons = Counter[str](), Counter[str](), Counter[str]()
    first: datetime | None = None
    last: datetime | None = None
    waiting: list[CaseRow] = []
    for row in read_rows(cases, keys):
        states[row.state] += 1
        sorts[BADGES[CauseGroup(row.group)]] += 1
        reasons[row.title] += 1
        first, last = min(first or row.when, row.when), max(last or row.when, row.when)
        if row.state is CaseState.NEEDS_YOU:
            waiting.append(row)
    groups = _grouped(sorted(waiting, key=lambda row: row.when, reverse=True))
    return Summary(
        total=states.total(),
        first=first,
        last=last,
        states=tuple(Figure(state.value.capitalize(), states[state]) for state in CaseState),
        sorts=tuple(Figure(*pair) for pair in sorts.most_common()),
        reasons=_cut(reasons),
        people=groups[:_PEOPLE],
        more=sum(1 + group.others for group in groups[_PEOPLE:]),
    )


def _grouped(rows: Sequence[CaseRow]) -> tuple[Group, ...]:
    counts = Counter((row.title, row.subject) for row in rows)
    firsts: dict[tuple[str, str], CaseRow] = {}
    for row in rows:
        firsts.setdefault((row.title, row.subject), row)
    return tuple(Group(row, counts[key] - 1) for key, row in firsts.items())


def _cut(reasons: Counter[str]) -> tuple[Figure, ...]:
    most = reasons.most_common()
    lines = [Figure(*pair) for pair in most[:_REASONS]]
    rest = sum(count for _, count in most[_REASONS:])
    return (*lines, Figure("Other reasons", rest)) if rest else tuple(lines)
