"""A trial of both servers, real ones: reading decides, sending is told beside it."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.problems import SignInRefusedError
from bounce_assistant.mail.providers import Provider, ServerEntry
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.store import open_store
from tests.servers.certificates import Authority, Certificate
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.ports import free_port
from tests.servers.submission import Submission, running_submission

WAITS = 30


@pytest.fixture
def accounts(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Accounts]:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    with open_store(tmp_path / "store.db") as store:
        yield Accounts(store.accounts, MemorySecrets())


def account_at(dovecot: Dovecot, port: int, security: str = "tls") -> Account:
    return replace(
        dovecot.account("trial"),
        smtp_host="localhost",
        smtp_port=port,
        smtp_security="tls" if security == "tls" else "starttls",
    )


def problem_of(accounts: Accounts, account: Account) -> AppError:
    """Return what is in the way of sending, where reading works."""
    sending = accounts.test(account, PASSWORD, Job()).sending
    assert sending is not None
    return sending


def test_both_servers_are_signed_in_to_and_nothing_is_sent(
    accounts: Accounts, dovecot: Dovecot, submission: Submission
) -> None:
    left = threading.Event()
    submission.mood.watch["quit"] = left.set
    trial = accounts.test(account_at(dovecot, submission.port), PASSWORD, Job())
    assert trial.sending is None
    assert submission.signed_in == ["trial"]
    assert left.wait(WAITS), "it leaves with QUIT"
    assert submission.received == []


def test_a_wrong_password_is_said_to_one_server_only(
    accounts: Accounts, dovecot: Dovecot, submission: Submission
) -> None:
    with pytest.raises(SignInRefusedError):
        accounts.test(account_at(dovecot, submission.port), "wrong", Job())
    assert submission.refused == []
    assert submission.signed_in == []


def test_a_sending_server_that_wants_another_password_is_told_beside_reading(
    accounts: Accounts, dovecot: Dovecot, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.servers.submission.PASSWORD", "another one")
    problem = problem_of(accounts, account_at(dovecot, submission.port))
    assert problem.title == "localhost didn't let trial@example.com sign in to send."
    assert "works for reading" in problem.next_step
    assert "Nothing was sent" not in str(problem)
    assert submission.refused == ["trial"]


def test_a_closed_port_is_told_beside_reading(accounts: Accounts, dovecot: Dovecot) -> None:
    port = free_port()
    problem = problem_of(accounts, account_at(dovecot, port))
    assert problem.title == "Can't reach localhost to send."
    assert problem.detail == f"It doesn't take connections at port {port}."
    assert problem.next_step.startswith("Check the outgoing server's name and port")


def test_a_shut_port_is_gone_round_and_the_account_keeps_the_open_one(
    accounts: Accounts, dovecot: Dovecot, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut = free_port()
    provider = Provider(
        "two", "Two", "Two", "password", is_confirmed=True, source="",
        smtp=ServerEntry("localhost", shut, "tls"),
        smtp_also=ServerEntry("localhost", submission.port, "tls"),
    )  # fmt: skip
    monkeypatch.setattr("bounce_assistant.services.accounts.provider_of", lambda _: provider)
    trial = accounts.test(account_at(dovecot, shut), PASSWORD, Job())
    assert trial.sending is None
    assert trial.account.smtp_port == submission.port
    assert submission.signed_in == ["trial"]


def test_a_hidden_starttls_gets_no_password(
    accounts: Accounts, dovecot: Dovecot, authority: Authority, mail_certificate: Certificate
) -> None:
    with running_submission(
        mail_certificate, str(authority.ca), security="starttls", hides_starttls=True
    ) as server:
        problem = problem_of(accounts, account_at(dovecot, server.port, "starttls"))
    assert "stopped before sending your password" in problem.title
    assert server.signed_in + server.refused == []


def test_a_certificate_of_another_name_gets_no_password(
    accounts: Accounts, dovecot: Dovecot, authority: Authority
) -> None:
    certificate = authority.issue("trial-other", host="mail.example.org")
    with running_submission(certificate, str(authority.ca)) as server:
        problem = problem_of(accounts, account_at(dovecot, server.port))
    assert problem.detail == "Its certificate is for another name."
    assert server.signed_in + server.refused == []


def test_without_a_server_to_send_reading_is_enough(accounts: Accounts, dovecot: Dovecot) -> None:
    trial = accounts.test(dovecot.account("trial"), PASSWORD, Job())
    assert not trial.has_sending_server
    assert trial.sending is not None
    assert trial.sending.title == "No outgoing mail server is known."


def test_stop_ends_a_trial_that_waits_for_a_silent_sending_server(
    accounts: Accounts, dovecot: Dovecot
) -> None:
    job, ended = Job(), threading.Event()
    told: list[BaseException] = []

    def run(account: Account) -> None:
        try:
            accounts.test(account, PASSWORD, job)
        except CancelledError as stopped:
            told.append(stopped)
        ended.set()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(WAITS)
        account = account_at(dovecot, listener.getsockname()[1])
        thread = threading.Thread(target=run, args=(account,), daemon=True)
        thread.start()
        with listener.accept()[0]:  # and never a word
            job.cancel()
            assert ended.wait(WAITS / 3), "the server's own time limit is thrice as long"
        thread.join(WAITS)
    assert len(told) == 1
