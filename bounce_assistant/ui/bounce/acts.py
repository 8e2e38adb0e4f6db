"""What a person decides in the pane, carried out at once; each can be undone."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, Signal

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.services.cases import Cases
from bounce_assistant.store.rows import CaseId
from bounce_assistant.ui.bounce import wording


class Acts(QObject):
    """Works on the cases that are shown: one, or all of a batch."""

    done = Signal(str)  # the sentence for the toast with Undo; "" when there is nothing to undo
    refused = Signal(object)  # AppError: nothing was changed

    def __init__(self, cases: Cases, parent: QObject) -> None:
        super().__init__(parent)
        self._cases = cases
        self.chosen: Sequence[CaseId] = ()

    def mark_done(self) -> None:
        count = len(self.chosen)
        words = self.tr("Marked as done") if count == 1 else self.tr("{n} marked as done")
        self._act(lambda: self._cases.mark_done(self.chosen), words.format(n=count))

    def put_back(self) -> None:
        self._act(lambda: self._cases.reopen(self.chosen), self.tr("Back in Needs you"))

    def snooze(self, until: datetime) -> None:
        """Move to Waiting until an aware moment."""
        words = self.tr("Waiting until {when}").format(when=wording.day_and_time(until))
        self._act(lambda: self._cases.snooze(self.chosen, until), words)

    def snooze_hours(self, hours: float) -> None:
        self.snooze(datetime.now(UTC) + timedelta(hours=hours))

    def choose_cause(self, cause: CauseId) -> None:
        self._act(lambda: self._cases.choose_cause(self.chosen, cause), self.tr("Reason changed"))

    def hide(self, cause: CauseId) -> None:
        """Move all of a cause to Done, and what is still to come."""
        try:
            count = self._cases.hide(cause, self.chosen)
        except AppError as problem:
            self.refused.emit(problem)
            return
        one = self.tr("Hidden. New ones like it go straight to Done.")
        many = self.tr("{n} hidden. New ones like them go straight to Done.")
        self.done.emit(many.format(n=count) if count > 1 else one)

    def tick(self, step: str, *, done: bool) -> None:
        """Remember a step of the newest case; a tick is its own undo."""
        self._act(lambda: self._cases.tick(self.chosen[0], step, done=done), "")

    def _act(self, act: Callable[[], object], words: str) -> None:
        if not self.chosen:
            return
        try:
            act()
        except AppError as problem:
            self.refused.emit(problem)
        else:
            self.done.emit(words)
