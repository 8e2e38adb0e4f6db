"""The reading pane: one bounce, or the people of a batch, with everything that can be done."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.advice.playbooks import Button
from bounce_assistant.diagnosis.likeness import likeness
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.services.cases import Cases, OpenCase
from bounce_assistant.services.standing import Standing
from bounce_assistant.store.rows import CaseRow
from bounce_assistant.ui.bounce.acts import Acts
from bounce_assistant.ui.bounce.batch_page import BatchPage
from bounce_assistant.ui.bounce.card import DiagnosisCard
from bounce_assistant.ui.bounce.case_page import CasePage
from bounce_assistant.ui.bounce.empty_page import EmptyPage
from bounce_assistant.ui.bounce.it_note import it_note
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.bounce.past import HistoryOf
from bounce_assistant.ui.bounce.reasons_dialog import ReasonsDialog, all_advice
from bounce_assistant.ui.bounce.saving import Saving
from bounce_assistant.ui.bounce.steps import StepList
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.section import OpenSections

LEAST_WIDTH = 440
_FOR_ALL = frozenset({"send_again", "retry", "later"})  # of a batch; the rest is a person's own


class ReadingPane(QWidget):
    """Shows frozen values; what the person decides goes to Cases at once."""

    case_changed = Signal(int)
    undo_offered = Signal(str)
    questions_requested = Signal(int)
    paste_requested = Signal()
    member_selected = Signal(int)
    past_case_wanted = Signal(int)  # of the same address; it may be in another view
    flow_wanted = Signal(str, float)  # of the case that is shown; hours from now, or 0
    group_flow_wanted = Signal(object, float)  # sequence of CaseId; hours
    standing_acted = Signal(str)

    def __init__(
        self,
        cases: Cases,
        handbook: Handbook,
        tasks: TaskRunner,
        parent: QWidget | None = None,
        *,
        sections: OpenSections | None = None,
        history: HistoryOf | None = None,
    ) -> None:
        super().__init__(parent)
        self._cases, self._handbook, self._tasks = cases, handbook, tasks
        self._case: OpenCase | None = None
        self._batch: tuple[CaseRow, Sequence[CaseRow]] | None = None
        self.setMinimumWidth(LEAST_WIDTH)
        self.empty = EmptyPage()
        self.case_page = CasePage(handbook, sections or OpenSections(), history)
        self.batch_page = BatchPage(handbook)
        self.steps_page, self.steps = Page(), StepList()
        self.steps_page.rows.addWidget(self.steps)
        self._stack = QStackedWidget()
        for page in (self.empty, self.case_page, self.batch_page, self.steps_page):
            self._stack.addWidget(page)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._stack)
        self._acts, self._saving = Acts(cases, self), Saving(self, tasks)
        self._connect()

    @property
    def case(self) -> OpenCase | None:
        """The case that is shown; of a batch, its newest."""
        return self._case

    def show_case(self, case: OpenCase | None) -> None:
        """Draw a case; None draws the words that say how to pick one."""
        if case is None:
            self.show_nothing()
            return
        self._case, self._batch = case, None
        self._acts.chosen = (case.id,)
        self.case_page.show_case(case)
        self._stack.setCurrentWidget(self.case_page)

    def show_nothing(self, *, picked: int = 0) -> None:
        """Draw the words for no bounce, or for so many at once."""
        self._case, self._batch = None, None
        self._acts.chosen = ()
        self.empty.show_picked(picked)
        self._stack.setCurrentWidget(self.empty)

    def show_batch(self, row: CaseRow, members: Sequence[CaseRow]) -> None:
        """Draw the people of a folded row; their shared diagnosis is read meanwhile."""
        self._case, self._batch = None, (row, members)
        self._acts.chosen = tuple(member.key.case for member in members)
        newest = members[0].key.case if members else row.key.case
        self._tasks.run(
            self,
            lambda _job: self._cases.look_at(newest),
            done=lambda case: self._on_newest_read(case, row, members),
            failed=self._on_refused,
        )

    def press_main_button(self) -> None:
        """Do what the card's filled button does, as Enter in the list does."""
        if self._case is not None:
            self._card.main.click()

    def show_raw(self) -> None:
        """Open the raw message of the case that is shown."""
        if self._stack.currentWidget() is not self.empty and self._batch is None:
            self._stack.setCurrentWidget(self.case_page)
            self.case_page.open_section("raw")

    def choose_reason(self) -> None:
        """Let the person say what really happened."""
        case = self._case
        if case is None:
            return
        advices = all_advice(case.diagnosis, case.report, self._handbook)
        alike = likeness(case.diagnosis.recipient)
        dialog = ReasonsDialog(advices, case.diagnosis.cause, self, alike=alike)
        dialog.accepted.connect(
            lambda: self._on_reason(dialog.chosen, remember=dialog.remember.isChecked())
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @property
    def _card(self) -> DiagnosisCard:
        return self.batch_page.card if self._batch else self.case_page.card

    def _connect(self) -> None:
        for page in (self.case_page, self.batch_page):
            more = page.card.more
            page.card.button_pressed.connect(self._on_button)
            more.done_chosen.connect(self._acts.mark_done)
            more.put_back_chosen.connect(self._acts.put_back)
            more.snooze_chosen.connect(self._acts.snooze)
            more.steps_chosen.connect(self.show_steps)
            more.reason_chosen.connect(self.choose_reason)
            more.questions_chosen.connect(self._ask_questions)
            more.it_note_chosen.connect(self._copy_it_note)
            more.save_chosen.connect(self._save)
        technical = self.case_page.technical
        technical.save_requested.connect(self._save)
        technical.private_copy_requested.connect(self._save_private)
        self.case_page.why.reason_requested.connect(self.choose_reason)
        self.case_page.past.case_wanted.connect(self.past_case_wanted)
        self.batch_page.members.member_selected.connect(self.member_selected)
        self.batch_page.members.done_requested.connect(self._acts.mark_done)
        self.steps.back_requested.connect(self._show_diagnosis)
        self.steps.ticked.connect(lambda step, done: self._acts.tick(step, done=done))
        self.steps.done_requested.connect(self._acts.mark_done)
        self.steps.flow_wanted.connect(lambda flow: self._start_flow(flow, 0))
        self.case_page.card.standing.wanted.connect(self.standing_acted)
        self._acts.done.connect(self._on_acted)
        self._acts.refused.connect(self._on_refused)
        self._saving.saved.connect(self._on_saved)
        self._saving.refused.connect(self._on_refused)

    def _on_button(self, button: Button) -> None:
        if self._case is None:
            return
        if button.opens == "steps":
            self.show_steps(button.step)
        elif button.opens == "questions":
            self._ask_questions()
        elif button.opens == "original" and not self._batch:
            self.case_page.open_section("original")
        elif button.opens == "original":
            self.member_selected.emit(int(self._case.id))
        elif button.opens == "hide":
            self._acts.hide(self._case.diagnosis.cause)
        elif button.opens:
            self._start_flow(button.opens, button.snooze_hours)
            return
        if button.snooze_hours:
            self._acts.snooze_hours(button.snooze_hours)
        if button.marks_done:
            self._acts.mark_done()

    def _start_flow(self, flow: str, hours: float) -> None:
        """Begin a flow for the case, or for everybody of a batch; of its newest where it must."""
        if self._batch and flow in _FOR_ALL:
            self.group_flow_wanted.emit(tuple(self._acts.chosen), hours)
        else:
            self.flow_wanted.emit(flow, hours)

    def remind(self, hours: float) -> None:
        """Put the case away for so many hours."""
        self._acts.snooze_hours(hours)

    def show_standing(self, standing: Standing) -> None:
        """Say what became of the email since it came back."""
        self.case_page.show_standing(standing)

    def say_problem(self, problem: Exception) -> None:
        """Say on the page what could not be done."""
        self._on_refused(problem)

    def show_steps(self, first: str = "") -> None:
        """Show what to do step by step, from a step on."""
        case = self._case
        if case is None:
            return
        note = it_note(case.report, case.diagnosis, case.advice)
        self.steps.show_steps(case.advice, case.ticked, note, first=first)
        self._stack.setCurrentWidget(self.steps_page)
        self.steps_page.verticalScrollBar().setValue(0)
        self.steps.back.setFocus()

    def _show_diagnosis(self) -> None:
        self._stack.setCurrentWidget(self.batch_page if self._batch else self.case_page)
        self._card.main.setFocus()

    def _ask_questions(self) -> None:
        if self._case is not None:
            self.questions_requested.emit(int(self._case.id))

    def _on_reason(self, cause: CauseId | None, *, remember: bool = False) -> None:
        case = self._case
        if cause is None or case is None:
            return
        self._acts.choose_cause(cause)
        if remember:
            self._tasks.run(
                self,
                lambda job: self._cases.rules.remember(case.diagnosis, cause, job),
                done=self._on_remembered,
                failed=self._on_refused,
            )

    def _on_remembered(self, changed: int) -> None:
        if self._case is not None:
            self.case_changed.emit(int(self._case.id))
        words = self.tr("Remembered for bounces like this")
        if changed > 1:  # besides the one it was said of
            words = self.tr("Remembered; {n} more changed").format(n=changed - 1)
        self.undo_offered.emit(words)

    def _save(self) -> None:
        if self._case is not None:
            self._saving.ask(self._case)

    def _save_private(self) -> None:
        if self._case is not None:
            self._saving.ask_private(self._case)

    def _copy_it_note(self) -> None:
        case = self._case
        if case is not None:
            text = it_note(case.report, case.diagnosis, case.advice)
            QGuiApplication.clipboard().setText(text)
            self._say(self.tr("Copied. Paste it into a message to your IT person."))

    def _on_newest_read(self, case: OpenCase, row: CaseRow, members: Sequence[CaseRow]) -> None:
        if self._batch != (row, members):
            return  # something else was picked meanwhile
        self._case = self.batch_page.show_batch(case, row, members)
        self._stack.setCurrentWidget(self.batch_page)

    def _on_acted(self, words: str) -> None:
        case = self._case
        if case is None:
            return
        self._read_again(case)
        self.case_changed.emit(int(case.id))
        if words:
            self.undo_offered.emit(words)

    def _read_again(self, case: OpenCase) -> None:
        """Show what became of the case, unless something else is picked meanwhile."""

        def show(now: OpenCase) -> None:
            if self._case is None or self._case.id != now.id or self._batch:
                return
            self._case = now
            self.case_page.show_case(now)

        self._tasks.run(self, lambda _job: self._cases.look_at(case.id), done=show)

    def _on_saved(self, name: str) -> None:
        self._say(self.tr("Saved as {name}.").format(name=name))

    def _on_refused(self, problem: Exception) -> None:
        page = self.batch_page if self._batch else self.case_page
        self._stack.setCurrentWidget(page)
        page.banner.say_problem(problem)
        page.verticalScrollBar().setValue(0)

    def _say(self, words: str) -> None:
        page = self.batch_page if self._batch else self.case_page
        page.banner.say(words, group="fine")
        page.verticalScrollBar().setValue(0)
