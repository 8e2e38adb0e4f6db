"""A door in front of Dovecot that speaks X-GM-EXT-1: Gmail's search and numbers.

It ends TLS, and rewrites what goes through line by line: X-GM-RAW becomes SEARCH keys, X-GM-MSGID
is made of Dovecot's GUID, which like Gmail's number stays when a message moves to another folder.
"""

import contextlib
import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b

from tests.servers.certificates import Certificate
from tests.servers.dovecot import Dovecot
from tests.servers.tls import server_context

# As at Gmail: a folder with all mail but spam (RFC 6154).
ALL_MAIL = 'namespace inbox {\n  mailbox "All Mail" {\n    special_use = \\All\n  }\n}\n'
_RAW = re.compile(rb'X-GM-RAW ("[^"]*"|[^ )\r\n]+)')
_TERM = re.compile(r"(from|subject|to):(\S+)")
_GUID = re.compile(rb'X-GUID "?([^\s")]+)"?')


def search_keys(raw: str) -> bytes:
    """Return the SEARCH keys for the few words of Gmail's language that are known here."""
    keys = [f'{field.upper()} "{value}"' for field, value in _TERM.findall(raw)]
    if not keys or _TERM.sub("", raw).strip():
        raise ValueError(raw)
    return " ".join(keys).encode()


class GmailFront(socketserver.ThreadingTCPServer):
    """Remembers every line a client sent, in ``heard``."""

    daemon_threads = True

    def __init__(self, behind: Dovecot, certificate: Certificate) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.context = server_context(certificate)
        self.port: int = self.server_address[1]
        self.heard: list[bytes] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is no trouble."""


class _Handler(socketserver.BaseRequestHandler):
    server: GmailFront

    def handle(self) -> None:
        with (
            self.server.context.wrap_socket(self.request, server_side=True) as client,
            socket.create_connection(("127.0.0.1", self.server.behind.port), 20) as dovecot,
        ):
            client.settimeout(20)
            back = threading.Thread(target=_pump, args=(dovecot, client, _from_dovecot))
            back.start()
            _pump(client, dovecot, self._from_client)
            back.join(20)

    def _from_client(self, line: bytes) -> bytes:
        self.server.heard.append(line.strip())
        line = _RAW.sub(lambda found: search_keys(found[1].decode().strip('"')), line)
        return line.replace(b"X-GM-MSGID", b"X-GUID") if b" FETCH " in line else line


def _from_dovecot(line: bytes) -> bytes:
    if b" FETCH (" in line:
        return _GUID.sub(lambda found: b"X-GM-MSGID %d" % _number(found[1]), line)
    return line.replace(b"CAPABILITY IMAP4rev1", b"CAPABILITY IMAP4rev1 X-GM-EXT-1")


def _number(guid: bytes) -> int:
    return int.from_bytes(blake2b(guid, digest_size=7).digest())


def _pump(source: socket.socket, target: socket.socket, change: Callable[[bytes], bytes]) -> None:
    with contextlib.suppress(OSError), source.makefile("rb") as lines:
        for line in lines:
            target.sendall(change(line))
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@contextmanager
def gmail_front(behind: Dovecot, certificate: Certificate) -> Iterator[GmailFront]:
    """Run the door on a free port."""
    server = GmailFront(behind, certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
