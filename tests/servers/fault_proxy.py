"""A TCP proxy on loopback that delays, throttles, cuts, resets or stalls connections."""

import contextlib
import queue
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() sends RST


class FaultProxy:
    """Passes everything on until told to cut."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._limit: int | None = None
        self._then: int | None = None
        self._fault = "cut"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.passed = 0  # bytes from the server, all connections together
        self.turns = 0  # times that the client spoke after the server did: round trips
        self._has_server_spoken = True
        self.delay = 0.0  # seconds that each byte is under way, in both directions
        self.rate = 0.0  # bytes a second from the server; 0: as many as come
        self.stalled = threading.Event()
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def cut_after(self, limit: int, fault: str, then: int | None = None) -> None:
        """Break each new connection once the server has sent so many bytes: cut, reset or stall.

        ``then``: the bytes for those after the first that broke, if others.
        """
        self._limit, self._fault, self._then = limit, fault, then

    def heal(self) -> None:
        """Pass everything on from now on."""
        self._limit = None

    def hang_up(self) -> None:
        """End every connection there is; new ones are taken."""
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        with self._lock:
            for sock in self._open:
                sock.close()
        self._accepting.join(5)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            with self._lock:
                self._open += [client, server]
            threading.Thread(target=self._pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, True), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, from_server: bool) -> None:  # noqa: FBT001 - a thread's argument
        sent = 0
        with contextlib.suppress(OSError), self._on_its_way(target) as send:
            while chunk := source.recv(4096):
                self.turns += not from_server and self._has_server_spoken
                self._has_server_spoken = from_server
                if from_server and self.rate:
                    time.sleep(len(chunk) / self.rate)
                if from_server and self._limit is not None and sent + len(chunk) >= self._limit:
                    target.sendall(chunk[: self._limit - sent])
                    self._limit = self._limit if self._then is None else self._then
                    self._break(target)
                    return
                send(chunk)
                sent += len(chunk)
                if from_server:
                    self.passed += len(chunk)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def _on_its_way(self, target: socket.socket) -> Iterator[Callable[[bytes], object]]:
        """Give what sends: at once, or each chunk when it was under way for long enough."""
        if not self.delay:
            yield target.sendall
            return
        waiting: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()

        def deliver() -> None:
            with contextlib.suppress(OSError):
                while True:
                    due, chunk = waiting.get()
                    if not chunk:
                        return
                    time.sleep(max(0.0, due - time.monotonic()))
                    target.sendall(chunk)

        postman = threading.Thread(target=deliver, daemon=True)
        postman.start()
        try:
            yield lambda chunk: waiting.put((time.monotonic() + self.delay, chunk))
        finally:
            waiting.put((0.0, b""))
            postman.join(self.delay + 5)

    def _break(self, client: socket.socket) -> None:
        if self._fault == "stall":
            self.stalled.set()
            return
        if self._fault == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            client.shutdown(socket.SHUT_RD)  # frees the other thread, which holds it open
            client.close()
        else:
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def fault_proxy(to: int) -> Iterator[FaultProxy]:
    """Run a proxy in front of a port."""
    proxy = FaultProxy(to)
    try:
        yield proxy
    finally:
        proxy.close()
