"""Driving a main window in tests."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from bounce_assistant.services.desk import Desk
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.models.case_list_model import CaseListModel
from bounce_assistant.ui.tasks import TaskRunner

PATIENCE = 30_000  # milliseconds, on a busy machine


def opened(desk: Desk, qtbot: QtBot, *files: Path) -> MainWindow:
    """Open the window and wait until the first case is read."""
    tasks = TaskRunner()
    window = MainWindow(desk, tasks, files=[str(file) for file in files])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=PATIENCE)
    return window


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window._tasks.is_busy, timeout=PATIENCE)


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, left, none))


def addresses(model: CaseListModel) -> list[str]:
    rows = (model.row(number) for number in range(model.rowCount()))
    return [row.address for row in rows if row is not None]


def bands(window: MainWindow) -> list[str]:
    return window.frame.bands.texts()
