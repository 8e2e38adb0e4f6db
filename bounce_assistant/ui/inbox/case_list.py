"""The list of bounces: arrow keys or J and K to move, single letters to act, Enter to fix."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyleOptionViewItem, QWidget

from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.store.rows import CaseId, CaseQuery, CaseRow, RowKey
from bounce_assistant.ui.inbox.case_delegate import CaseDelegate
from bounce_assistant.ui.models.case_list_model import PAGE, ROW_ROLE, CaseListModel

_Key = Qt.Key
_LOOKED_FOR = 100  # cases of one notice; a longer one has its rows among the first
_BATCH = 2000  # rows that Qt lays out at once, in 3 ms; all of 100,000 take it 130


class CaseList(QListView):
    """Shows a CaseListModel; says what was picked and keeps the place when rows change."""

    rows_picked = Signal(list)  # CaseRow of every selected row, in list order
    main_requested = Signal()  # Enter: the main button's flow

    def __init__(self, model: CaseListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = CaseDelegate(model, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Bounces"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setBatchSize(_BATCH)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        model.reloaded.connect(self.viewport().update)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)

    def show_query(self, query: CaseQuery) -> None:
        """Show another view from its top, with nothing picked."""
        self.setLayoutMode(QListView.LayoutMode.Batched)  # the top at once, the rest meanwhile
        self._model.show(query)
        self.scrollToTop()
        self.rows_picked.emit([])

    def refresh(self) -> None:
        """Show the rows as they are now; what was picked and the place in the list stay."""
        keys = [self._model.key(index.row()) for index in self.selectedIndexes()]
        current, place = self.currentIndex().row(), self.verticalScrollBar().value()
        self.setLayoutMode(QListView.LayoutMode.SinglePass)  # so that the place can be found again
        self._model.refresh()
        self._pick_again(keys, current)
        self.verticalScrollBar().setValue(place)

    def toggle(self, row: CaseRow) -> None:
        """Open or close the people of a batch row."""
        if row.key.batch is not None:
            place = self.verticalScrollBar().value()
            self._model.toggle(row.key.batch)
            self._pick_again([row.key], -1)
            self.verticalScrollBar().setValue(place)

    def pick(self, key: RowKey) -> bool:
        """Pick one row and scroll to it; False when the list does not show it."""
        number = self._model.number_of(key)
        if number >= 0:
            self.setCurrentIndex(self._model.index(number))
        return number >= 0

    def pick_case(self, case: CaseId) -> bool:
        """Pick a case, opening the batch that folds it; False when the list does not show it."""
        number = self._model.number_of_case(case)
        if number < 0 and (batch := self._model.batch_folding(case)) is not None:
            self._model.toggle(batch)
            number = self._model.number_of_case(case)
        if number >= 0:
            self.setCurrentIndex(self._model.index(number))
        return number >= 0

    def pick_first_of(self, cases: Sequence[CaseId]) -> bool:
        """Pick the topmost row that shows one of these cases, folded or not; False without one."""
        found = [self._model.number_showing(case) for case in cases[:_LOOKED_FOR]]
        numbers = [number for number in found if number >= 0]
        if numbers:
            self.setCurrentIndex(self._model.index(min(numbers)))
        return bool(numbers)

    def pick_first_bounce(self) -> None:
        """Pick the first row where there is something to do; else the first, if there is one."""
        count = self._model.rowCount()
        rows = (self._model.row(number) for number in range(min(count, PAGE)))
        open_ends = (n for n, row in enumerate(rows) if row and row.group != CauseGroup.FINE)
        if count:
            self.setCurrentIndex(self._model.index(next(open_ends, 0)))

    def picked(self) -> list[CaseRow]:
        """Return the selected rows in list order."""
        numbers = sorted(index.row() for index in self.selectedIndexes())
        rows = (self._model.row(number) for number in numbers)
        return [row for row in rows if row is not None]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {_Key.Key_J: _Key.Key_Down, _Key.Key_K: _Key.Key_Up}
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        key = _Key(event.key())
        if not plain:
            super().keyPressEvent(event)
        elif key in (_Key.Key_Return, _Key.Key_Enter):
            self.main_requested.emit()
        elif key in moves:
            arrow = QKeyEvent(QEvent.Type.KeyPress, moves[key], Qt.KeyboardModifier.NoModifier)
            super().keyPressEvent(arrow)
        elif key in (_Key.Key_Right, _Key.Key_Left):
            self._fold(is_opening=key == _Key.Key_Right)
        elif not event.text().isalpha():  # letters are commands, not a search by first letter
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._batch_at(event.position().toPoint())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.toggle(row)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        row = self.indexAt(point).data(ROW_ROLE)
        if row is not None and row.key.batch is not None and self._batch_at(point) is None:
            self.toggle(row)
        super().mouseDoubleClickEvent(event)

    def _batch_at(self, point: QPoint) -> CaseRow | None:
        """Return the batch row whose arrow is at a point."""
        index = self.indexAt(point)
        row: CaseRow | None = index.data(ROW_ROLE)
        if row is None or row.key.batch is None:
            return None
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        return row if self._delegate.chevron_rect(option).contains(point) else None

    def _fold(self, *, is_opening: bool) -> None:
        row: CaseRow | None = self.currentIndex().data(ROW_ROLE)
        if row and row.key.batch is not None and self._model.is_open(row.key) != is_opening:
            self.toggle(row)

    def _pick_again(self, keys: Sequence[RowKey], current: int) -> None:
        numbers = [number for number in map(self._model.number_of, keys) if number >= 0]
        if not numbers and keys and current >= 0 and self._model.rowCount():
            numbers = [min(current, self._model.rowCount() - 1)]  # the next one takes its place
        chosen = QItemSelection()
        for number in numbers:
            index = self._model.index(number)
            chosen.select(index, index)
        if numbers:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self._model.index(numbers[0]), flag)
            clear = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().select(chosen, clear)
        elif keys:
            self.rows_picked.emit([])

    def _on_selection_changed(self) -> None:
        self.rows_picked.emit(self.picked())
