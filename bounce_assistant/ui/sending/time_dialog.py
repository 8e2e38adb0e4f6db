"""Another time for an email that waits for its time."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bounce_assistant.ui.sending.time_page import TimePage
from bounce_assistant.ui.sending.wizard_page import size_window
from bounce_assistant.ui.widgets.buttons import ActionButton


class TimeDialog(QDialog):
    """A row pressed holds at once."""

    chosen = Signal(object)  # datetime, aware; None for now

    def __init__(self, due_at: datetime | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Change the time"))
        self.page = TimePage()
        self.page.show_time(due_at)
        self.page.chosen.connect(self._on_chosen)
        cancel = ActionButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 24, 24, 16)
        rows.addWidget(self.page, 1)
        end = QHBoxLayout()
        end.addStretch()
        end.addWidget(cancel)
        rows.addLayout(end)
        size_window(self, 480, 520)

    def _on_chosen(self, due_at: datetime | None) -> None:
        self.accept()
        self.chosen.emit(due_at)
