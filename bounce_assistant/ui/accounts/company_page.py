"""Who runs your email? Asked for addresses at a domain of one's own."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import domain_of
from bounce_assistant.mail.autodiscover import Discovery
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.words import Title, Words

_GOOGLE, _MICROSOFT = "google_workspace", "microsoft365"  # files of resources/providers


class CompanyPage(QWidget):
    """Most own domains are looked after by one of two companies."""

    company_given = Signal(object)  # ProviderSettings; None: set up by hand

    def __init__(self, accounts: Accounts) -> None:
        super().__init__()
        self._accounts, self._email = accounts, ""
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(Title(self.tr("Who runs your email?"), scale=1.4))
        self.where = Words(dim=True)
        rows.addWidget(self.where)
        rows.addSpacing(4)
        self.google = ChoiceRow(
            self.tr("Google"),
            self.tr("You read it at mail.google.com, also with an address of your own domain."),
        )
        self.microsoft = ChoiceRow(
            self.tr("Microsoft 365"), self.tr("You read it in Outlook or at outlook.office.com.")
        )
        self.other = ChoiceRow(
            self.tr("Someone else, or I don't know"),
            self.tr("We'll ask for the incoming mail server; your provider's help page names it."),
        )
        self.google.clicked.connect(lambda: self._give(_GOOGLE))
        self.microsoft.clicked.connect(lambda: self._give(_MICROSOFT))
        self.other.clicked.connect(lambda: self.company_given.emit(None))
        for row in (self.google, self.microsoft, self.other):
            rows.addWidget(row)
        rows.addStretch()

    def show_email(self, email: str, found: Discovery) -> None:
        """Say why we ask, with what the look-up did find."""
        self._email = email
        words = self.tr("We couldn't find out which company looks after {domain}.")
        if found.gateway:
            words = self.tr(
                "Mail for {domain} goes through {gateway} first, so it doesn't show from outside "
                "which company keeps it."
            )
        elif found.is_open_only:
            words = self.tr(
                "The servers that {domain} names take sign-ins without encryption only, so we "
                "don't use them."
            )
        domain = domain_of(email)
        self.where.show_words(words.format(domain=domain, gateway=found.gateway))

    def take_keyboard(self) -> None:
        self.google.setFocus()

    def _give(self, provider: str) -> None:
        self.company_given.emit(self._accounts.settings_at(provider, self._email))
