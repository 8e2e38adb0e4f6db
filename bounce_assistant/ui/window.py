"""Opens the window, runs until it is closed, or draws it into a picture."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QLocale, Qt
from PySide6.QtWidgets import QApplication

from bounce_assistant.errors import AppError
from bounce_assistant.ui import theme
from bounce_assistant.ui.interrupt import InterruptWatch
from bounce_assistant.ui.memory import WindowMemory
from bounce_assistant.ui.shell import Shell

if TYPE_CHECKING:
    from bounce_assistant.services.desk import Desk
    from bounce_assistant.ui.main_window import MainWindow

OpenDesk = Callable[[], "Desk"]


def open_window(
    desk: "Desk | OpenDesk",
    files: Sequence[str] = (),
    *,
    open_own: OpenDesk | None = None,
    open_sample: OpenDesk | None = None,
    one_at: Path | None = None,
) -> int:
    """Show the window and run until it is closed; return the exit code.

    ``desk`` may be a function that opens it: then the window is on screen before. ``open_own`` and
    ``open_sample`` open the user's own mail and the sample mail, for the links between them. Files
    are diagnosed at once. ``one_at`` is the folder of the user's store: where a window is open on
    it already, that one comes forward and takes the files. Raises AppError, after showing it, when
    the desk can't be opened.
    """
    app = application()
    if one_at and _is_open_already(one_at, files):
        return 0
    showing = Showing(open_own, open_sample)
    interrupts = InterruptWatch(app, showing.quit)
    showing.shell.closed.connect(app.exit)  # it may be closed while it is hidden
    showing.start(desk, files)
    if one_at:
        showing.listen(one_at)
    code = app.exec()
    interrupts.end()
    return code


def render_picture(
    desk: "Desk", path: str | Path, size: tuple[int, int] = (1280, 800), *, dark: bool = False
) -> None:
    """Draw the window with its first case opened into a PNG file. Needs no screen.

    Raises OSError when the file cannot be written.
    """
    from bounce_assistant.ui.main_window import MainWindow  # noqa: PLC0415 -- heavy
    from bounce_assistant.ui.tasks import TaskRunner  # noqa: PLC0415

    application()
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


class Showing:
    """The one window, and what it shows: the user's own mail or the sample mail."""

    def __init__(self, open_own: OpenDesk | None, open_sample: OpenDesk | None) -> None:
        self._open_own, self._open_sample = open_own, open_sample
        memory = WindowMemory()
        theme.apply_look(theme.Look.of(memory.look))
        theme.follow_system()
        self.shell = Shell(memory.bytes_of("geometry"))
        self.shell.show()
        QCoreApplication.processEvents()  # on screen, before anything heavy is imported
        self.content: MainWindow | None = None

    def start(self, desk: "Desk | OpenDesk", files: Sequence[str] = ()) -> None:
        """Fill the window."""
        try:
            opened = desk() if callable(desk) else desk
        except AppError as problem:
            self._say(problem)
            raise
        theme.apply_look(theme.Look.of(opened.store.settings.load().theme))
        self._show(opened, files)

    def _show(self, desk: "Desk", files: Sequence[str] = ()) -> "MainWindow":
        from bounce_assistant.ui.main_window import MainWindow  # noqa: PLC0415 -- heavy
        from bounce_assistant.ui.tasks import TaskRunner  # noqa: PLC0415

        content = MainWindow(desk, TaskRunner(), files=files)
        content.own_mail_requested.connect(self._on_own_mail)
        content.sample_requested.connect(self._on_sample)
        content.faults.watch_python()
        self.shell.may_close = content.presence.may_close
        self.shell.hold(content)
        self.content = content
        content.frame.rows.setFocus()
        return content

    def quit(self) -> None:
        """End the program, also where closing the window would only hide it."""
        if self.content is not None:
            self.content.presence.quit()
        else:
            self.shell.close()

    def listen(self, folder: Path) -> None:
        """Come forward when the program is started again on the same store."""
        from bounce_assistant.ui.only_one import OnlyOne  # noqa: PLC0415 -- once it is shown

        only = OnlyOne(folder, self.shell)
        only.called.connect(self._on_called)
        self.shell.closed.connect(only.close)

    def _on_called(self, files: tuple[str, ...]) -> None:
        if self.content is not None:
            self.content.presence.open()
            if files:
                self.content.incoming.add_paths(files)

    def _on_own_mail(self) -> None:
        if self._open_own is not None:
            self._show(self._open_own()).dialogs.add_account()

    def _on_sample(self) -> None:
        if self._open_sample is not None:
            self._show(self._open_sample())

    def _say(self, problem: AppError) -> None:
        from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 -- hardly ever wanted

        box = QMessageBox(self.shell)
        box.setTextFormat(Qt.TextFormat.PlainText)  # it may name a file
        box.setWindowTitle("Bounce Assistant")
        box.setText(problem.title)
        box.setInformativeText(" ".join(filter(None, (problem.detail, problem.next_step))))
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        box.exec()


def _is_open_already(folder: Path, files: Sequence[str]) -> bool:
    if sys.platform != "win32" and not (folder / "window").exists():
        return False
    from bounce_assistant.ui.only_one import hand_over  # noqa: PLC0415 -- costs start-up time

    return hand_over(folder, files)


def application() -> QApplication:
    """Return the running application, or start one."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    app = QApplication(sys.argv[:1])
    if QLocale().language() == QLocale.Language.C:  # a system that says nothing of its user
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    app.setApplicationName("bounce-assistant")
    app.setDesktopFileName("bounce-assistant")
    return app
