"""What happened at an address before: what came back, and what went out again."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.services.people import AddressHistory, HistoryEvent
from bounce_assistant.store.rows import CaseId
from bounce_assistant.ui.bounce import wording
from bounce_assistant.ui.widgets.buttons import LinkButton
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.plain import one_line
from bounce_assistant.ui.widgets.words import Words

HistoryOf = Callable[[str], AddressHistory]  # of an address
_MOST = 50  # lines; a mailbox that came back more often says nothing more


class PastSection(QWidget):
    """A line for each event, the newest first; a bounce of its own can be opened."""

    case_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self.lines: list[str] = []

    def show_past(self, history: AddressHistory, shown: CaseId) -> None:
        """Draw the events of an address; ``shown`` is the bounce that is looked at already."""
        clear(self._rows)
        self.lines = []
        for event in history.events[:_MOST]:
            self._add(event, is_shown=event.case == shown)

    def _add(self, event: HistoryEvent, *, is_shown: bool) -> None:
        title = f"{wording.day(event.when)} - {event.words}"
        subject = one_line(event.subject, 120)
        if is_shown:
            title += self.tr(" (this one)")
        self.lines.append(title)
        if event.case is None or is_shown:
            self._rows.addWidget(Words(title))
        else:
            link = LinkButton(title)
            case = int(event.case)
            link.clicked.connect(lambda _=False: self.case_wanted.emit(case))
            self._rows.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        if subject:
            self._rows.addWidget(Words(subject, dim=True))
