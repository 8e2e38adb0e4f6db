"""The review page: all that will leave, each with a Change link, and the button that sends."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QWidget

from bounce_assistant.advice.sizes import spoken_size
from bounce_assistant.services.fixes.resend import Review
from bounce_assistant.services.letters import LetterPart, PartKind
from bounce_assistant.services.standing import day_and_hour
from bounce_assistant.ui.sending.wizard_page import WizardPage
from bounce_assistant.ui.widgets.buttons import LinkButton, MainButton
from bounce_assistant.ui.widgets.clearing import clear
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.fitted_text import FittedText
from bounce_assistant.ui.widgets.flow import Flow
from bounce_assistant.ui.widgets.panel import Panel
from bounce_assistant.ui.widgets.tick_box import TickBox
from bounce_assistant.ui.widgets.words import Words

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_FILES = (PartKind.ATTACHMENT, PartKind.PICTURE, PartKind.INVITATION, PartKind.MESSAGE)


class ReviewPage(WizardPage):
    """Nothing leaves before the filled button is pressed; where it can't be, the reason stands."""

    change_wanted = Signal(str)  # "to", "text", "parts" or "time"
    subject_changed = Signal(str)
    assured = Signal(bool)  # "I checked with them, it's right"
    send_wanted = Signal()
    connect_wanted = Signal()
    remind_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Check it before it goes"))
        self.panel = Panel()
        self.panel.setAccessibleName(self.tr("What will be sent"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self.panel.rows.addLayout(self._grid)
        self.subject = Field(self.tr("&Subject"))
        self.subject.hide()
        self.text = FittedText(self.tr("Text"), most=160)
        self.source, self.what_happens = Words(dim=True), Words(bold=True)
        self.notes, self.meter, self.reason = Words(), Words(dim=True), Words(bold=True)
        self.sure = TickBox(self.tr("I checked with them, it's &right"))
        self.send = MainButton()
        self.connect_mail = LinkButton(self.tr("Connect my email"))
        self.remind = LinkButton(self.tr("Remind me instead"))
        self.links: dict[str, LinkButton] = {}
        self._lay_out()
        self.subject.edit.editingFinished.connect(self._on_subject)
        self.sure.clicked.connect(self.assured)
        self.send.clicked.connect(self.send_wanted)
        self.connect_mail.clicked.connect(self.connect_wanted)
        self.remind.clicked.connect(self.remind_wanted)
        keys = QShortcut(QKeySequence("Ctrl+Return"), self)
        keys.activated.connect(self.send.click)

    def show_review(self, review: Review, commit: str, *, meter: str, can_send: bool) -> None:
        """Draw a review; ``commit`` is what the filled button says."""
        self._show_rows(review)
        self.text.show_text(review.text or self.tr("(no text)"))
        self.source.show_words(review.source_words)
        self.what_happens.show_words(review.what_happens)
        for label, words in (
            (self.notes, "\n".join(review.notes)),
            (self.meter, meter),
            (self.reason, review.locked),
        ):
            label.show_words(words)
            label.setVisible(bool(words))
        self.sure.setVisible(review.can_unlock or review.order.is_checked)
        self.sure.setChecked(review.order.is_checked)
        self.send.show_text(commit)
        self.send.setEnabled(can_send)
        self.send.setAccessibleDescription(review.locked)
        self.subject.edit.setText(review.subject)

    def show_ways_out(self, *, connect: bool, remind: bool) -> None:
        """Offer what can be done where it can't be sent."""
        self.connect_mail.setVisible(connect)
        self.remind.setVisible(remind)

    def focus_first(self) -> None:
        (self.send if self.send.isEnabled() else self.links["to"]).setFocus()

    def _show_rows(self, review: Review) -> None:
        clear(self._grid)
        self.links = {}
        when = self.tr("Now")
        if review.order.due_at:
            when = day_and_hour(review.order.due_at, datetime.now(UTC))
        rows = (
            (self.tr("To"), review.to, "to", self.tr("Change who it goes to")),
            (self.tr("From"), review.sender, "", ""),
            (self.tr("Subject"), review.subject, "subject", self.tr("Change the subject")),
            (self.tr("When"), when, "time", self.tr("Change when it goes")),
            (self.tr("Attachments"), _files(review.parts, self), "parts", self._parts_name()),
            (self.tr("Size"), spoken_size(review.size), "", ""),
            (self.tr("Text"), self._first_line(review), "text", self.tr("Change the text")),
        )
        for number, (name, value, what, spoken) in enumerate(rows):
            self._grid.addWidget(Words(name, dim=True), number, 0, _MIDDLE)
            shown = Words(value)
            shown.setAccessibleName(f"{name}: {value}")
            self._grid.addWidget(shown, number, 1, _MIDDLE)
            if what and (what != "parts" or _has_files(review.parts)):
                link = LinkButton(self.tr("Change"))
                link.setAccessibleName(spoken)
                link.clicked.connect(lambda _=False, w=what: self._on_change(w))
                self.links[what] = link
                self._grid.addWidget(link, number, 2, _MIDDLE)

    def _parts_name(self) -> str:
        return self.tr("Change the attachments")

    def _first_line(self, review: Review) -> str:
        words = review.text.split()
        return self.tr("as below") if words else self.tr("(no text)")

    def _on_change(self, what: str) -> None:
        if what == "subject":
            self.subject.show()
            self.subject.edit.setFocus()
            self.subject.edit.selectAll()
        else:
            self.change_wanted.emit(what)

    def _on_subject(self) -> None:
        self.subject.hide()
        self.subject_changed.emit(self.subject.text.strip())

    def _lay_out(self) -> None:
        parts: list[QWidget] = [self.panel, self.subject, self.text, self.source, self.notes]
        parts += [self.what_happens, self.meter, self.reason, self.sure]
        for part in parts:
            self.rows.addWidget(part)
        end = Flow(gap=16)
        for button in (self.send, self.connect_mail, self.remind):
            end.addWidget(button)
        self.rows.addLayout(end)
        self.rows.addStretch()


def _has_files(parts: tuple[LetterPart, ...]) -> bool:
    return any(part.kind in _FILES for part in parts)


def _files(parts: tuple[LetterPart, ...], page: QWidget) -> str:
    files = [part for part in parts if part.kind in _FILES]
    unnamed = page.tr("without a name")
    lines = [f"{part.name or unnamed} ({spoken_size(part.size)})" for part in files]
    return "\n".join(lines) or page.tr("None")
