"""What may we read? The last page before an account is connected."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import FolderRole
from bounce_assistant.services.trial import Trial
from bounce_assistant.ui.accounts.busy import Busy
from bounce_assistant.ui.accounts.trial_words import trial_words
from bounce_assistant.ui.accounts.trying import words_of
from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.buttons import MainButton
from bounce_assistant.ui.widgets.edged import ChoiceBox
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.in_view import bring_into_view
from bounce_assistant.ui.widgets.panel import Line, Panel
from bounce_assistant.ui.widgets.tick_box import TickBox, under_tick
from bounce_assistant.ui.widgets.words import Title, Words, align_leading

_DAYS = (7, 30, 90, 365)
_SLOW = 1000  # milliseconds; a keychain that answers by then needs no words


class ReadingChoices(Panel):
    """The folders and how far back; Inbox and Spam, 30 days until somebody chooses otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.inbox, self.spam = TickBox(self.tr("Inbox")), TickBox(self.tr("Spam"))
        self.days = ChoiceBox()
        for days in _DAYS:
            self.days.addItem(self.tr("The last %n days", "", days), days)
        self.days.setMinimumHeight(32)
        label = QLabel(self.tr("How far &back"))
        align_leading(label)
        label.setBuddy(self.days)
        self.days.setAccessibleName(self.tr("How far back"))
        self.problem = Words()
        self.problem.setForegroundRole(QPalette.ColorRole.BrightText)
        self.problem.hide()
        fetched = self.tr("Only mail that looks like a bounce is fetched.")
        for box, why in (
            (self.inbox, fetched),
            (self.spam, self.tr("Bounces often land there.")),
        ):
            box.setAccessibleDescription(why)
            box.toggled.connect(self.problem.hide)
            self.rows.addWidget(box)
            self.rows.addLayout(under_tick(Words(why, dim=True)))
            self.rows.addWidget(Line())
        asked = self.tr("Sent is only asked whether an email that came back is in it.")
        self.rows.addWidget(Words(asked, dim=True))
        self.rows.addWidget(Line())
        self.rows.addWidget(label)
        self.rows.addWidget(self.days)
        self.rows.addWidget(Words(self.tr("After that, only what is new."), dim=True))
        self.rows.addWidget(self.problem)
        self.show_choices(("inbox", "spam"), 30)

    @property
    def reads(self) -> tuple[FolderRole, ...]:
        """The folders that are ticked."""
        boxes: tuple[tuple[FolderRole, TickBox], ...] = (("inbox", self.inbox), ("spam", self.spam))
        return tuple(role for role, box in boxes if box.isChecked())

    @property
    def since_days(self) -> int:
        return int(self.days.currentData())

    def show_choices(self, reads: tuple[FolderRole, ...], since_days: int) -> None:
        self.inbox.setChecked("inbox" in reads)
        self.spam.setChecked("spam" in reads)
        if self.days.findData(since_days) < 0:
            self.days.addItem(self.tr("The last %n days", "", since_days), since_days)
        self.days.setCurrentIndex(self.days.findData(since_days))

    def are_enough(self) -> bool:
        """Say whether there is something to read; if not, say so beside the boxes."""
        if not self.reads:
            self.problem.show_words(self.tr("Tick at least one; else there is nothing to look at."))
            self.problem.show()
            self.inbox.setFocus()
            bring_into_view(self.problem)
        return bool(self.reads)


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
        self.choices = ReadingChoices()
        rows.addWidget(self.choices)
        promise = self.tr(
            "We only read. We never delete, move or mark your mail unless you turn that on."
        )
        rows.addWidget(Words(promise))
        self.banner = Banner()
        rows.addWidget(self.banner)
        self.start = MainButton(self.tr("Connect and look for bounces"))
        self.start.clicked.connect(self._on_start)
        buttons = Flow()
        buttons.addWidget(self.start)
        rows.addLayout(buttons)
        self.busy = Busy(can_stop=False)
        rows.addWidget(self.busy)
        rows.addStretch()
        self.slow = QTimer(self, singleShot=True, interval=_SLOW)
        self.slow.timeout.connect(self._on_slow)

    def show_busy(self, *, is_busy: bool) -> None:
        """Sleep while the account is kept: a keychain may first ask who wants to use it."""
        for part in (self.choices, self.start):
            part.setEnabled(not is_busy)
        self.busy.show_words("")
        if is_busy:
            self.slow.start()
        else:
            self.slow.stop()

    def show_problem(self, problem: Exception) -> None:
        """Say what was in the way of keeping the account."""
        self.banner.say(words_of(problem))
        self.start.setFocus()

    def _on_slow(self) -> None:
        self.busy.show_words(
            self.tr("Keeping the sign-in in this computer's keychain, which may ask you first...")
        )

    def show_trial(self, trial: Trial) -> None:
        """Say what works; sending that doesn't is no reason to stop here."""
        self.banner.hide()
        email = trial.account.email
        self.account.show_words(f"{email}\n{trial_words(trial)}" if not trial.sending else email)
        if trial.sending:
            without = self.tr("You can connect it all the same, to find and read your bounces.")
            self.banner.say(f"{trial_words(trial)} {without}")

    def take_keyboard(self) -> None:
        self.start.setFocus()

    def _on_start(self) -> None:
        if self.choices.are_enough():
            self.agreed.emit()
