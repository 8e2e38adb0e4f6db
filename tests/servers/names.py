"""A real name server on loopback that knows what a test tells it: dnsmasq."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import dns.exception
import dns.resolver
import pytest

from tests.servers.ports import free_port


@contextmanager
def name_server(records: Sequence[str]) -> Iterator[dns.resolver.Resolver]:
    """Run dnsmasq with options such as ``mx-host=firm.example,mx.example,10``.

    Yields a resolver that asks it alone. Every other name below ``example`` isn't there; what is
    outside is refused. Skips the test where dnsmasq is missing.
    """
    if shutil.which("dnsmasq") is None:
        pytest.skip("dnsmasq isn't installed; Debian calls it dnsmasq-base.")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    for _ in range(3):  # a free port may be taken the moment after
        resolver.port = free_port()
        options = ["no-resolv", "no-hosts", "bind-interfaces", "listen-address=127.0.0.1"]
        options += ["keep-in-foreground", "local=/example/", f"port={resolver.port}", *records]
        process = subprocess.Popen(
            ["dnsmasq", "--conf-file=/dev/null", *(f"--{option}" for option in options)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            if _answers(process, resolver):
                yield resolver
                return
        finally:
            process.terminate()
            process.wait(20)
    pytest.fail("dnsmasq is installed and doesn't start.")


def _answers(process: subprocess.Popen[bytes], resolver: dns.resolver.Resolver) -> bool:
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        try:
            resolver.resolve("nobody.example", "MX", lifetime=2)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return True
        except dns.exception.DNSException:
            continue
    return False
