"""What comes over an IMAP connection: read in lines and literals, and no more than allowed."""

import socket
import time
import zlib
from collections.abc import Callable

_CHUNK = 65_536  # bytes read at once
_UNPACKED = 1_000_000  # bytes at most from one chunk: a few can hold a thousand times as many
_UNASKED = 2_000_000  # bytes a server may send beyond what it was asked for
_LONGEST_ANSWER = 900.0  # seconds; one that comes drop by drop never ends


class FloodError(Exception):
    """The server sends more than it was asked for, or doesn't come to an end."""


class Allowance:
    """How much the answer to one command may hold, and how long it may take."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.received = 0  # bytes as they came over the line, all answers together
        self.renew(0)

    def renew(self, expected: int) -> None:
        """Begin with the next answer; ``expected``: bytes that were asked for."""
        self._left = expected + _UNASKED
        self.extend()

    def extend(self) -> None:
        """Let the answer take as long again; what it may hold stays the same."""
        self._until = self._clock() + _LONGEST_ANSWER

    def take(self, size: int) -> None:
        """Count bytes that came in; FloodError once they are too many or come too slowly."""
        self._left -= size
        self.check(0)
        if self._clock() > self._until:
            raise FloodError

    def check(self, size: int) -> None:
        """Raise FloodError where so many more bytes would be too many."""
        if size > self._left:
            raise FloodError


class Incoming:
    """One direction of a connection, read piece by piece."""

    def __init__(self, sock: socket.socket, allowance: Allowance) -> None:
        self.sock = sock
        self._allowance = allowance
        self._waiting = bytearray()

    @property
    def has_more(self) -> bool:
        """Whether something was received that nobody has read yet."""
        return bool(self._waiting)

    def read(self, size: int) -> bytes:
        """Return so many bytes; fewer only at the end. Raises OSError, FloodError."""
        self._allowance.check(size - len(self._waiting))
        while len(self._waiting) < size and self._receive():
            pass
        return self._take(size)

    def readline(self, limit: int) -> bytes:
        """Return bytes up to and with the next line end; FloodError beyond ``limit``."""
        searched = 0
        while (end := self._waiting.find(b"\n", searched, limit)) < 0:
            searched = len(self._waiting)
            if searched >= limit:
                raise FloodError
            if not self._receive():
                return self._take(limit)
        return self._take(end + 1)

    def _receive(self) -> bool:
        data = self._recv()
        self._keep(data)
        return bool(data)

    def _recv(self) -> bytes:
        data = self.sock.recv(_CHUNK)
        self._allowance.received += len(data)
        return data

    def _keep(self, data: bytes) -> None:
        self._allowance.take(len(data))
        self._waiting += data

    def _take(self, size: int) -> bytes:
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken


class Packed(Incoming):
    """Both directions of a connection from the server's OK to COMPRESS on (RFC 4978)."""

    def __init__(self, sock: socket.socket, allowance: Allowance) -> None:
        super().__init__(sock, allowance)
        self._pack = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._unpack = zlib.decompressobj(-zlib.MAX_WBITS)

    @property
    def has_more(self) -> bool:
        """Whether something was received that nobody has read yet."""
        return super().has_more or bool(self._unpack.unconsumed_tail)

    def packed(self, data: bytes) -> bytes:
        """Return what to send in place of some bytes."""
        return self._pack.compress(data) + self._pack.flush(zlib.Z_SYNC_FLUSH)

    def _receive(self) -> bool:
        data = self._unpack.unconsumed_tail or self._recv()
        try:
            self._keep(self._unpack.decompress(data, _UNPACKED))
        except zlib.error as error:
            raise ValueError("packed data that can't be unpacked") from error
        return bool(data)
