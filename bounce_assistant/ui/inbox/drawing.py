"""What the delegates of list and sidebar draw alike."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle

from bounce_assistant.ui import theme

_FADE = 24  # pixels over which too long a line goes out, instead of three dots
_Role = QPalette.ColorRole


def draw_faded(painter: QPainter, rect: QRect, text: str) -> None:
    """Draw one line in the pen's colour; what does not fit fades out at the end."""
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    line = text.replace("\n", " ")
    if painter.fontMetrics().horizontalAdvance(line) <= rect.width():
        painter.drawText(rect, flags | Qt.TextFlag.TextSingleLine, line)
        return
    pen = QPen(painter.pen())
    painter.setPen(QPen(QBrush(_fade(rect, pen.color())), 1))
    painter.drawText(rect, flags | Qt.TextFlag.TextSingleLine, line)
    painter.setPen(pen)


def draw_selection(
    painter: QPainter, rect: QRect, palette: QPalette, state: QStyle.StateFlag, *, rounded: bool
) -> None:
    """Draw the background of a row: chosen, under the mouse, and where the keyboard is."""
    radius = 6 if rounded else 0
    area = QRectF(rect)
    painter.setPen(Qt.PenStyle.NoPen)
    if state & QStyle.StateFlag.State_Selected:
        painter.setBrush(theme.selection_tint(palette))
        painter.drawRoundedRect(area, radius, radius)
        painter.setBrush(palette.color(_Role.Highlight))
        bar = QRectF(area.left(), area.top() + 6, 3, area.height() - 12)
        painter.drawRoundedRect(bar, 1.5, 1.5)
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(palette.color(_Role.AlternateBase))
        painter.drawRoundedRect(area, radius, radius)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(palette.color(_Role.Highlight), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)


def _fade(rect: QRect, colour: QColor) -> QLinearGradient:
    gone = QColor(colour)
    gone.setAlpha(0)
    gradient = QLinearGradient(rect.right() - _FADE, 0, rect.right(), 0)
    gradient.setColorAt(0, colour)
    gradient.setColorAt(1, gone)
    return gradient
