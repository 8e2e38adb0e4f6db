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
from bounce_assistant.ui.inbox.drawing import draw_faded, draw_selection, mirrored
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
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        if entry.kind is EntryKind.HEADING:
            self._paint_heading(painter, option, entry)
        else:
            self._paint_entry(painter, option, entry)
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        rect: QRect = option.rect
        if self._sidebar.is_collapsed:
            line = QRect(rect.left() + 12, rect.center().y(), rect.width() - 24, 1)
            painter.fillRect(line, option.palette.color(_Role.Midlight))
            return
        painter.setFont(self._font(is_heavy=True))
        painter.setPen(option.palette.color(_Role.PlaceholderText))
        words = mirrored(option, rect.adjusted(16, 0, -12, -6))
        low = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, low, entry.title)

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        rect: QRect = option.rect.adjusted(8, 1, -8, -1)
        draw_selection(painter, option, rect, rounded=True)
        size = theme.icon_size(QFontMetrics(self._sidebar.font()).height())
        left = rect.center().x() - size // 2 + 1 if self._sidebar.is_collapsed else rect.left() + 8
        place = mirrored(option, QRect(left, rect.center().y() - size // 2 + 1, size, size))
        colour = self._icon_colour(option.palette, entry)
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(place.topLeft(), theme.pixmap(entry.icon, colour, size, scale))
        if not self._sidebar.is_collapsed:
            self._paint_words(painter, option, rect.adjusted(size + 18, 0, -8, 0), entry)

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, words: QRect, entry: Entry
    ) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        strong = option.palette.color(_Role.WindowText)
        dim = option.palette.color(_Role.PlaceholderText)
        painter.setFont(self._font(is_heavy=is_chosen))
        count = self._sidebar.locale().toString(entry.count)
        room = painter.fontMetrics().horizontalAdvance(count) + theme.GAP_8
        painter.setPen(strong if entry.count or is_chosen else dim)
        draw_faded(painter, mirrored(option, words.adjusted(0, 0, -room, 0)), entry.title)
        painter.setPen(strong if is_chosen else dim)
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(mirrored(option, words), end, count)

    def _font(self, *, is_heavy: bool) -> QFont:
        font = QFont(self._sidebar.font())
        font.setWeight(QFont.Weight.DemiBold if is_heavy else QFont.Weight.Normal)
        return font

    def _icon_colour(self, palette: QPalette, entry: Entry) -> QColor:
        if entry.kind is EntryKind.GROUP:
            return theme.badge_colours(entry.icon, dark=theme.is_dark(palette)).text
        return palette.color(_Role.WindowText)
