"""A real Postfix on loopback: it relays to a test's own servers, and bounces what they refuse."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.servers.ports import free_port, is_open

_WAIT = 30
_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
myhostname = mail.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
default_transport = smtp:[127.0.0.1]:{far}
transport_maps = inline:{{ {{ example.com = smtp:[127.0.0.1]:{inbox} }} }}
alias_maps =
local_recipient_maps =
message_size_limit = 50000000
bounce_size_limit = {bounce_size}
smtputf8_enable = yes
strict_smtputf8 = no
notify_classes =
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running server that takes mail at a port from anyone on this machine."""

    home: Path
    port: int


@contextmanager
def running_postfix(far: int, inbox: int, *, bounce_size: int = 50_000) -> Iterator[Postfix]:
    """Run a server that sends mail for example.com to port ``inbox`` and all other to ``far``.

    ``bounce_size`` is Postfix's own default: the copy of a longer message is its header only.
    Skips the test where Postfix isn't installed or can't be run.
    """
    program = shutil.which("postfix", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None or os.getuid() != 0:
        pytest.skip("Postfix isn't installed, or this isn't root; Debian calls it postfix.")
    with TemporaryDirectory(prefix="bounce-assistant-postfix-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = Postfix(home, free_port())
        _configure(server, far, inbox, bounce_size)
        subprocess.run([program, "-c", str(home / "etc"), "start"], check=True, timeout=_WAIT)
        try:
            _wait_for(server)
            yield server
        finally:
            stop = [program, "-c", str(home / "etc"), "abort"]
            subprocess.run(stop, check=False, timeout=_WAIT, capture_output=True)


def _configure(server: Postfix, far: int, inbox: int, bounce_size: int) -> None:
    etc = server.home / "etc"
    etc.mkdir()
    (server.home / "spool").mkdir()
    (server.home / "data").mkdir()
    shutil.chown(server.home / "data", "postfix")
    main = _MAIN.format(home=server.home, far=far, inbox=inbox, bounce_size=bounce_size)
    (etc / "main.cf").write_text(main)
    (etc / "master.cf").write_text(_MASTER.format(port=server.port))
    (etc / "dynamicmaps.cf").touch()


def _wait_for(server: Postfix) -> None:
    until = time.monotonic() + _WAIT
    while not is_open(server.port):
        if time.monotonic() > until:
            log = server.home / "postfix.log"
            pytest.fail(f"Postfix doesn't start: {log.read_text()[-500:] if log.exists() else ''}")
        time.sleep(0.05)
