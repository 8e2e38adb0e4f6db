"""Use my organisation's app id: what a mail company knows this program by."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import ProviderSettings
from bounce_assistant.ui.accounts.instead import instead_words, takes_passwords
from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.buttons import ActionButton, LinkButton, MainButton
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.words import Title, Words


class AppIdFields(QWidget):
    """The id, and the secret where a company hands one out with it."""

    def __init__(self, *, has_secret: bool = True, is_kept: bool) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.client_id = Field(self.tr("App &id (client id)"))
        keychain = self.tr("Google and Yahoo give one. It is kept in the keychain.")
        session = self.tr(
            "Google and Yahoo give one. This computer has no keychain we can use, so it is kept "
            "for this session only."
        )
        self.secret = Field(
            self.tr("App &secret, if you were given one"),
            is_secret=True,
            hint=keychain if is_kept else session,
        )
        rows.addWidget(self.client_id)
        rows.addWidget(self.secret)
        self.secret.setVisible(has_secret)

    @property
    def values(self) -> tuple[str, str]:
        """The id and the secret as they stand in the fields."""
        return self.client_id.text.strip(), self.secret.text.strip()


class AppIdPage(QWidget):
    """Leads on to the sign-in page of the company."""

    app_id_given = Signal(str, str)  # client id, secret
    password_chosen = Signal()

    def __init__(self, *, is_kept: bool) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        self.title, self.words = Title(scale=1.4), Words()
        rows.addWidget(self.title)
        rows.addWidget(self.words)
        self.banner = Banner()
        rows.addWidget(self.banner)
        self.fields = AppIdFields(is_kept=is_kept)
        self.fields.client_id.edit.returnPressed.connect(self._on_use)
        rows.addWidget(self.fields)
        self.use = MainButton(self.tr("Use this app id"))
        self.use.clicked.connect(self._on_use)
        self.password = LinkButton()
        self.password.clicked.connect(self.password_chosen)
        buttons = Flow()
        buttons.addWidget(self.use)
        buttons.addWidget(self.password)
        rows.addLayout(buttons)
        rows.addStretch()

    def show_company(
        self, settings: ProviderSettings, *, has_secret: bool, problem: AppError | None = None
    ) -> None:
        """Say what an app id is and who has one; Microsoft gives no secret with it.

        Who has none is led back to a password, where the company takes one. ``problem``: why the
        one that somebody laid down already can't be used.
        """
        company = settings.company
        self.password.show_text(instead_words(settings))
        self.password.setVisible(takes_passwords(settings))
        self.banner.hide()
        if problem:
            self.banner.say_problem(problem)
        self.fields.secret.setVisible(has_secret)
        title = self.tr("Which app id should we use?")
        self.title.show_words(title)
        words = self.tr(
            "{company} lets a program open its sign-in page only when somebody has registered it. "
            "This copy isn't registered yet. If your organisation registered Bounce Assistant, "
            "its IT person has the app id."
        )
        self.words.show_words(words.format(company=company))

    def take_keyboard(self) -> None:
        self.fields.client_id.setFocus()

    def _on_use(self) -> None:
        client_id, secret = self.fields.values
        if client_id:
            self.app_id_given.emit(client_id, secret)
        else:
            self.fields.client_id.say(self.tr("Type or paste the app id first."))
            self.fields.client_id.setFocus()


class AppIdPanel(QWidget):
    """The same in Settings, with what is used now; every change holds at its button."""

    app_id_given = Signal(str, str)  # client id, secret; empty: the usual one

    def __init__(self, company: str, client_id: str, *, has_secret: bool, is_kept: bool) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(8)
        rows.addWidget(Words(company, bold=True))
        self.fields = AppIdFields(has_secret=has_secret, is_kept=is_kept)
        self.fields.client_id.edit.setText(client_id)
        rows.addWidget(self.fields)
        self.use, self.usual = ActionButton(self.tr("Use this")), ActionButton(self.tr("Use none"))
        for button in (self.use, self.usual):
            button.setAccessibleDescription(company)
        self.use.clicked.connect(lambda: self.app_id_given.emit(*self.fields.values))
        self.usual.clicked.connect(self._on_usual)
        buttons = Flow()
        buttons.addWidget(self.use)
        buttons.addWidget(self.usual)
        rows.addLayout(buttons)

    def _on_usual(self) -> None:
        self.fields.client_id.clear()
        self.fields.secret.clear()
        self.app_id_given.emit("", "")
