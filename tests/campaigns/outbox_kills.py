"""Kills the outbox in every state and counts what the receiving server got.

python -m tests.campaigns.outbox_kills [KILLS] [SEED]

A message that the server has twice was sent twice. One that is called sent and that the server
does not have, or that is in no state where a person sees it, is lost.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.fixes.resend import Order, Resend
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.store import Store, open_store
from bounce_assistant.store.outgoing import OutgoingId, OutgoingState
from tests.campaigns.outbox_child import PASSWORD, UNDO_SECONDS, fast_now
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.submission import Submission, running_submission
from tests.unit.services.notices import FULL, bounce

ROOT = Path(__file__).parents[2]
# Where the program is when it is killed: what it waits for, or what it just asked of the server.
MOMENTS = (
    "starting", "undo", "connected", "mail", "rcpt", "data", "taken", "answered", "any moment",
)  # fmt: skip
_ASKED = ("connected", "mail", "rcpt", "data", "taken", "answered")
_WAIT = 60


@dataclass(slots=True)
class Tally:
    """What a campaign counted."""

    kills: Counter[str] = field(default_factory=Counter)  # by moment
    found: Counter[str] = field(default_factory=Counter)  # by the state that the kill left
    ended: Counter[str] = field(default_factory=Counter)  # by the state at the end
    messages: int = 0
    received: int = 0
    twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        count = sum(self.kills.values())
        lines = [
            f"{count} kills, {self.messages} messages, {self.received} received",
            f"sent twice: {len(self.twice)}, lost: {len(self.lost)}",
            "killed while: " + _counted(self.kills),
            "state a kill left: " + _counted(self.found),
            "state at the end: " + _counted(self.ended),
        ]
        return "\n".join(lines)


@dataclass(slots=True)
class Bench:
    """A store, a server and the knowledge, all of one campaign."""

    folder: Path
    server: Submission
    store: Store
    resend: Resend
    knowledge: Knowledge
    chance: random.Random

    def add(self, number: int) -> tuple[OutgoingId, str]:
        """Put one email into the outbox; return it and its Message-ID."""
        notice = bounce(f"p{number}@example.net", diagnostic=FULL).decode()
        (case,) = add_text(notice, self.store, self.knowledge, Job()).cases
        (message,) = self.resend.send([self.resend.review(Order(case))])
        found = self.store.outbox.get(message)
        assert found is not None
        return message, found.message_id

    def start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.campaigns.outbox_child", str(self.folder)],
            cwd=ROOT,
            env={**os.environ, "SSL_CERT_FILE": self.server.ca},
            stdout=subprocess.PIPE,
            text=True,
        )


def campaign(kills: int, seed: int = 554) -> Tally:
    """Kill so many times, evenly over all moments; return what was counted."""
    tally = Tally()
    with _bench(seed) as bench:
        while sum(tally.kills.values()) < kills:
            message, message_id = bench.add(tally.messages)
            tally.messages += 1
            for _ in range(bench.chance.randrange(1, 4)):
                moment = MOMENTS[sum(tally.kills.values()) % len(MOMENTS)]
                if not _kill_at(bench, moment):
                    break  # it was through before
                tally.kills[moment] += 1
                tally.found[_state(bench, message)] += 1
            _run_to_the_end(bench)
            _judge(bench, message, message_id, tally)
        tally.received = len(bench.server.received)
    return tally


@contextmanager
def _bench(seed: int) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="bounce-assistant-kills-") as home:
        folder = Path(home)
        authority = Authority(folder)
        certificate = authority.issue("submission")
        knowledge = load_knowledge()
        with (
            running_submission(certificate, str(authority.ca)) as server,
            running_dovecot(authority, certificate) as dovecot,
            open_store(folder / "bounces.sqlite3") as store,
        ):
            accounts = Accounts(store.accounts, MemorySecrets())
            accounts.add(_account(server, dovecot), PASSWORD)
            # Half of the time the provider is one that keeps a copy of what it sends.
            server.mood.keep = lambda raw: (
                len(server.received) % 2
                or dovecot.put("agent", raw, datetime.now(UTC), folder="Sent")
            )
            cases = Cases(store, knowledge)
            outbox = Outbox(store, accounts, now=fast_now)
            resend = Resend(cases, accounts, outbox, now=fast_now)
            yield Bench(folder, server, store, resend, knowledge, random.Random(seed))  # noqa: S311 - moments, not secrets


def _account(server: Submission, dovecot: Dovecot) -> Account:
    reads = dovecot.account("agent")
    return replace(
        server.account(reads.email),
        id=0,
        imap_host=reads.imap_host,
        imap_port=reads.imap_port,
        username=reads.username,
        provider="gmail",  # it fills Sent itself, so that looking there decides
    )


def _kill_at(bench: Bench, moment: str) -> bool:
    """Start the program and kill it at a moment; False when it ended before."""
    reached = threading.Event()
    mood = bench.server.mood
    process = bench.start()

    def kill(*_: object) -> None:
        process.send_signal(signal.SIGKILL)
        reached.set()

    if moment in _ASKED:
        mood.watch[moment] = kill
    with process:
        assert process.stdout
        if moment != "starting":
            process.stdout.readline()
        if moment == "starting":
            _soon(bench, 0.5)
            kill()
        elif moment == "undo":
            _soon(bench, UNDO_SECONDS * 0.8)
            kill()
        elif moment == "any moment":
            _soon(bench, UNDO_SECONDS + 0.25)
            kill()
        else:
            _wait_for(reached, process)
        process.wait(_WAIT)
    mood.watch.clear()
    return process.returncode == -signal.SIGKILL


def _soon(bench: Bench, longest: float) -> None:
    """Let a random moment pass: when exactly the kill comes is what this is about."""
    time.sleep(bench.chance.random() * longest)


def _wait_for(reached: threading.Event, process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + _WAIT
    while not reached.wait(0.02) and process.poll() is None:
        assert time.monotonic() < until, "the program hangs"


def _run_to_the_end(bench: Bench) -> None:
    """Let the program finish; now and then two at once."""
    both = [bench.start() for _ in range(1 if bench.chance.random() < 0.7 else 2)]
    for process in both:
        process.communicate(timeout=_WAIT)
        assert process.returncode == 0


def _judge(bench: Bench, message: OutgoingId, message_id: str, tally: Tally) -> None:
    state = _state(bench, message)
    count = bench.server.ids().count(message_id)
    found = bench.store.outbox.get(message)
    how = " (found in Sent)" if found and found.said == "Found in Sent." else ""
    tally.ended[f"{state}{how} and received {count}:"] += 1
    if count > 1:
        tally.twice.append(message_id)
    is_seen = state in (OutgoingState.SENT, OutgoingState.UNKNOWN)
    if not is_seen or (state == OutgoingState.SENT and count == 0):
        tally.lost.append(message_id)


def _state(bench: Bench, message: OutgoingId) -> str:
    found = bench.store.outbox.get(message)
    return found.state.value if found else "gone"


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 554
    started = datetime.now(UTC)
    tally = campaign(kills, seed)
    print(tally)
    print(f"{(datetime.now(UTC) - started).seconds} seconds, seed {seed}")
    sys.exit(1 if tally.twice or tally.lost else 0)


if __name__ == "__main__":
    main()
