"""The connected accounts: try the sign-in, remove one, connect another."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.store.rows import AccountId
from bounce_assistant.ui.accounts.add_account import AddAccountDialog
from bounce_assistant.ui.accounts.sign_in_again import SignInDialog
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.buttons import ActionButton
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Line, Panel
from bounce_assistant.ui.widgets.words import Title, Words, fit_height


class AccountRow(QWidget):
    """One account with what can be done about it; the outcome stands right below."""

    remove_requested = Signal(object)  # Account

    def __init__(self, account: Account, accounts: Accounts, tasks: TaskRunner) -> None:
        super().__init__()
        self._account, self._accounts, self._tasks = account, accounts, tasks
        self._job: Job | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(4)
        rows.addWidget(Words(account.email, bold=True))
        rows.addWidget(Words(account.imap_host, dim=True))
        self.test = ActionButton(self.tr("Test sign-in"))
        self.stop = ActionButton(self.tr("Stop"))
        self.again = ActionButton(self.tr("Sign in again..."))
        self.remove = ActionButton(self.tr("Remove..."))
        buttons = Flow()
        for button in (self.test, self.stop, self.again, self.remove):
            button.setAccessibleDescription(account.email)
            buttons.addWidget(button)
        rows.addLayout(buttons)
        self.outcome = Banner()
        rows.addWidget(self.outcome)
        self.stop.hide()
        self.test.clicked.connect(self._on_test)
        self.stop.clicked.connect(self._on_stop)
        self.again.clicked.connect(self._on_again)
        self.remove.clicked.connect(lambda: self.remove_requested.emit(account))

    def _on_test(self) -> None:
        account, accounts = self._account, self._accounts
        self.outcome.say(self.tr("Signing in to {host}...").format(host=account.imap_host))
        self.test.setEnabled(False)
        self.stop.show()

        def work(job: Job) -> None:
            password = accounts.password(account)
            if not password:
                raise AppError(
                    f"There's no password kept for {account.email}.",
                    next_step="Sign in again.",
                )
            accounts.test(account, password, job)

        self._job = self._tasks.run(
            self, work, done=lambda _none: self._on_works(), failed=self._on_refused
        )

    def _on_again(self) -> None:
        dialog = SignInDialog(self._account, self._accounts, self._tasks, self)
        dialog.signed_in.connect(lambda _account: self._on_works())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._settle()
        self.outcome.say(self.tr("Stopped."))

    def _on_works(self) -> None:
        self._settle()
        self.outcome.say(self.tr("The sign-in works."), group="fine")

    def _on_refused(self, problem: Exception) -> None:
        self._settle()
        self.outcome.say_problem(problem)

    def _settle(self) -> None:
        self._job = None
        self.test.setEnabled(True)
        self.stop.hide()


class RemoveDialog(QDialog):
    """Asks first, as this can't be undone; the answer says what happens to the bounces."""

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keep_history = True
        self.setWindowTitle(self.tr("Remove an account"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 24, 24, 16)
        rows.setSpacing(8)
        rows.addWidget(Title(self.tr("Remove {email}?").format(email=account.email), scale=1.2))
        words = self.tr("Your mailbox stays as it is. Only this program forgets it.")
        rows.addWidget(Words(words, dim=True))
        self.keep = ChoiceRow(
            self.tr("Remove it, keep its bounces"),
            self.tr("What you found and decided stays in the list."),
        )
        self.forget = ChoiceRow(
            self.tr("Remove it with its bounces"), self.tr("This can't be undone.")
        )
        cancel = ActionButton(self.tr("Cancel"))
        self.keep.clicked.connect(self.accept)
        self.forget.clicked.connect(self._on_forget)
        cancel.clicked.connect(self.reject)
        rows.addWidget(self.keep)
        rows.addWidget(self.forget)
        rows.addWidget(cancel, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(420)
        fit_height(self, 420)

    def _on_forget(self) -> None:
        self.keep_history = False
        self.accept()


class AccountList(Panel):
    """All accounts, and the way to one more."""

    changed = Signal()
    own_mail_requested = Signal()

    def __init__(self, accounts: Accounts, tasks: TaskRunner, *, is_sample: bool = False) -> None:
        super().__init__()
        self._accounts, self._tasks = accounts, tasks
        self._is_sample = is_sample
        self.banner = Banner()
        self.account_rows: list[AccountRow] = []
        self._list = QVBoxLayout()
        self.rows.addWidget(self.banner)
        self.rows.addLayout(self._list)
        self.add = ActionButton(self.tr("Connect an account..."))
        self.add.clicked.connect(self._on_add)
        buttons = Flow()
        buttons.addWidget(self.add)
        self.rows.addLayout(buttons)
        self.refresh()

    def refresh(self) -> None:
        """Draw the accounts as they are stored now."""
        clear(self._list)
        self.account_rows = []
        for account in self._accounts.list():
            row = AccountRow(account, self._accounts, self._tasks)
            row.remove_requested.connect(self._on_remove)
            self.account_rows.append(row)
            self._list.addWidget(row)
            self._list.addWidget(Line())
        if not self.account_rows:
            words = self.tr("No account is connected. Files you drop are diagnosed all the same.")
            self._list.addWidget(Words(words, dim=True))

    def _on_add(self) -> None:
        if self._is_sample:
            self.own_mail_requested.emit()
            return
        dialog = AddAccountDialog(self._accounts, self._tasks, self)
        dialog.account_added.connect(self._on_changed)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_remove(self, account: Account) -> None:
        dialog = RemoveDialog(account, self)
        dialog.accepted.connect(partial(self._on_agreed, account, dialog))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_agreed(self, account: Account, dialog: RemoveDialog) -> None:
        try:
            self._accounts.remove(AccountId(account.id), keep_history=dialog.keep_history)
        except AppError as problem:
            self.banner.say_problem(problem)
            return
        self._on_changed()

    def _on_changed(self) -> None:
        self.refresh()
        self.changed.emit()
