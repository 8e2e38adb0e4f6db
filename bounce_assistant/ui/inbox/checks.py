"""Check now as the user sees it: the command, the progress, and a band for each problem."""

from PySide6.QtCore import QObject, Signal

from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.ui.frame import Frame
from bounce_assistant.ui.inbox.checking import Check, Checking, CheckOutcome
from bounce_assistant.ui.menus import Commands
from bounce_assistant.ui.tasks import TaskRunner


class Checks(QObject):
    """Starts checks and shows what went wrong; the window hears of the rest."""

    rows_changed = Signal()
    started = Signal()
    checked = Signal(object)  # CheckOutcome
    account_wanted = Signal()  # there is nothing to check yet

    def __init__(
        self, desk: Desk, tasks: TaskRunner, frame: Frame, commands: Commands, check: Check
    ) -> None:
        super().__init__(frame)
        self._desk, self._frame, self._commands = desk, frame, commands
        self._checking = Checking(check, tasks, frame.check_panel, self)
        self._checking.rows_changed.connect(self.rows_changed)
        self._checking.finished.connect(self._on_finished)
        self._expected: dict[int, Account] = {}  # to be looked at when the running check is over
        self._was_offline = False

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
        self._checking.start(accounts, days)
        self.started.emit()

    def look_at(self, account: Account) -> None:
        """Check an account because mail may have arrived; nobody waits for it."""
        self._expected[account.id] = account
        self._look_at_expected()

    def resume(self) -> None:
        """Go on with the check that found no network, now that there is one."""
        if self._was_offline and not self.is_running:
            self.start()

    def _look_at_expected(self) -> None:
        if self._expected and not self.is_running:
            accounts, self._expected = list(self._expected.values()), {}
            self._checking.start(accounts, is_quiet=True)

    def _on_finished(self, outcome: CheckOutcome) -> None:
        self._commands.check.setEnabled(True)
        self._frame.show_problems(outcome.problems, again=self.start)
        self._frame.show_unread(outcome.unread)
        self._was_offline = self._frame.bands.band("offline") is not None
        self.checked.emit(outcome)
        self._look_at_expected()
