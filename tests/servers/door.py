"""A door in front of Dovecot: it ends TLS, and hears and may change what goes through, by line."""

import contextlib
import select
import socket
import socketserver
import ssl
import struct
from collections.abc import Callable
from typing import Literal

from tests.servers.certificates import Certificate
from tests.servers.dovecot import Dovecot
from tests.servers.tls import server_context

Fault = Literal["close", "reset", "stall", "refuse"]
FAULTS: tuple[Fault, ...] = ("close", "reset", "stall", "refuse")
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() sends RST
_PIECE = 65_536  # bytes
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
    """One thread does all that is done with a client: TLS takes no two at a time."""

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
            with contextlib.suppress(OSError):
                try:
                    self._pass_on(client, dovecot)
                except BreakError as broken:
                    _break(client, broken.fault)

    def _pass_on(self, client: ssl.SSLSocket, dovecot: socket.socket) -> None:
        asking = _Lines(client, dovecot, self._from_client)
        answering = _Lines(dovecot, client, self.server.from_dovecot)
        is_open = True
        while is_open:
            has_more = client.pending() > 0  # decrypted already, so that select knows nothing of it
            ready = [] if has_more else select.select([client, dovecot], [], [], _PATIENCE)[0]
            is_open = has_more or bool(ready)
            if has_more or client in ready:
                is_open = asking.pass_on()
            if is_open and dovecot in ready:
                is_open = answering.pass_on()

    def _from_client(self, line: bytes) -> bytes:
        self.server.heard.append(line.strip())
        return self.server.from_client(line)


class _Lines:
    """Passes on what is said one way, by whole lines."""

    def __init__(
        self, source: socket.socket, target: socket.socket, change: Callable[[bytes], bytes]
    ) -> None:
        self._source, self._target, self._change = source, target, change
        self._begun = b""

    def pass_on(self) -> bool:
        """Pass on what has come; False at its end. A break leaves out what comes from it on."""
        come = self._source.recv(_PIECE)
        *whole, self._begun = (self._begun + come).split(b"\n")
        for line in whole:
            self._target.sendall(self._change(line + b"\n"))
        if not come and self._begun:
            self._target.sendall(self._change(self._begun))
        return bool(come)


def _break(client: ssl.SSLSocket, fault: Fault) -> None:
    if fault == "stall":
        while client.recv(_PIECE):  # it hears nothing more, and may go when it likes
            pass
    elif fault == "reset":
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        client.close()
    else:
        client.unwrap()
        client.shutdown(socket.SHUT_RDWR)
