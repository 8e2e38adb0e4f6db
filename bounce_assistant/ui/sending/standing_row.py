"""Where an email that went out again stands, on the card, with what can be done about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.services.standing import Standing
from bounce_assistant.ui.widgets.buttons import LinkButton
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.words import Words


class StandingRow(QWidget):
    """Hidden while nothing was sent."""

    wanted = Signal(str)  # of Standing.can: undo, change, send_now, look_up, it_arrived

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        self.words, self.detail = Words(bold=True), Words(dim=True)
        self._links = Flow(gap=16)
        self.links: dict[str, LinkButton] = {}
        rows.addWidget(self.words)
        rows.addWidget(self.detail)
        rows.addLayout(self._links)
        self.hide()

    def show_standing(self, standing: Standing) -> None:
        """Draw it; the empty one hides the row."""
        self.words.show_words(standing.words)
        self.detail.show_words(standing.detail)
        self.detail.setVisible(bool(standing.detail))
        names = {
            "undo": self.tr("Don't send it"),
            "change": self.tr("Change"),
            "send_now": self.tr("Send it now"),
            "look_up": self.tr("Look in Sent"),
            "it_arrived": self.tr("It arrived"),
        }
        clear(self._links)
        self.links = {}
        for can in standing.can:
            link = LinkButton(names[can])
            link.clicked.connect(lambda _=False, c=can: self.wanted.emit(c))
            self.links[can] = link
            self._links.addWidget(link)
        self.setVisible(bool(standing.words))
