"""imaplib on a socket that we dialled, reading no more than was asked for."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.incoming import Allowance, Incoming, Packed
from bounce_assistant.mail.line import Line

_LONGEST_LINE = 1_000_000  # bytes, as imaplib has it


class Protocol(imaplib.IMAP4):
    """Raises what sockets and imaplib raise, and FloodError."""

    def __init__(self, server: Server, line: Line, context: ssl.SSLContext) -> None:
        self._server, self._line, self._context = server, line, context
        self._incoming: Incoming | None = None
        self.allowance = Allowance()
        self.expected = 0  # bytes that the next command asks for
        self._is_greeting = True
        self._held: list[bytes] | None = None  # what waits to be sent
        super().__init__(server.host, server.port)

    def pack(self) -> None:
        """Have both directions compressed from here on."""
        self._incoming = Packed(self.sock, self.allowance)

    @property
    def has_unread(self) -> bool:
        """Whether something was received that nobody has read yet."""
        return self._incoming is not None and self._incoming.has_more

    def read(self, size: int) -> bytes:
        return self._reader().read(size)

    def readline(self) -> bytes:
        return self._reader().readline(_LONGEST_LINE)

    @contextmanager
    def in_one_go(self) -> Iterator[None]:
        """Hold back what is sent, so that several commands leave together."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
        self.send(b"".join(held))

    def send(self, data: Any) -> None:
        if self._held is not None:
            self._held.append(data)
            return
        incoming = self._incoming
        super().send(incoming.packed(data) if isinstance(incoming, Packed) else data)

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        sock = self._line.dial(self._server.host, self._server.port)
        if self._server.security == "starttls":
            return sock
        return self._context.wrap_socket(sock, server_hostname=self._server.host)

    def _get_capabilities(self) -> None:
        """Take what the greeting says; ask where it says nothing, and after STARTTLS."""
        greeted = self.untagged_responses.pop("CAPABILITY", None) if self._is_greeting else None
        self._is_greeting = False
        if greeted and isinstance(greeted[-1], bytes):
            self.capabilities = tuple(greeted[-1].decode("ascii", "replace").upper().split())
        else:
            super()._get_capabilities()  # type: ignore[misc]

    def _new_tag(self) -> Any:
        self.allowance.renew(self.expected)
        self.expected = 0
        return super()._new_tag()  # type: ignore[misc]

    def _reader(self) -> Incoming:
        # What came before STARTTLS is dropped with its socket: anybody could have put it there.
        if self._incoming is None or self._incoming.sock is not self.sock:
            self._incoming = Incoming(self.sock, self.allowance)
        return self._incoming
