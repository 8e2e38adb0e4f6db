"""The values that go into and come out of the store."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, NewType

AccountId = NewType("AccountId", int)
MessageId = NewType("MessageId", int)
CaseId = NewType("CaseId", int)  # one failed recipient of one message; table bounce
BatchId = NewType("BatchId", str)  # bounces of one mailing with one cause fold under it


class CaseState(StrEnum):
    """Where a case stands; also the three views of the sidebar."""

    NEEDS_YOU = "needs you"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What the list shows: a view, narrowed by filters, in an order. Sorting is SQL's work."""

    state: CaseState | None = CaseState.NEEDS_YOU
    group: str = ""  # a CauseGroup value
    account: AccountId | None = None
    search: str = ""
    beside: CaseId | None = None  # only cases of the notice, or the mailing, of this one
    order: str = "when"  # "when", "name", "title", "subject"
    descending: bool = True
    expanded: frozenset[BatchId] = field(default_factory=frozenset)  # opened batches


class RowKey(NamedTuple):  # 100,000 of them are made at once: half the time of a dataclass
    """A row of the list: a case, or a batch that folds several."""

    case: CaseId  # of a batch: its newest member
    batch: BatchId | None = None  # set on the folded row only
    indented: bool = False  # a member shown under its opened batch


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What one list row shows."""

    key: RowKey
    name: str  # person's name, else address
    address: str
    title: str
    subject: str  # of the mail that failed
    group: str  # CauseGroup value: icon and badge
    cause: str
    when: datetime  # of the notice, aware, UTC
    is_unread: bool
    state: CaseState
    snoozed_until: datetime | None
    count: int  # rows folded; 1 for a case of its own
    account: str  # e-mail of the account; "" for dropped files


@dataclass(frozen=True, slots=True)
class SidebarCounts:
    """Counts of rows as shown when clicked."""

    needs_you: int = 0
    waiting: int = 0
    done: int = 0
    by_group: dict[str, int] = field(default_factory=dict)  # CauseGroup value -> rows in Needs you
    by_account: dict[AccountId, int] = field(default_factory=dict)  # -> rows in Needs you
