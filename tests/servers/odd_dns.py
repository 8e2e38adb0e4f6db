"""A name server on loopback that answers whatever bytes a test wants, over UDP and TCP."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

Replies = Callable[[bytes], Sequence[bytes]]  # the question's bytes -> what is sent back, in order
_SECONDS = 30


@contextmanager
def odd_dns(over_udp: Replies, over_tcp: Replies | None = None) -> Iterator[int]:
    """Give the port; without ``over_tcp`` nobody listens there."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
    ):
        udp.bind(("127.0.0.1", 0))
        port = udp.getsockname()[1]
        threads = [threading.Thread(target=_answer_datagrams, args=(udp, over_udp), daemon=True)]
        if over_tcp:
            tcp.bind(("127.0.0.1", port))
            tcp.listen()
            threads.append(
                threading.Thread(target=_answer_calls, args=(tcp, over_tcp), daemon=True)
            )
        for thread in threads:
            thread.start()
        yield port
        for sock in (udp, tcp):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join(_SECONDS)


def _answer_datagrams(udp: socket.socket, replies: Replies) -> None:
    with suppress(OSError):
        while True:
            question, sender = udp.recvfrom(65_535)
            if not question:
                return
            for reply in replies(question):
                udp.sendto(reply, sender)


def _answer_calls(tcp: socket.socket, replies: Replies) -> None:
    with suppress(OSError):
        while True:
            call, _ = tcp.accept()
            with call:
                call.settimeout(_SECONDS)
                for reply in replies(call.recv(65_535)[2:]):
                    call.sendall(reply)
