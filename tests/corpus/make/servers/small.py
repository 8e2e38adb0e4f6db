"""The two small ones: nullmailer and dma hand everything to a smarthost, which may refuse."""

from pathlib import Path

from . import Server

SMARTHOST_IP = "192.0.2.98"


def configure_nullmailer(server: Server, root: Path) -> list[str]:
    """Write /etc/nullmailer; return the start command."""
    folder = root / "etc/nullmailer"
    (folder / "me").unlink(missing_ok=True)
    (folder / "defaultdomain").write_text(f"{server.domain}\n")
    (folder / "remotes").write_text(f"{SMARTHOST_IP} smtp --port=25\n")
    (folder / "pausetime").write_text("2\n")
    (folder / "doublebounceto").write_text("")
    (root / "etc/mailname").write_text(f"{server.host}\n")
    fifo = "/var/spool/nullmailer/trigger"
    make_fifo = f"rm -f {fifo}; mkfifo -m 622 {fifo}; chown mail {fifo}"
    return ["sh", "-c", f"{make_fifo}; su mail -s /bin/sh -c /usr/sbin/nullmailer-send & true"]


def configure_dma(server: Server, root: Path) -> list[str]:
    """Write dma.conf; there is nothing to start, each submission carries itself out."""
    (root / "etc/dma/dma.conf").write_text(f"MAILNAME {server.host}\n")
    (root / "etc/mailname").write_text(f"{server.host}\n")
    return ["true"]
