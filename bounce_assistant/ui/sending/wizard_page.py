"""What the pages of a sending flow share: a heading that asks or tells, and a column of rows."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.tick_box import TickBox
from bounce_assistant.ui.widgets.words import Title, Words


class WizardPage(QWidget):
    """One main instruction; problems are said right below it."""

    def __init__(self, heading: str, lead: str = "") -> None:
        super().__init__()
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(12)
        self.heading = Title(heading, scale=1.3)
        self.lead = Words(lead)
        self.lead.setVisible(bool(lead))
        self.banner = Banner()
        for part in (self.heading, self.lead, self.banner):
            self.rows.addWidget(part)

    def show_lead(self, words: str) -> None:
        """Show the sentence below the heading; nothing for no words."""
        self.lead.show_words(words)
        self.lead.setVisible(bool(words))

    def focus_first(self) -> None:
        """Give the keyboard to what is to be done first."""


def size_window(window: QWidget, width: int, height: int) -> None:
    """Open a window so large, but never higher than a small screen has room for."""
    room = window.screen().availableGeometry().height() * 9 // 10
    window.resize(width, min(height, room))


class Choices(QWidget):
    """Large rows, the recommended one first; drawn anew whenever they change."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self.rows: list[ChoiceRow] = []

    def show_rows(self, rows: Sequence[ChoiceRow]) -> None:
        clear(self._rows)
        self.rows = list(rows)
        for row in rows:
            self._rows.addWidget(row)
        self.setVisible(bool(rows))


class TickRow(QWidget):
    """A tick with words of any length beside it, which wrap instead of being cut."""

    toggled = Signal(bool)

    def __init__(self, words: str, more: str = "") -> None:
        super().__init__()
        self.words = words
        self.box = TickBox("")
        self.box.setAccessibleName(words)
        self.box.setAccessibleDescription(more)
        self.box.setChecked(True)
        self.box.toggled.connect(self.toggled)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.setContentsMargins(0, 4, 0, 4)
        lines.addWidget(Words(words))
        if more:
            lines.addWidget(Words(more, dim=True))
        across.addLayout(lines, 1)

    @property
    def is_ticked(self) -> bool:
        return self.box.isChecked()

    def click(self) -> None:
        self.box.click()
