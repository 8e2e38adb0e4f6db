"""Whoever started the program in a terminal can end it there."""

import os
import signal

import pytest
from PySide6.QtGui import QCloseEvent
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


class AwayWhenClosed(QWidget):
    """A window that closing only hides, until it quits; a signal comes while it hides."""

    is_quitting = is_closed = False

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.is_quitting)
        if self.is_quitting:
            self.is_closed = True
        else:
            os.kill(os.getpid(), signal.SIGTERM)
            self.hide()

    def quit(self) -> None:
        self.is_quitting = True
        self.close()


def test_a_signal_while_the_window_is_closing_is_not_lost(qapp: QApplication, qtbot: QtBot) -> None:
    window = AwayWhenClosed()
    qtbot.addWidget(window)
    window.show()
    watch = InterruptWatch(qapp, window.quit)
    try:
        window.close()
        qtbot.waitUntil(lambda: window.is_closed)
    finally:
        watch.end()
        watch.deleteLater()
