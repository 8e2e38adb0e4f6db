"""What an app password looks like where it is made: a picture beside the steps."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bounce_assistant.ui.theme import pixmap

_SAMPLE = "xxxx xxxx xxxx xxxx"
_LEAST_WIDTH = 300
_ICON = 16


class PasswordPicture(QWidget):
    """A page with a password that is none; how a company's own looks, we don't claim to know."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._company, self._kind = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_company(self, company: str, kind: str) -> None:
        """Draw it for a company, with what that calls its app passwords."""
        self._company, self._kind = company, kind
        words = self.tr("Picture: the new {kind}, in one line to copy")
        self.setAccessibleName(words.format(kind=kind))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self._head()) + 24
        sample = QFontMetrics(self._typed()).horizontalAdvance(_SAMPLE) + 58 + _ICON
        return QSize(max(_LEAST_WIDTH, words, sample), 2 * self._line() + 36)

    def _head(self) -> str:
        return self.tr("{company}: your {kind}").format(company=self._company, kind=self._kind)

    def _typed(self) -> QFont:
        font = QFont(self.font())
        font.setFamily("monospace")
        return font

    def _line(self) -> int:
        return max(20, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(palette.color(QPalette.ColorRole.Window))
        painter.drawRoundedRect(area, 6, 6)
        dim = palette.color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(dim)
        top = area.adjusted(12, 8, -12, 0)
        top.setHeight(self._line())
        painter.drawText(top, int(Qt.AlignmentFlag.AlignVCenter), self._head())
        box = area.adjusted(12, 8 + self._line() + 4, -12, -10)
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.setFont(self._typed())
        start = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft  # mirrored with the page
        painter.drawText(box.adjusted(10, 0, -10, 0), int(start), _SAMPLE)
        icon = pixmap("copy", dim, _ICON, self.devicePixelRatioF())
        end = box.left() + 8 if self.isRightToLeft() else box.right() - _ICON - 8
        painter.drawPixmap(int(end), int(box.center().y()) - _ICON // 2, icon)
