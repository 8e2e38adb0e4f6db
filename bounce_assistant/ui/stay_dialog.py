"""What closing the window means: asked once, before the program would go on unseen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.buttons import ActionButton
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.words import Title, Words, fit_height

STAY, QUIT = "tray", "quit"
_WIDTH = 440


class StayDialog(QDialog):
    """``choice`` is STAY or QUIT once accepted; rejected, the window stays as it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = ""
        self.setWindowTitle(self.tr("Close the window"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 24, 24, 16)
        rows.setSpacing(8)
        rows.addWidget(Title(self.tr("Keep looking when the window is closed?"), scale=1.2))
        self.stay = ChoiceRow(
            self.tr("Keep looking"),
            self.tr("An icon stays beside the clock, and one notice says what bounced."),
            mark=self.tr("Recommended"),
        )
        self.quit = ChoiceRow(
            self.tr("Quit"), self.tr("Nothing is looked at until you open the program again.")
        )
        self.stay.clicked.connect(lambda: self._choose(STAY))
        self.quit.clicked.connect(lambda: self._choose(QUIT))
        rows.addWidget(self.stay)
        rows.addWidget(self.quit)
        rows.addWidget(Words(self.tr("We ask this once. Settings can change it."), dim=True))
        cancel = ActionButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        rows.addWidget(cancel, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(_WIDTH)
        fit_height(self, _WIDTH)

    def _choose(self, choice: str) -> None:
        self.choice = choice
        self.accept()
