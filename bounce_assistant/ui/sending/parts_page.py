"""What can be smaller: files to leave out, pictures to scale, and what that comes to."""

from PySide6.QtCore import Signal

from bounce_assistant.services.fixes.smaller import FILES, make_smaller
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import Letter
from bounce_assistant.ui.sending.pictures import scaled
from bounce_assistant.ui.sending.wizard_page import WizardPage, size_words
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.buttons import MainButton
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.plain import one_line
from bounce_assistant.ui.widgets.tick_box import TickBox
from bounce_assistant.ui.widgets.words import Words

_LONGEST = 60


class PartsPage(WizardPage):
    """The email itself is kept whole; what is chosen here holds for this one sending."""

    chosen = Signal(object)  # Letter
    text_wanted = Signal()  # there are no files: only the text can be shorter

    def __init__(self, tasks: TaskRunner) -> None:
        super().__init__(self.tr("What should be smaller?"))
        self._tasks = tasks
        self._letter: Letter | None = None
        self._smaller: Letter | None = None
        self._job: Job | None = None
        self.pictures = TickBox(self.tr("Make the &pictures smaller, to fit a screen"))
        self.panel = Panel()
        self.panel.setAccessibleName(self.tr("Files to send"))
        self.boxes: dict[int, TickBox] = {}
        self.total = Words(bold=True)
        self.use = MainButton(self.tr("Use this"))
        self.shorten = MainButton(self.tr("Shorten the text..."))
        self.shorten.clicked.connect(self.text_wanted)
        end = Flow()
        end.addWidget(self.use)
        end.addWidget(self.shorten)
        for part in (self.panel, self.pictures, self.total):
            self.rows.addWidget(part)
        self.rows.addLayout(end)
        self.rows.addStretch()
        self.pictures.toggled.connect(self._count)
        self.use.clicked.connect(self._on_use)

    def show_letter(self, letter: Letter, limit: str) -> None:
        """List the files of an email; ``limit`` is what the other side takes, in words."""
        self.show_lead(self.tr("They take {limit} at most.").format(limit=limit) if limit else "")
        if self._letter is letter:
            return
        self._letter = letter
        clear(self.panel.rows)
        self.boxes = {}
        for number, part in enumerate(letter.parts):
            if part.kind in FILES:
                name = one_line(part.name, _LONGEST) or self.tr("A file without a name")
                box = TickBox(f"{name} ({size_words(part.size)})".replace("&", "&&"))
                box.setChecked(True)
                box.toggled.connect(self._count)
                self.boxes[number] = box
                self.panel.rows.addWidget(box)
        has_pictures = any(p.content_type.startswith("image/") for p in letter.parts)
        self.panel.setVisible(bool(self.boxes))
        self.pictures.setVisible(has_pictures)
        self.pictures.setChecked(has_pictures)
        self.use.setVisible(bool(self.boxes))
        self.total.setVisible(bool(self.boxes))
        self.shorten.setVisible(not self.boxes)
        if not self.boxes:
            self.show_lead(self.tr("It has no files, so only its text can be shorter."))
        self._count()

    def _count(self) -> None:
        """Work out beside the window what is left."""
        letter = self._letter
        if letter is None:
            return
        if self._job is not None:
            self._job.cancel()
        self.use.setEnabled(False)
        self.total.show_words(self.tr("Working it out..."))
        gone = frozenset(number for number, box in self.boxes.items() if not box.isChecked())
        scale = scaled if self.pictures.isChecked() else None
        self._job = self._tasks.run(
            self,
            lambda job: make_smaller(letter, gone, scale, job),
            done=self._on_counted,
            failed=self._on_refused,
        )

    def _on_counted(self, smaller: Letter) -> None:
        self._smaller = smaller
        before = len(self._letter.raw) if self._letter else 0
        words = self.tr("{after} instead of {before}").format(
            after=size_words(len(smaller.raw)), before=size_words(before)
        )
        self.total.show_words(words)
        self.use.setEnabled(True)

    def _on_refused(self, problem: Exception) -> None:
        self.total.show_words("")
        self.banner.say_problem(problem)

    def _on_use(self) -> None:
        if self._smaller is not None:
            self.chosen.emit(self._smaller)
