"""Bounces added by hand: dropped files, opened files, pasted words."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from bounce_assistant.errors import AppError
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.intake import Intake, add_files, add_text
from bounce_assistant.services.job import Job
from bounce_assistant.ui.inbox.progress import CheckProgress
from bounce_assistant.ui.tasks import TaskRunner

_QUICK = 1000  # milliseconds; what is read by then shows no progress


class Adding(QObject):
    """Reads files and words beside the window; says what came of it."""

    added = Signal(object)  # Intake
    stopped = Signal()  # by the user; what was read is kept
    refused = Signal(object)  # AppError: nothing could be taken in

    def __init__(
        self, desk: Desk, tasks: TaskRunner, panel: CheckProgress, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._panel = desk, tasks, panel
        self._job: Job | None = None
        self._line = self.tr("Saved emails")
        self._appear = QTimer(self, singleShot=True, interval=_QUICK)
        self._appear.timeout.connect(panel.show)
        panel.stop_requested.connect(self._on_stop)

    def add_paths(self, paths: tuple[str, ...]) -> None:
        """Diagnose files and folders."""
        desk = self._desk
        self._start(lambda job: add_files(paths, desk.store, desk.knowledge, job))

    def add_words(self, text: str) -> None:
        """Diagnose a message source, or just the words of a server."""
        desk = self._desk
        self._start(lambda job: add_text(text, desk.store, desk.knowledge, job))

    def _start(self, work: Callable[[Job], Intake]) -> None:
        self._panel.start([self._line])
        self._appear.start()
        self._job = self._tasks.run(
            self._panel,
            work,
            done=self._on_done,
            failed=self._on_failed,
            progress=self._on_progress,
        )

    def _on_progress(self, done: int, total: int, words: str) -> None:
        locale = QLocale()
        counted = self.tr("%1 of %2 read").replace("%1", locale.toString(done))
        self._panel.show_step(
            self._line, done, total, words or counted.replace("%2", locale.toString(total))
        )

    def _on_done(self, intake: Intake) -> None:
        self._end()
        self.added.emit(intake)

    def _on_failed(self, problem: Exception) -> None:
        self._end()
        if isinstance(problem, AppError):
            self.refused.emit(problem)
        else:
            self._tasks.failed.emit(problem)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._end()
        self.stopped.emit()

    def _end(self) -> None:
        self._job = None
        self._appear.stop()
        self._panel.hide()
