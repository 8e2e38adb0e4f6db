"""What it costs to find 500 bounces in an inbox of 20,000, on a real Dovecot; run by hand.

python tests/benchmarks/inbox/measure.py [--mails N] [--bounces N] [--delay MS] [--compress]
                                         [--without-whole] [--sent N]

Beside it the same inbox fetched whole, by IMAPClient and by mbsync (Debian: isync). Bytes are those
that came from the server, TLS included. --delay holds every byte back by so many milliseconds in
each direction. --sent lays N ordinary mails into Sent, and copies of the mails that came back.
"""

import argparse
import random
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from imapclient import IMAPClient  # noqa: E402

from bounce_assistant.report.message_ids import ids_returned  # noqa: E402
from bounce_assistant.report.read import read_report  # noqa: E402
from bounce_assistant.services.knowledge import load_knowledge  # noqa: E402
from tests.end2end.large_notice import large_notice  # noqa: E402
from tests.end2end.look_alikes import look_alike  # noqa: E402
from tests.end2end.ordinary_mail import ordinary_mail  # noqa: E402
from tests.end2end.program import Program  # noqa: E402
from tests.servers.certificates import Authority  # noqa: E402
from tests.servers.dovecot import COMPRESS, PASSWORD, Dovecot, running_dovecot  # noqa: E402
from tests.servers.fault_proxy import FaultProxy, fault_proxy  # noqa: E402

USER = "rosa"
STORED = {"bounce", "delay", "feedback"}
_STEP = 50


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put into the inbox."""

    mails: int
    bounces: int
    bounce_bytes: int
    all_bytes: int


def notices(number: int) -> Iterator[bytes]:
    """Yield real notices, each with a line of its own, so that no two are the same."""
    folder = ROOT / "tests/corpus/messages"
    kinds = [
        path
        for path in sorted(folder.glob("*.eml"))
        if tomllib.loads(path.with_suffix(".toml").read_text())["kind"] in STORED
    ]
    for place in range(number):
        raw = kinds[place % len(kinds)].read_bytes()
        yield b"X-Delivery: %d\n" % place + raw


def fill(server: Dovecot, mails: int, bounces: int) -> Filled:
    """Put bounces, look-alikes (one in ten) and ordinary mail into Inbox and Junk.

    One of the bounces brings back a mail of 25 MB, which doesn't count among the bounces' bytes.
    """
    chance = random.Random(11)  # noqa: S311 - the same inbox in every run
    now = datetime.now(UTC)
    ordinary = [raw for raw, _ in ordinary_mail(mails - bounces - mails // 10, now)]
    alike = []
    for place in range(mails // 10):
        message = look_alike(chance)
        message["Date"] = format_datetime(now - timedelta(days=2))
        message["Message-ID"] = f"<{place}.look-alike@mail.example>"
        alike.append(message.as_bytes())
    found = [*notices(bounces - 1), large_notice()]
    everything = [(raw, False) for raw in [*ordinary, *alike]] + [(raw, True) for raw in found]
    chance.shuffle(everything)
    for place, (raw, is_bounce) in enumerate(everything):
        when = now - timedelta(days=28) + timedelta(days=27) * place / len(everything)
        folder = "Junk" if is_bounce and place % 5 == 0 else "INBOX"
        server.put(USER, raw, when, folder=folder)
    return Filled(
        len(everything),
        bounces,
        sum(map(len, found[:-1])) + len(large_notice(0)),
        sum(len(raw) for raw, _ in everything),
    )


def fill_sent(server: Dovecot, mails: int, bounces: int) -> None:
    """Put ordinary mail into Sent, and every mail that the bounces bring back with its header."""
    now = datetime.now(UTC) - timedelta(days=29)
    words = load_knowledge().words
    reports = [read_report(raw, words) for raw in notices(bounces - 1)]
    ids = dict.fromkeys(one for report in reports for one in ids_returned(report))
    copies = [f"Message-ID: {one}\r\nSubject: Sent\r\n\r\nHello.\r\n".encode() for one in ids]
    for raw in [*(raw for raw, _ in ordinary_mail(mails, now)), *copies]:
        server.put(USER, raw, now, folder="Sent")
    print(f"{mails:,} mails in Sent, and {len(copies):,} of those that came back")


def measured(name: str, proxy: FaultProxy, work: Callable[[], object]) -> int:
    """Run, print time, bytes and round trips (TLS's included), and return the bytes."""
    before, turns, began = proxy.passed, proxy.turns, time.monotonic()
    said = work()
    took, cost = time.monotonic() - began, proxy.passed - before
    trips = proxy.turns - turns
    print(f"{name:<34} {took:8.2f} s {cost:13,} B {trips:5,} trips   {said or ''}", flush=True)
    return cost


def fetch_everything(port: int, ca: Path) -> str:
    """Download both folders, as the plainest client would."""
    context = ssl.create_default_context(cafile=ca)
    count = 0
    with IMAPClient("localhost", port, ssl_context=context) as client:
        client.login(USER, PASSWORD)
        for folder in ("INBOX", "Junk"):
            client.select_folder(folder, readonly=True)
            uids = client.search("ALL")
            for start in range(0, len(uids), _STEP):
                count += len(client.fetch(uids[start : start + _STEP], ["BODY.PEEK[]"]))
    return f"{count:,} messages"


def run_mbsync(port: int, ca: Path, into: Path) -> str:
    """Copy both folders to a Maildir."""
    into.mkdir(exist_ok=True)
    config = into / "mbsyncrc"
    config.write_text(
        f"IMAPAccount a\nHost localhost\nPort {port}\nUser {USER}\nPass {PASSWORD}\n"
        f"SSLType IMAPS\nCertificateFile {ca}\n\nIMAPStore far\nAccount a\n\n"
        f"MaildirStore near\nPath {into}/\nInbox {into}/INBOX\nSubFolders Verbatim\n\n"
        "Channel c\nFar :far:\nNear :near:\nPatterns INBOX Junk\nCreate Near\nSync Pull\n"
        f"SyncState {into}/state-\n"
    )
    done = subprocess.run(
        ["mbsync", "-q", "-c", str(config), "-a"], check=False, capture_output=True, timeout=3600
    )
    return done.stderr.decode(errors="replace")[:200]


def check(program: Program) -> str:
    """Run ``check`` and return its last words."""
    done = program.run(["check", "--password-stdin"], typed=f"{PASSWORD}\n", seconds=3600)
    return (done.out + done.err).strip().splitlines()[-1]


def main() -> None:
    """Fill an inbox, read it in each way, print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=20_000)
    parser.add_argument("--bounces", type=int, default=500)
    parser.add_argument("--delay", type=float, default=0, help="milliseconds each way")
    parser.add_argument("--compress", action="store_true", help="the server offers COMPRESS")
    parser.add_argument("--sent", type=int, default=0, help="mails in Sent")
    parser.add_argument("--without-whole", action="store_true", help="our way only")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        authority = Authority(home)
        more = COMPRESS if chosen.compress else ""
        with (
            running_dovecot(authority, authority.issue("bench"), more=more) as server,
            fault_proxy(server.tls_port) as proxy,
        ):
            filled = fill(server, chosen.mails, chosen.bounces)
            if chosen.sent:
                fill_sent(server, chosen.sent, chosen.bounces)
            proxy.delay = chosen.delay / 1000
            print(
                f"{filled.mails:,} mails, {filled.all_bytes:,} bytes;"
                f" {filled.bounces:,} bounces, {filled.bounce_bytes:,} bytes; {vars(chosen)}"
            )
            compare(home, authority.ca, proxy, filled, is_whole=not chosen.without_whole)


def compare(home: Path, ca: Path, proxy: FaultProxy, filled: Filled, *, is_whole: bool) -> None:
    """Measure ours and, if asked to, what the whole inbox costs."""
    (home / "program").mkdir()
    program = Program(home / "program", ca)
    connect = ["accounts", "add", f"{USER}@example.com", "--imap-host", "localhost"]
    connect += ["--imap-port", str(proxy.port), "--username", USER, "--password-stdin"]
    added = program.run(connect, typed=f"{PASSWORD}\n", seconds=120)
    if added.code:
        sys.exit(added.err)
    first = measured("first check", proxy, lambda: check(program))
    measured("second check", proxy, lambda: check(program))
    goal = 1.3 * filled.bounce_bytes + 2_000_000
    print(f"goal: {goal:,.0f} B; {'reached' if first <= goal else 'NOT reached'}")
    if not is_whole:
        return
    whole = measured(
        "everything, IMAPClient in steps of 50", proxy, lambda: fetch_everything(proxy.port, ca)
    )
    print(f"that is {whole / first:.1f} times the bytes of the first check")
    if shutil.which("mbsync"):
        measured("mbsync", proxy, lambda: run_mbsync(proxy.port, ca, home / "mbsync"))
        measured("mbsync, again", proxy, lambda: run_mbsync(proxy.port, ca, home / "mbsync"))


if __name__ == "__main__":
    main()
