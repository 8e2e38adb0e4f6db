"""Help me work it out: the offline questions, one a page, and where they lead."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from bounce_assistant.advice.advise import advise
from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.advice.playbooks import Advice
from bounce_assistant.diagnosis.verdict import (
    BounceType,
    CauseId,
    Certainty,
    Diagnosis,
    ReasonId,
)
from bounce_assistant.diagnosis.wizard import Wizard, WizardState
from bounce_assistant.report.facts import BounceReport, MessageKind, RecipientReport
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.bounce.steps import StepList
from bounce_assistant.ui.widgets.sheet_dialog import SheetDialog
from bounce_assistant.ui.wizard.question_page import QuestionPage
from bounce_assistant.ui.wizard.result_page import NeitherPage, ResultPage


class QuestionsDialog(SheetDialog):
    """Works with and without a bounce; ``chosen_cause`` is the answer, None for neither."""

    def __init__(
        self,
        wizard: Wizard,
        known: Mapping[str, str],
        handbook: Handbook,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Help me work it out"))
        self.page = Page()
        self.hold(self.page, leave=self.tr("Close"))
        self._handbook = handbook
        self._state: WizardState = wizard.start(known)
        self._total = len(wizard.questions) - len(self._state.known)
        self._given: dict[str, tuple[str, ...]] = {}  # kept while going back and forth
        self._shown_cause: CauseId | None = None
        self.chosen_cause: CauseId | None = None
        self.back.clicked.connect(self._on_back)
        self.content: QWidget | None = None
        self.resize(560, 660)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the choices with the arrow keys, too."""
        if isinstance(self.content, QuestionPage) and event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif isinstance(self.content, QuestionPage) and event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        """Draw the question or the result that the answers so far lead to."""
        question, likely = self._state.question, self._state.result
        if question is not None:
            words = self.tr("Step {number} of {all}")
            number = min(self._state.number, self._total)
            self.place.show_words(words.format(number=number, all=self._total))
            asked = QuestionPage(question, self._given.get(question.id, ()))
            asked.answered.connect(self._on_answered)
            self._put(asked)
            asked.take_keyboard()
        else:
            self.place.show_words("")
            result = ResultPage([(one, self._advice(one.cause)) for one in likely or ()])
            result.steps_requested.connect(self._show_steps)
            result.neither_chosen.connect(self._show_neither)
            self._put(result)
            result.take_keyboard()
        self.back.setVisible(bool(self._state.answers))

    def _show_steps(self, cause: str) -> None:
        self._shown_cause = CauseId(cause)
        steps = StepList(back=self.tr("Back to the reasons"), last=self.tr("Use this reason"))
        steps.show_steps(self._advice(self._shown_cause), {}, "")
        steps.back_requested.connect(self._show)
        steps.done_requested.connect(self._on_used)
        self.back.hide()
        self._put(steps)
        steps.back.setFocus()

    def _show_neither(self) -> None:
        neither = NeitherPage()
        neither.again_requested.connect(self._on_again)
        self._put(neither)
        neither.take_keyboard()

    def _put(self, content: QWidget) -> None:
        if self.content is not None:
            self.content.hide()
            self.content.deleteLater()
        self.content = content
        self.page.rows.addWidget(content)
        self.page.verticalScrollBar().setValue(0)

    def _on_answered(self, choices: tuple[str, ...]) -> None:
        question = self._state.question
        if question is None:
            return
        self._given[question.id] = choices
        self._state = self._state.answer(*choices)
        self._show()

    def _on_back(self) -> None:
        if isinstance(self.content, NeitherPage):
            self._show()
            return
        self._state = self._state.back()
        self._show()

    def _on_again(self) -> None:
        while self._state.answers:
            self._state = self._state.back()
        self._show()

    def _on_used(self) -> None:
        self.chosen_cause = self._shown_cause
        self.accept()

    def _advice(self, cause: CauseId) -> Advice:
        """Return the way out in general words, as no bounce is at hand."""
        diagnosis = Diagnosis(
            RecipientReport(""), ReasonId(""), cause, BounceType.SOFT, Certainty.LIKELY, 0.5
        )
        return advise(diagnosis, BounceReport(MessageKind.BOUNCE), self._handbook)
