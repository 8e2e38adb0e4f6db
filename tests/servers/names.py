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
    with running_dnsmasq(records, "127.0.0.1", free_port()) as resolver:
        yield resolver


@contextmanager
def running_dnsmasq(
    records: Sequence[str], address: str, port: int
) -> Iterator[dns.resolver.Resolver]:
    """Run it at an address of this computer; skips the test where that can't be done."""
    if shutil.which("dnsmasq") is None:
        pytest.skip("dnsmasq isn't installed; Debian calls it dnsmasq-base.")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [address], port
    options = ["no-resolv", "no-hosts", "bind-interfaces", f"listen-address={address}"]
    options += ["keep-in-foreground", "local=/example/", f"port={port}", *records]
    process = subprocess.Popen(
        ["dnsmasq", "--conf-file=/dev/null", *(f"--{option}" for option in options)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        if not _answers(process, resolver):
            pytest.skip(f"dnsmasq can't listen at {address}, port {port}, here.")
        yield resolver
    finally:
        process.terminate()
        process.wait(20)


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
