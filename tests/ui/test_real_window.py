"""The program as its own process, in a real window of the X server, seen from outside."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from bounce_assistant.ui import theme

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds, on a busy machine
# -noreset: else the screen starts anew, and drops who is just connecting, when a tool leaves it.
XVFB = ["Xvfb", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]
NEEDED = ("Xvfb", "xdotool", "scrot")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(bool(MISSING), reason=f"A real window needs {', '.join(MISSING)}."),
]


@pytest.fixture
def display(qtbot: QtBot) -> Iterator[str]:
    """Start an X server of the test's own and return its name."""
    read, write = os.pipe()
    server = subprocess.Popen(
        [*XVFB, "-displayfd", str(write)],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    if not number:
        pytest.skip("Xvfb could not start here.")
    yield f":{number}"
    server.kill()
    server.wait(PATIENCE)


def on(display: str, *command: str) -> str:
    """Run a tool on the display; return what it prints, empty when it finds nothing."""
    done = subprocess.run(
        command,
        env=os.environ | {"DISPLAY": display},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.stdout.strip()


def shot(display: str, file: Path) -> QImage:
    on(display, "scrot", "--overwrite", str(file))
    return QImage(str(file))


@pytest.fixture
def program(display: str, home: Path) -> Iterator["subprocess.Popen[str]"]:
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    running = subprocess.Popen(
        [sys.executable, "-m", "bounce_assistant", "demo"],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    yield running
    with suppress(ProcessLookupError):
        running.kill()
    running.communicate(timeout=PATIENCE)


def test_the_program_shows_a_window_and_answers_keys(
    display: str, program: "subprocess.Popen[str]", tmp_path: Path, qtbot: QtBot
) -> None:
    def window() -> str:
        return on(display, "xdotool", "search", "--onlyvisible", "--name", "Bounce Assistant - ")

    qtbot.waitUntil(lambda: bool(window()), timeout=PATIENCE * 1000)
    number = window().split("\n")[0]
    assert on(display, "xdotool", "getwindowname", number) == "Bounce Assistant - Needs you"
    accent = theme.palette_for(dark=False).accent().color()

    def is_drawn() -> bool:
        picture = shot(display, tmp_path / "shot.png")
        step = range(0, 1280, 4)
        return any(picture.pixelColor(x, y) == accent for x in step for y in range(100, 500, 4))

    qtbot.waitUntil(is_drawn, timeout=PATIENCE * 1000)

    def press(keys: str) -> None:
        # Never windowfocus --sync: it waits for ever where the focus is passed on meanwhile.
        on(display, "xdotool", "windowfocus", number, "key", keys)

    def is_done_shown() -> bool:
        press("ctrl+3")
        return on(display, "xdotool", "getwindowname", number) == "Bounce Assistant - Done"

    def is_ended() -> bool:
        if program.poll() is None:
            press("ctrl+q")
        return program.poll() is not None

    qtbot.waitUntil(is_done_shown, timeout=PATIENCE * 1000)
    qtbot.waitUntil(is_ended, timeout=PATIENCE * 1000)
    assert program.returncode == 0
    assert program.communicate(timeout=PATIENCE)[1] == ""


def open_files(pid: int) -> set[str]:
    """Return what a process has open; a file that is closed meanwhile is left out."""
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(str(link.readlink()))
    return found


def test_no_port_is_opened_by_the_window(
    display: str, program: "subprocess.Popen[str]", qtbot: QtBot
) -> None:
    def is_shown() -> bool:
        return bool(on(display, "xdotool", "search", "--onlyvisible", "--name", "Bounce Assis"))

    qtbot.waitUntil(is_shown, timeout=PATIENCE * 1000)
    inodes = {link[8:-1] for link in open_files(program.pid) if link.startswith("socket:[")}
    for table in ("tcp", "tcp6", "udp", "udp6"):
        lines = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        assert not inodes & {line.split()[9] for line in lines}, table
