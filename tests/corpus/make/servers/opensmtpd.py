"""OpenSMTPD: sends, and receives for pine-school.example."""

from pathlib import Path

from . import Server

_CONFIG = """\
queue ttl 20s
bounce warn-interval 6s
table people {{ "front.desk" = "mail" }}
listen on {ip} hostname {host}
action "out" relay src {ip} helo {host}
action "in" mbox virtual <people>
match from any for domain "pine-school.example" action "in"
match from src 192.0.2.1 for any action "out"
match for any action "out"
"""


def configure(server: Server, root: Path) -> list[str]:
    """Write smtpd.conf; return the start command."""
    (root / "etc/smtpd.conf").write_text(_CONFIG.format(host=server.host, ip=server.ip))
    (root / "etc/mailname").write_text(f"{server.host}\n")
    return ["smtpd"]
