"""A mailbox that can't be opened with a password: said plainly, with a way that works now."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import ProviderSettings
from bounce_assistant.ui.widgets.buttons import LinkButton, MainButton
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.words import Title, Words


class NoPasswordPage(QWidget):
    """Files need no account; the diagnosis is the same."""

    files_chosen = Signal()
    by_hand_chosen = Signal()
    app_id_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        self.title = Title(scale=1.4)
        self.words = Words()
        rows.addWidget(self.title)
        rows.addWidget(self.words)
        panel = Panel()
        panel.rows.addWidget(Words(self.tr("Bring the bounces in as files"), bold=True))
        for line in (
            self.tr("1. Open your mail in the browser and find the bounced email."),
            self.tr("2. In its menu with the three dots, choose Download or Save as."),
            self.tr("3. Drop the file on the window. The diagnosis is the same."),
        ):
            panel.rows.addWidget(Words(line))
        rows.addWidget(panel)
        buttons = Flow()
        self.files = MainButton(self.tr("Close and drop in a bounce"))
        self.app_id = LinkButton(self.tr("Use my organisation's app id..."))
        self.by_hand = LinkButton(self.tr("Set up by hand"))
        self.files.clicked.connect(self.files_chosen)
        self.app_id.clicked.connect(self.app_id_chosen)
        self.by_hand.clicked.connect(self.by_hand_chosen)
        for button in (self.files, self.app_id, self.by_hand):
            buttons.addWidget(button)
        rows.addLayout(buttons)
        rows.addStretch()

    def show_provider(self, settings: ProviderSettings, *, has_page: bool) -> None:
        """Name the company whose rule it is; ``has_page``: it has a sign-in page for programs."""
        company, name = settings.company, settings.name
        title = self.tr("{company} takes no passwords from apps")
        words = self.tr(
            "{company} lets apps in only through its own sign-in page, and this copy of Bounce "
            "Assistant isn't registered there yet. There is a way that works now."
        )
        if not has_page:
            title = self.tr("{name} lets no other program in")
            words = self.tr(
                "{name} can be read on its own pages only. There is a way that works all the same."
            )
        self.title.show_words(title.format(company=company, name=name))
        self.words.show_words(words.format(company=company, name=name))
        self.app_id.setVisible(has_page)

    def take_keyboard(self) -> None:
        self.files.setFocus()
