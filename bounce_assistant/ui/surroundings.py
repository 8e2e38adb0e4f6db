"""What the system tells of network, power and sleep, where Qt can ask it."""

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QNetworkInformation

if TYPE_CHECKING:
    from bounce_assistant.ui.power import Power

_Reach = QNetworkInformation.Reachability
_NOWHERE = (_Reach.Disconnected, _Reach.Local)
_GLANCE = 5_000  # milliseconds between two looks at the clocks
_ASLEEP = 20.0  # seconds that only one of two clocks counted: the computer slept
_SETTLE = 2_000  # milliseconds; waking up brings several signals, and they mean one thing


class Surroundings(QObject):
    """Says once, a moment later, that connections have to be made anew."""

    changed = Signal()  # is_online, is_metered, is_on_battery
    moved = Signal()  # awake again, or on another network: what was connected is dead

    def __init__(
        self,
        parent: QObject,
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._wall, self._steady = wall, steady
        self._between = wall() - steady()
        self._network = _network()
        self._power = _power(self)
        self.is_online = True
        self.settle = QTimer(self, singleShot=True, interval=_SETTLE)
        self.settle.timeout.connect(self.moved)
        self.glance = QTimer(self, interval=_GLANCE)
        self.glance.timeout.connect(self._look_at_clocks)
        self.glance.start()
        if self._power is not None:
            self._power.woke.connect(self.settle.start)
            self._power.changed.connect(self.changed)
        if self._network is not None:
            self._network.reachabilityChanged.connect(self.on_reach)
            self._network.isMeteredChanged.connect(self.changed)
            self._network.transportMediumChanged.connect(self._on_other_network)
            self._network.isBehindCaptivePortalChanged.connect(self._on_other_network)
            self.on_reach(self._network.reachability())

    @property
    def is_metered(self) -> bool:
        """Whether the connection costs money, where the system says so."""
        return self._network is not None and self._network.isMetered()

    @property
    def is_on_battery(self) -> bool:
        """Whether the computer runs on its battery, where the system says so."""
        return self._power is not None and self._power.is_on_battery

    def on_reach(self, reach: QNetworkInformation.Reachability) -> None:
        """Hear how far the network reaches now."""
        was_online, self.is_online = self.is_online, reach not in _NOWHERE
        if self.is_online == was_online:
            return
        self.changed.emit()
        if self.is_online:
            self.settle.start()

    def _on_other_network(self) -> None:
        if self.is_online:
            self.settle.start()

    def _look_at_clocks(self) -> None:
        between = self._wall() - self._steady()
        slept, self._between = between - self._between, between
        if slept > _ASLEEP:
            self.settle.start()


def _network() -> QNetworkInformation | None:
    """Return what the system tells of the network; None where Qt can't ask it."""
    if not QNetworkInformation.loadDefaultBackend():
        return None
    return QNetworkInformation.instance()


def _power(parent: QObject) -> "Power | None":
    """Return what the system tells of power and sleep; None where there is nothing to ask."""
    if sys.platform != "linux":
        return None
    from bounce_assistant.ui.power import Power  # noqa: PLC0415 - not every system has this module

    return Power(parent)
