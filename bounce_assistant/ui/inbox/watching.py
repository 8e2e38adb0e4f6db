"""Watches the accounts while the program is open, in its window or in the tray."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job
from bounce_assistant.services.watching import Nudge, watch_account
from bounce_assistant.ui.surroundings import Surroundings
from bounce_assistant.ui.tasks import TaskRunner

Watch = Callable[[Account, Job, Nudge, Callable[[], object]], None]


def watch_with(desk: Desk) -> Watch:
    """Return the service, bound to this desk."""

    def watch(account: Account, job: Job, nudge: Nudge, tell: Callable[[], object]) -> None:
        watch_account(account, desk.accounts, job, nudge, tell)

    return watch


class Watching(QObject):
    """One watch per account, each on a thread of its own.

    None while the setting is off, nor on a connection that costs money.
    """

    mail_expected = Signal(object)  # Account: worth a check now
    watch_ended = Signal(object, object)  # Account, AppError: until somebody does something

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        surroundings: Surroundings,
        parent: QObject,
        watch: Watch | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._surroundings = desk, tasks, surroundings
        self._watch = watch or watch_with(desk)
        self._running: dict[int, tuple[Job, Nudge]] = {}
        surroundings.changed.connect(self.refresh)
        surroundings.moved.connect(self.wake)

    @property
    def is_on(self) -> bool:
        return not self._desk.is_sample and self._desk.store.settings.load().watch == "on"

    @property
    def is_paused(self) -> bool:
        """Whether it would watch, but for a connection that costs money."""
        return self.is_on and self._surroundings.is_metered

    def refresh(self) -> None:
        """Watch the accounts there are now; end the watches of those that are gone."""
        accounts = self._desk.accounts.list() if self.is_on and not self.is_paused else []
        for gone in set(self._running) - {account.id for account in accounts}:
            job, _nudge = self._running.pop(gone)
            job.cancel()
        for account in accounts:
            if account.id not in self._running:
                self._start(account)
        for _job, nudge in self._running.values():
            nudge.is_sparing = self._surroundings.is_on_battery

    def wake(self) -> None:
        """Have every watch connect anew, as after a change of networks."""
        for _job, nudge in self._running.values():
            nudge.give()

    def _start(self, account: Account) -> None:
        nudge = Nudge()
        job = self._tasks.run(
            self,
            lambda job: self._watch(account, job, nudge, lambda: job.step(1, 1)),
            done=lambda _none: None,  # it has no end of its own
            failed=partial(self._on_failed, account),
            progress=lambda _done, _total, _words: self.mail_expected.emit(account),
            is_lasting=True,
        )
        self._running[account.id] = job, nudge

    def _on_failed(self, account: Account, problem: Exception) -> None:
        self._running.pop(account.id, None)
        if isinstance(problem, AppError):
            self.watch_ended.emit(account, problem)
        elif not isinstance(problem, CancelledError):
            self._tasks.failed.emit(problem)
