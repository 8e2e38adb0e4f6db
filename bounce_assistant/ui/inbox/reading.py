"""Brings what is picked in the list into the reading pane, without holding up the window."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bounce_assistant.services.cases import Cases, OpenCase
from bounce_assistant.services.job import Job
from bounce_assistant.store.rows import CaseRow, RowKey
from bounce_assistant.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from bounce_assistant.ui.bounce.pane import ReadingPane


class Reading(QObject):
    """Opens one case at a time; a newer pick makes an older answer worthless."""

    case_opened = Signal(object)  # OpenCase

    def __init__(
        self, cases: Cases, tasks: TaskRunner, pane: "ReadingPane", parent: QObject
    ) -> None:
        super().__init__(parent)
        self._cases, self._tasks, self._pane = cases, tasks, pane
        self._shown: RowKey | None = None
        self._job: Job | None = None
        self.case: OpenCase | None = None

    def show(self, rows: Sequence[CaseRow], *, again: bool = False) -> None:
        """Show one row; nothing for none or several. ``again``: even if it is shown already."""
        row = rows[0] if len(rows) == 1 else None
        key = row.key if row else None
        if row is not None and key == self._shown and not again:
            return
        self._shown, self.case = key, None
        if self._job is not None:
            self._job.cancel()
        if row is None:
            self._pane.show_nothing(picked=len(rows))
        elif row.key.batch is not None:
            self._open_batch(row)
        else:
            self._open_case(row)

    def _open_case(self, row: CaseRow) -> None:
        case = row.key.case
        self._job = self._tasks.run(
            self._pane, lambda _job: self._cases.open(case), done=self._on_opened
        )

    def _open_batch(self, row: CaseRow) -> None:
        batch = row.key.batch
        if batch is None:
            return

        def members(_job: Job) -> list[CaseRow]:
            keys = [RowKey(case) for case in self._cases.members(batch)]
            rows = self._cases.rows(keys)
            return [rows[key] for key in keys if key in rows]

        self._job = self._tasks.run(
            self._pane, members, done=lambda people: self._pane.show_batch(row, people)
        )

    def _on_opened(self, case: OpenCase) -> None:
        self.case = case
        self._pane.show_case(case)
        self.case_opened.emit(case)
