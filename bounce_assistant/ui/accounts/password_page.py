"""The password, or the app password with the way to one; tried before anything is kept."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import ProviderSettings
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.mail.providers import load_providers
from bounce_assistant.ui.accounts.busy import Busy
from bounce_assistant.ui.accounts.by_hand import ServerFields
from bounce_assistant.ui.accounts.found import found_words
from bounce_assistant.ui.accounts.password_picture import PasswordPicture
from bounce_assistant.ui.accounts.trial_words import trying_words
from bounce_assistant.ui.accounts.trying import words_of
from bounce_assistant.ui.widgets.buttons import LinkButton, MainButton
from bounce_assistant.ui.widgets.details import show_details
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.open_page import open_page
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.section import OpenSections, Section
from bounce_assistant.ui.widgets.words import Title, Words

_APP = frozenset({"app_password", "password_or_app_password"})


class PasswordPage(QWidget):
    """Says what it is doing while it tries, and stands still at Stop."""

    sign_in_requested = Signal(object, str)  # ProviderSettings, password
    stop_requested = Signal()
    browser_chosen = Signal(object)  # ProviderSettings

    def __init__(self, *, is_kept: bool) -> None:
        super().__init__()
        self._settings: ProviderSettings | None = None
        self._way_on: Callable[[], object] = lambda: None  # what the button below a problem does
        self.title, self.words = Title(scale=1.4), Words(dim=True)
        self.found = Words(dim=True)
        self.steps = self._make_steps()
        self.password = Field(self.tr("&Password"), is_secret=True)
        self.password.edit.returnPressed.connect(self._on_sign_in)
        session = self.tr(
            "This computer has no keychain we can use, so the password is kept for this session "
            "only. You'll be asked again next time."
        )
        keychain = self.tr("The password is kept in this computer's keychain and nowhere else.")
        self.keeping = Words(keychain if is_kept else session, dim=True)
        self.servers = ServerFields()
        self.servers.entered.connect(self._on_sign_in)
        memory = OpenSections()
        self.by_hand = Section(
            "by_hand", self.tr("Set up by hand"), self.servers, lambda: None, memory
        )
        self.why = Section(
            "why_not", self.tr("Why not my normal password?"), self._reasons(), lambda: None, memory
        )
        self.busy = Busy()
        self.busy.stop_requested.connect(self.stop_requested)
        self.sign_in, self.browser = MainButton(self.tr("Sign in")), LinkButton()
        self.sign_in.clicked.connect(self._on_sign_in)
        self.browser.clicked.connect(lambda: self.browser_chosen.emit(self._settings))
        self.page_of_problem = LinkButton()
        self.page_of_problem.clicked.connect(self._on_way_on)
        self._lay_out()
        self.show_busy(is_busy=False)

    def show_settings(
        self, settings: ProviderSettings, *, by_hand: bool = False, has_page: bool = False
    ) -> None:
        """Fit the words to the provider; open the server fields when they are needed.

        ``has_page``: the company has a sign-in page of its own, which may be used instead.
        """
        self._settings = settings
        self.browser.setVisible(has_page)
        self.browser.show_text(self.tr("Sign in with {name}").format(name=settings.company))
        self.found.show_words(found_words(settings))
        self.found.setVisible(bool(found_words(settings)) and not by_hand)
        wants_app = settings.login in _APP and not by_hand
        name = settings.app_password_name
        company = settings.company or self.tr("your email provider")
        if wants_app:
            vowel, other = (
                self.tr("Make an {kind} at {company}"),
                self.tr("Make a {kind} at {company}"),
            )
            title = vowel if name[:1] in "aeiou" else other
            self.title.show_words(title.format(kind=name, company=company))
            words = self.tr("It opens your mail for this program only. It takes three steps.")
        elif by_hand:
            self.title.show_words(self.tr("Where is your mail?"))
            words = self.tr("Your email provider's help page names the servers.")
        else:
            self.title.show_words(self.tr("What's the password?"))
            words = self.tr("The one you read your mail with.")
        if settings.login == "bridge_password":
            words = self.tr("The one that {name} Bridge shows for this account.")
        self.words.show_words(f"{settings.email}\n{words.format(name=settings.name)}")
        self._show_steps(settings, wants_app=wants_app)
        self.why.setVisible(wants_app)
        self.servers.show_settings(settings)
        self._place_servers(first=by_hand)
        self.by_hand.set_open(is_open=by_hand or settings.imap is None)
        self.password.clear()
        self.password.show_label(self._label(name if wants_app else ""))
        self.password.show_hint(settings.app_password_shape if wants_app else "")
        self.page_of_problem.hide()

    def show_busy(self, *, is_busy: bool) -> None:
        """Show the busy sign with words and Stop, or put them away."""
        asleep: tuple[QWidget, ...] = (self.password, self.servers, self.sign_in, self.browser)
        for widget in asleep:
            widget.setEnabled(not is_busy)
        words = ""
        if is_busy and self._settings:
            words = trying_words(self.servers.imap.server, self.servers.smtp.server)
            self.page_of_problem.hide()
        self.busy.show_words(words)

    def show_problem(self, problem: Exception) -> None:
        """Say below the field what was in the way, with a button that leads on from there."""
        self.password.say(words_of(problem))
        if isinstance(problem, MailServerError):
            self._offer_way_on(problem)
        self.password.setFocus()

    def _on_way_on(self) -> None:
        self._way_on()

    def _offer_way_on(self, problem: MailServerError) -> None:
        server = self.servers.imap.server
        provider = load_providers().by_host(server.host) if server else None
        text = ""
        if problem.kind == ProblemKind.PASSWORDS_OFF and provider and provider.oauth:
            email = self._settings.email if self._settings else ""
            settings = load_providers().settings_of(provider, email)
            text = self.tr("Sign in with {name}").format(name=provider.company)
            self._way_on = lambda: self.browser_chosen.emit(settings)
        elif problem.help_url:
            self.password.say(problem.lasting_words)  # the button below is the next step
            is_off = problem.kind == ProblemKind.IMAP_OFF
            where = self.tr("Show me where to get one")
            text = self.tr("Show me how to turn it on") if is_off else where
            self._way_on = lambda: open_page(problem.help_url, self)
        elif problem.technical:
            text = self.tr("Details")
            self._way_on = lambda: show_details(problem, self)
        self.page_of_problem.show_text(text)
        self.page_of_problem.setVisible(bool(text))

    def take_keyboard(self) -> None:
        (self.servers.host if self.by_hand.is_open else self.password).setFocus()

    def _on_sign_in(self) -> None:
        if self._settings is None:
            return
        settings = self.servers.settings_from(self._settings)
        if settings.imap is None:
            self.by_hand.set_open(is_open=True)
            self.servers.host.say(self.tr("Which server does your mail come from?"))
            self.servers.host.setFocus()
        elif not self.password.text:
            self.password.say(self.tr("Type or paste the password first."))
            self.password.setFocus()
        else:
            self.sign_in_requested.emit(settings, self.password.text)

    def _make_steps(self) -> Panel:
        panel = Panel()
        panel.setAccessibleName(self.tr("Steps"))
        self.first, self.second, self.third = Words(), Words(), Words()
        self.needs = Words(dim=True)
        self.page = LinkButton(self.tr("Open the page..."))
        self.page.clicked.connect(self._on_page)
        panel.rows.addWidget(self.first)
        line = Flow()
        line.addWidget(self.page)
        panel.rows.addLayout(line)
        panel.rows.addWidget(self.needs)
        panel.rows.addWidget(self.second)
        panel.rows.addWidget(self.third)
        self.picture = PasswordPicture()
        panel.rows.addWidget(self.picture)
        return panel

    def _show_steps(self, settings: ProviderSettings, *, wants_app: bool) -> None:
        company, kind = settings.company, settings.app_password_name
        self.steps.setVisible(wants_app)
        first = self.tr("1. Open {company}'s page for {kind}s and sign in there.")
        self.first.show_words(first.format(company=company, kind=kind))
        self.page.setVisible(bool(settings.app_password_url))
        self.page.show_text(self.tr("Open {company}'s page...").format(company=company))
        self.needs.show_words(settings.app_password_needs)
        self.needs.setVisible(bool(settings.app_password_needs))
        second = self.tr('2. Make a new {kind}. If it asks for a name: "Bounce Assistant".')
        self.second.show_words(second.format(kind=kind))
        self.picture.show_company(company, kind)
        self.third.show_words(self.tr("3. Copy what it shows, and paste it below."))

    def _label(self, kind: str) -> str:
        """Return what the field is called; ``kind`` is what a company calls its app passwords."""
        if not kind:
            return self.tr("&Password")
        return self.tr("App &password") if kind == "app password" else f"&{kind.capitalize()}"

    def _place_servers(self, *, first: bool) -> None:
        """Lay the server fields before the password where they are what is asked for."""
        rows = self._rows
        rows.removeWidget(self.by_hand)
        rows.insertWidget(rows.indexOf(self.password) if first else rows.count() - 1, self.by_hand)
        self.setTabOrder(self.servers.smtp.port if first else self.page, self.password)
        before: QWidget = self.password.reveal or self.password
        for after in (self.page_of_problem, self.sign_in, self.browser, self.busy.stop):
            self.setTabOrder(before, after)
            before = after

    def _on_page(self) -> None:
        if self._settings:
            open_page(self._settings.app_password_url, self)

    def _reasons(self) -> Words:
        return Words(
            self.tr(
                "Your normal password opens everything: mail, files, payments. An app password "
                "opens only your mail, works only here, and you can take it back at any time "
                "without changing anything else. Most mail companies no longer let programs in "
                "with the normal one."
            )
        )

    def _lay_out(self) -> None:
        self._rows = rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        for widget in (self.title, self.words, self.found, self.steps, self.password):
            rows.addWidget(widget)
        for line in ((self.page_of_problem,), (self.sign_in, self.browser)):
            flow = Flow()
            for button in line:
                flow.addWidget(button)
            rows.addLayout(flow)
        for part in (self.busy, self.keeping, self.why, self.by_hand):
            rows.addWidget(part)
        rows.addStretch()
