"""What may we read? The last page before an account is connected."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.buttons import MainButton
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Line, Panel
from bounce_assistant.ui.widgets.words import Title, Words


class ReadingPage(QWidget):
    """Says what will be read and what will not be done, before it begins."""

    agreed = Signal()

    def __init__(self) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        rows.addWidget(Title(self.tr("What may we read?"), scale=1.4))
        self.account = Words(dim=True)
        rows.addWidget(self.account)
        panel = Panel()
        for number, (what, why) in enumerate(self._parts()):
            if number:
                panel.rows.addWidget(Line())
            panel.rows.addWidget(Words(what, bold=True))
            panel.rows.addWidget(Words(why, dim=True))
        rows.addWidget(panel)
        promise = self.tr(
            "We only read. We never delete, move or mark your mail unless you turn that on."
        )
        rows.addWidget(Words(promise))
        self.banner = Banner()
        rows.addWidget(self.banner)
        self.start = MainButton(self.tr("Connect and look for bounces"))
        self.start.clicked.connect(self.agreed)
        buttons = Flow()
        buttons.addWidget(self.start)
        rows.addLayout(buttons)
        rows.addStretch()

    def show_account(self, email: str) -> None:
        self.banner.hide()
        self.account.show_words(self.tr("The sign-in for {email} worked.").format(email=email))

    def take_keyboard(self) -> None:
        self.start.setFocus()

    def _parts(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Your Inbox"), self.tr("Only mail that looks like a bounce is fetched.")),
            (self.tr("Your Spam folder"), self.tr("Bounces often land there.")),
            (self.tr("The last 30 days"), self.tr("After that, only what is new.")),
        )
