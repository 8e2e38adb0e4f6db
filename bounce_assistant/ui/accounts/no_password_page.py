"""A provider that takes no passwords from programs: said plainly, with a way that works now."""

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
        self.by_hand = LinkButton(self.tr("Set up by hand"))
        self.files.clicked.connect(self.files_chosen)
        self.by_hand.clicked.connect(self.by_hand_chosen)
        buttons.addWidget(self.files)
        buttons.addWidget(self.by_hand)
        rows.addLayout(buttons)
        rows.addStretch()

    def show_provider(self, settings: ProviderSettings) -> None:
        """Name the company whose rule it is."""
        title = self.tr("{company} takes no passwords from apps")
        self.title.show_words(title.format(company=settings.company))
        words = self.tr(
            "{company} lets apps in only through a sign-in page in the browser, and Bounce "
            "Assistant can't open that one yet. Until it can, there is a way that works now."
        )
        self.words.show_words(words.format(company=settings.company))

    def take_keyboard(self) -> None:
        self.files.setFocus()
