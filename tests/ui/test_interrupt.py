"""Whoever started the program in a terminal can end it there."""

import os
import signal
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.interrupt import close_on_interrupt


@pytest.fixture
def handlers_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    wake = signal.set_wakeup_fd(-1)
    yield
    signal.set_wakeup_fd(wake)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_closes_the_window(
    number: signal.Signals, qapp: QApplication, qtbot: QtBot, handlers_as_before: None
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    close_on_interrupt(qapp)
    os.kill(os.getpid(), number)
    qtbot.waitUntil(lambda: not window.isVisible())
