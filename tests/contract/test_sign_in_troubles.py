"""What goes wrong while somebody signs in, on real servers: each has a sentence and a way on."""

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.store import open_store
from tests.servers.certificates import Authority
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.ports import free_port

_NEVER = re.compile(r"\b(error|failed|invalid|illegal|fatal|abort|bad)\b", re.IGNORECASE)
Kind = ProblemKind


@pytest.fixture
def accounts(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Accounts]:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    with open_store(tmp_path / "store.db") as store:
        yield Accounts(store.accounts, MemorySecrets())


@pytest.fixture
def rosa(dovecot: Dovecot) -> Account:
    return replace(dovecot.account("rosa"), id=0)


def trouble(accounts: Accounts, account: Account, password: str = PASSWORD) -> AppError:
    """Return what stood in the way: a sentence, and something to do next."""
    with pytest.raises(AppError) as told:
        accounts.test(account, password, Job())
    problem = told.value
    assert problem.title.endswith(".")
    assert problem.next_step.endswith(".")
    assert not _NEVER.search(str(problem).replace(account.imap_host, "")), str(problem)
    assert password not in str(problem)
    return problem


def kind_of(problem: AppError) -> ProblemKind:
    assert isinstance(problem, MailServerError)
    return problem.kind


def test_a_wrong_password_twice_then_the_right_one(accounts: Accounts, rosa: Account) -> None:
    for wrong in ("first guess", "second guess"):
        problem = trouble(accounts, rosa, wrong)
        assert problem.title == "localhost didn't accept that password for rosa."
        assert problem.next_step == "Check the user name and type the password again."
    accounts.test(rosa, PASSWORD, Job())


@pytest.mark.parametrize("typed", [f"{PASSWORD} ", f" {PASSWORD}", f"{PASSWORD}\N{NO-BREAK SPACE}"])
def test_a_space_copied_along_is_pointed_out(accounts: Accounts, rosa: Account, typed: str) -> None:
    with pytest.raises(AppError) as told:
        accounts.test(rosa, typed, Job())
    assert told.value.detail == (
        "There is a space before or after it, which may have been copied along."
    )
    assert told.value.next_step == "Take it away and try again."


def test_a_line_break_copied_along_is_pointed_out(accounts: Accounts, rosa: Account) -> None:
    assert "line break" in trouble(accounts, rosa, "two\nlines").detail


def test_a_certificate_of_another_name(accounts: Accounts, authority: Authority) -> None:
    certificate = authority.issue("troubles-other", host="mail.example.org")
    with running_dovecot(authority, certificate) as server:
        problem = trouble(accounts, server.account("rosa"))
        assert "rosa" not in (server.home / "dovecot.log").read_text()
    assert kind_of(problem) is Kind.CERTIFICATE
    assert problem.title.startswith("We couldn't be sure this was really localhost, so we stopped")
    assert problem.detail == "Its certificate is for another name."
    assert problem.next_step.startswith("In a hotel or café, sign in to its network first;")


def test_a_port_where_nobody_is(accounts: Accounts, rosa: Account) -> None:
    port = free_port()
    problem = trouble(accounts, replace(rosa, imap_port=port))
    assert kind_of(problem) is Kind.NO_PORT
    assert problem.title == f"localhost doesn't take connections at port {port}."


def test_the_wrong_port_for_tls(accounts: Accounts, rosa: Account, dovecot: Dovecot) -> None:
    problem = trouble(accounts, replace(rosa, imap_port=dovecot.port))
    assert kind_of(problem) is Kind.NO_TLS
    assert "993 with TLS" in problem.next_step


def test_a_name_that_is_not_there(accounts: Accounts, rosa: Account) -> None:
    problem = trouble(accounts, replace(rosa, imap_host="imap.agency.invalid"))
    assert kind_of(problem) is Kind.NO_NAME
    assert problem.title == "Can't reach imap.agency.invalid."


def test_without_a_name_server(
    accounts: Accounts, rosa: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_answer(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", no_answer)
    problem = trouble(accounts, replace(rosa, imap_host="imap.agency.example"))
    assert kind_of(problem) is Kind.OFFLINE
    assert "saved emails still work" in problem.next_step


@pytest.mark.parametrize("typed", ["ROSA@example.com", "Rosa@EXAMPLE.com", " rosa@example.com "])
def test_an_address_is_connected_once_however_it_is_written(
    accounts: Accounts, rosa: Account, typed: str
) -> None:
    accounts.add(rosa, PASSWORD)
    found = accounts.find(typed)
    assert found is not None
    with pytest.raises(AppError, match="is here already") as told:
        accounts.add(replace(rosa, email=typed.strip()), PASSWORD)
    assert told.value.next_step


def test_capital_letters_in_the_address_are_no_trouble(accounts: Accounts, rosa: Account) -> None:
    loud = replace(rosa, email="Rosa@Example.COM")
    assert accounts.test(loud, PASSWORD, Job()).account.email == "Rosa@Example.COM"


def test_two_trials_at_once_do_not_disturb_each_other(accounts: Accounts, rosa: Account) -> None:
    told: list[str] = []

    def run(password: str) -> None:
        try:
            accounts.test(rosa, password, Job())
            told.append("in")
        except AppError:
            told.append("out")

    threads = [
        threading.Thread(target=run, args=(word,), daemon=True) for word in (PASSWORD, "wrong") * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["in"] * 3 + ["out"] * 3
