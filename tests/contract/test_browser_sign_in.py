"""Signing in by browser, with real parts: an authorisation server, the port, Dovecot, the store."""

import argparse
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import httpx
import msgspec
import pytest

from bounce_assistant.cli import accounts as command
from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.oauth import AppId, BrowserSignIn, Grant
from bounce_assistant.mail.problems import SignInRefusedError
from bounce_assistant.mail.providers import (
    OAuthEntry,
    Provider,
    Providers,
    ServerEntry,
    load_providers,
)
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts, PasswordMissingError
from bounce_assistant.services.browser import Browser, MemoryApps
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job
from bounce_assistant.services.watching import Nudge, watch_account
from bounce_assistant.store.database import Store, open_store
from tests.servers.authorisation import CLIENT_ID, Authorisation
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.fault_proxy import fault_proxy
from tests.servers.ports import free_port

APP = AppId(CLIENT_ID)
EMAIL = "rosa@example.com"


@pytest.fixture
def provider(authorisation: Authorisation, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """Google, with its pages on this computer."""
    google = load_providers().by_id("gmail")
    assert google
    entry = OAuthEntry("google", authorisation.authorize, authorisation.token, ["mail"])
    made = msgspec.structs.replace(google, oauth=entry)
    for module in ("accounts", "browser"):
        place = f"bounce_assistant.services.{module}.load_providers"
        monkeypatch.setattr(place, lambda: Providers((made,)))
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "bounces.sqlite3") as opened:
        yield opened


def browse(url: str) -> httpx.Response:
    """Do what a browser does: open the page, and go where it sends one."""
    return httpx.get(url, follow_redirects=True, timeout=20)


def signed_in(provider: Provider, page: str = "") -> Grant:
    begun = BrowserSignIn(provider, APP, EMAIL, patience=20)
    seen: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: seen.append(browse(page or begun.url)))
    thread.start()
    try:
        return begun.finish(threading.Event())
    finally:
        thread.join(20)
        assert seen[0].status_code == 200
        assert "go back to Bounce Assistant" in seen[0].text


def test_a_person_signs_in_and_the_code_is_changed_for_tokens(
    provider: Provider, authorisation: Authorisation
) -> None:
    grant = signed_in(provider)
    assert grant.is_good
    assert grant.refresh_token.startswith("refresh-")
    sent = authorisation.heard[0]
    assert sent["grant_type"] == "authorization_code"
    assert 43 <= len(sent["code_verifier"]) <= 128
    assert sent["redirect_uri"].startswith("http://127.0.0.1:")
    assert "client_secret" not in sent


def test_no_token_shows_in_a_printed_grant(provider: Provider) -> None:
    grant = signed_in(provider)
    assert "refresh-" not in repr(grant)
    assert "access-" not in repr(grant)


def test_a_no_on_the_page_connects_nothing(
    provider: Provider, authorisation: Authorisation
) -> None:
    authorisation.denies = True
    with pytest.raises(AppError, match="didn't get your permission"):
        signed_in(provider)
    assert authorisation.heard == []


def test_callers_without_our_state_are_turned_away(provider: Provider) -> None:
    begun = BrowserSignIn(provider, APP, EMAIL, patience=20)
    stopped, ended = threading.Event(), []

    def finish() -> None:
        try:
            begun.finish(stopped)
        except CancelledError as end:
            ended.append(end)

    thread = threading.Thread(target=finish)
    thread.start()
    port = f"http://127.0.0.1:{begun._port.number}"
    for path in ("/?code=stolen&state=guessed", "/?code=stolen", "/favicon.ico", "/?state="):
        assert httpx.get(port + path, timeout=20).status_code == 404
    assert httpx.post(port + f"/?code=x&state={begun._state}", timeout=20).status_code == 404
    stopped.set()
    thread.join(20)
    assert len(ended) == 1


def test_the_port_is_this_computers_alone_and_closed_after(provider: Provider) -> None:
    begun = BrowserSignIn(provider, APP, EMAIL)
    assert begun._port._listener.getsockname()[0] == "127.0.0.1"
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(CancelledError):
        begun.finish(stopped)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{begun._port.number}/", timeout=20)


def test_who_never_comes_back_is_not_waited_for_for_ever(provider: Provider) -> None:
    with pytest.raises(AppError, match="Nobody came back from Google's sign-in page"):
        BrowserSignIn(provider, APP, EMAIL, patience=0.2).finish(threading.Event())


def test_a_code_without_its_verifier_is_worth_nothing(
    provider: Provider, authorisation: Authorisation
) -> None:
    begun = BrowserSignIn(provider, APP, EMAIL, patience=20)
    stolen = BrowserSignIn(provider, APP, EMAIL, patience=20)
    stolen._port.close()
    place = httpx.get(begun.url, timeout=20).headers["location"]
    code = place.partition("code=")[2].partition("&")[0]
    begun.close()
    sent = {"grant_type": "authorization_code", "code": code, "code_verifier": stolen._verifier}
    status, answer = authorisation.on_token({**sent, "redirect_uri": begun._redirect})
    assert (status, answer) == (400, b'{"error": "invalid_grant"}')


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>sign in at the hotel</html>",
        b"[]",
        b"null",
        b'{"access_token": 7, "token_type": "Bearer"}',
        b'{"access_token": "a\\u0001b", "token_type": "Bearer", "refresh_token": "x"}',
        b'{"access_token": "tok-s3cret", "token_type": "Bearer", "refresh_token": {"a": 1}}',
        b'{"access_token": "tok-s3cret", "expires_in": "soon", "refresh_token": 9}',
        b"\xff\xfe\x00",
        b"[" * 60_000,
        b"x" * 200_000,
    ],
    ids=lambda answer: answer[:20].decode("latin-1") or "nothing",
)
def test_odd_answers_of_the_token_service_are_a_sentence(
    provider: Provider, authorisation: Authorisation, answer: bytes
) -> None:
    authorisation.answer = answer
    with pytest.raises(AppError) as told:
        signed_in(provider)
    assert "answered in a way we don't understand" in told.value.title
    assert "s3cret" not in str(told.value) + repr(told.value.__cause__)


def test_an_hour_without_a_lasting_permission_is_not_enough(
    provider: Provider, authorisation: Authorisation
) -> None:
    authorisation.answer = b'{"access_token": "tok", "token_type": "Bearer", "expires_in": 3600}'
    with pytest.raises(AppError, match="let us in for an hour only"):
        signed_in(provider)


def test_stop_is_heard_while_the_token_service_is_silent(
    provider: Provider, authorisation: Authorisation
) -> None:
    authorisation.is_silent.set()
    begun = BrowserSignIn(provider, APP, EMAIL, patience=20)
    threading.Thread(target=browse, args=(begun.url,), daemon=True).start()
    stopped = threading.Event()

    def stop() -> None:
        while not authorisation.heard:
            stopped.wait(0.02)
        stopped.set()

    threading.Thread(target=stop, daemon=True).start()
    with pytest.raises(CancelledError):
        begun.finish(stopped)


def test_a_service_that_cannot_be_reached_is_named(provider: Provider) -> None:
    entry = OAuthEntry("google", provider.oauth.authorize, f"https://localhost:{free_port()}/", [])  # type: ignore[union-attr]
    with pytest.raises(AppError, match="Can't reach Google's sign-in service"):
        signed_in(msgspec.structs.replace(provider, oauth=entry))


# --- accounts that are connected so ---------------------------------------------------------------


@pytest.fixture
def server(authority: Authority, authorisation: Authorisation) -> Iterator[Dovecot]:
    url = authorisation.introspection
    with running_dovecot(authority, authority.issue("imap"), introspection=url) as running:
        running.folder("rosa")
        yield running


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def accounts(store: Store, secrets: MemorySecrets, server: Dovecot) -> Accounts:
    context = ssl.create_default_context(cafile=server.ca)

    def connect(
        account: Account, credential: Credential, line: Line, provider: Provider | None
    ) -> Mailbox:
        return connect_imap(account, credential, line, provider, context)

    browser = Browser(secrets, MemoryApps(google=APP))
    return Accounts(store.accounts, secrets, connect, browser=browser, try_sending=lambda *_: None)


def add(accounts: Accounts, server: Dovecot, provider: Provider) -> Account:
    account = replace(server.account("rosa"), id=0, provider=provider.id)
    grant = signed_in(provider)
    accounts.test(account, grant, Job())
    return accounts.add(account, grant)


@pytest.mark.real
def test_an_account_is_tried_added_and_opened_with_its_token(
    accounts: Accounts, server: Dovecot, provider: Provider, store: Store, tmp_path: Path
) -> None:
    added = add(accounts, server, provider)
    assert accounts.list() == [added]
    assert added.sign_in == "browser"
    accounts.open_mailbox(added, Job()).close()
    store.close()
    for file in tmp_path.iterdir():
        assert b"refresh-" not in file.read_bytes()
        assert b"access-" not in file.read_bytes()


@pytest.mark.real
def test_after_a_restart_a_token_is_renewed_from_the_keychain(
    accounts: Accounts,
    server: Dovecot,
    provider: Provider,
    secrets: MemorySecrets,
    authorisation: Authorisation,
) -> None:
    added = add(accounts, server, provider)
    accounts.browser = Browser(secrets, MemoryApps(google=APP))
    accounts.open_mailbox(added, Job()).close()
    grants = [form["grant_type"] for form in authorisation.heard]
    assert grants == ["authorization_code", "refresh_token"]


@pytest.mark.real
def test_a_token_that_ended_early_is_renewed_without_a_word(
    accounts: Accounts, server: Dovecot, provider: Provider, authorisation: Authorisation
) -> None:
    added = add(accounts, server, provider)
    authorisation.rotates = True
    for _ in range(2):
        authorisation.expire()
        accounts.open_mailbox(added, Job()).close()
    grants = [form["grant_type"] for form in authorisation.heard]
    assert grants == ["authorization_code", "refresh_token", "refresh_token"]
    assert authorisation.heard[1]["refresh_token"] != authorisation.heard[2]["refresh_token"]


@pytest.mark.real
def test_a_permission_taken_back_asks_to_sign_in_again(
    accounts: Accounts, server: Dovecot, provider: Provider, authorisation: Authorisation
) -> None:
    added = add(accounts, server, provider)
    authorisation.revoke()
    with pytest.raises(SignInRefusedError) as told:
        accounts.open_mailbox(added, Job())
    assert told.value.title == "Google asked you to sign in again."
    with pytest.raises(PasswordMissingError):
        accounts.open_mailbox(added, Job())
    accounts.sign_in_again(added, signed_in(provider))
    accounts.open_mailbox(added, Job()).close()


@pytest.mark.real
def test_a_permission_taken_back_while_watching_ends_the_watch_with_a_way_on(
    accounts: Accounts, server: Dovecot, provider: Provider, authorisation: Authorisation
) -> None:
    with fault_proxy(server.tls_port) as proxy:
        added = replace(add(accounts, server, provider), imap_port=proxy.port)
        told, ended = threading.Semaphore(0), threading.Event()
        problems: list[AppError] = []

        def watch() -> None:
            try:
                watch_account(added, accounts, Job(), Nudge(), told.release)
            except AppError as problem:
                problems.append(problem)
            ended.set()

        threading.Thread(target=watch, daemon=True).start()
        assert told.acquire(timeout=60), "connected"
        authorisation.revoke()
        proxy.hang_up()  # the laptop slept
        assert ended.wait(60)
    assert [problem.title for problem in problems] == ["Google asked you to sign in again."]
    assert problems[0].next_step == "Sign in to go on checking your mail."


@pytest.mark.real
def test_a_removed_account_forgets_its_permission(
    accounts: Accounts, server: Dovecot, provider: Provider, secrets: MemorySecrets
) -> None:
    added = add(accounts, server, provider)
    accounts.remove(added.id, keep_history=True)
    assert repr(secrets) == "MemorySecrets(0 kept)"


def test_without_an_app_id_the_browser_is_not_offered(secrets: MemorySecrets) -> None:
    browser = Browser(secrets, MemoryApps())
    accounts = Accounts(None, secrets, browser=browser)  # type: ignore[arg-type]  # not asked for
    settings = accounts.settings_for("dana@gmail.com")
    assert settings
    assert browser.offers(settings)
    assert not browser.is_ready(settings)
    with pytest.raises(AppError, match="Google doesn't know Bounce Assistant yet"):
        browser.begin(settings.email, settings.provider)


@pytest.mark.real
def test_the_terminal_signs_in_by_browser_as_well(
    accounts: Accounts,
    server: Dovecot,
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    authorisation: Authorisation,
) -> None:
    def open_page(address: str) -> bool:
        threading.Thread(target=browse, args=(address,), daemon=True).start()
        return True

    imap = ServerEntry("localhost", server.tls_port, "tls")
    here = Providers((msgspec.structs.replace(provider, imap=imap),))
    for module in ("accounts", "browser"):
        monkeypatch.setattr(f"bounce_assistant.services.{module}.load_providers", lambda: here)
    monkeypatch.setattr("webbrowser.open", open_page)
    server.folder("rosa@gmail.com")
    authorisation.user = "rosa@gmail.com"
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    desk = cast("Desk", SimpleNamespace(accounts=accounts))
    assert command.run(parser.parse_args(["add", "rosa@gmail.com", "--browser"]), desk) == 0
    (account,) = accounts.list()
    assert account.sign_in == "browser"
    said = capsys.readouterr()
    assert f"https://localhost:{authorisation.port}/authorize?" in said.out
    assert "access-" not in said.out + said.err
    assert command.run(parser.parse_args(["test"]), desk) == 0
    authorisation.revoke()
    assert command.run(parser.parse_args(["test"]), desk) == 1
    assert "Google asked you to sign in again." in capsys.readouterr().err
