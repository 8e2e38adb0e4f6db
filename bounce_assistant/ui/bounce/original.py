"""Your original email, as far as the bounce brought it back; plain text."""

from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from bounce_assistant.report.facts import OriginalMessage
from bounce_assistant.ui.bounce import wording
from bounce_assistant.ui.widgets.buttons import LinkButton
from bounce_assistant.ui.widgets.fitted_text import FittedText
from bounce_assistant.ui.widgets.plain import one_line
from bounce_assistant.ui.widgets.words import Words


class OriginalSection(QWidget):
    """Who, to whom, about what, when, and the text; where it is missing, a way to look for it."""

    find_wanted = Signal()  # look for it in Sent

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.note = Words()
        rows.addWidget(self.note)
        self.can_find: Callable[[], bool] = lambda: False  # whether there is a Sent to look into
        self.find_it = LinkButton(self.tr("Find it in Sent"))
        self.find_it.clicked.connect(self._on_find)
        self.find_it.hide()
        rows.addWidget(self.find_it, 0, Qt.AlignmentFlag.AlignLeft)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        names = (self.tr("From"), self.tr("To"), self.tr("Subject"), self.tr("Date"))
        self._fields: list[tuple[Words, Words]] = []
        for number, name in enumerate(names):
            label, value = Words(name, dim=True), Words()
            label.setWordWrap(False)
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, number, 1)
            self._fields.append((label, value))
        rows.addLayout(grid)
        self.text = FittedText(self.tr("Text of your original email"))
        rows.addWidget(self.text)

    def show_original(self, original: OriginalMessage | None, recipient: str) -> None:
        """Draw it; or say that it did not come back, and where else it is."""
        note = self._note(original, recipient)
        self.note.show_words(note)
        self.note.setVisible(bool(note))
        is_missing = original is not None and not original.body.strip()
        self.find_it.setVisible(is_missing and self.can_find())
        self._show_looking(is_looking=False)
        mail = original or OriginalMessage()
        values = (mail.sender, ", ".join(mail.to), mail.subject, _date(mail.date))
        for (label, shown), value in zip(self._fields, values, strict=True):
            label.setVisible(bool(value))
            shown.setVisible(bool(value))
            shown.show_words(one_line(value, 1000))
        self.text.setVisible(bool(mail.body.strip()))
        self.text.show_text(mail.body.strip())

    def show_found(self, text: str) -> None:
        """Show the text that was found in Sent."""
        self.note.show_words(self.tr("From the copy in your Sent folder."))
        self.find_it.hide()
        self.text.show_text(text)
        self.text.show()

    def show_not_found(self, words: str) -> None:
        """Say why there is no text to show."""
        self.note.show_words(words)
        self.note.show()
        self._show_looking(is_looking=False)

    def _on_find(self) -> None:
        self._show_looking(is_looking=True)
        self.find_wanted.emit()

    def _show_looking(self, *, is_looking: bool) -> None:
        words = self.tr("Looking in Sent...") if is_looking else self.tr("Find it in Sent")
        self.find_it.show_text(words)
        self.find_it.setEnabled(not is_looking)

    def _note(self, original: OriginalMessage | None, recipient: str) -> str:
        if original is None:
            gone = self.tr("The bounce didn't include your original email.")
            where = self.tr("You'll find it in your Sent folder, addressed to {address}.")
            return f"{gone} {where.format(address=one_line(recipient))}" if recipient else gone
        if not original.body.strip():
            return self.tr("Only its headers came back. The text is still in your Sent folder.")
        return ""


def _date(written: str) -> str:
    """Return a Date field in the reader's own way; as written where it can't be read."""
    try:
        when = parsedate_to_datetime(written)
        return wording.full_date(when if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return written
