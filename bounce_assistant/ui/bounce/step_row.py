"""One step of the way out: what to do, why, where, ready words, and a tick with its date."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bounce_assistant.advice.playbooks import Step
from bounce_assistant.ui.bounce import wording
from bounce_assistant.ui.widgets.buttons import ActionButton, CopyButton
from bounce_assistant.ui.widgets.fitted_text import FittedText
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.open_page import open_page
from bounce_assistant.ui.widgets.plain import displayable
from bounce_assistant.ui.widgets.tick_box import TickBox
from bounce_assistant.ui.widgets.words import Words


class StepRow(QWidget):
    """Everything a step offers works: pages open, words are copied, ticks are kept."""

    ticked = Signal(str, bool)  # id of the step, done or not
    flow_wanted = Signal(str)  # what the step opens

    def __init__(self, number: int, step: Step, done_at: datetime | None) -> None:
        super().__init__()
        self.step = step
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 12, 0, 12)
        across.setSpacing(12)
        place = QLabel(f"{number}.")
        place.setTextFormat(Qt.TextFormat.PlainText)
        place.setMinimumWidth(24)
        place.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        across.addWidget(place, 0, Qt.AlignmentFlag.AlignTop)
        rows = QVBoxLayout()
        rows.setSpacing(8)
        across.addLayout(rows, 1)
        rows.addWidget(Words(step.title, bold=True))
        if step.why:
            rows.addWidget(Words(step.why, dim=True))
        if step.copy:
            words = FittedText(self.tr("Words to copy"), most=150)
            words.show_text(step.copy)
            rows.addWidget(words)
        rows.addLayout(self._buttons())
        if step.link:
            rows.addWidget(_address(step.link))
        self.box = TickBox(self.tr("I've done this"))
        self.box.setAccessibleDescription(displayable(step.title))
        self.box.setChecked(done_at is not None)
        self.box.toggled.connect(lambda done: self.ticked.emit(step.id, done))
        self.date = Words(dim=True)
        last = Flow()
        last.addWidget(self.box)
        last.addWidget(self.date)
        rows.addLayout(last)
        self.show_date(done_at)

    def show_date(self, done_at: datetime | None) -> None:
        """Show when it was ticked."""
        self.date.show_words(
            self.tr("on {day}").format(day=wording.day(done_at)) if done_at else ""
        )
        self.date.setVisible(done_at is not None)

    def _buttons(self) -> Flow:
        buttons = Flow()
        if self.step.opens:
            flow = ActionButton(self.step.opens_text)
            flow.clicked.connect(lambda: self.flow_wanted.emit(self.step.opens))
            buttons.addWidget(flow)
        if self.step.link:
            page = ActionButton(self.step.link_text or self.tr("Open the page..."))
            page.clicked.connect(lambda: open_page(self.step.link, self.window()))
            buttons.addWidget(page)
        if self.step.copy:
            text = self.step.copy_text or self.tr("Copy the words")
            buttons.addWidget(CopyButton(text, lambda: self.step.copy))
        return buttons


def _address(link: str) -> QWidget:
    return Words(link, dim=True)
