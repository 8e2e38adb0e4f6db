"""Where the questions lead: the two most likely reasons, why, and a way on for neither."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.advice.playbooks import Advice
from bounce_assistant.diagnosis.wizard import Likely
from bounce_assistant.ui.widgets.badge import Badge
from bounce_assistant.ui.widgets.buttons import ActionButton, CopyButton, MainButton
from bounce_assistant.ui.widgets.fitted_text import FittedText
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.words import Title, Words


class ResultPage(QWidget):
    """The likelier reason first, and its button the filled one."""

    steps_requested = Signal(str)  # a CauseId
    neither_chosen = Signal()

    def __init__(self, likely: Sequence[tuple[Likely, Advice]]) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        self.title = Title(self.tr("These are the most likely reasons"), scale=1.3)
        rows.addWidget(self.title)
        self.buttons: list[ActionButton] = []
        for number, (one, advice) in enumerate(likely):
            rows.addWidget(self._reason(one, advice, is_first=number == 0))
        last = Flow()
        self.neither = ActionButton(self.tr("Neither"))
        self.neither.clicked.connect(self.neither_chosen)
        last.addWidget(self.neither)
        rows.addLayout(last)
        rows.addStretch()

    def take_keyboard(self) -> None:
        self.buttons[0].setFocus()

    def _reason(self, one: Likely, advice: Advice, *, is_first: bool) -> Panel:
        panel = Panel()
        panel.setAccessibleName(advice.title)
        badge = Badge()
        badge.show_group(advice.group.value, advice.badge)
        panel.rows.addWidget(badge)
        panel.rows.addWidget(Title(advice.title, scale=1.15))
        panel.rows.addWidget(Words(one.why))
        text = self.tr("Show what to do...")
        button = MainButton(text) if is_first else ActionButton(text)
        button.setAccessibleDescription(advice.title)
        button.clicked.connect(lambda: self.steps_requested.emit(one.cause))
        self.buttons.append(button)
        line = Flow()
        line.addWidget(button)
        panel.rows.addSpacing(4)
        panel.rows.addLayout(line)
        return panel


class NeitherPage(QWidget):
    """No dead end: words for somebody who can see more."""

    again_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        rows.addWidget(Title(self.tr("Ask the people who run your email"), scale=1.3))
        rows.addWidget(
            Words(self.tr("They can see what happened to it on the way. These words help them:"))
        )
        self.text = FittedText(self.tr("Words to copy"))
        self.text.show_text(self._words())
        rows.addWidget(self.text)
        buttons = Flow()
        self.copy = CopyButton(self.tr("Copy the words"), self._words)
        self.again = ActionButton(self.tr("Start the questions again"))
        self.again.clicked.connect(self.again_requested)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.again)
        rows.addLayout(buttons)
        rows.addStretch()

    def take_keyboard(self) -> None:
        self.copy.setFocus()

    def _words(self) -> str:
        return self.tr(
            "Hello,\n\nan email I sent came back, and the notice doesn't say why in words I "
            "understand. Could you look it up in the mail log? I've attached the notice as it "
            "came.\n\nTo:\nSent on, about:\n\nThank you"
        )
