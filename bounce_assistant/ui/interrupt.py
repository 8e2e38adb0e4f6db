"""Ctrl+C in the terminal closes the window as a click would."""

import signal
import socket

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def close_on_interrupt(app: QApplication) -> None:
    """Close all windows when asked to end; Python alone would wait for Qt to return to it."""
    wake, woken = socket.socketpair()
    wake.setblocking(False)
    woken.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(woken.fileno(), QSocketNotifier.Type.Read, app)
    notifier.activated.connect(lambda: woken.recv(64))  # Python runs, and with it the handler below
    app.aboutToQuit.connect(wake.close)
    for number in _SIGNALS:
        signal.signal(number, lambda *_: app.closeAllWindows())
