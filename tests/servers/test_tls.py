"""The tests' servers lose no caller's socket."""

import gc
import socket
import struct
import warnings
from contextlib import suppress

import pytest

from tests.servers.certificates import Authority, Certificate
from tests.servers.tls import client_context, server_context

AT_ONCE = struct.pack("ii", 1, 0)  # closing resets the line (SO_LINGER)


@pytest.mark.parametrize("is_server", [True, False])
def test_whoever_is_gone_before_tls_begins_leaves_nothing_open(
    mail_certificate: Certificate, authority: Authority, *, is_server: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        caller = socket.create_connection(listener.getsockname(), 20)
        accepted, _ = listener.accept()
        gone, left = (caller, accepted) if is_server else (accepted, caller)
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        gone.close()
        context = server_context(mail_certificate) if is_server else client_context(authority.ca)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            with suppress(OSError):
                context.wrap_socket(
                    left, server_side=is_server, server_hostname=None if is_server else "localhost"
                )
            gc.collect()
        assert [str(each.message) for each in told] == []
        assert left.fileno() == -1  # it changed hands, and was closed there
