"""What the pane says while nothing is picked."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.choice_row import IconLabel
from bounce_assistant.ui.widgets.words import Title


class EmptyPage(QWidget):
    """An icon and a title; there is nothing to press."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setSpacing(12)
        rows.addStretch(2)
        rows.addWidget(IconLabel("inbox", 48), 0, Qt.AlignmentFlag.AlignHCenter)
        self.title = Title(self.tr("Pick a bounce on the left"), scale=1.2)
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        rows.addWidget(self.title)
        rows.addStretch(3)
