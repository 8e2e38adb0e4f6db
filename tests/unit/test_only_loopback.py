"""The fence around all other tests has no gap that a forgotten fake could slip through."""

import socket
from pathlib import Path

import pytest

from bounce_assistant import paths


def test_a_test_cannot_connect_beyond_this_machine() -> None:
    with socket.socket() as line, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        line.connect(("192.0.2.1", 993))


def test_a_test_cannot_send_a_datagram_beyond_this_machine() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as line,
        pytest.raises(AssertionError, match=r"192\.0\.2\.1"),
    ):
        line.sendto(b"?", ("192.0.2.1", 53))


def test_a_test_cannot_look_up_a_name_of_the_world() -> None:
    with pytest.raises(AssertionError, match=r"imap\.example\.com"):
        socket.create_connection(("imap.example.com", 993))


def test_a_host_that_cannot_exist_is_answered_like_a_resolver_would() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("imap.example.invalid", 993))


def test_a_server_on_this_machine_is_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as line,
    ):
        assert line.getpeername()[0] == "127.0.0.1"


def test_a_test_never_sees_the_cases_of_the_person_who_runs_it() -> None:
    assert "bounce-assistant-tests-" in str(paths.data_dir())
    assert not paths.data_dir().is_relative_to(Path.home())
