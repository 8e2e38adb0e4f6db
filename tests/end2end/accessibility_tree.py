"""The windows as a screen reader sees them: AT-SPI over D-Bus, from outside the program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, Properties, new_method_call  # type: ignore[import-untyped]  # no types
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped]
from jeepney.wrappers import DBusErrorResponse, unwrap_msg  # type: ignore[import-untyped]

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_ACTION = "org.a11y.atspi.Action"
_EDITABLE = "org.a11y.atspi.EditableText"
_ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
_SHOWING = 25  # bit of AtspiStateType
_DEEPEST = 40
_PATIENCE = 60  # seconds, on a busy machine


@dataclass(frozen=True, slots=True)
class Part:
    """One thing on the screen, or one that is hidden for now."""

    bus: str
    path: str
    name: str
    role: str
    is_showing: bool


class Tree:
    """Asks the accessibility bus of a session; raises OSError where there is none."""

    def __init__(self, session: str) -> None:
        desktop = open_dbus_connection(bus=session)
        finder = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
        asked = new_method_call(finder, "GetAddress")
        try:
            answer = unwrap_msg(desktop.send_and_get_reply(asked, timeout=_PATIENCE))
        except DBusErrorResponse as refusal:
            raise OSError(str(refusal)) from refusal
        finally:
            desktop.close()
        self._bus: DBusConnection = open_dbus_connection(bus=answer[0])

    def close(self) -> None:
        self._bus.close()

    def parts(self) -> Iterator[Part]:
        """Yield all parts of all programs, outside in; none while the registry is starting."""
        try:
            programs = self._children(*_ROOT)
        except DBusErrorResponse:
            return
        for bus, path in programs:
            yield from self._below(bus, path, 0)

    def find(self, name: str, role: str = "") -> list[Part]:
        """Return the parts with a name, those that are showing first."""
        found = [p for p in self.parts() if p.name == name and role in ("", p.role)]
        return sorted(found, key=lambda part: not part.is_showing)

    def press(self, part: Part) -> None:
        """Do what a click would do."""
        count = self._get(part.bus, part.path, _ACTION, "NActions")
        names = [
            self._call(part.bus, part.path, _ACTION, "GetName", "i", n)[0] for n in range(count)
        ]
        self._call(part.bus, part.path, _ACTION, "DoAction", "i", names.index("Press"))

    def write(self, part: Part, text: str) -> None:
        """Put a text into a field."""
        self._call(part.bus, part.path, _EDITABLE, "SetTextContents", "s", text)

    def _below(self, bus: str, path: str, depth: int) -> Iterator[Part]:
        try:
            name = self._get(bus, path, _ACCESSIBLE, "Name")
            (role,) = self._call(bus, path, _ACCESSIBLE, "GetRoleName")
            (states,) = self._call(bus, path, _ACCESSIBLE, "GetState")
            children = self._children(bus, path) if depth < _DEEPEST else []
        except DBusErrorResponse:  # it went while we looked
            return
        yield Part(bus, path, name, role, bool(states[0] >> _SHOWING & 1))
        for child in children:
            yield from self._below(*child, depth + 1)

    def _children(self, bus: str, path: str) -> list[tuple[str, str]]:
        (found,) = self._call(bus, path, _ACCESSIBLE, "GetChildren")
        return [(name, where) for name, where in found if name]

    def _get(self, bus: str, path: str, face: str, key: str) -> Any:
        asked = Properties(DBusAddress(path, bus_name=bus, interface=face)).get(key)
        ((_signature, value),) = unwrap_msg(self._bus.send_and_get_reply(asked, timeout=_PATIENCE))
        return value

    def _call(self, bus: str, path: str, face: str, method: str, *words: Any) -> Any:
        address = DBusAddress(path, bus_name=bus, interface=face)
        signature, body = (words[0], words[1:]) if words else (None, ())
        call = new_method_call(address, method, signature, body)
        return unwrap_msg(self._bus.send_and_get_reply(call, timeout=_PATIENCE))
