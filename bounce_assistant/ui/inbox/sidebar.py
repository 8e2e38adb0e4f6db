"""The sidebar: views, causes and accounts with their counts; collapses to icons when it must."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bounce_assistant.store.rows import CaseQuery
from bounce_assistant.ui import theme
from bounce_assistant.ui.inbox.drawing import draw_faded, draw_selection
from bounce_assistant.ui.models.sidebar_model import ENTRY_ROLE, Entry, EntryKind, SidebarModel

COLLAPSED_WIDTH = 56
Index = QModelIndex | QPersistentModelIndex
_Role = QPalette.ColorRole


class Sidebar(QListView):
    """Says which query the list should show."""

    view_chosen = Signal(object)  # Entry

    def __init__(self, model: SidebarModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.is_collapsed = False
        self.setModel(model)
        self.setItemDelegate(_EntryDelegate(self))
        self.setAccessibleName(self.tr("Views"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setViewportMargins(0, theme.GAP_8, 0, 0)
        self.setBackgroundRole(_Role.Window)
        self.viewport().setBackgroundRole(_Role.Window)
        self.viewport().setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        model.modelReset.connect(self._on_reset)
        self._query = CaseQuery()

    def choose(self, query: CaseQuery) -> None:
        """Mark the line of a view; says so through ``view_chosen`` like a click."""
        number = self._model.number_of(query)
        if number < 0:
            return
        if self.currentIndex().row() == number:
            self.view_chosen.emit(self._model.entry(number))
        else:
            self.setCurrentIndex(self._model.index(number))

    def collapse(self, *, to_icons: bool) -> None:
        """Show icons only, or words and counts again."""
        if to_icons != self.is_collapsed:
            self.is_collapsed = to_icons
            self.scheduleDelayedItemsLayout()
            self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(COLLAPSED_WIDTH if self.is_collapsed else 200, 400)

    def _on_current_changed(self, current: QModelIndex) -> None:
        entry = current.data(ENTRY_ROLE)
        if entry is not None and entry.query is not None:
            self._query = entry.query
            self.view_chosen.emit(entry)

    def _on_reset(self) -> None:
        number = self._model.number_of(self._query)
        self.selectionModel().blockSignals(True)  # noqa: FBT003 -- Qt's own signature
        self.setCurrentIndex(self._model.index(max(number, 0)))
        self.selectionModel().blockSignals(False)  # noqa: FBT003 -- Qt's own signature


class _EntryDelegate(QStyledItemDelegate):
    def __init__(self, sidebar: Sidebar) -> None:
        super().__init__(sidebar)
        self._sidebar = sidebar

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(option.font).height()
        entry: Entry = index.data(ENTRY_ROLE)
        if entry.kind is EntryKind.HEADING:
            return QSize(40, theme.GAP_24 if self._sidebar.is_collapsed else line + 24)
        return QSize(40, max(line + 12, 32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        rect: QRect = option.rect
        palette: QPalette = option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.kind is EntryKind.HEADING:
            self._paint_heading(painter, rect, palette, entry)
        else:
            self._paint_entry(painter, option, palette, entry)
        painter.restore()

    def _paint_heading(
        self, painter: QPainter, rect: QRect, palette: QPalette, entry: Entry
    ) -> None:
        if self._sidebar.is_collapsed:
            painter.setPen(palette.color(_Role.Midlight))
            painter.drawLine(
                rect.left() + 12, rect.center().y(), rect.right() - 12, rect.center().y()
            )
            return
        font = QFont(self._sidebar.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(palette.color(_Role.PlaceholderText))
        words = rect.adjusted(16, 0, -12, -6)
        painter.drawText(
            words, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, entry.title
        )

    def _paint_entry(
        self, painter: QPainter, option: QStyleOptionViewItem, palette: QPalette, entry: Entry
    ) -> None:
        state = option.state
        rect = QRect(option.rect).adjusted(8, 1, -8, -1)
        draw_selection(painter, rect, palette, state, rounded=True)
        colour = self._icon_colour(palette, entry)
        scale = painter.device().devicePixelRatioF()
        size = theme.icon_size(QFontMetrics(self._sidebar.font()).height())
        shown = theme.pixmap(entry.icon, colour, size, scale)
        half = size // 2 - 1
        left = rect.center().x() - half if self._sidebar.is_collapsed else rect.left() + 8
        painter.drawPixmap(left, rect.center().y() - half, shown)
        if self._sidebar.is_collapsed:
            return
        font = QFont(self._sidebar.font())
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        font.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        painter.setFont(font)
        count = self._sidebar.locale().toString(entry.count) if entry.count else ""
        room = painter.fontMetrics().horizontalAdvance(count)
        dim = entry.count == 0 and not chosen
        painter.setPen(palette.color(_Role.PlaceholderText if dim else _Role.WindowText))
        draw_faded(painter, rect.adjusted(size + 18, 0, -16 - room, 0), entry.title)
        painter.setPen(palette.color(_Role.WindowText if chosen else _Role.PlaceholderText))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(0, 0, -8, 0), right, count)

    def _icon_colour(self, palette: QPalette, entry: Entry) -> QColor:
        if entry.kind is EntryKind.GROUP:
            return theme.badge_colours(entry.icon, dark=theme.is_dark(palette)).text
        return palette.color(_Role.WindowText)
