"""The diagnosis card: what happened, who acts, how sure, and the button that starts the fix."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from bounce_assistant.advice.playbooks import Advice, Button
from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.bounce import wording
from bounce_assistant.ui.bounce.more_ways import MoreWays
from bounce_assistant.ui.sending.standing_row import StandingRow
from bounce_assistant.ui.widgets.badge import Badge
from bounce_assistant.ui.widgets.buttons import ActionButton, MainButton
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.words import Title, Words

NOT_A_BOUNCE = "not_a_bounce"


class Fact(QLabel):
    """A pair such as ``Who acts: You``; the words are ours, so markup is safe."""

    def show_fact(self, what: str, value: str) -> None:
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText(f"{escape(what)}: <b>{escape(value)}</b>")
        self.setAccessibleName(f"{what}: {value}")


class DiagnosisCard(Panel):
    """Fixed order, top to bottom; nothing on it is cut off."""

    button_pressed = Signal(object)  # a Button of the playbook

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Diagnosis"))
        self.badge = Badge()
        self.state = Words(dim=True)
        self.state.setWordWrap(False)
        self.title, self.sentence = Title(), Words()
        self.could_be = Words()
        self.who, self.sure = Fact(), Fact()
        self.crm, self.history = Words(dim=True), Words(dim=True)
        self.standing = StandingRow()
        self.main = MainButton()
        self.second = ActionButton()
        self.more = MoreWays()
        self._buttons: tuple[Button, ...] = ()
        self._lay_out()
        for number, button in enumerate((self.main, self.second)):
            button.clicked.connect(lambda _=False, at=number: self._on_clicked(at))

    def show_diagnosis(
        self,
        advice: Advice,
        diagnosis: Diagnosis,
        *,
        history: str = "",
        state: str = "",
        could_be: str = "",
    ) -> None:
        """Draw one diagnosis with its advice; ``could_be``: the title it might have instead."""
        is_mail = advice.cause == NOT_A_BOUNCE
        self.badge.show_group(advice.group.value, advice.badge)
        self.title.show_words(advice.title)
        self.sentence.show_words(advice.sentence)
        self.who.show_fact(self.tr("Who acts"), wording.who_acts(advice.who_acts))
        self.sure.show_fact(self.tr("How sure"), wording.how_sure(diagnosis.certainty))
        crm = "" if is_mail else wording.crm_words(diagnosis.bounce_type, advice.group)
        rival = self.tr("It could also be: {title}.").format(title=could_be) if could_be else ""
        lines = (self.crm, crm), (self.history, history), (self.state, state)
        for label, words in (*lines, (self.could_be, rival)):
            label.show_words(words)
            label.setVisible(bool(words))
        self._show_buttons(tuple(one for one in (advice.main_button, advice.second_button) if one))
        self.setAccessibleDescription(f"{advice.badge}. {advice.title}. {advice.sentence}")
        self.updateGeometry()  # the page remembers how high the last card was

    def show_case_state(self, state: CaseState, *, is_batch: bool = False) -> None:
        """Fit the menu to where the case stands."""
        self.more.show_state(state, is_batch=is_batch)

    def _show_buttons(self, buttons: tuple[Button, ...]) -> None:
        self._buttons = buttons
        for number, widget in enumerate((self.main, self.second)):
            has = number < len(self._buttons)
            widget.setVisible(has)
            if has:
                widget.show_text(self._buttons[number].text)

    def _on_clicked(self, number: int) -> None:
        self.button_pressed.emit(self._buttons[number])

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.badge)
        top.addStretch()
        top.addWidget(self.state)
        self.rows.addLayout(top)
        self.rows.addSpacing(4)
        self.rows.addWidget(self.title)
        self.rows.addWidget(self.sentence)
        self.rows.addWidget(self.could_be)
        self.rows.addSpacing(4)
        facts = Flow(gap=24)
        facts.addWidget(self.who)
        facts.addWidget(self.sure)
        self.rows.addLayout(facts)
        self.rows.addWidget(self.crm)
        self.rows.addWidget(self.standing)
        self.rows.addSpacing(8)
        buttons = Flow()
        for button in (self.main, self.second, self.more):
            buttons.addWidget(button)
        self.rows.addLayout(buttons)
        self.rows.addWidget(self.history)
