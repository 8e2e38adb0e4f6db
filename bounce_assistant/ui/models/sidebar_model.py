"""The views of the sidebar, in their fixed order, each with the number of rows it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bounce_assistant.store.rows import AccountId, CaseQuery, CaseState, SidebarCounts

ENTRY_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class EntryKind(StrEnum):
    """What a line of the sidebar is."""

    VIEW = "view"
    HEADING = "heading"
    GROUP = "group"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. A heading has neither icon nor count, and cannot be chosen."""

    kind: EntryKind
    title: str
    icon: str = ""
    count: int = 0
    query: CaseQuery | None = None
    note: str = ""  # of an account: why it isn't checked


class SidebarModel(QAbstractListModel):
    """Needs you, Waiting, Done; By cause; Accounts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self.show(SidebarCounts(), ())

    def show(
        self,
        counts: SidebarCounts,
        accounts: Sequence[tuple[AccountId, str]],
        stopped: Mapping[AccountId, str] = MappingProxyType({}),
    ) -> None:
        """Draw these counts; ``accounts`` are pairs of id and address.

        ``stopped`` says of those that can't be checked what is in the way.
        """
        views, groups = self._views(counts), self._groups(counts)
        entries = views + groups + self._accounts(counts, accounts, stopped)
        if len(entries) == len(self._entries):  # keeps the chosen line chosen
            self._entries = entries
            self.dataChanged.emit(self.index(0), self.index(len(entries) - 1))
            return
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def entry(self, number: int) -> Entry:
        return self._entries[number]

    def number_of(self, query: CaseQuery) -> int:
        """Return the line of a view, group or account, -1 when there is none."""
        wanted = (query.state, query.group, query.account)
        for number, entry in enumerate(self._entries):
            shown = entry.query
            if shown and (shown.state, shown.group, shown.account) == wanted:
                return number
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return _heard(entry)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._entries[index.row()].query is None:
            return Qt.ItemFlag.NoItemFlags  # the arrow keys skip headings
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _views(self, counts: SidebarCounts) -> list[Entry]:
        lines = [
            (self.tr("Needs you"), "inbox", counts.needs_you, CaseState.NEEDS_YOU),
            (self.tr("Waiting"), "waiting", counts.waiting, CaseState.WAITING),
            (self.tr("Done"), "done", counts.done, CaseState.DONE),
        ]
        return [
            Entry(EntryKind.VIEW, title, icon, count, CaseQuery(state=state))
            for title, icon, count, state in lines
        ]

    def _groups(self, counts: SidebarCounts) -> list[Entry]:
        words = {
            "address": self.tr("Wrong address"),
            "later": self.tr("Try later"),
            "blocked": self.tr("Blocked"),
            "setup": self.tr("Your setup"),
            "fine": self.tr("Nothing to do"),
            "unsure": self.tr("Needs a look"),
        }
        groups = [
            Entry(
                EntryKind.GROUP, word, group, counts.by_group.get(group, 0), CaseQuery(group=group)
            )
            for group, word in words.items()
        ]
        return [Entry(EntryKind.HEADING, self.tr("By cause")), *groups]

    def _accounts(
        self,
        counts: SidebarCounts,
        accounts: Sequence[tuple[AccountId, str]],
        stopped: Mapping[AccountId, str],
    ) -> list[Entry]:
        if not accounts:
            return []
        lines = [
            Entry(
                EntryKind.ACCOUNT,
                email,
                "unsure" if account in stopped else "account",
                counts.by_account.get(account, 0),
                CaseQuery(account=account),
                self._note(stopped.get(account, "")),
            )
            for account, email in accounts
        ]
        return [Entry(EntryKind.HEADING, self.tr("Accounts")), *lines]

    def _note(self, problem: str) -> str:
        return self.tr("Not checked: {problem}").format(problem=problem) if problem else ""


def _heard(entry: Entry) -> str:
    """Return a line as a screen reader says it, and as it is told to who points at it."""
    if entry.query is None:
        return entry.title
    return ". ".join(filter(None, (f"{entry.title}, {entry.count}", entry.note)))
