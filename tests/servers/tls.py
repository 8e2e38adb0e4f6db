"""TLS as the tests' own servers speak it."""

import errno
import http.server
import socket
import ssl
from pathlib import Path
from typing import Any

from tests.servers.certificates import Certificate


class TidySocket(ssl.SSLSocket):
    """Closes itself where the other side is gone before TLS begins, as Python's own does not."""

    def getpeername(self) -> Any:
        """Return the other side's address; ``wrap_socket`` asks for it first of all."""
        try:
            return super().getpeername()
        except OSError as gone:
            self.close()
            raise ConnectionResetError(errno.ECONNRESET, "The other side is gone.") from gone


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """Return how a server shows a certificate, for sockets that were accepted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)
    context.sslsocket_class = TidySocket
    return context


def client_context(ca: Path) -> ssl.SSLContext:
    """Return how a client trusts an authority, whose lookups may be left behind half done."""
    context = ssl.create_default_context(cafile=ca)
    context.sslsocket_class = TidySocket
    return context


class WebServer(http.server.ThreadingHTTPServer):
    """Answers on loopback, over TLS with a ``context``; callers that hang up are no trouble."""

    daemon_threads = True

    def __init__(
        self, handler: type[http.server.BaseHTTPRequestHandler], context: ssl.SSLContext | None
    ) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._context = context

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a caller; the handshake is left to the thread that answers him."""
        sock, address = super().get_request()
        if self._context:
            sock = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return sock, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""
