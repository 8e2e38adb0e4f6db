"""Opens the window on a desk, runs until it is closed, or draws it into a picture."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication

from bounce_assistant.services.desk import Desk
from bounce_assistant.ui import theme
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.tasks import TaskRunner

__all__ = ["MainWindow", "open_window", "render_picture"]
OpenDesk = Callable[[], Desk]


def open_window(
    desk: Desk,
    files: Sequence[str] = (),
    *,
    open_own: OpenDesk | None = None,
    open_sample: OpenDesk | None = None,
) -> int:
    """Show the window and run until it is closed; return the exit code.

    ``open_own`` and ``open_sample`` open the user's own mail and the sample mail, for the links
    that lead from one to the other. Files are diagnosed at once.
    """
    app = _application()
    theme.apply_look(theme.Look(desk.store.settings.load().theme))
    theme.follow_system()
    showing = _Showing(open_own, open_sample)
    showing.show(desk, files)
    return app.exec()


def render_picture(
    desk: Desk, path: str | Path, size: tuple[int, int] = (1280, 800), *, dark: bool = False
) -> None:
    """Draw the window with its first case opened into a PNG file. Needs no screen.

    Raises OSError when the file cannot be written.
    """
    _application()
    theme.apply_look(theme.Look.DARK if dark else theme.Look.LIGHT)
    tasks = TaskRunner()
    window = MainWindow(desk, tasks)
    window.resize(*size)
    window.show()
    while tasks.is_busy:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)
    QCoreApplication.processEvents()
    is_saved = window.grab().save(str(path), "PNG")
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not is_saved:
        raise OSError(str(path))


class _Showing(QObject):
    """Holds the one window, and replaces it when the user goes from sample to own mail."""

    def __init__(self, open_own: OpenDesk | None, open_sample: OpenDesk | None) -> None:
        super().__init__()
        self._open_own, self._open_sample = open_own, open_sample
        self.window: MainWindow | None = None

    def show(self, desk: Desk, files: Sequence[str] = ()) -> MainWindow:
        window = MainWindow(desk, TaskRunner(), files=files)
        window.own_mail_requested.connect(self._on_own_mail)
        window.sample_requested.connect(self._on_sample)
        window.faults.watch_python()
        window.show()
        old, self.window = self.window, window
        if old is not None:
            old.close()
            old.deleteLater()
        return window

    def _on_own_mail(self) -> None:
        if self._open_own is not None:
            self.show(self._open_own()).dialogs.add_account()

    def _on_sample(self) -> None:
        if self._open_sample is not None:
            self.show(self._open_sample())


def _application() -> QApplication:
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    app = QApplication(sys.argv[:1])
    app.setApplicationName("bounce-assistant")
    app.setApplicationDisplayName("Bounce Assistant")
    app.setDesktopFileName("bounce-assistant")
    return app
