"""A small IMAP server on loopback that says what a test wants it to say, good manners or not."""

import contextlib
import re
import socket
import socketserver
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.servers.certificates import Certificate
from tests.servers.running import running
from tests.servers.tls import server_context

SILENCE = b"<silence>"  # instead of an answer: nothing, until the client goes
ENDLESS = b"<endless>"  # the bytes before it, again and again until the client goes
HANG_UP = b"<hang up>"  # after the bytes before it: the connection ends


Answer = bytes | Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Script:
    """``answers``: a regular expression on the command -> what to say; {tag} stands for its tag.

    What to say may also be made of the command, by a function.
    """

    certificate: Certificate | None = None  # None: plain text from the start
    greeting: bytes = b"* OK ready\r\n"
    capability: bytes = b"IMAP4rev1 AUTH=PLAIN"
    answers: Mapping[str, Answer] = field(default_factory=dict)


class ScriptedImap(socketserver.ThreadingTCPServer):
    """Remembers every line a client sent, in ``heard``."""

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.port: int = self.server_address[1]
        self.heard: list[bytes] = []
        self.open: list[socket.socket] = []

    def hang_up(self) -> None:
        """End every conversation."""
        for sock in self.open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def server_close(self) -> None:
        """Close, and wait for nobody who still talks."""
        self.hang_up()
        super().server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what these tests are about."""


class _Handler(socketserver.BaseRequestHandler):
    server: ScriptedImap

    def handle(self) -> None:
        script = self.server.script
        sock: socket.socket = self.request
        sock.settimeout(20)
        handle = sock.dup()  # the first one changes hands when TLS wraps it
        self.server.open.append(handle)
        with handle:
            self._talk(script, sock)

    def _talk(self, script: Script, sock: socket.socket) -> None:
        if script.certificate:
            sock = server_context(script.certificate).wrap_socket(sock, server_side=True)
        with sock, sock.makefile("rb") as lines:
            if not _say(sock, script.greeting, b""):
                return
            for line in lines:
                self.server.heard.append(line.strip())
                if not _say(sock, self._answer(line), line.split(b" ")[0]):
                    return

    def _answer(self, line: bytes) -> bytes:
        command = line.decode("latin-1").partition(" ")[2].strip()
        for pattern, answer in self.server.script.answers.items():
            if re.match(pattern, command, re.IGNORECASE):
                return answer if isinstance(answer, bytes) else answer(command)
        if command.upper().startswith("CAPABILITY"):
            return b"* CAPABILITY " + self.server.script.capability + b"\r\n{tag} OK done\r\n"
        if command.upper().startswith("LOGOUT"):
            return b"* BYE bye\r\n{tag} OK done\r\n" + HANG_UP
        return b"{tag} OK done\r\n"


def _say(sock: socket.socket, answer: bytes, tag: bytes) -> bool:
    """Send an answer; return whether the conversation goes on."""
    if SILENCE in answer:
        sock.recv(1)
        return False
    said, endless, _ = answer.partition(ENDLESS)
    while endless:  # until sending fails
        sock.sendall(said * (1 + 16_000 // len(said)))
    said, hang_up, _ = answer.partition(HANG_UP)
    sock.sendall(said.replace(b"{tag}", tag))
    return not hang_up


def scripted_imap(script: Script) -> AbstractContextManager[ScriptedImap]:
    """Run a scripted server on a free port."""
    return running(ScriptedImap(script))
