"""Draws a row of the case list: cause icon, name, age, plain title, and the mail that failed."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bounce_assistant.store.rows import CaseRow
from bounce_assistant.ui import theme
from bounce_assistant.ui.inbox.drawing import draw_faded, draw_selection
from bounce_assistant.ui.models.case_list_model import ROW_ROLE, CaseListModel
from bounce_assistant.ui.models.times import short_age

_FRAME = 16  # pixels that the tinted square is larger than the icon in it
CHEVRON = 24
_EDGE, _GAP, _INDENT = 12, 12, 24
_LEADING = 2  # between the lines of a row
_Role = QPalette.ColorRole
Index = QModelIndex | QPersistentModelIndex


class CaseDelegate(QStyledItemDelegate):
    """Three lines a row, all of one height, so that a list of any length scrolls at once."""

    def __init__(self, model: CaseListModel, view: QListView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        line = QFontMetrics(self._view.font()).height() + _LEADING
        return QSize(200, line * 3 + theme.GAP_24)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        palette: QPalette = option.palette
        row: CaseRow | None = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_selection(painter, rect, palette, option.state, rounded=False)
        is_picked = bool(option.state & QStyle.StateFlag.State_Selected)
        line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(line, palette.color(_Role.Base if is_picked else _Role.Midlight))
        if row is not None:
            inner = rect.adjusted(_EDGE, _GAP, -_EDGE, -_GAP)
            if row.key.indented:
                inner.setLeft(inner.left() + _INDENT)
            self._paint_badge(painter, inner, palette, row)
            self._paint_lines(
                painter, inner.adjusted(self._icon + _FRAME + _GAP, 0, 0, 0), palette, row
            )
        painter.restore()

    @property
    def _icon(self) -> int:
        return theme.icon_size(QFontMetrics(self._view.font()).height())

    def chevron_rect(self, rect: QRect) -> QRect:
        """Return where a batch row is pressed to open or close it."""
        corner = QPoint(rect.right() - _EDGE - CHEVRON, rect.bottom() - _GAP - CHEVRON + 4)
        return QRect(corner, QSize(CHEVRON, CHEVRON))

    def _paint_badge(
        self, painter: QPainter, inner: QRect, palette: QPalette, row: CaseRow
    ) -> None:
        colours = theme.badge_colours(row.group, dark=theme.is_dark(palette))
        square = QRect(inner.topLeft(), QSize(self._icon + _FRAME, self._icon + _FRAME))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.tint)
        painter.drawRoundedRect(square, 8, 8)
        scale = painter.device().devicePixelRatioF()
        shown = theme.pixmap(row.group, colours.text, self._icon, scale)
        painter.drawPixmap(square.left() + 8, square.top() + 8, shown)

    def _paint_lines(
        self, painter: QPainter, words: QRect, palette: QPalette, row: CaseRow
    ) -> None:
        plain, bold = QFont(self._view.font()), QFont(self._view.font())
        bold.setWeight(QFont.Weight.Bold)
        height = QFontMetrics(plain).height() + _LEADING
        first = QRect(words.left(), words.top(), words.width(), height)
        second, third = first.translated(0, height), first.translated(0, 2 * height)
        text, dim = palette.color(_Role.Text), palette.color(_Role.PlaceholderText)

        painter.setFont(plain)
        painter.setPen(dim)
        age = short_age(row.when, self._model.now)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, age)
        room = painter.fontMetrics().horizontalAdvance(age) + theme.GAP_8

        painter.setFont(bold if row.is_unread else plain)
        painter.setPen(text)
        draw_faded(painter, first.adjusted(0, 0, -room, 0), self._model.heading(row))
        draw_faded(painter, second, row.title)

        painter.setFont(plain)
        painter.setPen(dim)
        if row.key.batch is not None:
            third.setRight(third.right() - CHEVRON - theme.GAP_4)
            self._paint_chevron(painter, words, palette, row)
        draw_faded(painter, third, row.subject or self._no_subject())

    def _paint_chevron(
        self, painter: QPainter, words: QRect, palette: QPalette, row: CaseRow
    ) -> None:
        row_rect = words.adjusted(0, -_GAP, _EDGE, _GAP)
        place = self.chevron_rect(row_rect)
        name = "chevron-down" if self._model.is_open(row.key) else "chevron-right"
        scale = painter.device().devicePixelRatioF()
        shown = theme.pixmap(name, palette.color(_Role.Text), 16, scale)
        painter.drawPixmap(place.left() + 4, place.top() + 4, shown)

    def _no_subject(self) -> str:
        return self.tr("(no subject)")
