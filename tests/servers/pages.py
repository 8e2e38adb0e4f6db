"""Web pages over TLS on loopback, well-behaved or not."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.servers.certificates import Certificate
from tests.servers.running import running
from tests.servers.tls import WebServer, server_context


@dataclass(slots=True)
class Pages:
    """``found``: path -> body; ``moved``: path -> where to. ``heard`` holds what was asked for."""

    port: int = 0
    found: dict[str, bytes] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    endless: set[str] = field(default_factory=set)  # paths that never end
    silent: set[str] = field(default_factory=set)  # paths that are never answered
    heard: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return f"https://localhost:{self.port}{path}"


@contextmanager
def serving_pages(certificate: Certificate) -> Iterator[Pages]:
    pages = Pages()
    server = WebServer(_handler(pages), server_context(certificate))
    pages.port = server.server_address[1]
    with running(server):
        try:
            yield pages
        finally:
            pages.released.set()


def _handler(pages: Pages) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 20

        def do_GET(self) -> None:
            pages.heard.append(self.path)
            path = self.path.partition("?")[0]
            if path in pages.silent:
                pages.released.wait(20)
            elif path in pages.moved:
                self._answer(302, b"", Location=pages.moved[path])
            elif path in pages.endless:
                self._go_on()
            else:
                body = pages.found.get(path)
                self._answer(404 if body is None else 200, body or b"")

        def _answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def _go_on(self) -> None:
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                while not pages.released.is_set():
                    self.wfile.write(b"<a>" * 1000)

        def log_message(self, *_: object) -> None:
            """Say nothing; tests look at what was heard."""

    return Handler
