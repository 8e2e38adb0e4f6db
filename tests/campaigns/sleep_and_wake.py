"""What sleep and lost networks do to a watched inbox. Run by hand, as root, with faketime.

python tests/campaigns/sleep_and_wake.py [--times N]

The program's own window (drawn off screen) watches a real Dovecot through a relay. Its whole
process is stopped (SIGSTOP), mail arrives meanwhile, the line dies in one way or another, and the
process goes on (SIGCONT); where the computer is to have slept for hours, faketime moves the wall
clock and leaves the steady one, as a sleep does. Prints for each fault: times tried, seconds until
the bounce was in the store (least and most), and the most connections that were made in the half
minute after waking up.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.servers.certificates import Authority  # noqa: E402
from tests.servers.dovecot import Dovecot, running_dovecot  # noqa: E402
from tests.ui.desks import BOUNCE  # noqa: E402

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
LIMIT = 120  # seconds until a bounce has to be in the store
CALM = 30  # seconds after waking up in which connections are counted
STOPPED = 8  # seconds that the process is stopped


class Relay:
    """Passes connections on to a server; or keeps silent, or takes none."""

    def __init__(self, to: int) -> None:
        self._to, self.made = to, 0
        self.is_silent = False
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        """End every connection, as a router that was started anew does."""
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def forget(self) -> None:
        """Let what is connected hang for ever: nobody answers any more, nothing is refused."""
        self._open.clear()
        self._deaf_until = self.made
        self.is_silent = True

    @contextmanager
    def away(self) -> Iterator[None]:
        """Take no connection, as where there is no network."""
        self._listener.close()
        self.reset()
        yield
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            self.made += 1
            self._open += [client, server]
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(*pair, self.made), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(4096):
                if self.is_silent and number <= self._deaf_until:
                    continue
                target.sendall(chunk)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


class Laptop:
    """The program, its store, and the clock it believes."""

    def __init__(self, folder: Path, server: Dovecot, relay: Relay, user: str) -> None:
        self._folder, self._server, self._user = folder, server, user
        self._clock = folder / "clock"
        self._ahead = 0
        self._set_clock()
        account = replace(server.account(user), imap_port=relay.port)
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "SSL_CERT_FILE": str(server.ca),
            "PYTHONPATH": str(ROOT),
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._clock),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            **{f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "DATA", "CACHE")},
        }
        words = [json.dumps([asdict(account)]), json.dumps({"watch": "on"})]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.tray_program", str(folder), *words],
            env=environment,
            stdin=subprocess.PIPE,
        )

    def sleep(self, hours: int) -> None:
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(STOPPED)
        self._ahead += hours * 3600
        self._set_clock()

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def receive(self, number: int) -> None:
        raw = BOUNCE.format(number=number).encode()
        self._server.put(self._user, raw, datetime.now(UTC))

    def kept(self) -> int:
        """Return how many bounces are in the store."""
        with (
            contextlib.suppress(sqlite3.Error),
            closing(sqlite3.connect(self._folder / "bounces.sqlite3")) as db,
        ):
            return int(db.execute("SELECT count(*) FROM bounce").fetchone()[0])
        return 0

    def seconds_until(self, count: int) -> float:
        """Wait until so many bounces are kept; return how long it took, LIMIT if too long."""
        began = time.monotonic()
        while self.kept() < count and time.monotonic() - began < LIMIT:
            time.sleep(0.1)
        return time.monotonic() - began

    def _set_clock(self) -> None:
        self._clock.write_text(f"+{self._ahead}\n")


def nothing(laptop: Laptop, relay: Relay) -> None:
    """Sleep for a moment only: the line lives on."""
    laptop.sleep(0)


def line_reset(laptop: Laptop, relay: Relay) -> None:
    """Find the line ended on waking up."""
    laptop.sleep(0)
    relay.reset()


def line_dead(laptop: Laptop, relay: Relay) -> None:
    """Sleep for eight hours; the server has long forgotten us, and nobody says so."""
    laptop.sleep(8)
    relay.forget()


def night_offline(laptop: Laptop, relay: Relay) -> None:
    """Be without a network for three minutes, so that pauses grow; then sleep, and be back."""
    with relay.away():
        time.sleep(100)
        laptop.sleep(8)


FAULTS = (nothing, line_reset, line_dead, night_offline)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=3)
    times = parser.parse_args().times
    if not FAKETIME.exists():
        sys.exit("Install faketime first.")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        authority = Authority(folder)
        server = stack.enter_context(running_dovecot(authority, authority.issue("sleep")))
        relay = Relay(server.tls_port)
        server.folder("laptop")
        laptop = Laptop(folder, server, relay, "laptop")
        stack.callback(laptop.process.communicate)
        stack.callback(laptop.process.kill)
        laptop.receive(0)
        laptop.seconds_until(1)
        count = 1
        print(f"{'fault':<14} times  seconds until kept  connections in {CALM} s")
        for fault in FAULTS:
            waits, made = [], []
            for _ in range(times):
                time.sleep(5)
                fault(laptop, relay)
                laptop.receive(count)
                count += 1
                before = relay.made
                laptop.wake()
                waits.append(laptop.seconds_until(count))
                time.sleep(max(0.0, CALM - waits[-1]))
                made.append(relay.made - before)
                relay.is_silent = False
            spread = f"{min(waits):.1f} to {max(waits):.1f}"
            print(f"{fault.__name__:<14} {times:>5}  {spread:>18}  {max(made):>12}", flush=True)
        print(f"kept {laptop.kept()} of {count}")


if __name__ == "__main__":
    shutil.which("dovecot") or sys.exit("Install dovecot-imapd first.")
    main()
