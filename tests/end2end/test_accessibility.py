"""The program driven from outside, by the words that a screen reader reads out."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.end2end.program import Program
from tests.ui.desks import write_bounces

pytest.importorskip("jeepney", reason="The accessibility bus is asked through jeepney.")

from tests.end2end.accessibility_tree import Part, Tree

NEEDED = {
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus",
    "/usr/libexec/at-spi2-registryd": "at-spi2-core",
}
MISSING = [package for sign, package in NEEDED.items() if shutil.which(sign) is None]
pytestmark = [
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


@pytest.fixture
def tree(session: dict[str, str], tmp_path: Path) -> Iterator[Tree]:
    """The program with one bounce opened, and its windows as others see them."""
    (bounce,) = write_bounces(tmp_path, 1)
    program = Program(tmp_path / "home", tmp_path / "no.pem", session)
    program.home.mkdir()
    running = program.start(str(bounce))
    seen = Tree(session["DBUS_SESSION_BUS_ADDRESS"])
    yield seen
    seen.close()
    with suppress(ProcessLookupError):
        running.kill()
    running.communicate(timeout=PATIENCE)


def test_every_part_is_found_by_its_name(tree: Tree) -> None:
    until(lambda: [p for p in tree.find("Why we think so", "text") if p.is_showing])
    parts = {(part.name, part.role): part.is_showing for part in reversed(list(tree.parts()))}
    for name, role in {
        "Bounces": "list",
        "Views": "list",
        "Diagnosis": "panel",
        "Search": "text",
        "Check now": "push button",
        "Add bounce...": "push button",
        "Resolve": "button menu",
        "Fix the address...": "push button",
        "More ways": "button menu",
        "Choose a different reason...": "push button",
    }.items():
        assert parts.get((name, role)), name
    assert ("Progress", "progress bar") in parts
    assert ("Raw message", "text") in parts


def test_the_fix_is_walked_through_without_eyes_or_mouse(tree: Tree) -> None:
    start = until(lambda: [p for p in tree.find("Fix the address...") if p.is_showing])
    tree.press(start)
    until(lambda: [p for p in tree.find("Steps") if p.is_showing])
    tree.press(tree.find("Back to the diagnosis", "push button")[0])
    until(lambda: [p for p in tree.find("Diagnosis") if p.is_showing])
    assert not tree.find("Steps")[0].is_showing


def test_each_bounce_is_read_out_as_a_sentence(tree: Tree) -> None:
    def rows() -> list[Part]:
        parts = [part for part in tree.parts() if part.role == "list item"]
        return [part for part in parts if part.name.endswith("1 of 1")]

    row = until(rows)
    assert row.name.startswith("person0@example.net, This address doesn't exist, ")
