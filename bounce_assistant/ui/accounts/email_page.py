"""What's your email address? One field; the provider is recognised while one types."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import ProviderSettings
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.ui.widgets.buttons import MainButton
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.words import Title, Words


class EmailPage(QWidget):
    """Nothing is asked of the network here."""

    email_given = Signal(str)

    def __init__(self, accounts: Accounts) -> None:
        super().__init__()
        self._accounts = accounts
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
        self.next = MainButton(self.tr("Continue"))
        self.next.clicked.connect(self._on_next)
        buttons = Flow()
        buttons.addWidget(self.next)
        rows.addLayout(buttons)
        rows.addStretch()

    def take_keyboard(self) -> None:
        self.field.setFocus()

    def _on_typed(self, text: str) -> None:
        settings = self._accounts.settings_for(text) if _is_complete(text) else None
        self.field.show_hint(self._recognised(settings) if settings else "")

    def _on_next(self) -> None:
        email = self.field.text.strip()
        if not _is_complete(email):
            self.field.say(self.tr("This isn't a complete address. Check it for typos."))
        elif any(known.email.lower() == email.lower() for known in self._accounts.list()):
            self.field.say(self.tr("This address is connected already."))
        else:
            self.email_given.emit(email)
            return
        self.field.setFocus()

    def _recognised(self, settings: ProviderSettings) -> str:
        words = {
            "app_password": self.tr("{name} - we'll help you make an app password."),
            "oauth_only": self.tr("{name} - there is another way for your bounces to get here."),
            "bridge_password": self.tr("{name} - its Bridge program must run on this computer."),
        }.get(settings.login, self.tr("{name} - we know its servers."))
        return words.format(name=settings.name)


def _is_complete(email: str) -> bool:
    local, _, domain = email.strip().rpartition("@")
    fits = " " not in email.strip() and "@" not in local and not domain.startswith(".")
    return bool(local and fits and "." in domain and not domain.endswith("."))
