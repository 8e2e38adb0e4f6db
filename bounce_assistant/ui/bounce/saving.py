"""Saving a bounce as a file: as it came, or without names and addresses."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from bounce_assistant.errors import AppError
from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.job import Job
from bounce_assistant.ui.bounce.private_copy import private_copy
from bounce_assistant.ui.tasks import TaskRunner


class Saving(QObject):
    """Asks where, writes beside the window, and says how it went."""

    saved = Signal(str)  # name of the file
    refused = Signal(object)  # Exception

    def __init__(self, owner: QWidget, tasks: TaskRunner) -> None:
        super().__init__(owner)
        self._owner, self._tasks = owner, tasks
        self.dialog: QFileDialog | None = None

    def ask(self, case: OpenCase) -> None:
        """Save the message as it came."""
        title, kinds = self.tr("Save a copy"), self.tr("Emails (*.eml)")
        self._ask(title, kinds, _file_name(case) + ".eml", lambda: case.raw)

    def ask_private(self, case: OpenCase) -> None:
        """Save what may be shown to others."""
        title, kinds = self.tr("Save a private copy"), self.tr("Texts (*.txt)")
        name = self.tr("private copy of a bounce") + ".txt"
        self._ask(title, kinds, name, lambda: private_copy(case.report).encode("utf-8", "replace"))

    def _ask(self, title: str, kinds: str, name: str, content: Callable[[], bytes]) -> None:
        dialog = QFileDialog(self._owner, title, "", kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(name).suffix[1:])
        dialog.selectFile(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self._write(Path(file), content))
        self.dialog = dialog
        dialog.open()

    def _write(self, file: Path, content: Callable[[], bytes]) -> None:
        def work(_job: Job) -> str:
            try:
                file.write_bytes(content())
            except OSError as problem:
                raise AppError(
                    f"The copy couldn't be saved as {file.name}.",
                    f"{problem.strerror or 'The folder refused it'}.",
                    "Choose another folder.",
                ) from problem
            return file.name

        self._tasks.run(self._owner, work, done=self.saved.emit, failed=self.refused.emit)


def _file_name(case: OpenCase) -> str:
    """Return a name that no file system stumbles over, whatever the address looks like."""
    address = case.diagnosis.recipient.recipient
    return "bounce " + (re.sub(r"[^\w@.+-]+", "_", address)[:80].strip(".") or "message")
