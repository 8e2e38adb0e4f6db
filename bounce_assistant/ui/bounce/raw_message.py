"""The message as it came, as plain text; only its beginning when it is huge."""

from PySide6.QtGui import QFontDatabase, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.fitted_text import QUOTED
from bounce_assistant.ui.widgets.plain import displayable
from bounce_assistant.ui.widgets.words import Words

_SHOWN = 200_000  # bytes; more would make the window wait
_HEIGHT, _PAD = 360, 10  # pixels
_NARROWEST = 45  # characters that fit a line in the smallest window


class RawMessage(QWidget):
    """Built when it is opened, so that a message of 60 MB costs nothing until then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.note = Words(dim=True)
        rows.addWidget(self.note)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Raw message"))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setStyleSheet(QUOTED)
        self.text.document().setDocumentMargin(_PAD)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(max(9.0, self.text.font().pointSizeF()))
        self.text.setFont(font)
        self.text.setFixedHeight(_HEIGHT)
        rows.addWidget(self.text)

    def show_raw(self, raw: bytes, missing: int = 0) -> None:
        """Show the bytes as text; what is not UTF-8 is shown as Latin-1, byte by byte.

        ``missing``: bytes of the message that were never fetched.
        """
        part = raw[:_SHOWN]
        try:
            text = part.decode()
        except UnicodeDecodeError as problem:
            cut = problem.start >= len(part) - 3 and len(raw) > _SHOWN  # a character cut in two
            text = part[: problem.start].decode() if cut else part.decode("latin-1")
        self.text.setPlainText(displayable(text.replace("\r\n", "\n")))
        wrapped = self.text.blockCount() + len(text) // _NARROWEST
        spacing = self.text.fontMetrics().lineSpacing()
        self.text.setFixedHeight(min(_HEIGHT, (wrapped + 2) * spacing + 2 * _PAD))
        note = ""
        if not raw:
            note = self.tr("The message itself wasn't kept.")
        elif len(raw) > _SHOWN:
            note = self.tr(
                "This is the beginning. The whole message has {size}; "
                "save a copy under Technical details to read all of it."
            ).format(size=self.locale().formattedDataSize(len(raw)))
        elif missing:
            size = self.locale().formattedDataSize
            note = self.tr(
                "These are the parts that matter, {part} of {whole}. The rest, mostly your own "
                "email as it came back, is still in your mailbox."
            ).format(part=size(len(raw)), whole=size(len(raw) + missing))
        self.note.show_words(note)
        self.note.setVisible(bool(note))
