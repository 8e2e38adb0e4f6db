"""One review for many: who gets it, who is left out and why, and one button for all."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fixes.resend import GroupReview, Order, Review
from bounce_assistant.services.job import Job
from bounce_assistant.ui.bounce.page import Page
from bounce_assistant.ui.sending.wizard_page import TickRow, WizardPage, size_window
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.buttons import ActionButton, MainButton
from bounce_assistant.ui.widgets.end_row import end_row
from bounce_assistant.ui.widgets.panel import Line, Panel
from bounce_assistant.ui.widgets.plain import one_line
from bounce_assistant.ui.widgets.words import Title, Words

_SHOWN = 200  # people a list names; the rest are counted
_LONGEST = 120


class GroupDialog(QDialog):
    """Everybody gets an email of their own; nobody sees the others."""

    sent = Signal(object)  # tuple of OutgoingId

    def __init__(
        self, desk: Desk, tasks: TaskRunner, orders: Sequence[Order], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._orders = desk, tasks, tuple(orders)
        self.review: GroupReview | None = None
        self.setWindowTitle(self.tr("Send again"))
        self.page = WizardPage(self.tr("Check them before they go"))
        self.boxes: list[TickRow] = []
        self.what_happens = Words(bold=True)
        self.people, self.left_out = Panel(), Panel()
        self.people.setAccessibleName(self.tr("Goes to"))
        self.left_out.setAccessibleName(self.tr("Left out"))
        self._left_title = Title(self.tr("Left out"), scale=1.1)
        self.meter = Words(dim=True)
        self.send, self.cancel = MainButton(), ActionButton(self.tr("Cancel"))
        self._lay_out()
        self.send.clicked.connect(self._on_send)
        self.cancel.clicked.connect(self.reject)
        keys = QShortcut(QKeySequence("Ctrl+Return"), self)
        keys.activated.connect(self.send.click)
        self.send.setEnabled(False)
        self.send.show_text(self.tr("Send"))
        self.what_happens.show_words(self.tr("Looking at them..."))
        self._job: Job = tasks.run(
            self,
            lambda job: desk.resend.review_group(self._orders, job),
            done=self._on_reviewed,
            failed=self.page.banner.say_problem,
            progress=self._on_progress,
        )

    def done(self, result: int) -> None:
        """Stop looking when the window is closed."""
        self._job.cancel()
        super().done(result)

    def _on_progress(self, done: int, total: int, _words: str) -> None:
        words = self.tr("{done} of {all} looked at").format(done=done, all=total)
        self.what_happens.show_words(words)

    def _on_reviewed(self, review: GroupReview) -> None:
        self.review = review
        count = len(review.reviews)
        self.what_happens.show_words(review.what_happens)
        for one in review.reviews[:_SHOWN]:
            box = TickRow(one_line(one.to, _LONGEST), one_line(one.subject, _LONGEST))
            box.toggled.connect(self._show_count)
            self.boxes.append(box)
            self.people.rows.addWidget(box)
        if count > _SHOWN:
            self.people.rows.addWidget(Words(self.tr("and {n} more").format(n=count - _SHOWN)))
        self.people.setVisible(bool(count))
        for number, one in enumerate(review.left_out[:_SHOWN]):
            if number:
                self.left_out.rows.addWidget(Line())
            self.left_out.rows.addWidget(Words(self._name(one), bold=True))
            self.left_out.rows.addWidget(Words(one.locked, dim=True))
        for part in (self.left_out, self._left_title):
            part.setVisible(bool(review.left_out))
        self._show_count()
        self._show_meter(review)
        (self.send if count else self.cancel).setFocus()

    @property
    def chosen(self) -> tuple[Review, ...]:
        """Who is ticked, and who found no room in the list."""
        if self.review is None:
            return ()
        ticked = [
            one for one, box in zip(self.review.reviews, self.boxes, strict=False) if box.is_ticked
        ]
        return (*ticked, *self.review.reviews[len(self.boxes) :])

    def _show_count(self) -> None:
        count = len(self.chosen)
        one, many = self.tr("Send to 1 person"), self.tr("Send to {n} people")
        self.send.show_text(one if count == 1 else many.format(n=count))
        if not count:
            self.send.show_text(self.tr("Send"))
        self.send.setEnabled(count > 0)

    def _show_meter(self, review: GroupReview) -> None:
        senders = {one.message.sender for one in review.reviews if one.message}
        meters = [
            self._desk.outbox.meter(account)
            for account in self._desk.accounts.list()
            if account.email in senders
        ]
        lines = [meter.words for meter in meters]
        rest = self.tr("{company} takes {n} more today; the others wait for tomorrow.")
        lines += [
            rest.format(company=meter.company, n=meter.left)
            for meter in meters
            if meter.left is not None and meter.left < len(review.reviews)
        ]
        self.meter.show_words("\n".join(lines))
        self.meter.setVisible(bool(lines))

    def _name(self, review: Review) -> str:
        rows = self._desk.cases.look_at(review.order.case).row if not review.to else None
        return review.to or (rows.name if rows else "")

    def _on_send(self) -> None:
        chosen = self.chosen
        if not chosen or not self.send.isEnabled():
            return
        self.send.setEnabled(False)
        if self._desk.is_sample:
            words = self.tr("This is sample mail, so nothing left this computer.")
            self.page.banner.say(words, group="fine")
            return
        self._tasks.run(
            self,
            lambda _job: self._desk.resend.send(chosen),
            done=self._on_sent,
            failed=self.page.banner.say_problem,
        )

    def _on_sent(self, messages: object) -> None:
        self.sent.emit(messages)
        self.accept()

    def _lay_out(self) -> None:
        for part in (self.what_happens, self.people, self._left_title, self.left_out, self.meter):
            self.page.rows.addWidget(part)
        self.page.rows.addStretch()
        for part in (self.people, self._left_title, self.left_out, self.meter):
            part.hide()
        sheet = Page()
        sheet.rows.addWidget(self.page)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(sheet, 1)
        rows.addLayout(end_row(self.cancel, self.send))
        size_window(self, 600, 620)
