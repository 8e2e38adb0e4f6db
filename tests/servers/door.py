"""A door in front of Dovecot: it ends TLS, and hears and may change what goes through, by line."""

import contextlib
import ctypes
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from typing import Literal

from tests.servers.certificates import Certificate
from tests.servers.dovecot import Dovecot
from tests.servers.tls import server_context

Fault = Literal["close", "reset", "stall", "refuse"]
FAULTS: tuple[Fault, ...] = ("close", "reset", "stall", "refuse")
_NO_ADDRESS = bytes(16)  # a sockaddr of AF_UNSPEC
_PATIENCE = 60  # seconds


class BreakError(Exception):
    """The conversation ends here, in one of the ways it can."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class Door(socketserver.ThreadingTCPServer):
    """Remembers every line a client sent, in ``heard``; passes everything on as it is."""

    daemon_threads = True

    def __init__(self, behind: Dovecot, certificate: Certificate) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.context = server_context(certificate)
        self.port: int = self.server_address[1]
        self.heard: list[bytes] = []
        self.connections = 0

    def from_client(self, line: bytes) -> bytes:
        return line

    def from_dovecot(self, line: bytes) -> bytes:
        """Return what goes out in place of a line; BreakError ends the conversation."""
        return line

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is no trouble."""


class _Handler(socketserver.BaseRequestHandler):
    server: Door

    def handle(self) -> None:
        self.server.connections += 1
        with (
            self.server.context.wrap_socket(self.request, server_side=True) as client,
            socket.create_connection(("127.0.0.1", self.server.behind.port), 20) as dovecot,
        ):
            client.settimeout(_PATIENCE)
            for sock in (client, dovecot):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=_answer, args=(dovecot, client, self.server))
            back.start()
            _pump(client, dovecot, self._from_client)
            back.join(_PATIENCE)

    def _from_client(self, line: bytes) -> bytes:
        self.server.heard.append(line.strip())
        return self.server.from_client(line)


def _answer(dovecot: socket.socket, client: ssl.SSLSocket, door: Door) -> None:
    try:
        _pump(dovecot, client, door.from_dovecot)
    except BreakError as broken:
        if broken.fault == "stall":
            return  # the client hears nothing more, and may go when it likes
        with contextlib.suppress(OSError):
            if broken.fault == "reset":
                _reset(client)
            else:
                client.unwrap()
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)


def _reset(client: socket.socket) -> None:
    """Send RST at once, whatever other thread waits for the socket (connect(2), AF_UNSPEC)."""
    ctypes.CDLL(None).connect(client.fileno(), _NO_ADDRESS, len(_NO_ADDRESS))


def _pump(source: socket.socket, target: socket.socket, change: Callable[[bytes], bytes]) -> None:
    with contextlib.suppress(OSError), source.makefile("rb") as lines:
        for line in lines:
            target.sendall(change(line))
