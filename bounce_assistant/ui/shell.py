"""The empty window that is on screen at once, while everything else is still being loaded."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

FIRST_SIZE = (1280, 800)


class Shell(QMainWindow):
    """Holds the main window as its content; imports nothing but Qt, so that it shows at once."""

    closed = Signal()  # for good

    def __init__(self, geometry: QByteArray) -> None:
        super().__init__()
        self.may_close: Callable[[], bool] = lambda: True  # asked before it closes
        self.setWindowTitle("Bounce Assistant")
        if not self.restoreGeometry(geometry):
            self.resize(*FIRST_SIZE)

    def hold(self, content: QMainWindow) -> None:
        """Show a main window in here; the one that was here before is closed."""
        before = self.centralWidget()
        if before is not None:
            before.close()
        self.setMenuBar(content.menuBar())
        self.setCentralWidget(content)  # deletes the one before
        self.setWindowTitle(content.windowTitle())
        content.windowTitleChanged.connect(self.setWindowTitle)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        content = self.centralWidget()
        if content is not None:
            content.close()
        super().closeEvent(event)
        self.closed.emit()
