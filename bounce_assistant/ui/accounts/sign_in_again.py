"""Signing in again: a new password or permission for an account that is connected already."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from bounce_assistant.mail.accounts import Account, ProviderSettings, settings_by_hand
from bounce_assistant.services.accounts import Accounts, Proof, provider_of
from bounce_assistant.services.browser import explain_unregistered
from bounce_assistant.services.job import Job
from bounce_assistant.services.trial import Trial
from bounce_assistant.ui.accounts.browser_page import BrowserPage
from bounce_assistant.ui.accounts.in_browser import sign_in_by_browser
from bounce_assistant.ui.accounts.password_page import PasswordPage
from bounce_assistant.ui.accounts.trial_words import trial_words
from bounce_assistant.ui.accounts.trying import Trying
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.sheet_dialog import SheetDialog
from bounce_assistant.ui.widgets.words import Title, Words, fit_screen


class SignInDialog(SheetDialog):
    """The new one is tried before it takes the place of the old one."""

    signed_in = Signal(int)  # id of the account

    def __init__(
        self,
        account: Account,
        accounts: Accounts,
        tasks: TaskRunner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sign in again"))
        self._stack = QStackedWidget()
        self._account, self._accounts = account, accounts
        self._trying = Trying(self, tasks)
        settings = _settings_of(account, accounts)
        is_kept = accounts.are_passwords_kept
        self.page, self.browser_page = PasswordPage(is_kept=is_kept), BrowserPage(is_kept=is_kept)
        can_browse = accounts.browser.is_ready(settings)
        self.page.show_settings(settings, has_page=can_browse)
        self.page.by_hand.hide()  # the servers are known, and stay as they are
        self.browser_page.show_settings(settings)
        self._sheets = {one: Page() for one in (self.page, self.browser_page)}
        for one, sheet in self._sheets.items():
            sheet.rows.addWidget(one)
            self._stack.addWidget(sheet)
            one.stop_requested.connect(self._trying.halt)
        self._outcome, self.outcome = Page(), Words()
        self._outcome.rows.addWidget(Title(self.tr("You're signed in to read"), scale=1.4))
        self._outcome.rows.addWidget(self.outcome)
        self._outcome.rows.addStretch()
        self._stack.addWidget(self._outcome)
        self.hold(self._stack, leave=self.tr("Cancel"), has_way_back=False)
        self.page.sign_in_requested.connect(self._on_password)
        self.page.browser_chosen.connect(lambda _settings: self._show(self.browser_page))
        self.browser_page.sign_in_requested.connect(self._on_browser)
        self.browser_page.password_chosen.connect(lambda _settings: self._show(self.page))
        fit_screen(self, 580, 560)
        wants_browser = account.sign_in == "browser" or settings.login == "oauth_only"
        self._show(self.browser_page if can_browse and wants_browser else self.page)
        if wants_browser and not can_browse:
            self.page.show_problem(explain_unregistered(settings.company))

    def done(self, result: int) -> None:
        """Stop what runs, and forget what was typed."""
        self._trying.stop()
        self.page.password.clear()
        super().done(result)

    def _show(self, page: PasswordPage | BrowserPage) -> None:
        self._stack.setCurrentWidget(self._sheets[page])
        page.take_keyboard()

    def _on_password(self, _settings: ProviderSettings, password: str) -> None:
        self._trying.start(self.page, partial(self._try, password), self._on_signed_in)

    def _on_browser(self, settings: ProviderSettings) -> None:
        def work(finish: Callable[[Job], Proof], job: Job) -> Trial:
            return self._try(finish(job), job)

        sign_in_by_browser(
            self.browser_page,
            self._accounts.browser,
            settings,
            lambda finish: self._trying.start(
                self.browser_page, partial(work, finish), self._on_signed_in
            ),
        )

    def _try(self, proof: Proof, job: Job) -> Trial:
        trial = self._accounts.test(self._account, proof, job)
        self._accounts.sign_in_again(self._account, proof)
        return trial

    def _on_signed_in(self, trial: Trial) -> None:
        self.signed_in.emit(self._account.id)
        if trial.sending is None or not trial.has_sending_server:
            self.accept()
            return
        self.outcome.show_words(trial_words(trial))
        self.leave.show_text(self.tr("Close"))
        self._stack.setCurrentWidget(self._outcome)
        self.leave.setFocus()


def _settings_of(account: Account, accounts: Accounts) -> ProviderSettings:
    """Return the account's own servers, with what is known of its provider's sign-in."""
    provider = provider_of(account)
    known = accounts.settings_at(provider.id, account.email) if provider else None
    settings = known or settings_by_hand(account.email)
    return replace(settings, imap=account.imap, smtp=account.smtp, username=account.username)
