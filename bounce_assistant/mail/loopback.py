"""Where the browser comes back to after a sign-in: a port of this computer (RFC 8252, 7.3)."""

import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from bounce_assistant.errors import CancelledError

_GLANCE = 0.1  # seconds between looks whether the user has had enough
_MOST_BYTES = 16_384  # of one request's head; a code is some hundred bytes
_MOST_CALLERS = 16  # at once; browsers open connections that they never use
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Bounce Assistant</title>
<body style="font-family: system-ui, sans-serif; margin: 4em auto; max-width: 30em">
<h1>{title}</h1><p>{words}</p></body></html>
"""
_HEAD = (
    "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n"
    "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
)
Fits = Callable[[str], bool]


class SignInTimeoutError(Exception):
    """Nobody came back from the browser in time."""


class LoopbackPort:
    """Listens on 127.0.0.1 alone, from the moment it is made until it is closed."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0)
        self.number: int = self._listener.getsockname()[1]

    def close(self) -> None:
        self._listener.close()

    def wait(self, fits: Fits, stopped: threading.Event, seconds: float) -> str:
        """Return the path and query of the request that ``fits``; answer it with a page.

        Anything else that calls is turned away and changes nothing. Raises SignInTimeoutError after
        so many seconds, CancelledError soon after ``stopped`` is set. The port is closed after.
        """
        until = time.monotonic() + seconds
        callers: dict[socket.socket, bytearray] = {}
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            try:
                while time.monotonic() < until:
                    if stopped.is_set():
                        raise CancelledError
                    for key, _ in selector.select(_GLANCE):
                        sock = key.fileobj
                        if sock is self._listener:
                            self._accept(selector, callers)
                        elif isinstance(sock, socket.socket):
                            target = _read(sock, callers, selector, fits)
                            if target:
                                return target
            finally:
                for sock in callers:
                    sock.close()
                self.close()
        raise SignInTimeoutError

    def _accept(
        self, selector: selectors.BaseSelector, callers: dict[socket.socket, bytearray]
    ) -> None:
        with suppress(OSError):
            sock, _ = self._listener.accept()
            if len(callers) >= _MOST_CALLERS:
                oldest = next(iter(callers))
                _end(oldest, callers, selector)
            sock.settimeout(0)
            callers[sock] = bytearray()
            selector.register(sock, selectors.EVENT_READ)


def _read(
    sock: socket.socket,
    callers: dict[socket.socket, bytearray],
    selector: selectors.BaseSelector,
    fits: Fits,
) -> str:
    """Take in what a caller sent; return its target if it is the one that is waited for."""
    head = callers[sock]
    try:
        chunk = sock.recv(4096)
    except OSError:
        chunk = b""
    head += chunk
    is_whole = b"\r\n\r\n" in head
    if chunk and not is_whole and len(head) <= _MOST_BYTES:
        return ""
    target = _target(bytes(head)) if is_whole else ""
    is_it = bool(target) and fits(target)
    if chunk:
        _answer(sock, is_it=is_it)
    _end(sock, callers, selector)
    return target if is_it else ""


def _target(head: bytes) -> str:
    words = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
    return words[1] if len(words) == len(["GET", "/", "HTTP/1.1"]) and words[0] == "GET" else ""


def _answer(sock: socket.socket, *, is_it: bool) -> None:
    if is_it:
        status, title = "200 OK", "You can go back to Bounce Assistant"
        words = "It has what it needs. Close this page whenever you like."
    else:
        status, title = "404 Not Found", "Nothing to see here"
        words = "This isn't the sign-in that Bounce Assistant is waiting for."
    page = _PAGE.format(title=title, words=words).encode()
    with suppress(OSError):
        sock.settimeout(1)
        sock.sendall(_HEAD.format(status=status, length=len(page)).encode() + page)
        sock.shutdown(socket.SHUT_WR)


def _end(
    sock: socket.socket,
    callers: dict[socket.socket, bytearray],
    selector: selectors.BaseSelector,
) -> None:
    selector.unregister(sock)
    del callers[sock]
    sock.close()
