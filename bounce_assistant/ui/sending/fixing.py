"""Carries out what cards, steps and the bulk bar offer: a flow, a try for later, or its end."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from bounce_assistant.advice.schedule import next_try
from bounce_assistant.errors import AppError
from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fixes.resend import Order, Review
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import Letter
from bounce_assistant.services.standing import Standing, day_and_hour, standing_of
from bounce_assistant.store.outgoing import OutgoingId, OutgoingState, Watch
from bounce_assistant.store.rows import CaseId
from bounce_assistant.ui.bounce.original import OriginalSection
from bounce_assistant.ui.sending.time_page import in_hours
from bounce_assistant.ui.tasks import TaskRunner


class Fixing(QObject):
    """Nothing is sent from here without a review, or for later with a time to change one's mind."""

    sent = Signal(object)  # tuple of OutgoingId: they are in the outbox now
    scheduled = Signal(str)  # a sentence for the toast; can be undone
    changed = Signal()
    said = Signal(str)  # a sentence that can't be undone
    refused = Signal(object)  # AppError
    connect_wanted = Signal()
    remind_wanted = Signal(float)  # hours

    def __init__(self, window: QWidget, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__(window)
        self._window, self._desk, self._tasks = window, desk, tasks
        self.dialog: QDialog | None = None

    def start(self, case: OpenCase, flow: str, hours: float = 0) -> None:
        """Begin a flow of a playbook; ``hours`` from now for one that is to go later."""
        if flow == "retry":
            self._retry(case, hours)
        elif flow == "later":
            self._open(case, "retry", Order(case.id, due_at=self._due(case, hours)))
        elif flow == "reach":
            self._reach(case)
        elif flow == "as_typed":  # the review page wants a tick that they said so
            self._open(case, "send_again", Order(case.id, to=case.row.address))
        else:
            self._open(case, flow, Order(case.id))

    def start_group(self, cases: Sequence[CaseId], hours: float = 0) -> None:
        """Review an email of their own for each of several people."""
        from bounce_assistant.ui.sending.group_dialog import GroupDialog  # noqa: PLC0415 - seldom

        due = in_hours(hours) if hours else None
        orders = [Order(case, due_at=due) for case in cases]
        dialog = GroupDialog(self._desk, self._tasks, orders, self._window)
        dialog.sent.connect(self.sent)
        self._show(dialog)

    def find_original(self, case: OpenCase, section: OriginalSection) -> None:
        """Look for the email in Sent, and show its text where the notice has none."""

        def done(letter: Letter | None) -> None:
            if letter is None:
                section.show_not_found(self.tr("It isn't in your Sent folder."))
            else:
                section.show_found(letter.text or self.tr("(no text)"))

        self._tasks.run(
            section,
            lambda job: self._desk.resend.find_in_sent(case.id, job),
            done=done,
            failed=lambda problem: section.show_not_found(str(problem)),
        )

    def standing(self, case: CaseId) -> Standing:
        """Return what became of a case's email since it came back."""
        messages = self._desk.outbox.of_case(case)
        is_late = bool(messages) and self._desk.outbox.is_late(messages[-1])
        return standing_of(messages, datetime.now(UTC), is_late=is_late)

    def act(self, case: OpenCase, what: str) -> None:
        """Do what a standing offers: see ``Standing.can``."""
        messages = self._desk.outbox.of_case(case.id)
        if not messages:
            return
        newest, outbox = messages[-1].id, self._desk.outbox
        acts: dict[str, Callable[[], object]] = {
            "undo": lambda: self._undo([newest]),
            "change": lambda: self._change(newest),
            "send_now": lambda: self._send_now(newest),
            "it_arrived": lambda: outbox.it_arrived(newest),
            "look_up": lambda: self._look_up(newest),
        }
        try:
            acts[what]()
        except AppError as problem:
            self.refused.emit(problem)
        self.changed.emit()

    def _reach(self, case: OpenCase) -> None:
        from bounce_assistant.ui.sending.reach_dialog import ReachDialog  # noqa: PLC0415 - seldom

        self._show(ReachDialog(self._desk.people, case, self._window))

    def _retry(self, case: OpenCase, hours: float) -> None:
        """Put it into the outbox for later where nothing is open; else show what is."""
        if self._desk.is_sample or not self._desk.accounts.list():
            self.remind_wanted.emit(hours)
            return
        if self._seems_delivered(case.id):  # a second copy is for the person to decide
            self._open(case, "retry", Order(case.id, due_at=self._due(case, hours)))
            return
        order = Order(case.id, due_at=self._due(case, hours))

        def work(_job: Job) -> tuple[Review, tuple[OutgoingId, ...]]:
            review = self._desk.resend.review(order)
            return review, self._desk.resend.send([review]) if review.can_be_sent else ()

        def done(answer: tuple[Review, tuple[OutgoingId, ...]]) -> None:
            _review, messages = answer
            if messages and order.due_at:
                self._on_scheduled(messages, order.due_at)
            else:
                self._open(case, "retry", order)

        self._tasks.run(self._window, work, done=done, failed=self.refused.emit)

    def _seems_delivered(self, case: CaseId) -> bool:
        messages = self._desk.outbox.of_case(case)
        newest = messages[-1] if messages else None
        return (
            newest is not None
            and newest.state is OutgoingState.SENT
            and newest.watch is not Watch.BOUNCED
        )

    def _due(self, case: OpenCase, hours: float) -> datetime:
        """Return when to try again: as the cause's schedule or their server has it."""
        now = datetime.now(UTC)
        following = next_try(
            self._desk.knowledge.handbook,
            case.diagnosis.cause,
            self._desk.outbox.tries(case.id),
            now,
            case.diagnosis.recipient.diagnostic,
        )
        wait = (following.at - now).total_seconds() / 3600 if following else hours
        return in_hours(wait)

    def _on_scheduled(self, messages: Sequence[OutgoingId], due_at: datetime) -> None:
        self._desk.cases.undos.remember(
            self.tr("It won't be sent again."), lambda: self._undo(messages)
        )
        when = day_and_hour(due_at, datetime.now(UTC))
        self.scheduled.emit(self.tr("Will try again {when}").format(when=when))

    def _undo(self, messages: Sequence[OutgoingId]) -> str:
        gone = self._desk.outbox.undo(messages)
        self.changed.emit()
        return "" if gone else self.tr("It had left already.")

    def _change(self, message: OutgoingId) -> None:
        from bounce_assistant.ui.sending.time_dialog import TimeDialog  # noqa: PLC0415 - seldom

        found = self._desk.outbox.get(message)
        dialog = TimeDialog(found.due_at if found else None, self._window)
        dialog.chosen.connect(lambda due: self._on_time(message, due))
        self._show(dialog)

    def _on_time(self, message: OutgoingId, due_at: datetime | None) -> None:
        outbox = self._desk.outbox
        try:
            if due_at is None:
                self._send_now(message)
            else:
                outbox.change(message, due_at)
        except AppError as problem:
            self.refused.emit(problem)
        self.changed.emit()

    def _send_now(self, message: OutgoingId) -> None:
        self._desk.outbox.send_now(message)
        self.sent.emit((message,))

    def _look_up(self, message: OutgoingId) -> None:
        def done(is_found: bool) -> None:  # noqa: FBT001 - an answer
            found = self.tr("It's in Sent, so it was sent.")
            not_there = self.tr("It isn't in Sent. That alone doesn't mean it wasn't sent.")
            self.said.emit(found if is_found else not_there)
            self.changed.emit()

        self._tasks.run(
            self._window,
            lambda job: self._desk.outbox.look_up(message, job),
            done=done,
            failed=self.refused.emit,
        )

    def _open(self, case: OpenCase, flow: str, order: Order) -> None:
        from bounce_assistant.ui.sending.send_dialog import SendDialog, Start  # noqa: PLC0415

        try:
            dialog = SendDialog(self._desk, self._tasks, case, Start(flow), order, self._window)
        except AppError as problem:
            self.refused.emit(problem)
            return
        dialog.sent.connect(self.sent)
        dialog.connect_wanted.connect(self.connect_wanted)
        dialog.remind_wanted.connect(lambda: self._on_remind(order))
        self._show(dialog)

    def _on_remind(self, order: Order) -> None:
        if order.due_at:
            hours = (order.due_at - datetime.now(UTC)).total_seconds() / 3600
            self.remind_wanted.emit(hours)

    def _show(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
