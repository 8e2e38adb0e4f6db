"""The rows of the case list: keys in memory, rows by page, order and filters in SQL."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from bounce_assistant.store.rows import BatchId, CaseId, CaseQuery, CaseRow, CaseState, RowKey
from bounce_assistant.ui.models.times import moment, spoken_age
from bounce_assistant.ui.widgets.plain import as_shown

PAGE = 64  # rows asked for at once: two screens full
_KEPT_PAGES = 64  # what stays in memory of a list of any length
ROW_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class RowSource(Protocol):
    """Where keys and rows come from: services.cases.Cases."""

    def keys(self, query: CaseQuery) -> list[RowKey]: ...

    def rows(self, keys: Sequence[RowKey]) -> dict[RowKey, CaseRow]: ...

    def batch_of(self, case: CaseId) -> BatchId | None: ...


class CaseListModel(QAbstractListModel):
    """Sorting and filtering are SQL's work; a Python proxy takes seconds at 100,000 rows."""

    reloaded = Signal()  # the same rows are to be drawn again

    def __init__(
        self,
        source: RowSource,
        parent: QObject | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._now = now
        self._query = CaseQuery()
        self._keys: list[RowKey] = []
        self._pages: dict[int, dict[RowKey, CaseRow]] = {}
        self._standing_of: Callable[[CaseId], str] = lambda _case: ""
        self._standings: dict[CaseId, str] = {}

    @property
    def query(self) -> CaseQuery:
        return self._query

    @property
    def now(self) -> datetime:
        return self._now()

    def show(self, query: CaseQuery) -> None:
        """Ask for the keys again and forget the rows; cheap at any length."""
        self.beginResetModel()
        self._query, self._keys = query, self._source.keys(query)
        self._pages.clear()
        self._standings.clear()
        self.endResetModel()

    def refresh(self) -> None:
        """Show the same query as it is now; without a reset when the rows are still the same."""
        if self._source.keys(self._query) == self._keys:
            self.reload()
        else:
            self.show(self._query)

    def reload(self) -> None:
        """Forget the rows: something about them changed, but not which they are.

        No dataChanged, upon which a QListView lays out every row again.
        """
        self._pages.clear()
        self._standings.clear()
        self.reloaded.emit()

    def toggle(self, batch: BatchId) -> None:
        """Open or close the people folded under a batch."""
        self.show(replace(self._query, expanded=self._query.expanded ^ {batch}))

    def is_open(self, key: RowKey) -> bool:
        return key.batch is not None and key.batch in self._query.expanded

    def tell_standing(self, standing_of: Callable[[CaseId], str]) -> None:
        """Have rows say what became of their email: ``standing_of`` returns "" for nothing."""
        self._standing_of = standing_of

    def standing(self, row: CaseRow) -> str:
        """Return where a row's email stands; asked only for rows that are drawn, and once."""
        if row.key.batch is not None:
            return ""
        case = row.key.case
        if case not in self._standings:
            self._standings[case] = self._standing_of(case) or self._waiting(row)
        return self._standings[case]

    def _waiting(self, row: CaseRow) -> str:
        if row.state is not CaseState.WAITING or row.snoozed_until is None:
            return ""
        when = moment(row.snoozed_until, self.now)
        return self.tr("Waiting until %1").replace("%1", when)

    def key(self, number: int) -> RowKey:
        return self._keys[number]

    def number_of(self, key: RowKey) -> int:
        """Return where a row stands, -1 when it is not shown (any more)."""
        try:
            return self._keys.index(key)
        except ValueError:
            return -1

    def number_of_case(self, case: CaseId) -> int:
        """Return where a case stands as a row of its own, -1 when it is folded or not shown."""
        for number, key in enumerate(self._keys):
            if key.case == case and key.batch is None:
                return number
        return -1

    def number_showing(self, case: CaseId) -> int:
        """Return the row that folds a case, else the one that shows it; -1 without either."""
        batch = self._source.batch_of(case)
        folded = (number for number, key in enumerate(self._keys) if key.batch == batch)
        number = -1 if batch is None else next(folded, -1)
        return number if number >= 0 else self.number_of_case(case)

    def batch_folding(self, case: CaseId) -> BatchId | None:
        """Return the batch whose row folds a case away; None when no row does."""
        number = self.number_showing(case)
        return self._keys[number].batch if number >= 0 else None

    def row(self, number: int) -> CaseRow | None:
        """Return a row, fetching its page; None if it went meanwhile."""
        page = number // PAGE
        if page not in self._pages:
            start = page * PAGE
            if len(self._pages) >= _KEPT_PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[page] = self._source.rows(self._keys[start : start + PAGE])
        return self._pages[page].get(self._keys[number])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        return 0 if parent.isValid() else len(self._keys)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._keys):
            return None
        row = self.row(index.row())
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        return self._words(row, index.row(), role)

    def heading(self, row: CaseRow) -> str:
        """Return the first line: a name, or how many people a batch folds."""
        if row.count > 1:
            return self.tr("%n people", "", row.count)
        return row.name or row.address

    def _words(self, row: CaseRow, number: int, role: int) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heading(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(row, number)
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = filter(None, (self.heading(row), row.title, row.subject))
            return as_shown("\n".join(lines))
        return None

    def _sentence(self, row: CaseRow, number: int) -> str:
        age = spoken_age(row.when, self.now)
        place = (
            self.tr("%1 of %2").replace("%1", str(number + 1)).replace("%2", str(len(self._keys)))
        )
        title = ", ".join(filter(None, (row.title, self.standing(row))))
        return f"{self.heading(row)}, {title}, {age}, {place}"
