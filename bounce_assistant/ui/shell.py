"""The empty window that is on screen at once, while everything else is still being loaded."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

FIRST_SIZE = (1280, 800)
_FRAME = (16, 40)  # pixels that a window's own edges and title take


def first_size(room: QSize) -> QSize:
    """Return how large the window opens at first on a screen that has so much room.

    A laptop whose screen is scaled has often less than the window would like.
    """
    width, height = FIRST_SIZE
    return QSize(
        width if room.width() >= width else room.width() - _FRAME[0],
        height if room.height() >= height else room.height() - _FRAME[1],
    )


class Shell(QMainWindow):
    """Holds the main window as its content; imports nothing but Qt, so that it shows at once."""

    closed = Signal()  # for good

    def __init__(self, geometry: QByteArray) -> None:
        super().__init__()
        self.may_close: Callable[[], bool] = lambda: True  # asked before it closes
        self.setWindowTitle("Bounce Assistant")
        if not self.restoreGeometry(geometry):
            self.resize(first_size(self.screen().availableSize()))

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
