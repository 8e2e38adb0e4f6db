"""Labels for words: plain text only, wrapping, and never wider than reads well."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from bounce_assistant.ui.widgets.plain import breakable, displayable

_FRAME = 16  # pixels around a window on a small screen; twice that for its title
_LINE = (
    "The house on Maple Street is open on Saturday from one to four, as agreed. "  # 75 characters
)


def column_width(widget: QWidget) -> int:
    """Return the width in pixels that holds about 75 characters of a widget's font."""
    return QFontMetrics(widget.font()).horizontalAdvance(_LINE)


def fit_height(window: QWidget, width: int) -> None:
    """Make a window as high as its wrapped words need at a width."""
    layout = window.layout()
    if layout is not None:
        window.resize(width, layout.totalHeightForWidth(width))


def fit_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window a size, or what its screen has room for beside the window's own frame."""
    room = (window.parentWidget() or window).screen().availableSize()
    window.resize(min(width, room.width() - _FRAME), min(height, room.height() - 2 * _FRAME))


def align_leading(label: QLabel) -> None:
    """Begin a label's words where lines begin: at the right in a window that runs leftwards.

    By itself a label goes by the words it holds, and English ones would stand at the far end.
    """
    if label.isRightToLeft() and not label.alignment() & Qt.AlignmentFlag.AlignHCenter:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
        label.setAlignment(right | Qt.AlignmentFlag.AlignVCenter)


class Words(QLabel):
    """A wrapping label. Whatever the text looks like, it is shown as it is."""

    _longest = 220  # pixels of a word; what the narrowest column of a page has room for

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        dim: bool = False,
        bold: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        if bold:
            font = self.font()
            font.setBold(True)
            self.setFont(font)
        if dim:
            self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.show_words(text)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Wrap after about 75 characters, however wide the window is."""
        spare = self.contentsMargins().left() + self.contentsMargins().right()
        return super().heightForWidth(min(width, column_width(self)) + spare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the rest of a wide line empty."""
        super().resizeEvent(event)
        spare = max(0, self.width() - column_width(self)) if self.wordWrap() else 0
        if self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            self.setContentsMargins(spare // 2, 0, spare // 2, 0)
        elif self.isRightToLeft():
            self.setContentsMargins(spare, 0, 0, 0)
        else:
            self.setContentsMargins(0, 0, spare, 0)

    def show_words(self, text: str) -> None:
        """Show a text; long words get places to wrap, the accessible name stays unbroken."""
        align_leading(self)
        shown = displayable(text)
        broken = breakable(shown, self.fontMetrics().horizontalAdvance, self._longest)
        self.setText(broken)
        self.setAccessibleName(shown if broken != shown else "")


class Title(Words):
    """A heading, larger than the text around it."""

    _longest = 320

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, scale: float = 1.4
    ) -> None:
        super().__init__(text, parent)
        self._scale = scale
        self._grow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._grow()

    def _grow(self) -> None:
        font = QLabel().font()
        font.setPointSizeF(font.pointSizeF() * self._scale)
        font.setBold(True)
        self.setFont(font)
