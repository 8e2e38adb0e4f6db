"""What's your email address? One field; the provider is recognised while one types."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import ProviderSettings, domain_of
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.meant import meant_address
from bounce_assistant.ui.accounts.busy import Busy
from bounce_assistant.ui.accounts.trying import words_of
from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.buttons import LinkButton, MainButton
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.words import Title, Words


class EmailPage(QWidget):
    """Nothing is asked of the network before Continue, and the page says when that will ask."""

    email_given = Signal(str)
    stop_requested = Signal()
    by_hand_chosen = Signal()

    def __init__(self, accounts: Accounts, knowledge: Knowledge) -> None:
        super().__init__()
        self._accounts, self._knowledge = accounts, knowledge
        self._better = ""  # what was probably meant
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        rows.addWidget(Title(self.tr("What's your email address?"), scale=1.4))
        rows.addWidget(Words(self.tr("The one whose bounces you want to see here."), dim=True))
        self.field = Field(self.tr("&Email address"))
        self.field.edit.setPlaceholderText(self.tr("you@example.com"))
        self.field.changed.connect(self._on_typed)
        self.field.edit.returnPressed.connect(self._on_next)
        rows.addWidget(self.field)
        self.meant = LinkButton()
        self.meant.clicked.connect(self._on_meant)
        self.meant.hide()
        better = Flow()
        better.addWidget(self.meant)
        rows.addLayout(better)
        self.next = MainButton(self.tr("Continue"))
        self.next.clicked.connect(self._on_next)
        self.by_hand = LinkButton(self.tr("Set up by hand"))
        self.by_hand.clicked.connect(self._on_by_hand)
        buttons = Flow()
        buttons.addWidget(self.next)
        buttons.addWidget(self.by_hand)
        rows.addLayout(buttons)
        self.busy, self.banner = Busy(), Banner()
        self.busy.stop_requested.connect(self.stop_requested)
        rows.addWidget(self.busy)
        rows.addWidget(self.banner)
        rows.addStretch()
        self.by_hand.hide()

    def take_keyboard(self) -> None:
        self.field.setFocus()

    def show_busy(self, *, is_busy: bool) -> None:
        """Say that the look-up runs, or put that away."""
        domain = domain_of(self.field.text)
        words = self.tr("Looking up where {domain} has its mail...").format(domain=domain)
        self.busy.show_words(words if is_busy else "")
        self.field.setEnabled(not is_busy)
        self.meant.setEnabled(not is_busy)
        self.next.setEnabled(not is_busy)
        if is_busy:
            self.banner.hide()

    def show_problem(self, problem: Exception) -> None:
        """Say what was in the way, and offer to go on by hand."""
        self.banner.say(words_of(problem))
        self.by_hand.show()
        self.next.setFocus()

    def _on_typed(self, text: str) -> None:
        self.banner.hide()
        self.by_hand.hide()
        settings = self._accounts.settings_for(text) if is_complete(text) else None
        hint = self._recognised(settings) if settings else ""
        if not settings and is_complete(text):
            words = self.tr(
                "Continue looks up where {domain} has its mail: at {domain} itself, in the "
                "internet's address book and in Mozilla's list of mail servers."
            )
            hint = words.format(domain=domain_of(text))
        self._offer_meant(text, is_known=bool(settings))
        self.field.show_hint(f"{self._slip(text)} {hint}".strip())

    def _offer_meant(self, text: str, *, is_known: bool) -> None:
        """Offer what was probably meant; what was typed can still be gone on with."""
        is_open = is_complete(text) and not is_known
        self._better = meant_address(text, self._knowledge.addresses) if is_open else ""
        self.meant.show_text(self.tr("Use {email}").format(email=self._better))
        self.meant.setVisible(bool(self._better))

    def _slip(self, text: str) -> str:
        words = self.tr('"{domain}" looks like a typo.')
        return words.format(domain=domain_of(text)) if self._better else ""

    def _on_meant(self) -> None:
        self.field.edit.setText(self._better)
        self.next.setFocus()

    def _on_next(self) -> None:
        if self._is_fit():
            self.email_given.emit(self.field.text.strip())
        else:
            self.field.setFocus()

    def _on_by_hand(self) -> None:
        if self._is_fit():
            self.by_hand_chosen.emit()

    def _is_fit(self) -> bool:
        email = self.field.text.strip()
        if not is_complete(email):
            self.field.say(self.tr("This isn't a complete address. Check it for typos."))
        elif self._accounts.find(email):
            self.field.say(self.tr("This address is connected already."))
        else:
            return True
        return False

    def _recognised(self, settings: ProviderSettings) -> str:
        if self._accounts.browser.is_ready(settings):
            words = self.tr("{name} - we'll open {company}'s sign-in page.")
            return words.format(name=settings.name, company=settings.company)
        words = {
            "app_password": self.tr("{name} - we'll help you make an app password."),
            "oauth_only": self.tr("{name} - there is another way for your bounces to get here."),
            "bridge_password": self.tr("{name} - its Bridge program must run on this computer."),
        }.get(settings.login, self.tr("{name} - we know its servers."))
        if settings.imap is None:
            words = self.tr("{name} - there is another way for your bounces to get here.")
        return words.format(name=settings.name)


def is_complete(email: str) -> bool:
    """Say whether a text could be an address; whether it is one, the sign-in shows."""
    local, _, domain = email.strip().rpartition("@")
    fits = " " not in email.strip() and "@" not in local and not domain.startswith(".")
    return bool(local and fits and "." in domain and not domain.endswith("."))
