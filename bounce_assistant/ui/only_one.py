"""One window for one store: a second start shows the first, which may be in the tray."""

import json
import sys
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE = 3_000  # milliseconds that a window which is there may take to answer
_LONGEST = 1 << 20  # bytes of a call
_LONGEST_PATH = 100  # bytes that the name of a socket may have
_HEARD = b"heard\n"


def hand_over(folder: Path, files: Sequence[str]) -> bool:
    """Have the window that is open on a folder's store come forward and take files; False: none.

    Only a program of the same user can answer: the folder is theirs.
    """
    name = _name(folder)
    if not name:
        return False
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_PATIENCE):
        return False  # it died, or is busy beyond hope
    words = json.dumps([str(Path(file).absolute()) for file in files])
    socket.write(words.encode() + b"\n")
    while not socket.canReadLine():
        if not socket.waitForReadyRead(_PATIENCE):
            return False
    return bytes(socket.readLine().data()) == _HEARD


class OnlyOne(QObject):
    """Listens for later starts of the program; without a place to listen there may be two."""

    called = Signal(object)  # tuple of paths: come forward, and take these files

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_call)
        name = _name(folder)
        if name and not self._server.listen(name):
            QLocalServer.removeServer(name)  # of a program that died; hand_over found nobody there
            self._server.listen(name)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _on_call(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._on_words(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._on_words(socket)

    def _on_words(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > _LONGEST:
            socket.abort()
        if not socket.canReadLine():
            return
        files = _files(bytes(socket.readLine().data()))
        socket.write(_HEARD)
        socket.flush()
        if files is not None:
            self.called.emit(files)


def _files(words: bytes) -> tuple[str, ...] | None:
    try:
        found = json.loads(words)
    except ValueError:
        return None
    return tuple(str(file) for file in found) if isinstance(found, list) else None


def _name(folder: Path) -> str:
    """Return where a window on a folder's store listens; empty where nothing can."""
    if sys.platform == "win32":  # a pipe, which has no place in a folder
        return f"bounce-assistant-{blake2b(str(folder).encode(), digest_size=16).hexdigest()}"
    name = str(folder / "window")
    return name if len(name.encode()) <= _LONGEST_PATH else ""
