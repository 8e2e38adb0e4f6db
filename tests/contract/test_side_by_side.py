"""Several accounts on a real server: one that hangs holds up none of the rest."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fetch import CheckResult, check_accounts
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store import Store, open_store
from tests.servers.certificates import Authority
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fault_proxy import fault_proxy
from tests.unit.services.notices import bounce

WAITS = 60


@pytest.fixture
def store(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    with open_store(tmp_path / "store.db") as opened:
        yield opened


@pytest.mark.parametrize("hanging", [1, 4])
def test_those_whose_server_answers_are_done_while_others_stall(
    store: Store, dovecot: Dovecot, hanging: int
) -> None:
    now = datetime.now(UTC)
    accounts = Accounts(store.accounts, MemorySecrets())
    job, told, free_are_done = Job(), [], threading.Event()
    results: list[CheckResult] = []
    with fault_proxy(dovecot.tls_port) as proxy:
        proxy.cut_after(3000, "stall")  # after the sign-in, in the middle of an answer
        for number in range(hanging + 2):
            user = f"side-{hanging}-{number}"
            dovecot.put(user, bounce(f"person{number}@example.net"), now)
            stalls = number < hanging
            port = proxy.port if stalls else dovecot.tls_port
            accounts.add(replace(dovecot.account(user), id=0, imap_port=port), PASSWORD)
        chosen = accounts.list()
        free = {account.email for account in chosen[hanging:]}

        def on_result(result: CheckResult) -> None:
            told.append(result.account.email)
            if free <= set(told):
                free_are_done.set()

        def check() -> None:
            results.extend(
                check_accounts(chosen, accounts, store, load_knowledge(), job, on_result=on_result)
            )

        thread = threading.Thread(target=check, daemon=True)
        thread.start()
        assert free_are_done.wait(WAITS)
        assert proxy.stalled.wait(WAITS)
        assert set(told) == free, "the others still hang"
        job.cancel()
        thread.join(WAITS)
        assert not thread.is_alive()
    assert [result.account.email for result in results] == [one.email for one in chosen]
    assert [result.stopped for result in results] == [True] * hanging + [False, False]
    assert [result.found for result in results[hanging:]] == [1, 1]
