"""Signing in on the mail company's own page, which the browser opens."""

from urllib.parse import urlsplit

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import ProviderSettings
from bounce_assistant.mail.problems import MailServerError
from bounce_assistant.mail.providers import load_providers
from bounce_assistant.ui.accounts.busy import Busy
from bounce_assistant.ui.accounts.found import found_words
from bounce_assistant.ui.accounts.instead import instead_words, takes_passwords
from bounce_assistant.ui.accounts.trying import words_of
from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.buttons import CopyButton, LinkButton, MainButton
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.open_page import open_page
from bounce_assistant.ui.widgets.words import Title, Words


def open_in_browser(address: str) -> bool:
    """Open the sign-in page; the button that was pressed names where it leads."""
    return QDesktopServices.openUrl(QUrl(address))


class BrowserPage(QWidget):
    """The password is typed on the company's page and never seen here."""

    sign_in_requested = Signal(object)  # ProviderSettings
    stop_requested = Signal()
    password_chosen = Signal(object)  # ProviderSettings

    def __init__(self, *, is_kept: bool) -> None:
        super().__init__()
        self._settings: ProviderSettings | None = None
        self._address = ""
        self.title, self.words, self.found = Title(scale=1.4), Words(), Words(dim=True)
        session = self.tr(
            "This computer has no keychain we can use, so the permission is kept for this session "
            "only. You'll be asked to sign in again next time."
        )
        keychain = self.tr("The permission is kept in this computer's keychain and nowhere else.")
        self.keeping = Words(keychain if is_kept else session, dim=True)
        self.sign_in = MainButton()
        self.sign_in.clicked.connect(self._on_sign_in)
        self.password = LinkButton()
        self.password.clicked.connect(lambda: self.password_chosen.emit(self._settings))
        self.busy, self.banner = Busy(), Banner()
        self.busy.stop_requested.connect(self.stop_requested)
        self.copy = CopyButton(self.tr("Copy the address of the page"), lambda: self._address)
        self._lay_out()
        self.show_busy(is_busy=False)

    def show_settings(self, settings: ProviderSettings) -> None:
        """Name the company, and where its page is."""
        self._settings = settings
        company = settings.company
        provider = load_providers().by_id(settings.provider)
        host = urlsplit(provider.oauth.authorize).hostname if provider and provider.oauth else ""
        self.title.show_words(self.tr("Sign in at {company}").format(company=company))
        words = self.tr(
            "Your browser opens {company}'s own page, {host}. Sign in there as {email} and allow "
            "Bounce Assistant to use your mail. It never sees your password."
        )
        told = words.format(company=company, host=host or "", email=settings.email)
        self.words.show_words(told)
        self.found.show_words(found_words(settings))
        self.found.setVisible(bool(found_words(settings)))
        self.sign_in.show_text(self.tr("Sign in with {company}").format(company=company))
        self.password.show_text(instead_words(settings))
        self.password.setVisible(takes_passwords(settings))
        self.banner.hide()

    def show_address(self, address: str, *, is_open: bool) -> None:
        """Say that the page is open, or that the browser didn't come."""
        self._address = address
        waiting = self.tr(
            "Waiting for you in the browser... If no page opened, copy its address and open it "
            "yourself."
        )
        alone = self.tr("Your browser didn't open. Copy the address and open it there.")
        self.busy.show_words(waiting if is_open else alone)

    def show_busy(self, *, is_busy: bool) -> None:
        self.busy.show_words(self.tr("Waiting for you in the browser...") if is_busy else "")
        self.copy.setVisible(is_busy)
        for button in (self.sign_in, self.password):
            button.setEnabled(not is_busy)
        if is_busy:
            self.banner.hide()

    def show_problem(self, problem: Exception) -> None:
        url = problem.help_url if isinstance(problem, MailServerError) else ""
        buttons = [(self.tr("Show me how to turn it on"), lambda: open_page(url, self))]
        self.banner.say(words_of(problem), *(buttons if url else []))
        self.sign_in.setFocus()

    def take_keyboard(self) -> None:
        self.sign_in.setFocus()

    def _on_sign_in(self) -> None:
        self.sign_in_requested.emit(self._settings)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        for widget in (self.title, self.words, self.found, self.banner):
            rows.addWidget(widget)
        for line in ((self.sign_in, self.password), (self.copy,)):
            flow = Flow()
            for button in line:
                flow.addWidget(button)
            rows.addLayout(flow)
            if self.copy not in line:
                rows.addWidget(self.busy)
        rows.addWidget(self.keeping)
        rows.addStretch()
