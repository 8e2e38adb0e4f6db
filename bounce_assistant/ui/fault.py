"""When the fault is ours: one dialog, and a report that names no address and quotes no mail."""

import logging
import platform
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bounce_assistant.errors import AppError
from bounce_assistant.ui.theme import GAP_16, GAP_24

_log = logging.getLogger(__name__)


def fault_report(problem: BaseException) -> str:
    """Return what a developer needs: versions, kinds of exceptions, places in the program.

    Never the text of an exception: it may quote an address or a mail.
    """
    lines = [
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()}",
    ]
    link: BaseException | None = problem
    while link is not None:
        lines.append(type(link).__name__)
        lines += [
            f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(link.__traceback__)
        ]
        link = link.__cause__ or link.__context__
    return "\n".join(lines)


class FaultDialog(QDialog):
    """Says it plainly and offers the report."""

    def __init__(self, problem: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Bounce Assistant"))
        self.report = fault_report(problem)
        words = QLabel(
            self.tr("Something went wrong in Bounce Assistant. Your mail wasn't changed.")
        )
        words.setWordWrap(True)
        details = QPlainTextEdit(self.report)
        details.setReadOnly(True)
        details.setAccessibleName(self.tr("Details"))
        details.setTabChangesFocus(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = QPushButton(self.tr("Copy details"))
        copy.clicked.connect(self._on_copy)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_24, GAP_24, GAP_24, GAP_24)
        column.setSpacing(GAP_16)
        for widget in (words, details, buttons):
            column.addWidget(widget)
        self.resize(560, 320)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)


class FaultWatch:
    """Shows one dialog at a time, however many faults there are.

    What the user can act on is no fault; ``tell`` shows it in the layout.
    """

    def __init__(self, parent: QWidget, tell: Callable[[AppError], object]) -> None:
        self._parent, self._tell = parent, tell
        self.dialog: FaultDialog | None = None

    def watch_python(self) -> None:
        """Also hear of exceptions in the window's own code."""
        sys.excepthook = self._on_uncaught

    def show(self, problem: BaseException) -> None:
        """Log the report and show it, unless one is open already."""
        if isinstance(problem, AppError):
            self._tell(problem)
            return
        _log.error("internal fault\n%s", fault_report(problem))
        if self.dialog is None or not self.dialog.isVisible():
            self.dialog = FaultDialog(problem, self._parent)
            self.dialog.open()

    def _on_uncaught(
        self, kind: type[BaseException], problem: BaseException, place: TracebackType | None
    ) -> None:
        if isinstance(problem, KeyboardInterrupt):
            sys.__excepthook__(kind, problem, place)
            return
        self.show(problem)


def _short(filename: str) -> str:
    """Return a path without the part that names the user's home."""
    return "/".join(Path(filename).parts[-3:])
