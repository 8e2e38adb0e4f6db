"""What Linux tells of power and sleep, asked over its message bus."""

from contextlib import suppress

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusVariant,
)

# https://upower.freedesktop.org/docs/UPower.html
_UPOWER = ("org.freedesktop.UPower", "/org/freedesktop/UPower")
_PROPERTIES = "org.freedesktop.DBus.Properties"
# https://www.freedesktop.org/software/systemd/man/org.freedesktop.login1.html
_LOGIN = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")


class Power(QObject):
    """Answers come when they come; until then the computer counts as plugged in and awake."""

    changed = Signal()  # is_on_battery
    woke = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_on_battery = False
        self._asked: QDBusPendingCallWatcher | None = None
        self._bus = QDBusConnection.systemBus()
        if not self._bus.isConnected():
            return
        _listen(self._bus, (*_UPOWER, _PROPERTIES, "PropertiesChanged"), self, "on_properties")
        _listen(self._bus, (*_LOGIN, "PrepareForSleep"), self, "on_sleep")
        self._ask()

    @Slot("QDBusMessage")
    def on_sleep(self, message: QDBusMessage) -> None:
        """Hear that the computer goes to sleep (true), or has woken up."""
        if message.arguments() == [False]:
            self.woke.emit()

    @Slot("QDBusMessage")
    def on_properties(self, _message: QDBusMessage) -> None:
        """Hear that something about the power is different; ask what."""
        self._ask()

    def _ask(self) -> None:
        question = QDBusMessage.createMethodCall(*_UPOWER, _PROPERTIES, "Get")
        question.setArguments([_UPOWER[0], "OnBattery"])
        self._asked = QDBusPendingCallWatcher(self._bus.asyncCall(question), self)
        self._asked.finished.connect(self._on_answered)

    def _on_answered(self, asked: QDBusPendingCallWatcher) -> None:
        answer = asked.reply().arguments()
        asked.deleteLater()
        value = answer[0] if len(answer) == 1 else None
        if isinstance(value, QDBusVariant):
            value = value.variant()
        if isinstance(value, bool) and value != self.is_on_battery:
            self.is_on_battery = value
            self.changed.emit()


def _listen(
    bus: QDBusConnection, signal: tuple[str, str, str, str], receiver: QObject, slot: str
) -> None:
    # PySide's types ask for bytes, which it then refuses; a version that doesn't take text either
    # leaves us without this knowledge, not without a window.
    with suppress(TypeError, ValueError):
        bus.connect(*signal, receiver, SLOT(f"{slot}(QDBusMessage)"))  # type: ignore[call-overload]
