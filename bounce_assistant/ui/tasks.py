"""The only file that starts threads: runs services beside the window and brings answers back."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from bounce_assistant.errors import CancelledError
from bounce_assistant.services.job import Job

T = TypeVar("T")
Progress = Callable[[int, int, str], None]
_WORKERS = 8  # threads mostly wait for servers; one per account, and some for dropped files
_WATCHERS = 32  # threads that wait for mail as long as the window is open
_PROGRESS_GAP = 0.05  # seconds: twenty times a second is all that an eye can follow


class TaskRunner(QObject):
    """Lives as long as the app. Drops answers of cancelled jobs: closed widgets hear nothing."""

    failed = Signal(object)  # an exception that no caller wanted: a fault of ours
    _progressed = Signal(object, object)
    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="task")
        self._lasting_pool = ThreadPoolExecutor(_WATCHERS, thread_name_prefix="watch")
        self._jobs: set[Job] = set()
        self._lasting: set[Job] = set()
        queued = Qt.ConnectionType.QueuedConnection
        self._progressed.connect(self._on_progressed, queued)
        self._finished.connect(self._on_finished, queued)

    @property
    def is_busy(self) -> bool:
        """Whether something runs that will end by itself."""
        return bool(self._jobs - self._lasting)

    def run(
        self,
        owner: QObject,
        work: Callable[[Job], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        progress: Progress | None = None,
        is_lasting: bool = False,
    ) -> Job:
        """Run ``work(job)`` on a thread; call ``done``, ``failed``, ``progress`` in the window's.

        ``owner`` is the widget it is for: when it goes, the job is cancelled and nothing is called.
        ``is_lasting``: it goes on until it is cancelled, and holds up nothing else.
        ``failed`` gets every exception; without it they go to the signal of that name.
        """
        job = Job()
        if progress:
            job.progress = self._throttled(job, progress)
        owner.destroyed.connect(job.cancel)
        self._jobs.add(job)
        settle = partial(_settle, done, failed or self.failed.emit)
        if is_lasting:
            self._lasting.add(job)
        future = (self._lasting_pool if is_lasting else self._pool).submit(work, job)
        future.add_done_callback(lambda f: self._finished.emit(job, partial(settle, f)))
        return job

    def stop(self) -> None:
        """Cancel every job and wait for the threads; called once, when the window closes."""
        for job in list(self._jobs):
            job.cancel()
        for pool in (self._pool, self._lasting_pool):
            pool.shutdown(wait=True, cancel_futures=True)
        self._jobs.clear()
        self._lasting.clear()

    def _throttled(self, job: Job, progress: Progress) -> Progress:
        last = 0.0

        def report(done: int, total: int, words: str) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _PROGRESS_GAP or done == total:
                last = now
                self._progressed.emit(job, partial(progress, done, total, words))

        return report

    def _on_progressed(self, job: Job, call: Callable[[], None]) -> None:
        if job in self._jobs and not job.is_cancelled:
            call()

    def _on_finished(self, job: Job, call: Callable[[], None]) -> None:
        self._jobs.discard(job)
        self._lasting.discard(job)
        if not job.is_cancelled:
            call()


def _settle(
    done: Callable[[T], None], failed: Callable[[Exception], None], future: "Future[T]"
) -> None:
    problem = future.exception()
    if problem is None:
        done(future.result())
    elif isinstance(problem, CancelledError):
        return  # the user stopped it, and the one who asked for that knows
    elif isinstance(problem, Exception):
        failed(problem)
    else:
        raise problem
