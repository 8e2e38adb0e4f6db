"""What an IT person wants to hear of a problem, behind a Details button, with Copy."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from bounce_assistant.mail.problems import MailServerError
from bounce_assistant.ui.widgets.buttons import ActionButton, CopyButton
from bounce_assistant.ui.widgets.end_row import end_row
from bounce_assistant.ui.widgets.words import Title, Words, fit_height


class DetailsDialog(QDialog):
    """Codes and server names as they were said."""

    def __init__(self, problem: MailServerError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Details"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 24, 24, 0)
        rows.setSpacing(12)
        rows.addWidget(Title(self.tr("For your IT person"), scale=1.2))
        self.shown = Words(problem.technical)
        rows.addWidget(self.shown)
        words = f"{problem}\n{problem.technical}"
        self.copy_details = CopyButton(self.tr("Copy details"), lambda: words)
        close = ActionButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        rows.addLayout(end_row(self.copy_details, close))
        self.setMinimumWidth(420)
        fit_height(self, 420)


def show_details(problem: MailServerError, parent: QWidget) -> None:
    """Open the dialog; it goes when it is closed."""
    dialog = DetailsDialog(problem, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
