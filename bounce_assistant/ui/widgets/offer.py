"""Dim words about something, and what can be done about it at a press below them."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.buttons import ActionButton
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.words import Words


class Offer(QWidget):
    """``about`` tells a screen reader whose it is, where several stand in one window."""

    def __init__(self, about: str) -> None:
        super().__init__()
        self.words = Words("", dim=True)
        self.button = ActionButton("")
        self.button.setAccessibleDescription(about)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(self.words)
        buttons = Flow()
        buttons.addWidget(self.button)
        rows.addLayout(buttons)
