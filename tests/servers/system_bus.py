"""A computer's message bus of a test's own, with what its network, power and sleep are said to be.

The bus is real, and so are those who listen; NetworkManager, UPower and logind are played.
"""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jeepney import (  # type: ignore[import-untyped]  # no types
    DBusAddress,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

DAEMON = ("dbus-daemon", "--session", "--nofork", "--print-address=1")
_PATIENCE = 30  # seconds
_NETWORK, _POWER, _LOGIN = (
    f"org.freedesktop.{name}" for name in ("NetworkManager", "UPower", "login1")
)
_FOR_FREE, _METERED = "/devices/1", "/devices/2"


class SystemBus:
    """Tells whoever asks; a change is signalled as the real services do."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._connection = open_dbus_connection(address)
        self._is_over = False
        self._facts: dict[tuple[str, str], dict[str, tuple[str, Any]]] = {
            ("/org/freedesktop/NetworkManager", _NETWORK): {
                "State": ("u", 70),  # connected globally
                "Connectivity": ("u", 4),  # full
                "PrimaryConnection": ("o", "/connections/1"),
            },
            ("/org/freedesktop/UPower", _POWER): {"OnBattery": ("b", False)},
        }
        for number, (device, metered) in enumerate(((_FOR_FREE, 2), (_METERED, 1)), 1):
            active, about = f"{_NETWORK}.Connection.Active", f"{_NETWORK}.Device"
            self._facts[f"/connections/{number}", active] = {"Devices": ("ao", [device])}
            self._facts[device, about] = {"DeviceType": ("u", 2), "Metered": ("u", metered)}
        for name in (_NETWORK, _POWER, _LOGIN):
            self._connection.send_and_get_reply(message_bus.RequestName(name), timeout=_PATIENCE)
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def meter(self, *, costs_money: bool) -> None:
        """Go over to another connection."""
        number = 2 if costs_money else 1
        self._change(_NETWORK, "PrimaryConnection", ("o", f"/connections/{number}"))

    def reach(self, *, online: bool) -> None:
        self._change(_NETWORK, "State", ("u", 70 if online else 20))

    def power(self, *, on_battery: bool) -> None:
        self._change(_POWER, "OnBattery", ("b", on_battery))

    def sleep(self, *, is_over: bool) -> None:
        sender = DBusAddress("/org/freedesktop/login1", interface=f"{_LOGIN}.Manager")
        self._connection.send(new_signal(sender, "PrepareForSleep", "b", (not is_over,)))

    def close(self) -> None:
        """Leave the bus."""
        self._is_over = True
        self._connection.close()
        self._thread.join(_PATIENCE)

    def _change(self, name: str, fact: str, value: tuple[str, Any]) -> None:
        path = "/" + name.replace(".", "/")
        self._facts[path, name][fact] = value
        sender = DBusAddress(path, interface="org.freedesktop.DBus.Properties")
        body: tuple[str, dict[str, tuple[str, Any]], list[str]] = (name, {fact: value}, [])
        self._connection.send(new_signal(sender, "PropertiesChanged", "sa{sv}as", body))

    def _answer(self) -> None:
        while not self._is_over:
            try:
                message = self._connection.receive(timeout=1)
            except TimeoutError:
                continue
            except (OSError, RuntimeError):
                return
            if message.header.message_type is MessageType.method_call:
                self._connection.send(self._reply(message))

    def _reply(self, message: Any) -> Any:
        fields = {key.name: value for key, value in message.header.fields.items()}
        if fields["member"] == "Introspect":
            return new_method_return(message, "s", (self._described(fields["path"]),))
        facts = self._facts.get((fields["path"], message.body[0])) if message.body else None
        if facts is not None and fields["member"] == "GetAll":
            return new_method_return(message, "a{sv}", (facts,))
        if facts is not None and fields["member"] == "Get" and message.body[1] in facts:
            return new_method_return(message, "v", (facts[message.body[1]],))
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")

    def _described(self, path: str) -> str:
        """Return what a path has, in the words of the D-Bus specification, "Introspection"."""
        found = [(name, facts) for (at, name), facts in self._facts.items() if at == path]
        words = [
            f'<interface name="{name}">'
            + "".join(
                f'<property name="{fact}" type="{kind}" access="read"/>'
                for fact, (kind, _value) in facts.items()
            )
            + "</interface>"
            for name, facts in found
        ]
        return f"<node>{''.join(words)}</node>"


@contextmanager
def running_system_bus() -> Iterator[SystemBus]:
    """Run the bus and those who are played on it."""
    daemon = subprocess.Popen(DAEMON, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert daemon.stdout
        bus = SystemBus(daemon.stdout.readline().strip())
        try:
            yield bus
        finally:
            bus.close()
    finally:
        daemon.kill()
        daemon.communicate(timeout=_PATIENCE)
