"""A second start shows the window that is open, in the tray or not, and hands its files over."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.only_one import OnlyOne
from tests.ui.desks import write_bounces
from tests.ui.test_real_window import MISSING, PATIENCE, ROOT, display, on

__all__ = ["display"]  # a fixture
LIMIT = PATIENCE * 1000  # milliseconds


@pytest.fixture
def only(short_path: Path, qtbot: QtBot) -> Iterator[OnlyOne]:
    app = QCoreApplication.instance()
    assert app
    made = OnlyOne(short_path, app)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose name leaves room for that of a socket, which is limited."""
    with TemporaryDirectory(prefix="bounce-") as folder:
        yield Path(folder)


def call(folder: Path, words: bytes, qtbot: QtBot) -> bytes:
    """Say something to the window; return what it answers, or nothing if it hangs up."""
    socket = QLocalSocket()
    socket.connectToServer(str(folder / "window"))
    assert socket.waitForConnected(LIMIT)
    socket.write(words)
    gone = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: socket.canReadLine() or socket.state() is gone, timeout=LIMIT)
    answer = bytes(socket.readLine().data()) if socket.canReadLine() else b""
    socket.abort()
    return answer


def test_files_are_handed_over(only: OnlyOne, short_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(only.called, timeout=LIMIT) as heard:
        assert call(short_path, b'["/a.eml", "/b.eml"]\n', qtbot) == b"heard\n"
    assert heard.args == [("/a.eml", "/b.eml")]


@pytest.mark.parametrize("words", [b"\xff\xfe\n", b'{"a": 1}\n', b"x" * (2 << 20)])
def test_words_of_somebody_else_do_nothing(
    only: OnlyOne, short_path: Path, qtbot: QtBot, words: bytes
) -> None:
    called: list[object] = []
    only.called.connect(called.append)
    call(short_path, words, qtbot)
    assert called == []


@pytest.mark.real
@pytest.mark.skipif(bool(MISSING), reason=f"A real window needs {', '.join(MISSING)}.")
def test_the_window_that_is_open_takes_the_files_of_a_second_start(
    display: str, tmp_path: Path, short_path: Path, qtbot: QtBot
) -> None:
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    names = ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "STATE_HOME")
    environment |= {f"XDG_{name}": str(short_path / name) for name in names}
    store = short_path / "DATA_HOME" / "bounce-assistant" / "bounces.sqlite3"

    def start(*words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "bounce_assistant", *words]
        return subprocess.Popen(command, cwd=ROOT, env=environment)

    def windows() -> int:
        found = on(display, "xdotool", "search", "--onlyvisible", "--name", "Bounce Assistant - ")
        return len(found.split())

    def kept() -> int:
        with suppress(sqlite3.Error), closing(sqlite3.connect(store)) as db:
            return int(db.execute("SELECT count(*) FROM bounce").fetchone()[0])
        return -1

    first = start()
    try:
        qtbot.waitUntil((store.parent / "window").exists, timeout=LIMIT)
        (bounce,) = write_bounces(tmp_path, 1)
        assert start(str(bounce)).wait(PATIENCE) == 0
        qtbot.waitUntil(lambda: kept() == 1, timeout=LIMIT)
        assert windows() == 1
        assert first.poll() is None
        first.kill()  # and what it leaves behind stops nobody
        first.wait(PATIENCE)
        first = start()
        qtbot.waitUntil(lambda: windows() == 1, timeout=LIMIT)
    finally:
        first.kill()
        first.wait(PATIENCE)
