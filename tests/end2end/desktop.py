"""A screen and a desktop's buses of a test's own, on which programs are driven from outside."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("jeepney", reason="The accessibility bus is asked through jeepney.")

from tests.end2end.accessibility_tree import Part

NEEDED = {
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus",
    "/usr/libexec/at-spi2-registryd": "at-spi2-core",
}
MISSING = [package for sign, package in NEEDED.items() if shutil.which(sign) is None]
NEEDS_DESKTOP = [
    pytest.mark.real,
    pytest.mark.skipif(bool(MISSING), reason=f"A screen reader's view needs {', '.join(MISSING)}."),
]
# -noreset: else the screen starts anew when its last guest leaves, and drops who just connects.
SCREEN = "Xvfb -screen 0 1280x800x24 -nolisten tcp -noreset"
PATIENCE = 60  # seconds, on a busy machine


def until(condition: Callable[[], list[Part]]) -> Part:
    """Look again until something is there; return it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found[0]
    pytest.fail("It never showed.")


def started(command: str, environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server that tells where it is; return it with that line."""
    read, write = os.pipe()
    words = command.format(write).split()
    server = subprocess.Popen(words, env=environment, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as answer:
        return server, answer.readline().strip()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A screen and a desktop's buses of the test's own."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    environment = os.environ | {"XDG_RUNTIME_DIR": str(runtime), "HOME": str(tmp_path)}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"):
        environment.pop(name, None)
    screen, number = started(f"{SCREEN} -displayfd {{}}", environment)
    environment["DISPLAY"] = f":{number}"
    bus, address = started("dbus-daemon --session --nofork --print-address={}", environment)
    yield {
        "DISPLAY": environment["DISPLAY"],
        "DBUS_SESSION_BUS_ADDRESS": address,
        "XDG_RUNTIME_DIR": str(runtime),
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    }
    for process in (bus, screen):
        process.kill()
        process.communicate(timeout=PATIENCE)
