"""``accounts add`` by address alone: looked up, tried, kept."""

import argparse
import io
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bounce_assistant.cli import accounts as command
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.desk import Desk
from bounce_assistant.store.database import Store, open_store
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox
from tests.unit.mail.test_autoconfig import server, xml


@dataclass
class Outside:
    """Answers as one domain's servers would."""

    mx: tuple[str, ...] = ()
    published: bytes | None = None

    def records(self, name: str, kind: str) -> tuple[str, ...]:
        return self.mx if kind == "MX" else ()

    def page(self, url: str) -> bytes | None:
        return self.published

    def speaks_imap(self, host: str) -> bool:
        return False


@dataclass
class Servers:
    """Lets everybody in, but at the hosts that are away."""

    away: dict[str, ProblemKind] = field(default_factory=dict)
    tried: list[tuple[str, str, str]] = field(default_factory=list)
    sending_problem: AppError | None = None

    def try_sending(
        self,
        _account: Account,
        _credential: Credential,
        _line: Line,
        _provider: Provider | None,
        admit: Callable[[], object],
    ) -> None:
        admit()
        if self.sending_problem:
            raise self.sending_problem

    def connect(
        self, account: Account, credential: Credential, line: Line, provider: Provider | None
    ) -> Mailbox:
        self.tried.append((account.imap_host, account.username, provider.id if provider else ""))
        if kind := self.away.get(account.imap_host):
            raise MailServerError("It isn't there.", "", "Look elsewhere.", kind=kind)
        return FakeMailbox({"INBOX": FakeFolder()})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "bounces.sqlite3") as opened:
        yield opened


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def servers() -> Servers:
    return Servers()


@pytest.fixture
def accounts(store: Store, outside: Outside, servers: Servers) -> Accounts:
    return Accounts(
        store.accounts,
        MemorySecrets(),
        servers.connect,
        outside=outside,
        try_sending=servers.try_sending,
    )


def run(accounts: Accounts, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    monkeypatch.setattr("sys.stdin", io.StringIO("s3cret\n"))
    desk = cast("Desk", SimpleNamespace(accounts=accounts))
    return command.run(parser.parse_args(words), desk)


def test_an_agency_at_google_is_connected_by_its_address(
    accounts: Accounts,
    outside: Outside,
    servers: Servers,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outside.mx = ("1 aspmx.l.google.com.",)
    assert run(accounts, monkeypatch, "add", "dana@agency.example", "--password-stdin") == 0
    assert servers.tried == [("imap.gmail.com", "dana@agency.example", "google_workspace")]
    (account,) = accounts.list()
    assert (account.provider, account.sign_in) == ("google_workspace", "password")
    said = capsys.readouterr()
    assert "dana@agency.example is connected through imap.gmail.com." in said.out
    assert "Looking up where agency.example has its mail..." in said.err
    assert "no keychain" in said.err


def test_published_servers_and_user_name_are_used(
    accounts: Accounts, outside: Outside, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.published = xml(server())
    words = ["add", "dana@hosted.example", "--password-stdin", "--smtp-port", "465", "--yes"]
    assert run(accounts, monkeypatch, *words) == 0
    (account,) = accounts.list()
    assert account.username == "dana"
    assert (account.smtp_host, account.smtp_port) == ("smtp.hosted.example", 465)


def test_a_second_server_is_tried_where_the_first_is_not_there(
    accounts: Accounts, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.away = {"mobile.charter.net": ProblemKind.NO_PORT}
    assert run(accounts, monkeypatch, "add", "dana@charter.net", "--password-stdin") == 0
    assert [host for host, _, _ in servers.tried] == ["mobile.charter.net", "imap.charter.net"]
    assert accounts.list()[0].imap_host == "imap.charter.net"


def test_a_refused_password_is_not_tried_elsewhere(
    accounts: Accounts, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.away = {"mobile.charter.net": ProblemKind.SIGN_IN}
    with pytest.raises(AppError, match="It isn't there"):
        run(accounts, monkeypatch, "add", "dana@charter.net", "--password-stdin")
    assert len(servers.tried) == 1
    assert accounts.list() == []


@pytest.mark.parametrize(
    ("mx", "page", "said"),
    [
        (("10 mx1-us1.ppe-hosted.com.",), None, "Its mail goes through Proofpoint first"),
        ((), xml(server(port="143", security="plain")), "without encryption only"),
        ((), None, "We couldn't find the mail servers of agency.example."),
    ],
)
def test_what_a_vain_look_up_did_find_is_said(
    accounts: Accounts,
    outside: Outside,
    monkeypatch: pytest.MonkeyPatch,
    mx: tuple[str, ...],
    page: bytes | None,
    said: str,
) -> None:
    outside.mx, outside.published = mx, page
    with pytest.raises(AppError) as told:
        run(accounts, monkeypatch, "add", "dana@agency.example", "--password-stdin")
    assert said in str(told.value)
    assert "by hand" in told.value.next_step


def test_a_problem_comes_with_the_providers_own_page(
    accounts: Accounts,
    servers: Servers,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(accounts, monkeypatch, "add", "dana@zoho.com", "--password-stdin")

    def refuse(*_: object) -> Mailbox:
        page = "https://www.zoho.com/mail/help/imap-access.html"
        raise MailServerError("IMAP is off.", "", "Turn it on.", help_url=page)

    monkeypatch.setattr(accounts, "_connect", refuse)
    assert run(accounts, monkeypatch, "test", "dana@zoho.com") == 1
    assert "IMAP is off. Turn it on. See https://www.zoho.com" in capsys.readouterr().err


def test_microsoft_without_an_app_id_says_what_else_works(
    accounts: Accounts, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.mx = ("0 office-example.mail.protection.outlook.com.",)
    with pytest.raises(AppError, match="Microsoft no longer lets apps sign in") as told:
        run(accounts, monkeypatch, "add", "dana@office.example", "--password-stdin")
    assert "as files" in told.value.next_step
    with pytest.raises(AppError, match="Microsoft doesn't know Bounce Assistant yet"):
        run(accounts, monkeypatch, "add", "dana@office.example", "--browser")


def test_sending_that_does_not_work_is_told_and_stops_nothing(
    accounts: Accounts,
    servers: Servers,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(accounts, monkeypatch, "add", "dana@zoho.com", "--password-stdin") == 0
    said = capsys.readouterr().out
    assert said == (
        "dana@zoho.com is connected through imap.zoho.com. Sending works, through smtp.zoho.com.\n"
    )
    servers.sending_problem = AppError("Can't reach smtp.zoho.com to send.", "", "Try again.")
    assert run(accounts, monkeypatch, "test") == 1
    told = capsys.readouterr()
    assert told.out == "dana@zoho.com: Reading works.\n"
    assert "dana@zoho.com: Sending doesn't work. Can't reach smtp.zoho.com" in told.err
    assert run(accounts, monkeypatch, "add", "sam@zoho.com", "--password-stdin") == 0
    assert "Can't reach smtp.zoho.com to send." in capsys.readouterr().err


def test_the_list_names_both_servers(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(accounts, monkeypatch, "add", "dana@zoho.com", "--password-stdin")
    words = ["add", "sam@own.example", "--imap-host", "mail.own.example", "--password-stdin"]
    run(accounts, monkeypatch, *words)
    capsys.readouterr()
    run(accounts, monkeypatch, "list")
    assert capsys.readouterr().out.splitlines() == [
        "dana@zoho.com\timap.zoho.com:993 tls\tsends through smtp.zoho.com:465 tls",
        "sam@own.example\tmail.own.example:993 tls\tno server to send",
    ]


def test_a_server_that_was_looked_up_gets_no_password_before_it_was_seen(
    accounts: Accounts,
    outside: Outside,
    servers: Servers,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outside.published = xml(server())
    with pytest.raises(AppError) as told:
        run(accounts, monkeypatch, "add", "dana@hosted.example", "--password-stdin")
    assert "imap.hoster.example:993 tls, sends through smtp.hosted.example" in told.value.detail
    assert "--yes" in told.value.next_step
    assert "--imap-host" in told.value.next_step
    assert servers.tried == []
    words = ["add", "dana@hosted.example", "--password-stdin", "--imap-host", "mail.else.example"]
    assert run(accounts, monkeypatch, *words) == 0
    assert [host for host, _, _ in servers.tried] == ["mail.else.example"]


@pytest.mark.parametrize(("typed", "tried"), [("yes", 1), ("", 0), ("no", 0)])
def test_somebody_at_the_terminal_is_asked(
    accounts: Accounts,
    outside: Outside,
    servers: Servers,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    tried: int,
) -> None:
    outside.published = xml(server())
    terminal = io.StringIO(f"{typed}\ns3cret\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    monkeypatch.setattr("sys.stdin", terminal)
    desk = cast("Desk", SimpleNamespace(accounts=accounts))
    options = parser.parse_args(["add", "dana@hosted.example", "--password-stdin"])
    with nullcontext() if tried else pytest.raises(AppError, match="no password was sent"):
        assert command.run(options, desk) == 0
    assert len(servers.tried) == tried
