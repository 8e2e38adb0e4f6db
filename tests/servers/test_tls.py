"""The tests' servers lose no caller's socket."""

import gc
import socket
import struct
import warnings
from contextlib import suppress

from tests.servers.certificates import Certificate
from tests.servers.tls import server_context

AT_ONCE = struct.pack("ii", 1, 0)  # closing resets the line (SO_LINGER)


def test_a_caller_who_is_gone_before_tls_begins_leaves_nothing_open(
    mail_certificate: Certificate,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        caller = socket.create_connection(listener.getsockname(), 20)
        accepted, _ = listener.accept()
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        caller.close()
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            with suppress(OSError):
                server_context(mail_certificate).wrap_socket(accepted, server_side=True)
            gc.collect()
        assert [str(each.message) for each in told] == []
        assert accepted.fileno() == -1  # it changed hands, and was closed there
