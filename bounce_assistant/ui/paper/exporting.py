"""Export and print as the user asks for them: a preview first, and only then a file or paper."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.export import write_csv
from bounce_assistant.services.summary import Summary, summarize
from bounce_assistant.store.rows import CaseQuery, RowKey
from bounce_assistant.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from bounce_assistant.ui.paper.document import Document


class Exporting(QObject):
    """Counts beside the window; the preview opens when the figures are there."""

    opened = Signal(object)  # PreviewDialog, once it is shown

    def __init__(self, window: QWidget, desk: Desk, tasks: TaskRunner) -> None:
        super().__init__(window)
        self._window, self._desk, self._tasks = window, desk, tasks

    def show_list(self, query: CaseQuery) -> None:
        """Show the report of everything that a view lists, folded rows opened."""
        self._show(lambda: self._desk.cases.listed(query))

    def show_cases(self, keys: Sequence[RowKey]) -> None:
        """Show the report of some cases."""
        self._show(lambda: list(keys))

    def show_case(self, case: OpenCase) -> None:
        """Show one case as it would be printed."""
        from bounce_assistant.ui.paper.document import Document  # noqa: PLC0415 - seldom wanted
        from bounce_assistant.ui.paper.pages import case_page  # noqa: PLC0415

        page = case_page(case, datetime.now(UTC))
        self._open(Document(page, self.tr("Print this case")), None)

    def _show(self, find: Callable[[], Sequence[RowKey]]) -> None:
        def count() -> tuple[Sequence[RowKey], Summary]:
            keys = find()
            return keys, summarize(self._desk.cases, keys)

        self._tasks.run(self._window, lambda _job: count(), done=self._on_counted)

    def _on_counted(self, counted: tuple[Sequence[RowKey], Summary]) -> None:
        from bounce_assistant.ui.paper.report import report_document  # noqa: PLC0415 - seldom wanted

        keys, summary = counted
        desk = self._desk

        def save_list(path: Path) -> None:
            write_csv(path, desk.cases, keys, desk.knowledge)

        self._open(report_document(summary, self.tr("Export this list")), save_list)

    def _open(self, document: "Document", save_list: Callable[[Path], object] | None) -> None:
        from bounce_assistant.ui.paper.preview import PreviewDialog  # noqa: PLC0415 - seldom wanted

        dialog = PreviewDialog(document, self._tasks, self._window, save_list=save_list)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
        self.opened.emit(dialog)
