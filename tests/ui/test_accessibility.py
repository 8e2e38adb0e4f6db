"""What a screen reader is told about list and sidebar."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.desks import empty_desk, write_bounces
from tests.ui.windows import PATIENCE

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> MainWindow:
    desk = empty_desk(tmp_path)
    tasks = TaskRunner()
    made = MainWindow(desk, tasks, files=[str(file) for file in write_bounces(tmp_path, 2)])
    qtbot.addWidget(made)
    made.show()
    model = made.frame.model
    qtbot.waitUntil(lambda: model.rowCount() == 2 and not tasks.is_busy, timeout=PATIENCE)
    return made


def spoken(widget: QWidget) -> QAccessibleInterface:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface


def test_list_and_sidebar_are_lists_with_names(window: MainWindow) -> None:
    frame = window.frame
    for widget, name in ((frame.rows, "Bounces"), (frame.sidebar, "Views")):
        heard = spoken(widget)
        assert heard.text(QAccessible.Text.Name) == name
        assert heard.role() == QAccessible.Role.List


def test_each_row_is_read_out_as_a_sentence(window: MainWindow) -> None:
    first = spoken(window.frame.rows).child(0)
    assert first is not None
    sentence = first.text(QAccessible.Text.Name)
    assert sentence.startswith("person")
    assert "This address doesn't exist" in sentence
    assert sentence.endswith("1 of 2")


def test_the_sidebar_reads_out_its_counts(window: MainWindow) -> None:
    first = spoken(window.frame.sidebar).child(0)
    assert first is not None
    assert first.text(QAccessible.Text.Name) == "Needs you, 2"
