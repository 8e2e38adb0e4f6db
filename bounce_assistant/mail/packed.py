"""What goes over a compressed IMAP connection (COMPRESS=DEFLATE, RFC 4978)."""

import socket
import zlib

_CHUNK = 65_536  # bytes read at once
_UNPACKED = 1_000_000  # bytes at most from one chunk: a few can hold a thousand times as many


class Packed:
    """Both directions of one connection, from the server's OK on."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._pack = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        self._waiting = bytearray()

    @property
    def has_more(self) -> bool:
        """Whether something was received that nobody has read yet."""
        return bool(self._waiting or self._unpack.unconsumed_tail)

    def packed(self, data: bytes) -> bytes:
        """Return what to send in place of some bytes."""
        return self._pack.compress(data) + self._pack.flush(zlib.Z_SYNC_FLUSH)

    def read(self, size: int) -> bytes:
        """Return so many bytes; fewer only at the end. Raises OSError, zlib.error as ValueError."""
        while len(self._waiting) < size and self._receive():
            pass
        return self._take(size)

    def readline(self, limit: int) -> bytes:
        """Return bytes up to and with the next line end, at most ``limit``."""
        searched = 0
        while (end := self._waiting.find(b"\n", searched, limit)) < 0:
            searched = len(self._waiting)
            if searched >= limit or not self._receive():
                return self._take(limit)
        return self._take(end + 1)

    def _receive(self) -> bool:
        data = self._unpack.unconsumed_tail or self._sock.recv(_CHUNK)
        try:
            self._waiting += self._unpack.decompress(data, _UNPACKED)
        except zlib.error as error:
            raise ValueError("packed data that can't be unpacked") from error
        return bool(data)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken
