"""Calling a server that doesn't pick up."""

import socket
import threading
from collections.abc import Iterator

import pytest

from bounce_assistant.errors import CancelledError
from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.line import Line, NoAnswerError
from bounce_assistant.mail.problems import explain


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port whose waiting room is full: a call is neither taken nor refused."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = []
        for _ in range(4):
            caller = socket.socket()
            caller.settimeout(0)
            caller.connect_ex(("127.0.0.1", port))
            waiting.append(caller)
        yield port
        for caller in waiting:
            caller.close()


def test_a_call_nobody_takes_ends_by_itself(busy_port: int) -> None:
    with pytest.raises(NoAnswerError) as told:
        Line(timeout=0.3).dial("127.0.0.1", busy_port)
    said = explain(told.value, Server("imap.example.com", 993, "tls"))
    assert str(said).startswith("Can't reach imap.example.com. Nothing answers at port 993.")


def test_a_call_can_be_given_up_while_it_rings(busy_port: int) -> None:
    line, ended = Line(timeout=20), threading.Event()

    def call() -> None:
        try:
            line.dial("127.0.0.1", busy_port)
        except CancelledError:
            ended.set()

    caller = threading.Thread(target=call)
    caller.start()
    line.hang_up()
    assert ended.wait(1)
    caller.join(1)


def test_hanging_up_twice_and_after_the_end_does_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = Line()
        with line.dial("localhost", listener.getsockname()[1]) as sock:
            line.hang_up()
            line.hang_up()
            assert sock.recv(1) == b""
        line.close()
        line.hang_up()
        line.close()
