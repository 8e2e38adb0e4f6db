"""A desk whose account sends through a real server, and whose clock goes as a test wants."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailer import Mailer
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.mail.smtp import connect_smtp
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.fixes.resend import Order, Resend
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.store import Store, open_store
from bounce_assistant.store.accounts import StoredAccounts
from bounce_assistant.store.outgoing import OutgoingId, OutgoingState
from bounce_assistant.store.rows import CaseId
from tests.servers.submission import PASSWORD, Submission
from tests.unit.services.notices import FULL, MONDAY, bounce


@dataclass(slots=True)
class Clock:
    """A wall clock that can be set, and one that only goes on."""

    wall: datetime = MONDAY
    ticks: float = 0.0

    def pass_by(self, **spans: float) -> None:
        self.wall += timedelta(**spans)
        self.ticks += timedelta(**spans).total_seconds()

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks


@dataclass(slots=True)
class Sender:
    """All that a person needs to send again."""

    store: Store
    accounts: Accounts
    cases: Cases
    outbox: Outbox
    resend: Resend
    knowledge: Knowledge
    account: Account
    clock: Clock = field(default_factory=Clock)

    def case(self, person: str = "dana@example.net", diagnostic: str = FULL) -> CaseId:
        """Keep a notice about a person and return its case."""
        notice = bounce(person, name="Dana Reyes", diagnostic=diagnostic).decode()
        (case,) = add_text(notice, self.store, self.knowledge, Job()).cases
        return case

    def send(self, *cases: CaseId, **changes: object) -> tuple[OutgoingId, ...]:
        """Put an email for each case into the outbox."""
        orders = [Order(case, **changes) for case in cases]  # type: ignore[arg-type]  # as given
        return self.resend.send([self.resend.review(order) for order in orders])

    def wait_for_undo(self) -> None:
        self.clock.pass_by(seconds=11)
        self.outbox.run(Job())

    def state(self, message: OutgoingId) -> OutgoingState:
        found = self.outbox.get(message)
        assert found is not None
        return found.state


def make_sender(
    folder: Path,
    server: Submission,
    knowledge: Knowledge,
    accounts_on: Callable[[StoredAccounts], Accounts] | None = None,
    account: Account | None = None,
) -> Sender:
    """Return a desk on a new or known store, with an account at the server."""
    store = open_store(folder / "bounces.sqlite3")
    accounts = (accounts_on or _accounts_on)(store.accounts)
    wanted = account or server.account(id=0)
    account = accounts.find(wanted.email) or accounts.add(wanted, PASSWORD)
    accounts.set_password(account, PASSWORD)
    clock = Clock()
    context = ssl.create_default_context(cafile=server.ca)

    def post(
        account: Account, credential: Credential, line: Line, provider: Provider | None
    ) -> Mailer:
        return connect_smtp(account, credential, line, provider, context, answer_seconds=5)

    outbox = Outbox(store, accounts, post=post, now=clock.now, monotonic=clock.monotonic)
    cases = Cases(store, knowledge, now=clock.now)
    resend = Resend(cases, accounts, outbox, now=clock.now)
    return Sender(store, accounts, cases, outbox, resend, knowledge, account, clock)


def _accounts_on(stored: StoredAccounts) -> Accounts:
    return Accounts(stored, MemorySecrets())


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def sender(tmp_path: Path, submission: Submission, knowledge: Knowledge) -> Iterator[Sender]:
    made = make_sender(tmp_path, submission, knowledge)
    yield made
    made.store.close()


def run_until_over(sender: Sender, message: OutgoingId) -> OutgoingState:
    sender.wait_for_undo()
    return sender.state(message)
