"""What the user does with picked rows: done, later, another reason; and taking it back."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.services.cases import Cases
from bounce_assistant.store.rows import CaseId, CaseRow
from bounce_assistant.ui.bounce import wording
from bounce_assistant.ui.models.times import moment, snooze_until

_SNOOZES = (1, 2, 7)  # days


class Acting(QObject):
    """Each act is stored at once and can be undone; the window shows the sentence in a toast."""

    acted = Signal(str)  # a sentence for the toast, with Undo
    undone = Signal(str)  # a sentence, "" when there was nothing to undo

    def __init__(self, cases: Cases, handbook: Handbook, parent: QObject) -> None:
        super().__init__(parent)
        self._cases, self._handbook = cases, handbook

    def mark_done(self, rows: Sequence[CaseRow]) -> None:
        ids = self.cases_of(rows)
        if ids:
            self._cases.mark_done(ids)
            one, many = self.tr("Marked as done."), self.tr("%n marked as done.", "", len(ids))
            self.acted.emit(one if len(ids) == 1 else many)

    def reopen(self, rows: Sequence[CaseRow]) -> None:
        ids = self.cases_of(rows)
        if ids:
            self._cases.reopen(ids)
            self.acted.emit(self.tr("Moved back to Needs you."))

    def snooze(self, rows: Sequence[CaseRow], until: datetime) -> None:
        ids = self.cases_of(rows)
        if ids:
            self._cases.snooze(ids, until)
            words = self.tr("Moved to Waiting until %1.")
            self.acted.emit(words.replace("%1", moment(until, datetime.now(UTC))))

    def choose_cause(self, rows: Sequence[CaseRow], cause: CauseId) -> None:
        ids = self.cases_of(rows)
        if ids:
            self._cases.choose_cause(ids, cause)
            title = wording.plain_title(self._handbook.playbooks[cause].title)
            self.acted.emit(self.tr('Reason changed to "%1".').replace("%1", title))

    def undo(self) -> None:
        try:
            self.undone.emit(self._cases.undo())
        except AppError as problem:
            self.undone.emit(str(problem))

    def fill_snooze_menu(self, menu: QMenu, rows: Callable[[], Sequence[CaseRow]]) -> None:
        """Fill a menu with the times a bounce can rest until."""
        menu.clear()
        now = datetime.now(UTC)
        names = (self.tr("Tomorrow"), self.tr("In 2 days"), self.tr("In a week"))
        for days, name in zip(_SNOOZES, names, strict=True):
            until = snooze_until(days, now)
            action = menu.addAction(f"{name} ({moment(until, now)})")
            action.triggered.connect(lambda _=False, u=until: self.snooze(rows(), u))

    def fill_reason_menu(self, menu: QMenu, rows: Callable[[], Sequence[CaseRow]]) -> None:
        """Fill a menu with every reason, under the badge words; once is enough."""
        if not menu.isEmpty():
            return
        words = {
            CauseGroup.ADDRESS: self.tr("Wrong address"),
            CauseGroup.LATER: self.tr("Try later"),
            CauseGroup.BLOCKED: self.tr("Blocked"),
            CauseGroup.SETUP: self.tr("Your setup"),
            CauseGroup.FINE: self.tr("Nothing to do"),
            CauseGroup.UNSURE: self.tr("Needs a look"),
        }
        for group, word in words.items():
            below = menu.addMenu(word)
            for playbook in self._handbook.playbooks.values():
                if playbook.group is group:
                    title = wording.plain_title(playbook.title).replace("&", "&&")
                    action = below.addAction(title)
                    action.triggered.connect(
                        lambda _=False, cause=playbook.id: self.choose_cause(rows(), cause)
                    )

    def cases_of(self, rows: Sequence[CaseRow]) -> list[CaseId]:
        """Return the cases that rows stand for, everybody of a folded one, each once."""
        ids: list[CaseId] = []
        for row in rows:
            batch = row.key.batch
            ids += [row.key.case] if batch is None else self._cases.members(batch)
        return list(dict.fromkeys(ids))
