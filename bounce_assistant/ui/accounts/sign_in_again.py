"""Signing in again: a new password for an account that is connected already."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, ProviderSettings
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.ui.accounts.password_page import PasswordPage
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.buttons import ActionButton


class SignInDialog(QDialog):
    """The new password is tried before it takes the place of the old one."""

    signed_in = Signal(int)  # id of the account

    def __init__(
        self,
        account: Account,
        accounts: Accounts,
        tasks: TaskRunner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._account, self._accounts, self._tasks = account, accounts, tasks
        self._job: Job | None = None
        self.setWindowTitle(self.tr("Sign in again"))
        self.page = PasswordPage(is_kept=accounts.are_passwords_kept)
        self.page.show_settings(_settings_of(account, accounts))
        self.page.by_hand.hide()  # the servers are known, and stay as they are
        self.page.sign_in_requested.connect(self._on_sign_in)
        self.page.stop_requested.connect(self._on_stop)
        sheet = Page()
        sheet.rows.addWidget(self.page)
        self.cancel = ActionButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        end = QHBoxLayout()
        end.setContentsMargins(16, 0, 16, 16)
        end.addStretch()
        end.addWidget(self.cancel)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(sheet, 1)
        rows.addLayout(end)
        self.resize(580, 560)
        self.page.take_keyboard()

    def done(self, result: int) -> None:
        """Stop what runs, and forget what was typed."""
        self._on_stop()
        self.page.password.edit.clear()
        super().done(result)

    def _on_sign_in(self, _settings: ProviderSettings, password: str) -> None:
        account = self._account
        self.page.show_busy(is_busy=True)

        def work(job: Job) -> None:
            self._accounts.test(account, password, job)
            self._accounts.set_password(account, password)

        self._job = self._tasks.run(
            self, work, done=lambda _none: self._on_signed_in(), failed=self._on_refused
        )

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.page.show_busy(is_busy=False)

    def _on_signed_in(self) -> None:
        self._job = None
        self.signed_in.emit(self._account.id)
        self.accept()

    def _on_refused(self, problem: Exception) -> None:
        self._job = None
        if not isinstance(problem, AppError):
            self._tasks.failed.emit(problem)
        ours = self.tr("Something went wrong in Bounce Assistant. Your mail wasn't changed.")
        self.page.show_problem(str(problem) if isinstance(problem, AppError) else ours)


def _settings_of(account: Account, accounts: Accounts) -> ProviderSettings:
    """Return the account's own servers, with what is known of its provider's passwords."""
    known = accounts.settings_for(account.email)
    if known is None or known.imap != account.imap:
        known = ProviderSettings(
            email=account.email,
            provider="",
            name="",
            company="",
            login="password",
            is_confirmed=False,
            username=account.username,
            imap=account.imap,
            smtp=None,
        )
    return replace(known, username=account.username)
