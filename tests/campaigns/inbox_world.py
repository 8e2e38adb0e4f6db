"""The servers of the fault campaign, a fresh user for each trial, and what a store holds."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fetch import check_account
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store.database import Store, open_store
from tests.benchmarks.inbox.measure import notices
from tests.end2end.ordinary_mail import ordinary_mail
from tests.servers.dovecot import Dovecot
from tests.servers.fault_proxy import FaultProxy
from tests.servers.signed_up import sign_up

TIMEOUT = 5.0  # seconds of silence a connection bears here
LIMIT = 40.0  # seconds after which a check counts as hung; the machine may be busy
KNOWLEDGE = load_knowledge()
_users = count()
Kept = Counter[tuple[str, str]]  # message digest, recipient


def new_user() -> str:
    return f"fault{next(_users)}"


@dataclass
class Tally:
    """One line of the table."""

    fault: str
    times: int = 0
    lost: int = 0
    doubled: int = 0
    hung: int = 0
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        notes = "; ".join(dict.fromkeys(self.notes))
        return (
            f"| {self.fault:<44} | {self.times:>5} | {self.lost:>4} | {self.doubled:>7} |"
            f" {self.hung:>4} | {notes}"
        )


@dataclass
class Desk:
    """A store with one account, as the program has it."""

    store: Store
    accounts: Accounts
    account: Account
    unread: str = ""  # what the last check said of mail that could not be read

    def check(self, job: Job | None = None) -> tuple[bool, str]:
        """Return whether a check ended in time, and its problem's title."""
        said: list[str] = []

        def run() -> None:
            result = check_account(self.account, self.accounts, self.store, KNOWLEDGE, job or Job())
            said.append(result.problem.title if result.problem else "")
            self.unread = result.unread_words

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(LIMIT)
        return not thread.is_alive(), "".join(said)

    def kept(self) -> Kept:
        return kept_in(self.store)


def kept_in(store: Store) -> Kept:
    with store._connections.read() as db:
        rows = db.execute(
            "SELECT digest, recipient FROM bounce JOIN message ON message.id = message_id"
        )
        return Counter((str(digest), str(recipient)) for digest, recipient in rows)


@dataclass
class World:
    """The servers, and a fresh user for each trial."""

    server: Dovecot
    proxy: FaultProxy
    folder: Path
    chance: random.Random

    def fill(self, letters: int = 60, bounces: int = 40) -> str:
        user = new_user()
        now = datetime.now(UTC)
        mails = [raw for raw, _ in ordinary_mail(letters, now)]
        mails += list(notices(bounces))
        random.Random(3).shuffle(mails)  # noqa: S311
        for place, raw in enumerate(mails):
            folder = "Junk" if place % 6 == 0 else "INBOX"
            self.server.put(user, raw, now - timedelta(hours=1, seconds=-place), folder=folder)
        return user

    @contextmanager
    def desk(self, user: str) -> Iterator[Desk]:
        with open_store(self.folder / f"{user}.sqlite3") as store:
            accounts, account = sign_up(store, self.server, user, self.proxy.port, TIMEOUT)
            yield Desk(store, accounts, account)

    def expected(self, user: str) -> Kept:
        """Return what a check without faults keeps."""
        self.proxy.heal()
        self.proxy.delay = self.proxy.rate = 0
        with self.desk(user) as desk:
            desk.check()
            found = desk.kept()
        (self.folder / f"{user}.sqlite3").unlink()
        return found


def settle(tally: Tally, desk: Desk, expected: Kept) -> None:
    """Check without faults, and count what is missing or there twice."""
    in_time, problem = desk.check()
    tally.hung += not in_time
    if problem:
        tally.notes.append(f"after healing: {problem}")
    found = desk.kept()
    tally.lost += sum((expected - found).values())
    tally.doubled += sum((found - expected).values())
