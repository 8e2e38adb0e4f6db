"""Something that takes a while, said in place: a busy sign, words, and Stop."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.buttons import ActionButton
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.in_view import bring_into_view
from bounce_assistant.ui.widgets.words import Words


class Busy(QWidget):
    """Hidden until something runs."""

    stop_requested = Signal()

    def __init__(self, *, can_stop: bool = True) -> None:
        super().__init__()
        self.bar, self.words = QProgressBar(), Words()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.setTextVisible(False)
        self.stop = ActionButton(self.tr("Stop"))
        self.stop.clicked.connect(self.stop_requested)
        self.stop.setVisible(can_stop)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.bar)
        rows.addWidget(self.words)
        buttons = Flow()
        buttons.addWidget(self.stop)
        rows.addLayout(buttons)
        self.hide()

    def show_words(self, words: str) -> None:
        """Show what is being done; empty puts it away."""
        self.words.show_words(words)
        self.setVisible(bool(words))
        if words:
            bring_into_view(self)
