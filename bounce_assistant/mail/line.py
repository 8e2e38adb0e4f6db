"""The network connection of one mailbox, which another thread may hang up at any moment."""

import errno
import os
import selectors
import socket
import threading
import time

from bounce_assistant.errors import CancelledError

TIMEOUT = 30.0  # seconds
_GLANCE = 0.2  # seconds between looks whether the user has had enough
_UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, errno.EINTR}


class NoAnswerError(TimeoutError):
    """Nobody answered the call; a server that falls silent later is a plain TimeoutError."""


class Line:
    """Dials once. After ``hang_up`` every read ends at once, inside TLS as well."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout
        self.is_in_use = False  # somebody is signed in
        self._hung_up = threading.Event()
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None

    @property
    def is_hung_up(self) -> bool:
        return self._hung_up.is_set()

    def dial(self, host: str, port: int) -> socket.socket:
        """Return a connected socket with the timeout set; raise OSError or CancelledError."""
        until = time.monotonic() + self.timeout
        problem: OSError | None = None
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found:
            sock = socket.socket(family, kind, protocol)
            try:
                self._connect(sock, address, until)
            except OSError as error:
                problem = error
                sock.close()
            except CancelledError:
                sock.close()
                raise
            else:
                return sock
        raise problem or OSError(f"no address for {host}")

    def hang_up(self) -> None:
        """End the connection, from any thread and at any stage of it."""
        with self._lock:
            self._hung_up.set()
            if self._handle:
                _shut_down(self._handle)

    def close(self) -> None:
        """Let go of the connection; its socket is closed by its owner."""
        with self._lock:
            if self._handle:
                self._handle.close()
                self._handle = None

    def _connect(self, sock: socket.socket, address: object, until: float) -> None:
        sock.settimeout(0)
        code = sock.connect_ex(address)  # type: ignore[arg-type]  # as getaddrinfo gave it
        if code not in _UNDER_WAY:  # without a network the system says so at once
            raise OSError(code, os.strerror(code))
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_WRITE)
            while not selector.select(_GLANCE):
                if self.is_hung_up:
                    raise CancelledError
                if time.monotonic() > until:
                    raise NoAnswerError
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
        sock.settimeout(self.timeout)
        self._take(sock)

    def _take(self, sock: socket.socket) -> None:
        """Keep a second handle: the first one changes hands when TLS wraps it."""
        with self._lock:
            self._handle = sock.dup()
            if self.is_hung_up:
                raise CancelledError


def _shut_down(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was quicker
