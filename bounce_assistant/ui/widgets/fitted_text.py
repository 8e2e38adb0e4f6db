"""A read-only text as high as what it holds; plain text, selectable, and nothing is ever loaded."""

from collections.abc import Iterable
from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QFontDatabase,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from bounce_assistant.ui.theme import badge_colours, is_dark
from bounce_assistant.ui.widgets.plain import displayable

_PAD, _EDGES = 10, 4  # pixels; a focused edge is two wide, above and below
QUOTED = """
QTextEdit, QPlainTextEdit {
  background: palette(base); color: palette(text);
  border: 1px solid palette(midlight); border-radius: 8px;
  selection-background-color: palette(highlight); selection-color: palette(highlighted-text);
}
QTextEdit:focus, QPlainTextEdit:focus { border: 2px solid palette(highlight); }
"""


class FittedText(QTextEdit):
    """Grows with its text up to ``most`` pixels, then scrolls."""

    def __init__(
        self, name: str, parent: QWidget | None = None, *, most: int = 340, is_code: bool = False
    ) -> None:
        super().__init__(parent)
        self._most = most
        self._pieces: tuple[tuple[str, bool], ...] = ()
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(_PAD)
        self.setStyleSheet(QUOTED)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        if is_code:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setPointSizeF(max(9.0, self.font().pointSizeF()))
            self.setFont(font)

    def show_text(self, text: str) -> None:
        """Show words of a stranger as they are."""
        self.show_pieces([(text, False)])

    def show_pieces(self, pieces: Iterable[tuple[str, bool]]) -> None:
        """Show text in pieces; a marked one is tinted and underlined."""
        self._pieces = tuple(pieces)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Tint the marks again when light and dark change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and any(mark for _, mark in self._pieces):
            self._draw()

    def _draw(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        for text, is_marked in self._pieces:
            cursor.insertText(displayable(text), self._mark() if is_marked else QTextCharFormat())
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._fit()

    def loadResource(self, _type: int, _name: QUrl | str) -> object:  # noqa: N802 - Qt's name
        """Load nothing, whatever a text asks for."""
        return None

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.verticalScrollBar().maximum() > 0 and self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()  # the page scrolls on, instead of stopping at every quoted text

    def _mark(self) -> QTextCharFormat:
        colours = badge_colours("later", dark=is_dark(self.palette()))
        mark = QTextCharFormat()
        mark.setBackground(colours.tint)
        mark.setForeground(colours.text)
        mark.setFontUnderline(True)
        return mark

    def _fit(self) -> None:
        wanted = ceil(self.document().size().height()) + _EDGES
        if self.height() != min(wanted, self._most):
            self.setFixedHeight(min(wanted, self._most))
