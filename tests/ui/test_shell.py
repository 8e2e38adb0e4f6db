"""The window that is there first: never larger than the screen it opens on."""

import pytest
from PySide6.QtCore import QByteArray, QSize
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.shell import Shell, first_size


@pytest.mark.parametrize(
    ("screen", "window"),
    [
        ((1920, 1080), (1280, 800)),
        ((1093, 574), (1077, 534)),  # 1366x768 at 125 %, less a task bar
        ((1280, 760), (1280, 720)),
        ((1280, 800), (1280, 800)),
    ],
)
def test_the_window_opens_no_larger_than_its_screen(
    screen: tuple[int, int], window: tuple[int, int]
) -> None:
    assert first_size(QSize(*screen)) == QSize(*window)


def test_the_shell_asks_its_own_screen(qtbot: QtBot) -> None:
    shell = Shell(QByteArray())
    qtbot.addWidget(shell)
    room = shell.screen().availableSize()
    assert shell.size() == first_size(room)
