"""A network of its own: every address is local, nothing can reach another host."""

import subprocess
from collections.abc import Iterable

NAMESPACE = "bounce-corpus"
DNS_IP = "192.0.2.53"
MAILBOX_IP = "192.0.2.99"
CLIENT_IP = "192.0.2.1"
LOCAL_NETWORKS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/25")
SILENT_NETWORK = "203.0.113.128/25"  # packets go in and nothing ever comes back


def make_network(server_ips: Iterable[str]) -> None:
    """Create the namespace anew. Inside it, whole networks answer without a single real card."""
    subprocess.run(["ip", "netns", "del", NAMESPACE], check=False, capture_output=True)
    subprocess.run(["ip", "netns", "add", NAMESPACE], check=True)
    _inside("link", "set", "lo", "up")
    for network in LOCAL_NETWORKS:
        _inside("route", "add", "local", network, "dev", "lo")
    for ip in server_ips:  # Postfix insists that its address is one of the machine's own
        _inside("addr", "add", f"{ip}/32", "dev", "lo")
    _inside("tuntap", "add", "void0", "mode", "tun")
    _inside("link", "set", "void0", "up")
    _inside("route", "add", SILENT_NETWORK, "dev", "void0", "src", CLIENT_IP)


def remove_network() -> None:
    """Remove the namespace."""
    subprocess.run(["ip", "netns", "del", NAMESPACE], check=False)


def enter(command: list[str]) -> list[str]:
    """Return the command that runs inside, with processes of its own that all end with it."""
    apart = ["unshare", "--pid", "--fork", "--kill-child", "--mount", "--uts", "--mount-proc"]
    return ["ip", "netns", "exec", NAMESPACE, *apart, *command]


def _inside(*words: str) -> None:
    subprocess.run(["ip", "-n", NAMESPACE, *words], check=True)
