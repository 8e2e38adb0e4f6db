"""IDLE (RFC 2177): the server says by itself that mail has arrived."""

import selectors
import ssl
import time

from bounce_assistant.mail.imap_client import Client

_GLANCE = 15.0  # seconds between two looks at the clock
_ASLEEP = 30.0  # seconds that passed without us: the computer slept, and the line is dead


def wait_for_mail(client: Client, seconds: float) -> bool | None:
    """Wait until the open folder has more messages; None without IDLE.

    Servers end a connection that idles for half an hour, so ask for less than 29 minutes. Raises
    what sockets raise when the line is dead, also when the computer slept meanwhile.
    """
    if not client.has_capability("IDLE"):
        return None
    client.idle()
    has_arrived = _listen(client, time.monotonic() + seconds)
    client.idle_done()
    return has_arrived


def _listen(client: Client, until: float) -> bool:
    sock = client.socket()
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0:
            wall, ours = time.time(), time.monotonic()
            is_waiting = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
            if not (is_waiting or client.has_unread or selector.select(min(left, _GLANCE))):
                if (time.time() - wall) - (time.monotonic() - ours) > _ASLEEP:
                    raise ConnectionResetError("this computer slept")
                continue
            if client.read_line().upper().endswith(b" EXISTS"):
                return True
    return False
