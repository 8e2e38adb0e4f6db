"""The step list: the way out of one cause, ticked off and remembered."""

from collections.abc import Mapping
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from bounce_assistant.advice.playbooks import Advice
from bounce_assistant.ui.bounce.step_row import StepRow
from bounce_assistant.ui.theme import set_icon
from bounce_assistant.ui.widgets.buttons import CopyButton, LinkButton, MainButton
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Line, Panel
from bounce_assistant.ui.widgets.words import Title, Words


class StepList(QWidget):
    """Stands where the diagnosis stood; Back leads there again."""

    back_requested = Signal()
    ticked = Signal(str, bool)
    done_requested = Signal()
    flow_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, back: str = "", last: str = "") -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        self.back = LinkButton(back or self.tr("Back to the diagnosis"))
        set_icon(self.back, "back")
        self.back.clicked.connect(self.back_requested)
        rows.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self.title = Title(scale=1.3)
        rows.addWidget(self.title)
        self.count = Words(dim=True)
        rows.addWidget(self.count)
        self.panel = Panel()
        self.panel.setAccessibleName(self.tr("Steps"))
        rows.addWidget(self.panel)
        self.done = MainButton(last or self.tr("Mark this bounce done"))
        self.done.clicked.connect(self.done_requested)
        self.note = CopyButton(self.tr("Copy this for your IT person"), lambda: self._it_note)
        ends = Flow()
        ends.addWidget(self.done)
        ends.addWidget(self.note)
        rows.addLayout(ends)
        rows.addStretch()
        self.rows: dict[str, StepRow] = {}
        self._ticked: dict[str, datetime] = {}
        self._it_note = ""

    def show_steps(
        self, advice: Advice, ticked: Mapping[str, datetime], it_note: str, *, first: str = ""
    ) -> None:
        """Draw the steps of an advice; ``first`` is brought into view and gets the keyboard."""
        self._ticked, self._it_note = dict(ticked), it_note
        self.note.setVisible(bool(it_note))
        self.title.show_words(advice.title)
        clear(self.panel.rows)
        self.rows = {}
        for number, step in enumerate(advice.steps, start=1):
            if number > 1:
                self.panel.rows.addWidget(Line())
            row = StepRow(number, step, self._ticked.get(step.id))
            row.ticked.connect(self._on_ticked)
            row.flow_wanted.connect(self.flow_wanted)
            self.rows[step.id] = row
            self.panel.rows.addWidget(row)
        if not advice.steps:
            nothing = self.tr("There is nothing to do step by step. Show the details to someone.")
            self.panel.rows.addWidget(Words(nothing))
        self._show_count()
        if first in self.rows:
            QTimer.singleShot(0, self.rows[first], lambda: self._bring_up(first))

    def _bring_up(self, step: str) -> None:
        row = self.rows.get(step)
        parent = self.parentWidget()
        while parent and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if row and isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(row, 0, 12)

    def _on_ticked(self, step: str, done: bool) -> None:  # noqa: FBT001 - Qt's signal
        if done:
            self._ticked[step] = datetime.now(UTC)
        else:
            self._ticked.pop(step, None)
        self.rows[step].show_date(self._ticked.get(step))
        self._show_count()
        self.ticked.emit(step, done)

    def _show_count(self) -> None:
        done = sum(1 for step in self.rows if step in self._ticked)
        words = self.tr("{done} of {all} done").format(done=done, all=len(self.rows))
        self.count.show_words(words)
        self.count.setVisible(bool(self.rows))
