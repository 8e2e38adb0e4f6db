"""What the delegates of list and sidebar draw alike."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from bounce_assistant.ui import theme
from bounce_assistant.ui.widgets.plain import isolated, runs_leftwards

_FADE = 24  # pixels over which too long a line goes out, instead of three dots
_Role = QPalette.ColorRole


def mirrored(option: QStyleOptionViewItem, rect: QRect) -> QRect:
    """Return where a part of a row stands; on the other side where text runs from right to left."""
    return QStyle.visualRect(option.direction, option.rect, rect)


def draw_faded(painter: QPainter, rect: QRect, text: str) -> None:
    """Draw one line in the pen's colour; what does not fit fades out at the end.

    The words run as their own letters do, also where lines begin on the other side: else the full
    stop of an English subject stands before it in a window that runs from right to left.
    """
    line = text.replace("\n", " ")
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
    leading = int(Qt.AlignmentFlag.AlignLeft)  # Qt turns it around as the painter runs
    if painter.fontMetrics().horizontalAdvance(line) <= rect.width():
        painter.drawText(rect, flags | leading, isolated(line))
        return
    pen = QPen(painter.pen())
    is_mirrored = runs_leftwards(line)
    painter.setPen(QPen(QBrush(_fade(rect, pen.color(), is_mirrored=is_mirrored)), 1))
    left, right = Qt.TextFlag.TextForceLeftToRight, Qt.TextFlag.TextForceRightToLeft
    painter.drawText(rect, flags | leading | int(right if is_mirrored else left), line)
    painter.setPen(pen)


def draw_selection(
    painter: QPainter, option: QStyleOptionViewItem, rect: QRect, *, rounded: bool
) -> None:
    """Draw the background of a row: chosen, under the mouse, and where the keyboard is."""
    palette, state = option.palette, option.state
    radius = 6 if rounded else 0
    area = QRectF(rect)
    painter.setPen(Qt.PenStyle.NoPen)
    if state & QStyle.StateFlag.State_Selected:
        painter.setBrush(theme.selection_tint(palette))
        painter.drawRoundedRect(area, radius, radius)
        painter.setBrush(palette.color(_Role.Highlight))
        bar = mirrored(option, QRect(rect.left(), rect.top() + 6, 3, rect.height() - 12))
        painter.drawRoundedRect(QRectF(bar), 1.5, 1.5)
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(palette.color(_Role.AlternateBase))
        painter.drawRoundedRect(area, radius, radius)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(palette.color(_Role.Highlight), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)


def _fade(rect: QRect, colour: QColor, *, is_mirrored: bool) -> QLinearGradient:
    gone = QColor(colour)
    gone.setAlpha(0)
    start, end = rect.right() - _FADE, rect.right()
    if is_mirrored:
        start, end = rect.left() + _FADE, rect.left()
    gradient = QLinearGradient(start, 0, end, 0)
    gradient.setColorAt(0, colour)
    gradient.setColorAt(1, gone)
    return gradient
