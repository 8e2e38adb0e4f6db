"""Ctrl+C in the terminal, or the system's word to end, quits the program in good order."""

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Signal
from PySide6.QtWidgets import QApplication

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class InterruptWatch(QObject):
    """Wakes Qt when a signal comes; Python alone would wait for Qt to return to it."""

    _interrupted = Signal()

    def __init__(self, app: QApplication, quit_: Callable[[], object]) -> None:
        super().__init__(app)
        self._wake, self._woken = socket.socketpair()
        for end in (self._wake, self._woken):
            end.settimeout(0)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._woken.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        # Qt ignores a close() within another, so quitting waits until what runs now is done.
        self._interrupted.connect(quit_, Qt.ConnectionType.QueuedConnection)
        for number in _SIGNALS:
            signal.signal(number, lambda *_: self._interrupted.emit())

    def _on_woken(self) -> None:
        self._woken.recv(64)  # Python runs, and with it the handler of the signal

    def end(self) -> None:
        """Leave signals as Python has them at the start."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self._notifier.setEnabled(False)
        self._wake.close()
        self._woken.close()
