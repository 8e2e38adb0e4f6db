"""What the pane says while nothing is picked."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.choice_row import IconLabel
from bounce_assistant.ui.widgets.words import Title, Words


class EmptyPage(QWidget):
    """An icon and words; there is nothing to press."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setSpacing(12)
        rows.addStretch(2)
        rows.addWidget(IconLabel("inbox", 48), 0, Qt.AlignmentFlag.AlignHCenter)
        self.title = Title(scale=1.2)
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        rows.addWidget(self.title)
        self.hint = Words(dim=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        rows.addWidget(self.hint)
        rows.addStretch(3)
        self.show_picked(0)

    def show_picked(self, count: int) -> None:
        """Say what to do with none, or with several, picked in the list."""
        several = count > 1
        words = self.tr("%n selected", "", count)
        self.title.show_words(words if several else self.tr("Pick a bounce on the left"))
        self.hint.show_words(self.tr("The buttons at the top are for all of them."))
        self.hint.setVisible(several)
