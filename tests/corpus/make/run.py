"""One run inside the network: start everything, send everything, wait until all is quiet."""

import asyncio
import contextlib
import smtplib
import socket
import subprocess
import threading
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from .dns_server import DnsServer, Records
from .letters import write_letter
from .mailings import Mailing
from .network import CLIENT_IP, DNS_IP
from .servers import Server
from .smtp_server import FarHost, serve
from .world import BY_KEY

QUIET_SECONDS = 30  # longer than any queue here keeps a mail between two notices
_LONGEST_SECONDS = 240
_START_SECONDS = 20


def run(
    mailings: Sequence[Mailing], table: dict[str, Records], hosts: Sequence[FarHost], work: Path
) -> None:
    """Send the mailings through their servers; the notices are in work/inbox afterwards."""
    threading.Thread(target=_far_side, args=(table, hosts), daemon=True).start()
    keys = {mailing.server for mailing in mailings}
    keys |= {key for key, server in BY_KEY.items() if server.hosts}
    roots = {key: _start(BY_KEY[key], work) for key in sorted(keys)}
    for number, mailing in enumerate(mailings):
        server = BY_KEY[mailing.server]
        try:
            _submit(mailing, server, number, roots[server.key])
        except smtplib.SMTPException as refused:
            print(f"{mailing.name}: not taken, {refused}")  # noqa: T201 -- a command says what it did
    _settle(work / "inbox")


def _far_side(table: dict[str, Records], hosts: Sequence[FarHost]) -> None:
    async def answer() -> None:
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: DnsServer(table), local_addr=(DNS_IP, 53))
        for host in hosts:
            await serve(host)
        await asyncio.Event().wait()

    asyncio.run(answer())


def _start(server: Server, work: Path) -> Path:
    """Lay a fresh layer over the pristine root, configure it and start the server there."""
    layer = work / "layers" / server.key
    for part in ("upper", "lower", "root"):
        (layer / part).mkdir(parents=True, exist_ok=True)
    lower = work / server.root
    options = f"lowerdir={lower},upperdir={layer}/upper,workdir={layer}/lower"
    root = layer / "root"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, root], check=True)
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    subprocess.run(["mount", "--bind", "/dev", root / "dev"], check=True)
    (root / "etc/resolv.conf").write_text(f"nameserver {DNS_IP}\n")
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost\n{server.ip} {server.host}\n")
    (root / "etc/hostname").write_text(f"{server.host}\n")
    subprocess.Popen(_inside(root, server, server.configure(server, root)))
    if not server.pipe:
        _wait_for_port(server)
    return root


def _inside(root: Path, server: Server, command: Collection[str]) -> list[str | Path]:
    named: list[str | Path] = [
        "unshare",
        "--uts",
        "sh",
        "-c",
        'hostname "$0"; exec chroot "$@"',
        server.host,
        root,
    ]
    return [*named, *command]


def _wait_for_port(server: Server) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError), socket.create_connection((server.ip, server.port), 5):
            return
        time.sleep(0.2)
    raise SystemExit(f"{server.key} did not start; look into its layer's /var/log.")


def _submit(mailing: Mailing, server: Server, number: int, root: Path) -> None:
    letter = write_letter(mailing, server, number)
    recipients = [fate.address for fate in mailing.to]
    if server.pipe:
        words = [word.format(sender=server.sender) for word in server.pipe]
        words += [f"-N{mailing.notify.lower()}"] if mailing.notify else []
        words += recipients if server.root != "nullmailer" else []
        plain = letter.replace(b"\r\n", b"\n")
        subprocess.run(_inside(root, server, words), input=plain, check=True, timeout=30)
        return
    with smtplib.SMTP(
        server.ip, 25, local_hostname="desk.example", source_address=(CLIENT_IP, 0), timeout=20
    ) as smtp:
        smtp.ehlo()
        mail_options = [f"RET={mailing.ret}"] if mailing.ret else []
        mail_options += ["SMTPUTF8", "BODY=8BITMIME"] if mailing.letter == "eai" else []
        rcpt_options = [f"NOTIFY={mailing.notify}"] if mailing.notify else []
        smtp.sendmail(server.sender, recipients, letter, mail_options, rcpt_options)


def _settle(inbox: Path) -> None:
    """Return when nothing has arrived for a while."""
    start = last = time.monotonic()
    count = -1
    while time.monotonic() - last < QUIET_SECONDS and time.monotonic() - start < _LONGEST_SECONDS:
        if (now := len(list(inbox.iterdir()))) != count:
            count, last = now, time.monotonic()
        time.sleep(1)
    print(f"{count} messages arrived in {time.monotonic() - start:.0f} s")  # noqa: T201 -- a command says what it did
