"""The first page of the first run: three ways to start, and examples to try."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.buttons import ActionButton
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.words import Title, Words

_WIDTH = 560  # pixels: three rows that read at a glance


class StartPage(QScrollArea):
    """One press leads on from here, whichever way is chosen."""

    connect_requested = Signal()
    drop_requested = Signal()
    sample_requested = Signal()
    example_requested = Signal(str)  # server words, as one would paste them

    def __init__(self, parent: QWidget | None = None, *, with_examples: bool = False) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        across = QHBoxLayout(inside)
        across.setContentsMargins(16, 24, 16, 24)
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        across.addStretch(1)
        across.addWidget(column, 100)
        across.addStretch(1)
        rows = QVBoxLayout(column)
        rows.setSpacing(12)
        rows.addStretch(1)
        rows.addWidget(Title(self.tr("How do you want to start?"), scale=1.6))
        rows.addSpacing(4)
        for row in self._ways():
            rows.addWidget(row)
        if with_examples:
            rows.addSpacing(8)
            rows.addWidget(Words(self.tr("Try an example"), dim=True))
            rows.addLayout(self._examples())
        rows.addSpacing(8)
        rows.addWidget(
            Words(
                self.tr(
                    "Diagnosis happens on this computer. Nothing is sent or changed until you "
                    "press a button that says so."
                ),
                dim=True,
            )
        )
        rows.addStretch(2)
        self.setWidget(inside)
        self.setFocusProxy(self.connect_row)

    def _ways(self) -> tuple[ChoiceRow, ...]:
        self.connect_row = ChoiceRow(
            self.tr("Connect my email"),
            self.tr("We look in your Inbox and Spam, and only read."),
            icon_name="mail",
            mark=self.tr("Recommended"),
        )
        self.drop_row = ChoiceRow(
            self.tr("Drop in a bounce"),
            self.tr("Open a saved email, or drop it on this window. No account needed."),
            icon_name="add",
        )
        self.sample_row = ChoiceRow(
            self.tr("Look around with sample mail"),
            self.tr("About 40 made-up bounces. Nothing in there is real."),
            icon_name="inbox",
        )
        self.connect_row.clicked.connect(self.connect_requested)
        self.drop_row.clicked.connect(self.drop_requested)
        self.sample_row.clicked.connect(self.sample_requested)
        return self.connect_row, self.drop_row, self.sample_row

    def _examples(self) -> Flow:
        chips = Flow()
        for name, words in (
            (self.tr("A wrong address"), "550 5.1.1 <dana@example.com>: user unknown"),
            (self.tr("A full inbox"), "452 4.2.2 <lee@example.com>: mailbox is full"),
            (
                self.tr("Taken for spam"),
                "550 5.7.1 <kim@example.com>: message is likely unsolicited mail",
            ),
            (
                self.tr("A block list"),
                "554 5.7.1 <pat@example.com>: blocked using zen.spamhaus.org",
            ),
        ):
            chip = ActionButton(name)
            chip.clicked.connect(lambda _=False, words=words: self.example_requested.emit(words))
            chips.addWidget(chip)
        return chips
