"""Whether the program goes on when its window is closed, and how it is reached then."""

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QMainWindow

from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.ui.inbox.bands import Band, BandStack
from bounce_assistant.ui.inbox.checking import CheckOutcome
from bounce_assistant.ui.inbox.notices import Notices
from bounce_assistant.ui.inbox.watching import Watching
from bounce_assistant.ui.stay_dialog import STAY, StayDialog
from bounce_assistant.ui.tray import Tray, has_tray

_LOOKOUT = 3_000  # milliseconds between two looks whether the tray is still there
_MISSED = 2  # looks; a panel that starts anew is away for a moment


class Presence(QObject):
    """Never leaves a program that can't be seen: without a tray, closing the window quits."""

    check_wanted = Signal()
    watch_changed = Signal()

    def __init__(
        self, window: QMainWindow, desk: Desk, watching: Watching, bands: BandStack
    ) -> None:
        super().__init__(window)
        self._window, self._desk, self._watching, self._bands = window, desk, watching, bands
        self.tray = Tray(window)
        self.notices = Notices(self.tray, self)
        self.dialog: StayDialog | None = None
        self._is_quitting = self._is_asked = False
        self._put_away: list[QDialog] = []  # windows that were open when it went into the tray
        self._missed = 0
        self.lookout = QTimer(self, interval=_LOOKOUT)
        self.lookout.timeout.connect(self._look_for_tray)
        self.tray.open_wanted.connect(self.open)
        self.tray.quit_wanted.connect(self.quit)
        self.tray.check_wanted.connect(self._on_check)
        self.tray.watch_switched.connect(self.switch_watching)

    @property
    def is_away(self) -> bool:
        """Whether the program is in the tray, its window closed."""
        return self.lookout.isActive()

    def refresh(self, words: str) -> None:
        """Show the icon as the settings have it now; ``words`` say how things stand."""
        self.tray.show_state(words, is_watching=self._watching.is_on)
        if not self._desk.accounts.list():
            self._bands.remove("watch")  # there is nothing to watch any more
        if self._stays or self.is_away:
            self.tray.show()
        elif not self.tray.has_told:
            self.tray.hide()

    def may_close(self) -> bool:
        """Answer to a closed window: True where the program ends with it.

        Else it has gone into the tray, or the person is being asked.
        """
        choice = self._desk.store.settings.load().when_closed
        app = QGuiApplication.instance()
        is_over = isinstance(app, QGuiApplication) and app.isSavingSession()
        if self._is_quitting or is_over or not self._can_stay or choice == "quit":
            return True
        if choice == STAY:
            self._go_away()
        else:
            self._ask()
        return not (self.is_away or self.dialog)

    def quit(self) -> None:
        """End the program, whatever closing the window means otherwise."""
        self._is_quitting = True
        self._window.window().close()

    def open(self) -> None:
        """Show the window before others, as somebody who clicked a notice wants."""
        self.lookout.stop()
        top = self._window.window()
        top.setWindowState(top.windowState() & ~Qt.WindowState.WindowMinimized)
        top.show()
        top.raise_()
        top.activateWindow()
        for dialog in self._put_away:
            dialog.show()
        self._put_away.clear()
        QGuiApplication.setQuitOnLastWindowClosed(True)

    def end(self) -> None:
        """Take the icon away; the window closes for good."""
        self.lookout.stop()
        self.notices.pause.stop()
        self.tray.hide()
        QGuiApplication.setQuitOnLastWindowClosed(True)

    def tell_account(self, result: CheckResult, is_quiet: bool) -> None:  # noqa: FBT001 - a slot
        """Say what was found in an account, where nobody sees its rows appear.

        Somebody who asked for a check, and sees no window, is told of all accounts at its end.
        """
        if not (self._is_asked and self.is_away) and (is_quiet or self.is_away):
            self.notices.add(self._desk.cases.needing_you(result.new_messages))

    def tell(self, outcome: CheckOutcome) -> None:
        """Answer to somebody who asked for a check and sees no window."""
        if self._is_asked and self.is_away:
            words = str(outcome.problems[0][1]) if outcome.problems else ""
            self.notices.answer(self._desk.cases.needing_you(outcome.new), words)
        self._is_asked = False

    def switch_watching(self, is_on: bool) -> None:  # noqa: FBT001 - Qt's own signature
        """Keep looking for new bounces, or stop it."""
        settings = self._desk.store.settings
        settings.save(replace(settings.load(), watch="on" if is_on else "off"))
        self._bands.remove("watch")
        self.watch_changed.emit()

    def ask_about_watching(self) -> None:
        """Ask, with the first account, whether to look for new bounces."""
        if self._desk.store.settings.load().watch != "ask":
            return
        words = self.tr("Shall we keep looking for new bounces while this window is open?")
        button = (self.tr("Keep looking"), lambda: self.switch_watching(True))  # noqa: FBT003
        self._bands.show_band("watch", Band("setup", "mail", words, [button], can_close=True))

    @property
    def _can_stay(self) -> bool:
        """Whether there is a reason to go on, and a way to be reached."""
        is_watching = self._watching.is_on and bool(self._desk.accounts.list())
        return is_watching and has_tray()

    @property
    def _stays(self) -> bool:
        return self._desk.store.settings.load().when_closed == STAY and self._can_stay

    def _go_away(self) -> None:
        self.tray.show()
        if not self.tray.is_shown:
            return
        QGuiApplication.setQuitOnLastWindowClosed(False)
        self._missed = 0
        self.lookout.start()
        found = self._window.findChildren(QDialog)
        self._put_away = [dialog for dialog in found if dialog.isVisible()]
        for widget in (*self._put_away, self._window.window()):
            widget.hide()

    def _ask(self) -> None:
        if self.dialog is not None:
            self.dialog.activateWindow()
            return
        self.dialog = StayDialog(self._window)
        self.dialog.finished.connect(self._on_answered)
        self.dialog.open()

    def _on_answered(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is None:
            return
        dialog.deleteLater()
        if dialog.choice:
            settings = self._desk.store.settings
            settings.save(replace(settings.load(), when_closed=dialog.choice))
            self._window.window().close()

    def _on_check(self) -> None:
        self._is_asked = True
        self.check_wanted.emit()

    def _look_for_tray(self) -> None:
        self._missed = 0 if self.tray.is_shown else self._missed + 1
        if self._missed >= _MISSED:
            self.open()
