"""Check now: one job per account, so that one that cannot be reached does not hold up the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.services.job import Job
from bounce_assistant.store.rows import MessageId
from bounce_assistant.ui.inbox.progress import CheckProgress
from bounce_assistant.ui.tasks import TaskRunner

_QUICK = 1000  # milliseconds; a check that is over by then shows no progress
_REFRESH = 1000
_PATIENCE = 800  # what Stop leaves an account to hang up
Check = Callable[[Account, int, Job], CheckResult]


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What came of all accounts together."""

    looked_at: int
    found: int
    problems: tuple[tuple[Account, AppError], ...]
    was_stopped: bool
    days: int
    is_complete: bool  # at least one account was looked through to its end
    is_quiet: bool = False  # nobody pressed a button for it
    new: tuple[MessageId, ...] = ()  # the notices that were found
    reached: tuple[Account, ...] = ()  # looked through, or stopped in the middle of it


def check_with(desk: Desk, *, again: bool = False) -> Check:
    """Return the service, bound to this desk; ``again``: with another try at mail passed over."""

    def check(account: Account, days: int, job: Job) -> CheckResult:
        from bounce_assistant.services.fetch import check_account  # noqa: PLC0415 -- loads IMAP

        return check_account(
            account, desk.accounts, desk.store, desk.knowledge, job, since_days=days, again=again
        )

    return check


class Checking(QObject):
    """Runs checks and tells the progress panel; the window hears of rows and of each end."""

    rows_changed = Signal()
    account_done = Signal(object)  # CheckResult; others may go on for long
    finished = Signal(object)  # CheckOutcome

    def __init__(
        self,
        check: Check,
        again: Check,
        tasks: TaskRunner,
        panel: CheckProgress,
        parent: QObject,
    ) -> None:
        """``again`` checks with another try at the mail that is passed over."""
        super().__init__(parent)
        self._check, self._again, self._tasks, self._panel = check, again, tasks, panel
        self._running: dict[int, tuple[Account, Job, Job]] = {}  # id -> account, outer, inner
        self._results: list[CheckResult] = []
        self._was_stopped = False
        self._days: int | None = None
        self._longest = 30
        self._is_quiet = False
        self._appear = QTimer(self, singleShot=True, interval=_QUICK)
        self._appear.timeout.connect(panel.show)
        self._refresh = QTimer(self, interval=_REFRESH)
        self._refresh.timeout.connect(self.rows_changed)
        panel.stop_requested.connect(self.stop)

    @property
    def is_running(self) -> bool:
        return bool(self._running)

    @property
    def is_quiet(self) -> bool:
        """Whether nobody waits for the check that runs."""
        return self._is_quiet

    def start(
        self,
        accounts: list[Account],
        days: int | None = None,
        *,
        is_quiet: bool = False,
        again: bool = False,
    ) -> None:
        """Check these accounts; those that aren't being checked join a check that runs.

        ``is_quiet``: progress isn't shown; nobody waits for it. ``again``: ask once more for the
        mail that is passed over.
        """
        if self.is_running:
            self._join(accounts, days, is_quiet=is_quiet, again=again)
        if self.is_running or not accounts:
            return
        self._results, self._was_stopped = [], False
        self._days, self._is_quiet = days, is_quiet
        self._longest = days or max(account.since_days for account in accounts)
        self._panel.start([account.email for account in accounts])
        for account in accounts:
            self._run(account, again=again)
        if not is_quiet:
            self._appear.start()
        self._refresh.start()

    def is_busy_with(self, account: Account) -> bool:
        """Whether an account is being checked right now."""
        return account.id in self._running

    def stop(self) -> None:
        """Stop every account; an answer is there within a second, even if a server is silent."""
        self._was_stopped = True
        self._panel.show()
        for _account, _outer, inner in list(self._running.values()):
            inner.cancel()
        QTimer.singleShot(_PATIENCE, self, self._give_up)

    def keep_to(self, accounts: list[Account]) -> None:
        """Drop the checks of accounts that aren't among these: they were removed."""
        gone = set(self._running) - {account.id for account in accounts}
        for number in gone:
            account, outer, _inner = self._running.pop(number)
            outer.cancel()  # hangs up, and its answer is dropped
            self._panel.remove(account.email)
        if gone and not self.is_running:
            self._end()

    def _join(
        self, accounts: list[Account], days: int | None, *, is_quiet: bool, again: bool
    ) -> None:
        """Begin with accounts that came later; one that hangs must not keep them waiting."""
        if self._was_stopped:
            return
        self._days = days or self._days
        for account in accounts:
            if not self.is_busy_with(account):
                self._panel.add(account.email)
                self._run(account, again=again)
        if self._is_quiet and not is_quiet:  # now somebody waits for it
            self._is_quiet = False
            self._appear.start()

    def _run(self, account: Account, *, again: bool) -> None:
        inner = Job()  # stopped by the user, who still wants to hear what was kept

        def work(job: Job) -> CheckResult:
            inner.progress = job.progress
            job.on_cancel(inner.cancel)
            check = self._again if again else self._check
            return check(account, self._days or account.since_days, inner)

        outer = self._tasks.run(
            self._panel,
            work,
            done=self._on_done,
            failed=partial(self._on_failed, account),
            progress=partial(self._on_progress, account),
        )
        self._running[account.id] = (account, outer, inner)

    def _on_progress(self, account: Account, done: int, total: int, words: str) -> None:
        if account.id in self._running:
            self._panel.show_step(account.email, done, total, words or self._words(done, total))

    def _on_done(self, result: CheckResult) -> None:
        self._results.append(result)
        words = result.problem.title if result.problem else self._end_words(result)
        self._panel.show_end(result.account.email, words, is_problem=bool(result.problem))
        self._running.pop(result.account.id, None)
        self.account_done.emit(result)
        self._settle()

    def _on_failed(self, account: Account, problem: Exception) -> None:
        if isinstance(problem, AppError):
            self._on_done(CheckResult(account, problem=problem))
            return
        if not isinstance(problem, CancelledError):
            self._tasks.failed.emit(problem)
        self._running.pop(account.id, None)
        self._settle()

    def _settle(self) -> None:
        self.rows_changed.emit()
        if not self.is_running:
            self._end()

    def _give_up(self) -> None:
        if not (self.is_running and self._was_stopped):
            return
        for _account, outer, _inner in self._running.values():
            outer.cancel()  # its answer is dropped; what it stored is kept
        self._running.clear()
        self._end()

    def _end(self) -> None:
        self._appear.stop()
        self._refresh.stop()
        self._panel.hide()
        looked_at = sum(result.looked_at for result in self._results)
        found = sum(result.found for result in self._results)
        self.finished.emit(
            CheckOutcome(
                looked_at,
                found,
                tuple((r.account, r.problem) for r in self._results if r.problem),
                self._was_stopped,
                self._longest,
                is_quiet=self._is_quiet,
                reached=tuple(r.account for r in self._results if r.problem is None),
                new=tuple(one for result in self._results for one in result.new_messages),
                is_complete=any(not r.problem and not r.stopped for r in self._results),
            )
        )

    def _words(self, done: int, total: int) -> str:
        locale = QLocale()
        words = self.tr("%1 of %2 messages looked at")
        return words.replace("%1", locale.toString(done)).replace("%2", locale.toString(total))

    def _end_words(self, result: CheckResult) -> str:
        single = self.tr("1 message looked at")
        several = self.tr("%Ln messages looked at", "", result.looked_at)
        looked_at = single if result.looked_at == 1 else several
        one, many = self.tr("1 bounce found"), self.tr("%n bounces found", "", result.found)
        return f"{looked_at}, {one if result.found == 1 else many}"
