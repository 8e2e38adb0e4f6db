"""What the pages of a sending flow share: a heading that asks or tells, and a column of rows."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.clearing import clear
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
