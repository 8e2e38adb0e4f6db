"""The outbox at work beside the window: it sends what is due, and says what came of it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from bounce_assistant.errors import AppError
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.outbox import Run
from bounce_assistant.store.outgoing import Outgoing, OutgoingId, OutgoingState
from bounce_assistant.ui.inbox.bands import Band, BandStack
from bounce_assistant.ui.tasks import TaskRunner

_ROUND = 1000  # milliseconds between two looks at what is due
_UNDO, _HELD_UP, _NOT_SENT, _REMOVED = "sending", "held up", "not sent", "removed"


class Sending(QObject):
    """One round at a time. The bar with Undo stands until what was sent has left."""

    changed = Signal()  # where messages stand: draw rows and card anew
    said = Signal(str)  # a sentence for the toast
    account_removed = Signal()  # one that was kept until its mail had left
    waiting_wanted = Signal()  # see what the outbox holds

    def __init__(self, desk: Desk, tasks: TaskRunner, bands: BandStack, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._bands = desk, tasks, bands
        self._awaited: tuple[OutgoingId, ...] = ()  # shown in the bar
        self._is_running = False
        self._round = QTimer(self, interval=_ROUND)
        self._round.timeout.connect(self._on_round)
        if not desk.is_sample:
            self._round.start()
            self._take_up()

    @property
    def is_undoable(self) -> bool:
        """Whether Ctrl+Z calls back what was just sent."""
        return bool(self._awaited) and self._seconds > 0

    @property
    def is_running(self) -> bool:
        return self._is_running

    def watch(self, messages: Sequence[OutgoingId]) -> None:
        """Show the bar for messages that were just put into the outbox."""
        self._awaited = tuple(messages)
        self.changed.emit()
        later = [one for one in self._found() if one.state is OutgoingState.SCHEDULED]
        if later:
            self._awaited = ()
            return
        self._show_bar()

    def undo(self) -> None:
        """Call back what the bar is about."""
        was_let_go = any(one.held_state for one in self._found())
        messages, self._awaited = self._awaited, ()
        self._bands.remove(_UNDO)
        gone = self._desk.outbox.undo(messages)
        self.changed.emit()
        if len(gone) == len(messages):
            as_before = self.tr("Called back. It is as it was before.")
            nothing = self.tr("Called back. Nothing was sent.")
            self.said.emit(as_before if was_let_go else nothing)
        elif gone:
            words = self.tr("{n} called back; the others had left already.")
            self.said.emit(words.format(n=len(gone)))
        else:
            self.said.emit(self.tr("It had left already."))

    def offer_held_up(self, sender: str) -> None:
        """Offer to send what an account's refused sign-in kept here, now that it works again."""
        held_up = [] if self._desk.is_sample else self._desk.outbox.held_up(sender)
        if not held_up:
            return
        self._bands.remove(_NOT_SENT)  # it asks for the sign-in that has just been made
        first = held_up[0].name or held_up[0].recipient
        one = self.tr("An email to {who} couldn't be sent before you signed in again.")
        many = self.tr("{n} emails couldn't be sent before you signed in again.")
        is_one = len(held_up) == 1
        words = one.format(who=first) if is_one else many.format(n=len(held_up))
        send = self.tr("Send it now") if is_one else self.tr("Send them now")
        act = (send, lambda: self._send_held_up(sender))
        self._bands.show_band(_HELD_UP, Band("later", "mail", words, [act], can_close=True))

    def _send_held_up(self, sender: str) -> None:
        self._bands.remove(_HELD_UP)
        let_go = []
        for one in self._desk.outbox.held_up(sender):  # as they are now, not when it was offered
            try:
                self._desk.outbox.send_now(one.id)
            except AppError as problem:  # one to the same person is on its way already
                band = Band("later", "unsure", str(problem), can_close=True)
                self._bands.show_band(_NOT_SENT, band)
            else:
                let_go.append(one.id)
        self._awaited = (*self._awaited, *let_go)
        self.changed.emit()
        self._show_bar()

    def _take_up(self) -> None:
        """Go on with what the last run of the program left: Undo, and times that were missed."""
        waiting = self._desk.outbox.waiting()
        left = [one.id for one in waiting if one.state is OutgoingState.UNDO]
        self._awaited = tuple(left)
        late = sum(self._desk.outbox.is_late(one) for one in waiting)
        if late:
            one = self.tr("An email was due while the program was closed. It waits for your word.")
            many = self.tr("{n} emails were due while the program was closed. They wait for you.")
            words = one if late == 1 else many.format(n=late)
            see = (self.tr("See what's waiting"), self.waiting_wanted.emit)
            self._bands.show_band("late", Band("later", "later", words, [see], can_close=True))

    def stop(self) -> None:
        """Begin no further round; the window closes."""
        self._round.stop()

    @property
    def _seconds(self) -> float:
        return self._desk.outbox.seconds_for_undo(self._awaited) if self._awaited else 0.0

    def _found(self) -> list[Outgoing]:
        return list(self._desk.outbox.progress(self._awaited).results)

    def _show_bar(self) -> None:
        if not self._awaited:
            return
        seconds = self._seconds
        band = self._bands.band(_UNDO)
        if seconds > 0:
            words = self._undo_words(round(seconds))
            if band is None:
                undo = (self.tr("Undo"), self.undo)
                self._bands.show_band(_UNDO, Band("setup", "mail", words, [undo]))
            else:
                band.set_text(words)
            return
        self._show_progress()

    def _show_progress(self) -> None:
        """Show how far they have come, now that they can't be called back."""
        progress = self._desk.outbox.progress(self._awaited)
        if progress.is_over:
            self._bands.remove(_UNDO)
            self._awaited = ()
            self._tell(progress.results)
            self.changed.emit()
            return
        words = self.tr("Sending...")
        if progress.total > 1:
            words = self.tr("Sending... {done} of {all} sent")
        words = words.format(done=progress.done, all=progress.total)
        band = self._bands.band(_UNDO)
        if band is None or band.buttons:
            self._bands.show_band(_UNDO, Band("setup", "mail", words))
        else:
            band.set_text(words)

    def _undo_words(self, seconds: int) -> str:
        found = self._found()
        if len(found) == 1:
            words = self.tr("Sending to {who} in {n} s...")
            return words.format(who=found[0].name or found[0].recipient, n=seconds)
        return self.tr("Sending to {n} people in {s} s...").format(n=len(found), s=seconds)

    def _tell(self, results: Sequence[Outgoing]) -> None:
        sent = [one for one in results if one.state is OutgoingState.SENT]
        others = [one for one in results if one.state is not OutgoingState.SENT]
        if sent:
            one = self.tr("Sent to {who}.").format(who=sent[0].recipient)
            many = self.tr("Sent to {n} people.").format(n=len(sent))
            self.said.emit(one if len(sent) == 1 else many)
        trouble = [one for one in others if one.state is not OutgoingState.CANCELLED]
        if trouble:
            first = trouble[0]
            words = first.problem or self.tr("We don't know whether it was sent.")
            if len(trouble) > 1:
                count = self.tr("{n} were not sent.").format(n=len(trouble))
                words = f"{count} {first.recipient}: {words}"
            self._bands.show_band(_NOT_SENT, Band("later", "unsure", words, can_close=True))

    def _on_round(self) -> None:
        self._show_bar()
        if self._is_running:
            return
        self._is_running = True
        self._tasks.run(self, self._desk.outbox.run, done=self._on_done, failed=self._on_failed)

    def _on_done(self, run: Run) -> None:
        self._is_running = False
        self._bands.remove("outbox")
        if run.changed:
            self.changed.emit()
        if run.removed:
            self.account_removed.emit()
            words = self.tr("{email} was removed, as its emails have left. Its bounces stay.")
            words = words.format(email=", ".join(run.removed))
            self._bands.show_band(_REMOVED, Band("fine", "account", words, can_close=True))
        self._show_bar()

    def _on_failed(self, problem: Exception) -> None:
        self._is_running = False
        if isinstance(problem, AppError):  # the store is out of reach; the next round tries again
            self._bands.show_band("outbox", Band("later", "unsure", str(problem), can_close=True))
        else:
            self._round.stop()  # a fault of ours would come again every second
            self._tasks.failed.emit(problem)
