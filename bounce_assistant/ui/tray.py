"""The icon beside the clock: it opens the window, checks, switches watching, quits, and tells."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from bounce_assistant.ui import theme

_Why = QSystemTrayIcon.ActivationReason
_OPENING = (_Why.Trigger, _Why.DoubleClick)  # a right click opens the menu, and that alone


def has_tray() -> bool:
    """Say whether the system shows such icons, now."""
    return QSystemTrayIcon.isSystemTrayAvailable()


class Tray(QObject):
    """Shown only while there is something to reach by it; nothing where the system has no tray."""

    open_wanted = Signal()
    check_wanted = Signal()
    watch_switched = Signal(bool)
    quit_wanted = Signal()
    notice_clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._words = ""
        self.has_told = False  # a notice, which can be clicked for as long as the icon is there
        self.menu = QMenu(parent)
        self.open = self.menu.addAction(self.tr("&Open Bounce Assistant"))
        self.check = self.menu.addAction(self.tr("&Check now"))
        self.watch = self.menu.addAction(self.tr("&Keep looking for new bounces"))
        self.watch.setCheckable(True)
        self.menu.addSeparator()
        self.quit = self.menu.addAction(self.tr("&Quit"))
        self.menu.setDefaultAction(self.open)
        self.open.triggered.connect(self.open_wanted)
        self.check.triggered.connect(self.check_wanted)
        self.watch.triggered.connect(self.watch_switched)
        self.quit.triggered.connect(self.quit_wanted)

    @property
    def is_shown(self) -> bool:
        """Whether the person can reach the program by the icon."""
        return self._icon is not None and self._icon.isVisible() and has_tray()

    def show(self) -> None:
        """Show the icon, where the system has a place for it."""
        is_visible = self._icon is not None and self._icon.isVisible()
        if not is_visible and has_tray():
            self._made().show()

    def hide(self) -> None:
        if self._icon is not None:
            self._icon.hide()

    def show_state(self, words: str, *, is_watching: bool) -> None:
        """Say under the mouse how things stand, and tick the switch."""
        self._words = words
        self.watch.setChecked(is_watching)
        if self._icon is not None:
            self._icon.setToolTip(self._tip())

    def say(self, title: str, words: str) -> None:
        """Show a notice of the system; nothing where it shows none."""
        self.show()
        if self.is_shown and self._icon is not None:
            self.has_told = True
            self._icon.showMessage(title, words, self._icon.icon())

    def make_icon(self) -> QSystemTrayIcon:
        """Make Qt's icon, not shown yet."""
        return QSystemTrayIcon(theme.own_icon(), self)

    def _tip(self) -> str:
        return "\n".join(filter(None, ("Bounce Assistant", self._words)))

    def _made(self) -> QSystemTrayIcon:
        if self._icon is None:
            self._icon = self.make_icon()
            self._icon.setToolTip(self._tip())
            self._icon.setContextMenu(self.menu)
            self._icon.messageClicked.connect(self.notice_clicked)
            self._icon.activated.connect(self._on_activated)
        return self._icon

    def _on_activated(self, why: QSystemTrayIcon.ActivationReason) -> None:
        if why in _OPENING:
            self.open_wanted.emit()
