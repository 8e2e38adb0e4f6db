"""Whoever started the program in a terminal can end it there."""

import os
import signal

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.interrupt import InterruptWatch


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_closes_the_window(number: signal.Signals, qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    watch = InterruptWatch(qapp, window.close)
    try:
        os.kill(os.getpid(), number)
        qtbot.waitUntil(lambda: not window.isVisible())
    finally:
        watch.end()
        watch.deleteLater()
