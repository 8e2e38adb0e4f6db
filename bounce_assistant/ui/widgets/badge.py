"""The badge of a group of causes: word, icon and colour, always together."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from bounce_assistant.ui.theme import badge_colours, is_dark, pixmap

_ICON, _GAP, _SIDE, _TOP = 16, 6, 10, 4


class Badge(QLabel):
    """Paints itself, so that it follows light and dark at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = "unsure"
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setBold(True)
        self.setFont(font)

    def show_group(self, group: str, word: str) -> None:
        """Show a CauseGroup value with its word."""
        self._group = group
        self.setText(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text())
        height = max(_ICON, self.fontMetrics().height())
        return QSize(width + _ICON + _GAP + 2 * _SIDE, height + 2 * _TOP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = badge_colours(self._group, dark=is_dark(self.palette()))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.tint)
        area = QRectF(self.rect())
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.width() - _SIDE - _ICON if mirrored else _SIDE
        shape = pixmap(self._group, colours.text, _ICON, self.devicePixelRatioF())
        painter.drawPixmap(x, (self.height() - _ICON) // 2, shape)
        painter.setPen(colours.text)
        room = self.rect().adjusted(_SIDE, 0, -_SIDE - _ICON - _GAP, 0)
        if not mirrored:
            room.translate(_ICON + _GAP, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), self.text())
