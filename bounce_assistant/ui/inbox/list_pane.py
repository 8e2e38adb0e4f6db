"""The middle pane: the list, or words in its place when it is empty."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from bounce_assistant.ui.inbox.case_list import CaseList
from bounce_assistant.ui.inbox.empty_state import Emptiness, EmptyState
from bounce_assistant.ui.models.case_list_model import CaseListModel


class ListPane(QStackedWidget):
    """Never an empty pane without words."""

    act_requested = Signal(str)  # what the button of an empty list does

    def __init__(self, model: CaseListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = CaseList(model)
        self.empty = EmptyState()
        self.addWidget(self.rows)
        self.addWidget(self.empty)
        self.empty.act_requested.connect(self.act_requested)

    def show_rows(self) -> None:
        self.setCurrentWidget(self.rows)

    def show_emptiness(self, what: Emptiness, *, is_main: bool) -> None:
        """Show words; ``is_main``: no other filled button is on the screen."""
        self.empty.show_emptiness(what)
        self.empty.button.setProperty("kind", "main" if is_main else "")
        self.empty.button.style().polish(self.empty.button)
        self.setCurrentWidget(self.empty)

    def sizeHint(self) -> QSize:
        return QSize(400, 600)
