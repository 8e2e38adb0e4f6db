"""Draws a row of the case list: cause icon, name, age, plain title, and the mail that failed."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bounce_assistant.store.rows import CaseRow
from bounce_assistant.ui import theme
from bounce_assistant.ui.inbox.drawing import draw_faded, draw_selection, mirrored
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
        row: CaseRow | None = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        draw_selection(painter, option, option.rect, rounded=False)
        is_picked = bool(option.state & QStyle.StateFlag.State_Selected)
        line = QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1)
        painter.fillRect(line, option.palette.color(_Role.Base if is_picked else _Role.Midlight))
        if row is not None:
            inner: QRect = option.rect.adjusted(_EDGE, _GAP, -_EDGE, -_GAP)
            if row.key.indented:
                inner.setLeft(inner.left() + _INDENT)
            self._paint_badge(painter, option, inner, row)
            words = inner.adjusted(self._icon + _FRAME + _GAP, 0, 0, 0)
            self._paint_lines(painter, option, words, row)
            if row.key.batch is not None:
                self._paint_chevron(painter, option, row)
        painter.restore()

    def chevron_rect(self, option: QStyleOptionViewItem) -> QRect:
        """Return where a batch row is pressed to open or close it."""
        rect: QRect = option.rect
        corner = QPoint(rect.right() - _EDGE - CHEVRON, rect.bottom() - _GAP - CHEVRON + 4)
        return mirrored(option, QRect(corner, QSize(CHEVRON, CHEVRON)))

    @property
    def _icon(self) -> int:
        return theme.icon_size(QFontMetrics(self._view.font()).height())

    def _paint_badge(
        self, painter: QPainter, option: QStyleOptionViewItem, inner: QRect, row: CaseRow
    ) -> None:
        colours = theme.badge_colours(row.group, dark=theme.is_dark(option.palette))
        size = self._icon + _FRAME
        square = mirrored(option, QRect(inner.topLeft(), QSize(size, size)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.tint)
        painter.drawRoundedRect(square, 8, 8)
        scale = painter.device().devicePixelRatioF()
        shown = theme.pixmap(row.group, colours.text, self._icon, scale)
        painter.drawPixmap(square.left() + 8, square.top() + 8, shown)

    def _paint_lines(
        self, painter: QPainter, option: QStyleOptionViewItem, words: QRect, row: CaseRow
    ) -> None:
        plain, bold = QFont(self._view.font()), QFont(self._view.font())
        bold.setWeight(QFont.Weight.Bold)
        height = QFontMetrics(plain).height() + _LEADING
        first = QRect(words.left(), words.top(), words.width(), height)
        second, third = first.translated(0, height), first.translated(0, 2 * height)
        text = option.palette.color(_Role.Text)
        dim = option.palette.color(_Role.PlaceholderText)

        painter.setFont(plain)
        painter.setPen(dim)
        age = short_age(row.when, self._model.now)
        room = painter.fontMetrics().horizontalAdvance(age) + theme.GAP_8
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(mirrored(option, first), end, age)
        if row.key.batch is not None:
            third.setRight(third.right() - CHEVRON - theme.GAP_4)
        below = self._model.standing(row) or row.subject or self._no_subject()
        draw_faded(painter, mirrored(option, third), below)

        painter.setFont(bold if row.is_unread else plain)
        painter.setPen(text)
        first.setRight(first.right() - room)
        draw_faded(painter, mirrored(option, first), self._model.heading(row))
        draw_faded(painter, mirrored(option, second), row.title)

    def _paint_chevron(self, painter: QPainter, option: QStyleOptionViewItem, row: CaseRow) -> None:
        place = self.chevron_rect(option)
        name = "chevron-down" if self._model.is_open(row.key) else "chevron-right"
        scale = painter.device().devicePixelRatioF()
        shown = theme.pixmap(name, option.palette.color(_Role.Text), 16, scale)
        painter.drawPixmap(place.left() + 4, place.top() + 4, shown)

    def _no_subject(self) -> str:
        return self.tr("(no subject)")
