"""One question on a page, its choices as large rows."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.diagnosis.wizard import Choice, Question
from bounce_assistant.ui.widgets.buttons import MainButton
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.words import Title, Words

_DONT_KNOW = "unknown"


class QuestionPage(QWidget):
    """One press answers; only a question that takes several answers has a button of its own."""

    answered = Signal(tuple)  # ids of choices

    def __init__(self, question: Question, given: Sequence[str]) -> None:
        super().__init__()
        self._is_several = question.several
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.title = Title(question.text, scale=1.3)
        rows.addWidget(self.title)
        if question.several:
            rows.addWidget(Words(self.tr("Choose all that fit."), dim=True))
        rows.addSpacing(4)
        self.choices: dict[str, ChoiceRow] = {}
        for choice in question.choices:
            row = self._row(choice, is_given=choice.id in given)
            self.choices[choice.id] = row
            rows.addWidget(row)
        if question.several:
            go_on = Flow()
            self.next = MainButton(self.tr("See the likely reasons"))
            self.next.clicked.connect(self._on_next)
            go_on.addWidget(self.next)
            rows.addSpacing(4)
            rows.addLayout(go_on)
        rows.addStretch()

    def take_keyboard(self) -> None:
        """Put the keyboard on the answer given before, or else on the first."""
        rows = list(self.choices.values())
        next((row for row in rows if row.isChecked()), rows[0]).setFocus()

    def _row(self, choice: Choice, *, is_given: bool) -> ChoiceRow:
        row = ChoiceRow(choice.text, is_choice=True)
        row.setChecked(is_given)
        row.clicked.connect(lambda: self._on_chosen(choice.id))
        return row

    def _on_chosen(self, choice: str) -> None:
        if not self._is_several:
            self.answered.emit((choice,))
        elif choice == _DONT_KNOW:
            for name, row in self.choices.items():
                row.setChecked(name == _DONT_KNOW)
        else:
            self.choices[_DONT_KNOW].setChecked(False)

    def _on_next(self) -> None:
        ticked = (name for name, row in self.choices.items() if row.isChecked())
        self.answered.emit(tuple(name for name in ticked if name != _DONT_KNOW))
