"""Connecting an account: address, sign-in, what may be read; tried before anything is kept."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from bounce_assistant.mail.accounts import Account, ProviderSettings, settings_by_hand
from bounce_assistant.mail.autodiscover import Discovery
from bounce_assistant.services.accounts import Accounts, Proof
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.trial import Trial
from bounce_assistant.ui.accounts.app_id_page import AppIdPage
from bounce_assistant.ui.accounts.browser_page import BrowserPage
from bounce_assistant.ui.accounts.company_page import CompanyPage
from bounce_assistant.ui.accounts.email_page import EmailPage
from bounce_assistant.ui.accounts.in_browser import sign_in_by_browser
from bounce_assistant.ui.accounts.no_password_page import NoPasswordPage
from bounce_assistant.ui.accounts.password_page import PasswordPage
from bounce_assistant.ui.accounts.reading_page import ReadingPage
from bounce_assistant.ui.accounts.trying import Trying
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.sheet_dialog import SheetDialog
from bounce_assistant.ui.widgets.words import fit_screen

_STEPS = 3  # address, sign-in, what may be read; who runs it belongs to the first


class AddAccountDialog(SheetDialog):
    """Back keeps what was typed; nothing is stored before the last page says so."""

    account_added = Signal(int)
    keychain_refused = Signal()  # it was said that the password would last, and it doesn't

    def __init__(
        self,
        accounts: Accounts,
        knowledge: Knowledge,
        tasks: TaskRunner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Connect my email"))
        self._stack = QStackedWidget()
        self._accounts = accounts
        self._trying = Trying(self, tasks)
        self._email = ""
        self._settings: ProviderSettings | None = None  # as found or chosen for the address
        self._proof: Proof = ""
        self._account: Account | None = None
        self._way: list[QWidget] = []
        self._is_kept = is_kept = accounts.are_passwords_kept
        self.email_page = EmailPage(accounts, knowledge)
        self.company_page = CompanyPage(accounts)
        self.no_password_page, self.reading_page = NoPasswordPage(), ReadingPage()
        self.password_page = PasswordPage(is_kept=is_kept)
        self.browser_page, self.app_id_page = (
            BrowserPage(is_kept=is_kept),
            AppIdPage(is_kept=is_kept),
        )
        self._sheets: dict[QWidget, Page] = {}
        for page in (
            self.email_page,
            self.company_page,
            self.no_password_page,
            self.app_id_page,
            self.browser_page,
            self.password_page,
            self.reading_page,
        ):
            sheet = Page()
            sheet.rows.addWidget(page)
            self._sheets[page] = sheet
            self._stack.addWidget(sheet)
        self.hold(self._stack, leave=self.tr("Cancel"))  # after its pages, so that Tab leaves last
        fit_screen(self, 580, 640)
        self._connect()
        self._go(self.email_page)

    @property
    def page(self) -> QWidget:
        """The page that is shown."""
        return self._way[-1]

    def done(self, result: int) -> None:
        """Stop what runs, and forget the password."""
        self._trying.stop()
        self._proof = ""
        self.password_page.password.clear()
        super().done(result)

    def _connect(self) -> None:
        self.back.clicked.connect(self._on_back)
        self.email_page.email_given.connect(self._on_email)
        self.email_page.by_hand_chosen.connect(self._on_by_hand_at_once)
        self.company_page.company_given.connect(self._on_company)
        self.no_password_page.files_chosen.connect(self.reject)
        self.no_password_page.by_hand_chosen.connect(self._by_hand)
        self.no_password_page.app_id_chosen.connect(self._ask_app_id)
        self.app_id_page.app_id_given.connect(self._on_app_id)
        self.app_id_page.password_chosen.connect(self._on_password_instead)
        self.password_page.sign_in_requested.connect(self._on_password)
        self.password_page.browser_chosen.connect(self._on_browser_chosen)
        self.browser_page.sign_in_requested.connect(self._on_browser)
        self.browser_page.password_chosen.connect(lambda _settings: self._use_password())
        for page in (self.email_page, self.password_page, self.browser_page):
            page.stop_requested.connect(self._trying.halt)
        self.reading_page.agreed.connect(self._on_agreed)

    # --- whose mail it is ----------------------------------------------------------------------

    def _on_email(self, email: str) -> None:
        if email == self._email and self._settings is not None:
            self._show_sign_in(self._settings, is_again=True)
            return
        self._email, self._settings = email, None
        if settings := self._accounts.settings_for(email):
            self._show_sign_in(settings)
        else:
            look_up = partial(self._accounts.look_up, email)
            self._trying.start(self.email_page, look_up, self._on_looked_up)

    def _on_looked_up(self, found: Discovery) -> None:
        if found.settings is None:
            self.company_page.show_email(self._email, found)
            self._go(self.company_page)
        else:
            self._show_sign_in(found.settings)

    def _on_company(self, settings: ProviderSettings | None) -> None:
        if settings is None:
            self._by_hand()
        else:
            self._show_sign_in(settings)

    def _on_by_hand_at_once(self) -> None:
        self._email = self.email_page.field.text.strip()
        self._by_hand()

    def _by_hand(self) -> None:
        self.password_page.show_settings(settings_by_hand(self._email), by_hand=True)
        self._go(self.password_page)

    # --- signing in ----------------------------------------------------------------------------

    def _show_sign_in(self, settings: ProviderSettings, *, is_again: bool = False) -> None:
        """Lead to the browser where that works, else to a password, else to what there is."""
        self._settings = settings
        browser = self._accounts.browser
        if browser.is_ready(settings):
            self.browser_page.show_settings(settings)
            self._go(self.browser_page)
        elif settings.login == "oauth_only" or settings.imap is None:
            self.no_password_page.show_provider(settings, has_page=browser.offers(settings))
            self._go(self.no_password_page)
        elif is_again and self.password_page.password.text:
            self._go(self.password_page)
        else:
            self._use_password()

    def _use_password(self) -> None:
        if self._settings is not None:
            has_page = self._accounts.browser.offers(self._settings)
            self.password_page.show_settings(self._settings, has_page=has_page)
            self._go(self.password_page)

    def _on_browser_chosen(self, settings: ProviderSettings) -> None:
        self._settings = settings  # of the server, where that was typed by hand
        self._use_browser()

    def _use_browser(self) -> None:
        if self._settings is not None and self._accounts.browser.is_ready(self._settings):
            self.browser_page.show_settings(self._settings)
            self._go(self.browser_page)
        else:
            self._ask_app_id()

    def _ask_app_id(self) -> None:
        if self._settings is not None:
            browser = self._accounts.browser
            self.app_id_page.show_company(
                self._settings,
                has_secret=browser.gives_secret(self._settings),
                problem=browser.problem(self._settings),
            )
            self._go(self.app_id_page)

    def _on_app_id(self, client_id: str, secret: str) -> None:
        if self._settings is not None:
            self._accounts.browser.set_app_id(self._settings, client_id, secret)
            self._way.pop()
            self._use_browser()

    def _on_password_instead(self) -> None:
        """Leave the question for an app id, for the page one came from where that was it."""
        self._way.pop()
        if self.page is self.password_page:
            self._show()
        else:
            self._use_password()

    def _on_password(self, settings: ProviderSettings, password: str) -> None:
        try_it = partial(self._accounts.try_settings, settings, password)
        signed_in = partial(self._on_signed_in, password)
        self._trying.start(self.password_page, try_it, signed_in)

    def _on_browser(self, settings: ProviderSettings) -> None:
        def work(finish: Callable[[Job], Proof], job: Job) -> tuple[Proof, Trial]:
            proof = finish(job)
            return proof, self._accounts.try_settings(settings, proof, job)

        sign_in_by_browser(
            self.browser_page,
            self._accounts.browser,
            settings,
            lambda finish: self._trying.start(
                self.browser_page, partial(work, finish), lambda pair: self._on_signed_in(*pair)
            ),
        )

    def _on_signed_in(self, proof: Proof, trial: Trial) -> None:
        self._proof, self._account = proof, trial.account
        self.reading_page.show_trial(trial)
        self._go(self.reading_page)

    def _on_agreed(self) -> None:
        if self._account is None:
            return
        choices = self.reading_page.choices
        chosen = replace(self._account, reads=choices.reads, since_days=choices.since_days)
        add = partial(self._accounts.add, chosen, self._proof)
        self._trying.start(self.reading_page, add, self._on_added)

    def _on_added(self, added: Account) -> None:
        if self._is_kept and not self._accounts.are_passwords_kept:
            self.keychain_refused.emit()
        self.account_added.emit(added.id)
        self.accept()

    # --- pages ---------------------------------------------------------------------------------

    def _on_back(self) -> None:
        self._trying.stop()
        if len(self._way) > 1:
            self._way.pop()
            self._show()

    def _go(self, page: QWidget) -> None:
        self._way.append(page)
        self._show()

    def _show(self) -> None:
        page = self.page
        self._stack.setCurrentWidget(self._sheets[page])
        self.back.setVisible(len(self._way) > 1)
        step = {self.password_page: 2, self.browser_page: 2, self.app_id_page: 2}.get(page, 1)
        number = _STEPS if page is self.reading_page else step
        words = self.tr("Step {number} of {all}").format(number=number, all=_STEPS)
        self.place.show_words("" if page is self.no_password_page else words)
        take_keyboard = getattr(page, "take_keyboard", None)
        if take_keyboard:
            take_keyboard()
