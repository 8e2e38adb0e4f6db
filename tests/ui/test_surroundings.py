"""What the system says of network, power and sleep is heard, and many words are one."""

import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.surroundings import Surroundings

pytest.importorskip("jeepney", reason="The system's bus is played through jeepney.")

from tests.servers.system_bus import SystemBus, running_system_bus

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds, on a busy machine
needs_bus = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="A bus of the test's own needs dbus."
)
Hear = Callable[[], str]


@pytest.fixture
def bus() -> Iterator[SystemBus]:
    with running_system_bus() as running:
        yield running


@pytest.fixture
def hear(bus: SystemBus) -> Iterator[Hear]:
    """Return what the program says next."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.surroundings_program"],
        cwd=ROOT,
        env=os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": bus.address},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    said: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        for line in running.stdout or ():
            said.put(line.strip())

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield lambda: said.get(timeout=PATIENCE)
    finally:
        assert running.stdin
        running.stdin.close()
        running.wait(PATIENCE)
        listener.join(PATIENCE)
        assert running.stdout
        running.stdout.close()


@needs_bus
@pytest.mark.real
def test_network_power_and_sleep_are_heard_from_the_system(bus: SystemBus, hear: Hear) -> None:
    assert hear() == "online"
    bus.power(on_battery=True)
    assert hear() == "online battery"
    bus.power(on_battery=False)
    assert hear() == "online"
    bus.meter(costs_money=True)
    assert hear() == "online metered"
    bus.meter(costs_money=False)
    assert hear() == "online"
    bus.reach(online=False)
    assert hear() == ""
    bus.reach(online=True)
    assert hear() == "online"
    assert hear() == "moved"
    bus.sleep(is_over=False)
    bus.sleep(is_over=True)
    assert hear() == "moved"


class Clocks:
    """A wall clock, and one that stands still while the computer sleeps."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_000.0, 10.0

    def pass_by(self, seconds: float, *, asleep: float = 0.0) -> None:
        self.wall += seconds + asleep
        self.steady += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def surroundings(qtbot: QtBot, clocks: Clocks) -> Iterator[Surroundings]:
    app = QCoreApplication.instance()
    assert app
    made = Surroundings(app, wall=lambda: clocks.wall, steady=lambda: clocks.steady)
    made.settle.setInterval(0)
    made.on_reach(QNetworkInformation.Reachability.Online)
    made.settle.stop()
    yield made
    made.deleteLater()


def test_clocks_that_part_mean_that_the_computer_slept(
    surroundings: Surroundings, clocks: Clocks, qtbot: QtBot
) -> None:
    clocks.pass_by(600)
    surroundings.glance.timeout.emit()
    clocks.pass_by(5, asleep=-3_600)  # the clock was set back
    surroundings.glance.timeout.emit()
    assert not surroundings.settle.isActive()
    clocks.pass_by(5, asleep=8 * 3_600)
    with qtbot.waitSignal(surroundings.moved, timeout=PATIENCE * 1000):
        surroundings.glance.timeout.emit()
    clocks.pass_by(5)
    surroundings.glance.timeout.emit()
    assert not surroundings.settle.isActive()  # once


def test_all_that_waking_up_brings_is_one_thing(surroundings: Surroundings, qtbot: QtBot) -> None:
    moved: list[None] = []
    surroundings.moved.connect(lambda: moved.append(None))
    reach = QNetworkInformation.Reachability
    with qtbot.waitSignal(surroundings.moved, timeout=PATIENCE * 1000):
        surroundings.settle.start()  # as logind's word does
        surroundings.on_reach(reach.Disconnected)
        assert not surroundings.is_online
        surroundings.on_reach(reach.Online)
        surroundings._on_other_network()
    assert len(moved) == 1
    assert not surroundings.settle.isActive()
