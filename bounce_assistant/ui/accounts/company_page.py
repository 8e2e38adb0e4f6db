"""Who runs your email? Asked for addresses at a domain of one's own."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import ProviderSettings
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.words import Title, Words

# An address at each company: it stands for all whose own domain the company looks after.
_GOOGLE, _MICROSOFT = "you@gmail.com", "you@outlook.com"


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
        self.google.clicked.connect(lambda: self._give(_GOOGLE, self.tr("Google Workspace")))
        self.microsoft.clicked.connect(lambda: self._give(_MICROSOFT, self.tr("Microsoft 365")))
        self.other.clicked.connect(lambda: self.company_given.emit(None))
        for row in (self.google, self.microsoft, self.other):
            rows.addWidget(row)
        rows.addStretch()

    def show_email(self, email: str) -> None:
        """Say why we ask."""
        self._email = email
        domain = email.rpartition("@")[2]
        words = self.tr("We don't know which company looks after {domain}.")
        self.where.show_words(words.format(domain=domain))

    def take_keyboard(self) -> None:
        self.google.setFocus()

    def _give(self, example: str, name: str) -> None:
        known = self._accounts.settings_for(example)
        own: ProviderSettings | None = known and replace(
            known, email=self._email, username=self._email, name=name
        )
        self.company_given.emit(own)
