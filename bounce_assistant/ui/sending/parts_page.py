"""What can be smaller: files to leave out or share by a link, pictures to scale, and the result."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal

from bounce_assistant.advice.sizes import spoken_size
from bounce_assistant.services.fixes.make_smaller import (
    SizeLimit,
    Smaller,
    Weights,
    Wish,
    make_smaller,
    weigh_letter,
)
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import Letter
from bounce_assistant.ui.sending.wizard_page import TickRow, WizardPage
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.buttons import MainButton
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.plain import one_line
from bounce_assistant.ui.widgets.tick_box import TickBox
from bounce_assistant.ui.widgets.words import Words

T = TypeVar("T")
_LONGEST = 120
_TYPING_PAUSE = 400  # milliseconds without a key before a link is looked at


class PartsPage(WizardPage):
    """The email itself is kept whole; what is chosen here holds for this one sending."""

    chosen = Signal(object)  # Letter
    text_wanted = Signal()  # there are no files: only the text can be shorter

    def __init__(self, tasks: TaskRunner) -> None:
        super().__init__(self.tr("What should be smaller?"))
        self._tasks = tasks
        self._letter: Letter | None = None
        self._limit: SizeLimit | None = None
        self._smaller: Smaller | None = None
        self._job: Job | None = None
        self.pictures = TickBox(self.tr("Make the &pictures smaller, to fit a screen"))
        self.panel = Panel()
        self.panel.setAccessibleName(self.tr("Files to send"))
        self.boxes: dict[str, TickRow] = {}
        self.link = Field(
            self.tr("&Link to the files you leave out"),
            hint=self.tr("If you put them on Google Drive, OneDrive or Dropbox."),
        )
        self.total = Words(bold=True)
        self.changes = Words(dim=True)
        self.use = MainButton(self.tr("Use this"))
        self.shorten = MainButton(self.tr("Shorten the text..."))
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_PAUSE)
        self._lay_out()

    def show_letter(self, letter: Letter, limit: SizeLimit | None) -> None:
        """Weigh an email and list its files; ``limit`` is the biggest that gets through."""
        if self._letter is letter:
            return
        self._letter, self._limit = letter, limit
        self._show_choices(has_files=False, has_pictures=False)
        self.total.show_words(self.tr("Working it out..."))
        self._run(lambda _job: weigh_letter(letter, limit), self._on_weighed)

    def _lay_out(self) -> None:
        end = Flow()
        end.addWidget(self.use)
        end.addWidget(self.shorten)
        for part in (self.panel, self.pictures, self.link, self.total, self.changes):
            self.rows.addWidget(part)
        self.rows.addLayout(end)
        self.rows.addStretch()
        self.shorten.clicked.connect(self.text_wanted)
        self.pictures.toggled.connect(self._count)
        self.link.changed.connect(self._on_link)
        self._typing.timeout.connect(self._count)
        self.use.clicked.connect(self._on_use)

    def _show_choices(self, *, has_files: bool, has_pictures: bool) -> None:
        self.panel.setVisible(has_files)
        self.pictures.setVisible(has_pictures)
        self.use.setVisible(has_files or has_pictures)
        self.use.setEnabled(False)
        self.link.setVisible(False)
        self.shorten.setVisible(False)
        self.changes.show_words("")

    def _on_weighed(self, weights: Weights) -> None:
        clear(self.panel.rows)
        self.boxes = {}
        for part in weights.files:
            name = one_line(part.name, _LONGEST) or self.tr("A file without a name")
            box = TickRow(f"{name} ({spoken_size(part.weight)})")
            box.toggled.connect(self._count)
            self.boxes[part.id] = box
            self.panel.rows.addWidget(box)
        is_open = not weights.why_sealed
        has_files, has_pictures = bool(self.boxes) and is_open, bool(weights.pictures) and is_open
        self._show_choices(has_files=has_files, has_pictures=has_pictures)
        self._show_lead(weights)
        if has_files or has_pictures:
            self.pictures.blockSignals(True)  # noqa: FBT003 - Qt takes it so
            self.pictures.setChecked(has_pictures)
            self.pictures.blockSignals(False)  # noqa: FBT003
            self._count()
        else:
            self.total.show_words("")
            self.shorten.setVisible(True)

    def _show_lead(self, weights: Weights) -> None:
        lead = self.tr("It is {size}.").format(size=spoken_size(weights.size))
        if weights.limit:
            lead = f"{lead} {weights.limit.words}"
        if weights.why_sealed:
            lead = f"{lead} {weights.why_sealed}"
        elif not weights.files and not weights.pictures:
            lead = self.tr("{lead} It has no files, so only its text can be shorter.").format(
                lead=lead
            )
        self.show_lead(lead)

    def _on_link(self) -> None:
        self.use.setEnabled(False)
        self._typing.start()

    def _count(self) -> None:
        """Work out beside the window what is left."""
        letter, limit = self._letter, self._limit
        if letter is None:
            return
        gone = frozenset(part for part, box in self.boxes.items() if not box.is_ticked)
        self.link.setVisible(bool(gone))
        link = self.link.text.strip() if gone else ""
        wish = Wish(gone, link, scale=self.pictures.isChecked())
        self.use.setEnabled(False)
        self.banner.hide()
        self.total.show_words(self.tr("Working it out..."))
        self._run(lambda job: make_smaller(letter, wish, limit, job), self._on_counted)

    def _run(self, work: Callable[[Job], T], done: Callable[[T], None]) -> None:
        """Have one thing worked out beside the window; what was begun before is forgotten."""
        if self._job is not None:
            self._job.cancel()
        self._job = self._tasks.run(self, work, done=done, failed=self._on_refused)

    def _on_counted(self, smaller: Smaller) -> None:
        self._smaller = smaller
        self.total.show_words(smaller.words)
        self.changes.show_words("\n".join((*smaller.changes, *smaller.kept)))
        is_hopeless = smaller.fits is False and self._limit is not None and self._limit.is_said
        self.use.setEnabled(not is_hopeless)

    def _on_refused(self, problem: Exception) -> None:
        self.total.show_words("")
        self.changes.show_words("")
        self.banner.say_problem(problem)

    def _on_use(self) -> None:
        if self._smaller is not None:
            self.chosen.emit(self._smaller.letter)
