"""Check now as the user sees it: the command, the progress, and a band for each problem."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.ui.frame import Frame, is_offline
from bounce_assistant.ui.inbox.checking import Check, Checking, CheckOutcome, check_with
from bounce_assistant.ui.inbox.status import last_problems
from bounce_assistant.ui.menus import Commands
from bounce_assistant.ui.tasks import TaskRunner

# Milliseconds until a check that found no network is tried again; each is twice the last.
FIRST_PAUSE, LONGEST_PAUSE = 15_000, 5 * 60_000


class Checks(QObject):
    """Starts checks and shows what went wrong; the window hears of the rest."""

    rows_changed = Signal()
    started = Signal()
    account_checked = Signal(object, bool)  # CheckResult; whether nobody waits for it
    checked = Signal(object)  # CheckOutcome
    account_wanted = Signal()  # there is nothing to check yet

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        frame: Frame,
        commands: Commands,
        check: Check | None = None,
    ) -> None:
        """``check`` stands in for the service; for a test."""
        super().__init__(frame)
        self._desk, self._frame, self._commands = desk, frame, commands
        checks = (check or check_with(desk), check or check_with(desk, again=True))
        self._checking = Checking(*checks, tasks, frame.check_panel, self)
        self._checking.rows_changed.connect(self.rows_changed)
        self._checking.account_done.connect(self._on_account_done)
        self._checking.finished.connect(self._on_finished)
        self._expected: dict[int, Account] = {}  # to be looked at when the running check is over
        self._retried: dict[int, Account] = {}  # whose mail is to be tried again, as soon as free
        self._told: set[int] = set()  # accounts whose problem is shown before the check is over
        self._days: int | None = None  # as the last check that was asked for
        self.may_resume = True  # by itself: not where the connection costs money
        self._pause = FIRST_PAUSE
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._try_again)

    @property
    def is_offline(self) -> bool:
        """Whether the last check found no network; it goes on when there is one."""
        return self._frame.bands.band("offline") is not None

    @property
    def is_running(self) -> bool:
        return self._checking.is_running

    def start(self, days: int | None = None) -> None:
        """Check every account, as far back as chosen for it; ask for one if there is none."""
        accounts = self._desk.accounts.list()
        if not accounts:
            self.account_wanted.emit()
            return
        for account in accounts:
            self._frame.bands.remove(f"account-{account.id}")
        self._frame.bands.remove("offline")
        self._commands.check.setEnabled(False)
        self._days = days
        self._checking.start(accounts, days)
        self.started.emit()

    def show_kept_problems(self, *, with_offline: bool) -> None:
        """Show what was in the way of the check before; a missing network only if it still is."""
        kept = last_problems(self._desk, with_offline=with_offline)
        self._frame.show_problems(kept, again=self.start)

    def look_at(self, account: Account) -> None:
        """Check an account because mail may have arrived; nobody waits for it."""
        self._expected[account.id] = account
        self._look_at_expected()

    def forget_removed(self) -> None:
        """Drop the checks and the bands of accounts that are no longer there."""
        accounts = self._desk.accounts.list()
        numbers = {account.id for account in accounts}
        self._expected = {n: one for n, one in self._expected.items() if n in numbers}
        self._retried = {n: one for n, one in self._retried.items() if n in numbers}
        for key in self._frame.bands.names():
            kind, _, number = key.partition("-")
            if kind in ("account", "unread") and int(number) not in numbers:
                self._frame.bands.remove(key)
        if not accounts:
            self._frame.bands.remove("offline")
        self._checking.keep_to(accounts)

    def resume(self) -> None:
        """Go on with the check that found no network, now that there is one."""
        self._pause = FIRST_PAUSE
        self._try_again()

    def _try_again(self) -> None:
        """Check what waits for a network, without a word: not every system tells of networks."""
        if self.is_offline and self.may_resume and not self.is_running:
            self._again.stop()
            self._checking.start(self._desk.accounts.list(), self._days, is_quiet=True)

    def try_mail_again(self, account: Account) -> None:
        """Ask once more for the mail of an account that is passed over, as soon as it is free."""
        self._retried[account.id] = account
        self._look_at_expected()

    def _look_at_expected(self) -> None:
        retried = [one for one in self._retried.values() if not self._checking.is_busy_with(one)]
        for account in retried:
            del self._retried[account.id]
        self._checking.start(retried, again=True)
        free = [one for one in self._expected.values() if not self._checking.is_busy_with(one)]
        for account in free:
            del self._expected[account.id]
        self._checking.start(free, is_quiet=True)

    def _on_account_done(self, result: CheckResult) -> None:
        """Show what came of an account at once; another one may keep the check waiting."""
        if result.problem is None:
            self._frame.bands.remove(f"account-{result.account.id}")
            self._frame.bands.remove("offline")
        elif not is_offline(result.problem):  # that is said once, for all of them
            self._frame.show_problems([(result.account, result.problem)], again=self.start)
            self._told.add(result.account.id)
        again = partial(self.try_mail_again, result.account)
        if result.set_aside:
            many = len(result.set_aside)
            self._frame.show_unread(result.account, result.unread_words, many, again=again)
        elif result.read_again:
            self._frame.bands.remove(f"unread-{result.account.id}")
        self.account_checked.emit(result, self._checking.is_quiet)

    def _on_finished(self, outcome: CheckOutcome) -> None:
        self._commands.check.setEnabled(True)
        left = [one for one in outcome.problems if one[0].id not in self._told]
        self._frame.show_problems(left, again=self.start, as_one=not self._told)
        self._told.clear()
        self._wait_for_network()
        self.checked.emit(outcome)
        self._look_at_expected()

    def _wait_for_network(self) -> None:
        if self.is_offline:
            self._again.start(self._pause)
            self._pause = min(LONGEST_PAUSE, self._pause * 2)
        else:
            self._pause = FIRST_PAUSE
