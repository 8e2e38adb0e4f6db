"""A main window over an empty desk with two accounts, whose check a test makes itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.services.desk import Desk
from bounce_assistant.ui.inbox.checking import Check
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.desks import empty_desk

DANA, INFO = "dana@example.com", "info@example.com"
Open = Callable[[Check], MainWindow]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = empty_desk(tmp_path, DANA, INFO)
    yield made
    made.store.close()


@pytest.fixture
def window_with(desk: Desk, qtbot: QtBot) -> Open:
    def open_window(check: Check) -> MainWindow:
        window = MainWindow(desk, TaskRunner(), check=check)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    return open_window
