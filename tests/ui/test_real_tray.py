"""With a real panel on a real screen: closed, it watches on; a click on its notice opens it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from bounce_assistant.ui import theme
from tests.servers.dovecot import Dovecot
from tests.ui.desks import BOUNCE
from tests.ui.test_real_window import PATIENCE, ROOT, display, on, shot

__all__ = ["display"]  # a fixture
NEEDED = ("Xvfb", "xdotool", "scrot", "trayer")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(bool(MISSING), reason=f"A real tray needs {', '.join(MISSING)}."),
]
LIMIT = PATIENCE * 1000  # milliseconds
TITLE = "Bounce Assistant - "
PANEL = ("trayer", "--edge", "bottom", "--align", "right", "--width", "10", "--height", "28")


class Screen:
    """What somebody before the screen sees and does."""

    def __init__(self, display: str, folder: Path) -> None:
        self.display, self._file = display, folder / "shot.png"

    def is_window_open(self) -> bool:
        return bool(on(self.display, "xdotool", "search", "--onlyvisible", "--name", TITLE))

    def is_panel_open(self) -> bool:
        return bool(on(self.display, "xdotool", "search", "--onlyvisible", "--class", "trayer"))

    def picture(self) -> QImage:
        return shot(self.display, self._file)

    def icon(self) -> tuple[int, int] | None:
        """Return a point of the program's icon in the panel."""
        picture, ground = self.picture(), theme.palette_for(dark=False).highlight().color()
        places = ((x, y) for y in range(774, 800) for x in range(1279, 1140, -1))
        return next((place for place in places if picture.pixelColor(*place) == ground), None)

    def click(self, x: int, y: int) -> None:
        on(self.display, "xdotool", "mousemove", str(x), str(y), "click", "1")


@pytest.fixture
def screen(display: str, tmp_path: Path) -> Screen:
    return Screen(display, tmp_path)


@contextmanager
def panel(screen: Screen, qtbot: QtBot) -> Iterator[None]:
    """Run a desktop's panel with a tray."""
    environment = os.environ | {"DISPLAY": screen.display}
    running = subprocess.Popen(PANEL, env=environment, stderr=subprocess.DEVNULL)
    try:
        qtbot.waitUntil(screen.is_panel_open, timeout=LIMIT)
        yield
    finally:
        running.kill()
        running.wait(PATIENCE)


@contextmanager
def program(
    screen: Screen, server: Dovecot, folder: Path, user: str
) -> Iterator["subprocess.Popen[str]"]:
    """Run the program on an account of a real mail server, which it watches."""
    settings = {"watch": "on", "when_closed": "tray", "theme": "light"}
    environment = os.environ | {
        "DISPLAY": screen.display,
        "QT_QPA_PLATFORM": "xcb",
        "SSL_CERT_FILE": str(server.ca),
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    accounts = json.dumps([asdict(server.account(user))])
    module = [sys.executable, "-m", "tests.ui.tray_program"]
    running = subprocess.Popen(
        [*module, str(folder), accounts, json.dumps(settings)],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate(timeout=PATIENCE)


def say(program: "subprocess.Popen[str]", word: str) -> None:
    assert program.stdin
    program.stdin.write(f"{word}\n")
    program.stdin.flush()


def test_a_closed_window_watches_on_and_its_notice_opens_it(
    screen: Screen, dovecot: Dovecot, tmp_path: Path, qtbot: QtBot
) -> None:
    dovecot.folder("tray")
    with panel(screen, qtbot), program(screen, dovecot, tmp_path, "tray") as running:
        qtbot.waitUntil(screen.is_window_open, timeout=LIMIT)
        say(running, "close")
        qtbot.waitUntil(lambda: not screen.is_window_open(), timeout=LIMIT)
        qtbot.waitUntil(lambda: screen.icon() is not None, timeout=LIMIT)
        before = screen.picture()
        dovecot.put("tray", BOUNCE.format(number=1).encode(), datetime.now(UTC))
        notice = (1150, 750)  # just above the panel

        def is_told() -> bool:
            return screen.picture().pixelColor(*notice) != before.pixelColor(*notice)

        qtbot.waitUntil(is_told, timeout=LIMIT)
        assert not screen.is_window_open()
        screen.click(*notice)
        qtbot.waitUntil(screen.is_window_open, timeout=LIMIT)
        say(running, "close")
        qtbot.waitUntil(lambda: not screen.is_window_open(), timeout=LIMIT)
        place = screen.icon()
        assert place
        screen.click(*place)
        qtbot.waitUntil(screen.is_window_open, timeout=LIMIT)
        say(running, "close")
        qtbot.waitUntil(lambda: not screen.is_window_open(), timeout=LIMIT)
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 0


def test_without_a_panel_closing_ends_the_program(
    screen: Screen, dovecot: Dovecot, tmp_path: Path, qtbot: QtBot
) -> None:
    dovecot.folder("no-tray")
    with program(screen, dovecot, tmp_path, "no-tray") as running:
        qtbot.waitUntil(screen.is_window_open, timeout=LIMIT)
        say(running, "close")
        assert running.wait(PATIENCE) == 0


def test_the_window_comes_back_when_the_panel_goes(
    screen: Screen, dovecot: Dovecot, tmp_path: Path, qtbot: QtBot
) -> None:
    dovecot.folder("panel-goes")
    with program(screen, dovecot, tmp_path, "panel-goes") as running:
        with panel(screen, qtbot):
            qtbot.waitUntil(screen.is_window_open, timeout=LIMIT)
            say(running, "close")
            qtbot.waitUntil(lambda: not screen.is_window_open(), timeout=LIMIT)
        qtbot.waitUntil(screen.is_window_open, timeout=LIMIT)
