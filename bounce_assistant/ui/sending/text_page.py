"""Where is the text of the email? Found in Sent, pasted, or written anew."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit

from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import Letter, LetterSource, letter_from_text
from bounce_assistant.store.rows import CaseId
from bounce_assistant.ui.sending.wizard_page import Choices, WizardPage
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.buttons import ActionButton, MainButton
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.words import Words


class TextPage(WizardPage):
    """Sent is only read; what is typed here is kept while one goes back and forth."""

    chosen = Signal(object)  # Letter

    def __init__(self, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__(self.tr("Where is the text of your email?"))
        self._desk, self._tasks = desk, tasks
        self._case = CaseId(0)
        self._old: Letter | None = None
        self._source = LetterSource.WRITTEN
        self._job: Job | None = None
        self.in_sent = ChoiceRow(
            self.tr("Find it in Sent"),
            self.tr("Looks for it in your Sent folder. Nothing is changed there."),
            mark=self.tr("Recommended"),
        )
        self.paste = ChoiceRow(
            self.tr("Paste the text"), self.tr("Copy it from your mail program. No attachments.")
        )
        self.write = ChoiceRow(
            self.tr("Write a new one"), self.tr("A short new email in the same conversation.")
        )
        self._choices = Choices()
        self._choices.show_rows([self.in_sent, self.paste, self.write])
        self.rows.addWidget(self._choices)
        self.busy, self.stop = Words(self.tr("Looking in Sent...")), ActionButton(self.tr("Stop"))
        looking = Flow()
        looking.addWidget(self.busy)
        looking.addWidget(self.stop)
        self.rows.addLayout(looking)
        self.subject = Field(self.tr("&Subject"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Text"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(180)
        self.use = MainButton(self.tr("Use this text"))
        for part in (self.subject, self.text):
            self.rows.addWidget(part)
        end = Flow()
        end.addWidget(self.use)
        self.rows.addLayout(end)
        self.rows.addStretch()
        self._show_editor(is_shown=False)
        self._show_busy(is_busy=False)
        self.in_sent.clicked.connect(self._on_find)
        self.stop.clicked.connect(self._on_stop)
        self.paste.clicked.connect(lambda: self._on_edit(LetterSource.PASTED))
        self.write.clicked.connect(lambda: self._on_edit(LetterSource.WRITTEN))
        self.text.textChanged.connect(self._show_use)
        self.use.clicked.connect(self._on_use)

    def show_letter(self, case: CaseId, letter: Letter) -> None:
        """Begin with what the notice brought back."""
        self._case, self._old = case, letter
        self.show_lead(letter.why_not)
        self.in_sent.setVisible(not self._desk.is_sample)
        if not self.subject.text:
            self.subject.edit.setText(letter.subject)

    def focus_first(self) -> None:
        (self.paste if self._desk.is_sample else self.in_sent).setFocus()

    def _on_find(self) -> None:
        self.banner.hide()
        self._show_busy(is_busy=True)
        case = self._case
        self._job = self._tasks.run(
            self,
            lambda job: self._desk.resend.find_in_sent(case, job),
            done=self._on_found,
            failed=self._on_refused,
        )

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._show_busy(is_busy=False)

    def _on_found(self, letter: Letter | None) -> None:
        self._show_busy(is_busy=False)
        if letter is None:
            self.banner.say(self.tr("It isn't in your Sent folder. Paste the text instead."))
        elif not letter.is_whole:
            self.banner.say(letter.why_not)
        else:
            self.chosen.emit(letter)

    def _on_refused(self, problem: Exception) -> None:
        self._show_busy(is_busy=False)
        self.banner.say_problem(problem)

    def _on_edit(self, source: LetterSource) -> None:
        self._source = source
        if source is LetterSource.WRITTEN and self._old and not self.text.toPlainText():
            self.text.setPlainText(self._old.text)
        self._show_editor(is_shown=True)
        self.text.setFocus()

    def _on_use(self) -> None:
        header = self._old.raw if self._old else b""
        text = self.text.toPlainText()
        letter = letter_from_text(self.subject.text, text, header=header, source=self._source)
        self.chosen.emit(letter)

    def _show_editor(self, *, is_shown: bool) -> None:
        for part in (self.subject, self.text, self.use):
            part.setVisible(is_shown)
        self._show_use()

    def _show_use(self) -> None:
        self.use.setEnabled(bool(self.text.toPlainText().strip()))

    def _show_busy(self, *, is_busy: bool) -> None:
        self.busy.setVisible(is_busy)
        self.stop.setVisible(is_busy)
        self._choices.setEnabled(not is_busy)
