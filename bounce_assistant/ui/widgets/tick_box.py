"""A box to tick whose edge is seen in light and dark."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from bounce_assistant.ui.theme import pixmap
from bounce_assistant.ui.widgets.panel import paint_focus

_SIDE, _GAP, _MARGIN = 18, 8, 4
_LEAST = 260  # pixels; narrower, the words take several lines


def under_tick(part: QWidget) -> QHBoxLayout:
    """Return a line with what explains a box, which begins where the words of the box begin."""
    line = QHBoxLayout()
    line.setSpacing(0)
    line.addSpacing(_MARGIN + _SIDE + _GAP)
    line.addWidget(part, 1)
    return line


class TickBox(QCheckBox):
    """Paints itself, as the style's own box has too faint an edge on a dark ground."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))  # pages go by minima

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(whole.width(), _LEAST), whole.height())

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        room = QRect(0, 0, max(1, width - _SIDE - _GAP - 2 * _MARGIN), 10_000)
        words = self.text().replace("&", "")
        needed = self.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), words)
        return max(_SIDE, needed.height()) + 2 * _MARGIN

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text().replace("&", ""))
        height = max(_SIDE, metrics.height()) + 2 * _MARGIN
        return QSize(width + _SIDE + _GAP + 2 * _MARGIN, height)

    def hitButton(self, place: object) -> bool:  # noqa: N802, ARG002 - Qt's name; all of it counts
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.isRightToLeft()
        x = self.width() - _MARGIN - _SIDE if mirrored else _MARGIN
        box = QRectF(x, (self.height() - _SIDE) / 2, _SIDE, _SIDE)
        role = QPalette.ColorRole.Highlight if self.isChecked() else QPalette.ColorRole.Mid
        fill = role if self.isChecked() else QPalette.ColorRole.Base
        painter.setPen(QPen(palette.color(role), 1.5))
        painter.setBrush(palette.color(fill))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
        if self.isChecked():
            white = palette.color(QPalette.ColorRole.HighlightedText)
            tick = pixmap("done", white, 16, self.devicePixelRatioF())
            painter.drawPixmap(int(box.x()) + 1, int(box.y()) + 1, tick)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        room = self.rect().adjusted(_MARGIN, 0, -_MARGIN - _SIDE - _GAP, 0)
        if not mirrored:
            room.translate(_SIDE + _GAP, 0)
        flags = (
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic | Qt.TextFlag.TextWordWrap
        )
        painter.drawText(room, int(flags), self.text())
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), palette, 4)
