"""Watching: new mail is told at once, and a lost connection finds back by itself."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import cast

import pytest

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services import watching
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.services.watching import Nudge, watch_account
from bounce_assistant.store.database import open_store
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fault_proxy import FaultProxy, fault_proxy

RAW = b"From: dana@example.com\r\nSubject: hi\r\n\r\nhi\r\n"
SOON = 30  # seconds, on a machine that is busy
_users = count()


@dataclass
class Watch:
    """One account that is watched on a thread of its own."""

    accounts: Accounts
    server: Dovecot
    proxy: FaultProxy
    user: str
    told: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    job: Job = field(default_factory=Job)
    nudge: Nudge = field(default_factory=Nudge)
    ended: list[Exception] = field(default_factory=list)
    thread: threading.Thread | None = None

    def start(self, password: str = PASSWORD) -> None:
        account = replace(self.server.account(self.user), imap_port=self.proxy.port)
        added = self.accounts.add(account, password)

        def run() -> None:
            try:
                watch_account(added, self.accounts, self.job, self.nudge, self.told.release)
            except (AppError, CancelledError) as end:
                self.ended.append(end)

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()

    def is_told(self) -> bool:
        return self.told.acquire(timeout=SOON)

    def end(self) -> None:
        self.job.cancel()
        if self.thread:
            self.thread.join(SOON)
            assert not self.thread.is_alive()


@pytest.fixture
def watch(dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr(watching, "FIRST_PAUSE", 0.05)
    context = ssl.create_default_context(cafile=dovecot.ca)
    with open_store(tmp_path / "b.sqlite3") as store, fault_proxy(dovecot.tls_port) as proxy:
        accounts = Accounts(
            store.accounts,
            MemorySecrets(),
            lambda a, c, line, of: connect_imap(a, c, line, of, context),
        )
        user = f"watched{next(_users)}"
        dovecot.folder(user)
        made = Watch(accounts, dovecot, proxy, user)
        yield made
        made.end()


def test_new_mail_is_told_without_asking(watch: Watch) -> None:
    watch.start()
    assert watch.is_told()  # connected
    for _ in range(2):
        # Laid down again until it is seen: the server may not listen to the folder yet.
        for _ in range(20):
            watch.server.put(watch.user, RAW, datetime.now(UTC))
            if watch.told.acquire(timeout=3):
                break
        else:
            pytest.fail("nothing was told of new mail")


@pytest.mark.parametrize("fault", ["cut", "reset"])
def test_a_lost_connection_is_made_again(watch: Watch, fault: str) -> None:
    watch.proxy.cut_after(4_500, fault)
    watch.start()
    watch.proxy.heal()
    assert watch.is_told()
    watch.proxy.hang_up()
    assert watch.is_told()


def test_a_nudge_connects_anew_at_once(watch: Watch) -> None:
    watch.start()
    assert watch.is_told()
    watch.nudge.give()
    assert watch.is_told()


def test_a_server_that_cannot_say_is_asked_every_few_minutes(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bounce_assistant.mail.imap.wait_for_mail", lambda _client, _seconds: None)
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.05)
    watch.start()
    for _ in range(3):
        assert watch.is_told()


def test_a_password_that_is_not_taken_ends_the_watch(watch: Watch) -> None:
    watch.start("wrong")
    assert watch.thread
    watch.thread.join(SOON)
    (end,) = watch.ended
    assert "didn't accept" in str(end)


def test_a_stopped_watch_ends_at_once(watch: Watch) -> None:
    watch.start()
    assert watch.is_told()
    watch.end()
    assert isinstance(watch.ended[0], CancelledError)


def test_pauses_grow_and_start_anew_when_the_network_is_back(watch: Watch) -> None:
    """A nudge, as after sleep, is followed by quick tries, not by the long pause of the night."""
    pauses: list[float] = []
    job = Job()

    class Quick(Nudge):
        def wait(self, seconds: float) -> bool:
            pauses.append(seconds)
            if len(pauses) == 11:
                job.cancel()
            return len(pauses) == 8  # the network is back

    class Unreachable:
        def open_mailbox(self, _account: object, _job: object) -> object:
            raise AppError("Can't reach localhost.")

    account = watch.server.account(watch.user)
    with pytest.raises(CancelledError):
        watch_account(account, cast("Accounts", Unreachable()), job, Quick(), lambda: None)
    first, longest = watching.FIRST_PAUSE, watching.LONGEST_PAUSE
    assert pauses[:8] == [min(longest, first * 2**n) for n in range(8)]
    assert pauses[8:] == [first, first * 2, first * 4]


def test_a_server_that_ends_each_connection_at_once_is_left_in_peace(watch: Watch) -> None:
    pauses: list[float] = []
    told: list[None] = []
    job = Job()

    class Quick(Nudge):
        def wait(self, seconds: float) -> bool:
            pauses.append(seconds)
            if len(pauses) == 9:
                job.cancel()
            return False

    class Curt:
        def folders(self, _roles: object) -> list[str]:
            raise AppError("The server hung up.")

        def open(self, _folder: str) -> None:
            pass

        def close(self) -> None:
            pass

    class Accepting:
        def open_mailbox(self, _account: object, _job: object) -> Curt:
            return Curt()

    account = watch.server.account(watch.user)
    with pytest.raises(CancelledError):
        watch_account(
            account, cast("Accounts", Accepting()), job, Quick(), lambda: told.append(None)
        )
    first, longest = watching.FIRST_PAUSE, watching.LONGEST_PAUSE
    assert pauses == [min(longest, first * 2**n) for n in range(9)]
    assert len(told) == 9


def test_on_battery_a_server_that_cannot_say_is_asked_less_often() -> None:
    waited: list[float] = []

    class Quick(Nudge):
        def wait(self, seconds: float) -> bool:
            waited.append(seconds)
            return False

    nudge = Quick()
    nudge.wait_to_ask()
    nudge.is_sparing = True
    nudge.wait_to_ask()
    assert waited == [5 * 60, 15 * 60]
