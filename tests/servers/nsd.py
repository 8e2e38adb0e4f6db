"""A real NSD on loopback that is in charge of ``example.``, for as long as a test session lasts."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import dns.exception
import dns.message
import dns.query
import pytest

from bounce_assistant.checks.resolver import Resolver
from tests.servers.ports import free_port

_SECONDS = 30  # to start

_CONF = """
server:
    ip-address: 127.0.0.1@{port}
    username: ""
    chroot: ""
    zonesdir: "{home}"
    database: ""
    pidfile: "{home}/nsd.pid"
    xfrdfile: "{home}/xfrd.state"
    zonelistfile: "{home}/zone.list"
    xfrdir: "{home}"
    logfile: "{home}/nsd.log"
    server-count: 1
remote-control:
    control-enable: no
zone:
    name: "example."
    zonefile: "example.zone"
zone:
    name: "trouble.example."
    zonefile: "missing.zone"
"""

# Addresses are those set aside for documentation (RFC 5737 and 3849); nobody connects to them.
_ZONE = """
$ORIGIN example.
$TTL 60
@         SOA   ns hostmaster 1 3600 600 86400 60
@         NS    ns
ns        A     127.0.0.1
good      MX    20 backup.good
good      MX    10 mx.good
mx.good   A     192.0.2.10
backup.good A   192.0.2.11
six       MX    10 mx.six
mx.six    AAAA  2001:db8::25
null      MX    0 .
website   A     192.0.2.20
sixsite   AAAA  2001:db8::80
nomail    TXT   "no mail here"
inside    MX    10 mx.inside
mx.inside A     10.0.0.5
insidesite A    192.168.1.1
nowhere   MX    10 gone.nowhere
home      MX    10 localhost.
homed     MX    10 mx.homed
mx.homed  A     127.0.0.1
parked    MX    10 park-mx
park-mx   A     192.0.2.30
alias     CNAME good
chain1    CNAME chain2
chain2    CNAME chain3
chain3    CNAME good
loop1     CNAME loop2
loop2     CNAME loop1
deadend   CNAME gone
abroad    CNAME somewhere.invalid.
trouble   NS    ns
xn--bcher-kva MX 10 mx.good
"""


@contextmanager
def running_nsd() -> Iterator[Resolver]:
    """Run the server and give a resolver that asks it; skips the test where that can't be done."""
    if shutil.which("nsd", path="/usr/sbin:/sbin:/usr/bin:/usr/local/sbin") is None:
        pytest.skip("NSD isn't installed; Debian calls it nsd.")
    with TemporaryDirectory(prefix="bounce-assistant-nsd-") as name:
        home, port = Path(name), free_port()
        many = "".join(f"many MX {n} a-rather-long-name-of-a-server-{n}.many\n" for n in range(60))
        hosts = "".join(f"a-rather-long-name-of-a-server-{n}.many A 192.0.2.9\n" for n in range(60))
        (home / "example.zone").write_text(_ZONE + many + hosts, encoding="ascii")
        (home / "nsd.conf").write_text(_CONF.format(home=home, port=port), encoding="ascii")
        server = subprocess.Popen(
            ["nsd", "-d", "-c", str(home / "nsd.conf")],
            env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"},
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port, server, home)
            yield Resolver(["127.0.0.1"], port=port, seconds=20)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(port: int, server: "subprocess.Popen[bytes]", home: Path) -> None:
    question = dns.message.make_query("example.", "SOA")
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            dns.query.udp(question, "127.0.0.1", port=port, timeout=1)
        except (dns.exception.Timeout, OSError):
            continue
        return
    raise AssertionError((home / "nsd.log").read_text(errors="replace"))


@pytest.fixture(scope="session")
def nsd() -> Iterator[Resolver]:
    with running_nsd() as resolver:
        yield resolver
