"""One attempt at a time for a page: it shows that it runs, can be stopped, and how it ended."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import QCoreApplication, QObject

from bounce_assistant.errors import AppError
from bounce_assistant.services.job import Job
from bounce_assistant.ui.tasks import TaskRunner

T = TypeVar("T")


class TryingPage(Protocol):
    """A page that something is tried for."""

    def show_busy(self, *, is_busy: bool) -> None: ...

    def show_problem(self, problem: Exception) -> None:
        """Say what was in the way, in its own words."""

    def take_keyboard(self) -> None: ...


class Trying:
    """Belongs to a dialog, and stops with it."""

    def __init__(self, owner: QObject, tasks: TaskRunner) -> None:
        self._owner, self._tasks = owner, tasks
        self._job: Job | None = None
        self._page: TryingPage | None = None

    def start(
        self, page: TryingPage, work: Callable[[Job], T], done: Callable[[T], object]
    ) -> None:
        """Run ``work`` beside the window; its answer goes to ``done``, a problem to the page."""
        self.stop()
        self._page = page
        page.show_busy(is_busy=True)

        def settle(answer: T) -> None:
            self._end()
            done(answer)

        self._job = self._tasks.run(self._owner, work, done=settle, failed=self._on_refused)

    def stop(self) -> None:
        """End what runs, if anything does."""
        if self._job is not None:
            self._job.cancel()
            self._end()

    def halt(self) -> None:
        """End it because the person said so, who goes on where they were.

        Else the keyboard moves on from Stop to Cancel, and Enter would throw everything away.
        """
        page = self._page
        self.stop()
        if page is not None:
            page.take_keyboard()

    def _on_refused(self, problem: Exception) -> None:
        page = self._page
        self._end()
        if not isinstance(problem, AppError):
            self._tasks.failed.emit(problem)
        if page is not None:
            page.show_problem(problem)

    def _end(self) -> None:
        self._job = None
        if self._page is not None:
            self._page.show_busy(is_busy=False)
            self._page = None


def words_of(problem: Exception) -> str:
    """Return a problem in its own words; one that has none is ours."""
    if isinstance(problem, AppError):
        return str(problem)
    return QCoreApplication.translate(
        "accounts", "Something went wrong in Bounce Assistant. Your mail wasn't changed."
    )
