"""The whole window as a drop target: what was dragged in, and the words while it hovers."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from bounce_assistant.ui.theme import GAP_24

_SUFFIXES = {"", ".eml", ".mbox", ".mbx", ".msg", ".txt"}
_RAW_MAIL = "message/rfc822"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a drop or a paste brought: files, else words, else nothing we can use."""

    paths: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()  # suffixes of files that are no mail, such as .pages
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether the other program handed over nothing."""
        return not (self.paths or self.wrong or self.text)


def read_dropped(data: QMimeData | None) -> Dropped:
    """Sort what another program hands over; touches the disk only to see whether files exist.

    None is an empty clipboard.
    """
    if data is None:
        return Dropped()
    local = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    files = [path for path in local if path.is_dir() or (path.is_file() and path.stat().st_size)]
    if files:
        right = [str(p) for p in files if p.is_dir() or p.suffix.lower() in _SUFFIXES]
        wrong = {p.suffix for p in files if p.is_file() and p.suffix.lower() not in _SUFFIXES}
        return Dropped(tuple(right), tuple(sorted(wrong)))
    if data.hasFormat(_RAW_MAIL):
        return Dropped(text=bytes(data.data(_RAW_MAIL).data()).decode("utf-8", "surrogateescape"))
    if data.hasText() and not data.hasUrls():
        return Dropped(text=data.text().strip())
    return Dropped()


class DropOverlay(QWidget):
    """Covers the window while files hover over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self._window = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def text(self) -> str:
        return self._text

    def show_for(self, data: QMimeData) -> None:
        """Say how many files a drop would bring."""
        count = len(data.urls())
        if count > 1:
            self._text = self.tr("Drop to diagnose %n files", "", count)
        else:
            self._text = (
                self.tr("Drop to diagnose 1 file") if count else self.tr("Drop to diagnose")
            )
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        back = QColor(self.palette().color(QPalette.ColorRole.Base))
        back.setAlphaF(0.94)
        painter.fillRect(self.rect(), back)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(accent, 3, Qt.PenStyle.DashLine))
        frame = self.rect().adjusted(GAP_24, GAP_24, -GAP_24, -GAP_24)
        painter.drawRoundedRect(frame, 12, 12)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        words = painter.fontMetrics().boundingRect(self._text)
        words.moveCenter(frame.center())
        plate = words.adjusted(-GAP_24, -GAP_24, GAP_24, GAP_24)
        painter.fillRect(plate, self.palette().color(QPalette.ColorRole.Base))
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self._text)
