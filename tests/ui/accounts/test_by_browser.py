"""Signing in on the company's own page: offered where it works, and said where it doesn't."""

import threading

import httpx
import msgspec
import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.oauth import AppId
from bounce_assistant.mail.providers import OAuthEntry, Provider, Providers, load_providers
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.browser import MemoryApps
from bounce_assistant.ui.accounts import browser_page
from bounce_assistant.ui.accounts.add_account import AddAccountDialog
from bounce_assistant.ui.accounts.sign_in_again import SignInDialog
from bounce_assistant.ui.tasks import TaskRunner
from tests.servers.authorisation import CLIENT_ID, Authorisation
from tests.ui.accounts.conftest import MailServer, give_email


@pytest.fixture
def here(authorisation: Authorisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google's and Microsoft's pages are on this computer."""
    known = load_providers()

    def moved(provider: Provider) -> Provider:
        if provider.oauth is None:
            return provider
        entry = OAuthEntry(
            provider.oauth.app, authorisation.authorize, authorisation.token, ["mail"]
        )
        return msgspec.structs.replace(provider, oauth=entry)

    providers = Providers(tuple(moved(one) for one in known.all), known.gateways)
    for module in ("services.accounts", "services.browser", "ui.accounts.browser_page"):
        monkeypatch.setattr(f"bounce_assistant.{module}.load_providers", lambda: providers)


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A browser whose person says yes to everything."""
    addresses: list[str] = []

    def open_in_browser(address: str) -> bool:
        addresses.append(address)
        threading.Thread(
            target=lambda: httpx.get(address, follow_redirects=True, timeout=20), daemon=True
        ).start()
        return True

    monkeypatch.setattr(browser_page, "open_in_browser", open_in_browser)
    return addresses


def connected(dialog: AddAccountDialog, accounts: Accounts, qtbot: QtBot) -> Account:
    dialog.browser_page.sign_in.click()
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page, timeout=20_000)
    with qtbot.waitSignal(dialog.account_added, timeout=20_000):
        dialog.reading_page.start.click()
    (account,) = accounts.list()
    return account


@pytest.mark.usefixtures("here")
def test_with_an_app_id_the_companys_page_opens_and_the_account_is_connected(
    dialog: AddAccountDialog,
    accounts: Accounts,
    apps: MemoryApps,
    server: MailServer,
    visited: list[str],
    qtbot: QtBot,
) -> None:
    apps.set_own("google", CLIENT_ID)
    dialog.email_page.field.edit.setText("dana@gmail.com")
    assert dialog.email_page.field.hint.text() == "Gmail - we'll open Google's sign-in page."
    dialog.email_page.next.click()
    page = dialog.browser_page
    assert dialog.page is page
    assert page.title.text() == "Sign in at Google"
    assert page.sign_in.text() == "Sign in with Google"
    assert page.password.text() == "Use an app password instead"
    assert visited == [], "no page opens before the button is pressed"
    account = connected(dialog, accounts, qtbot)
    assert account.sign_in == "browser"
    assert len(visited) == 1
    assert server.tokens[0].startswith("access-")


@pytest.mark.usefixtures("here")
def test_without_an_app_id_the_button_says_so_and_takes_one(
    dialog: AddAccountDialog, accounts: Accounts, apps: MemoryApps, visited: list[str], qtbot: QtBot
) -> None:
    give_email(dialog, "dana@gmail.com")
    assert dialog.password_page.isVisible(), "the app password works without"
    assert dialog.password_page.browser.text() == "Sign in with Google"
    dialog.password_page.browser.click()
    page = dialog.app_id_page
    assert page.isVisible()
    assert "This copy isn't registered yet." in page.words.text()
    page.use.click()
    assert page.fields.client_id.problem.isVisible()
    page.fields.client_id.edit.setText(CLIENT_ID)
    page.use.click()
    assert apps.find("google") == AppId(CLIENT_ID)
    assert connected(dialog, accounts, qtbot).sign_in == "browser"


def test_who_has_no_app_id_is_led_back_to_the_app_password(dialog: AddAccountDialog) -> None:
    give_email(dialog, "dana@gmail.com")
    dialog.password_page.password.edit.setText("abcd")
    dialog.password_page.browser.click()
    page = dialog.app_id_page
    assert page.password.text() == "Use an app password instead"
    assert "for this session only" in page.fields.secret.hint.text(), "there is no keychain here"
    page.password.click()
    assert dialog.page is dialog.password_page
    assert dialog.password_page.password.text == "abcd"
    dialog.back.click()
    assert dialog.email_page.isVisible()


@pytest.mark.usefixtures("here")
def test_microsoft_without_an_app_id_offers_files_and_with_one_its_page(
    dialog: AddAccountDialog,
) -> None:
    give_email(dialog, "dana@outlook.com")
    assert dialog.no_password_page.isVisible()
    assert dialog.no_password_page.files.text() == "Close and drop in a bounce"
    dialog.no_password_page.app_id.click()
    assert not dialog.app_id_page.password.isVisible(), "Microsoft takes none"
    dialog.app_id_page.fields.client_id.edit.setText(CLIENT_ID)
    dialog.app_id_page.use.click()
    assert dialog.browser_page.isVisible()
    assert dialog.browser_page.sign_in.text() == "Sign in with Microsoft"
    assert not dialog.browser_page.password.isVisible()


@pytest.mark.usefixtures("here")
def test_a_no_is_said_on_the_page_and_can_be_thought_over(
    dialog: AddAccountDialog,
    accounts: Accounts,
    apps: MemoryApps,
    authorisation: Authorisation,
    visited: list[str],
    qtbot: QtBot,
) -> None:
    apps.set_own("google", CLIENT_ID)
    authorisation.denies = True
    give_email(dialog, "dana@gmail.com")
    page = dialog.browser_page
    page.sign_in.click()
    qtbot.waitUntil(page.banner.isVisible, timeout=20_000)
    assert "Google didn't get your permission" in page.banner.words.text()
    authorisation.denies = False
    assert connected(dialog, accounts, qtbot).sign_in == "browser"


@pytest.mark.usefixtures("here")
def test_stop_and_closing_give_the_port_back(
    dialog: AddAccountDialog,
    apps: MemoryApps,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    tasks: TaskRunner,
) -> None:
    monkeypatch.setattr(browser_page, "open_in_browser", lambda _address: False)
    apps.set_own("google", CLIENT_ID)
    give_email(dialog, "dana@gmail.com")
    page = dialog.browser_page
    page.sign_in.click()
    assert page.busy.words.text().startswith("Your browser didn't open.")
    assert page.copy.isVisible()
    page.busy.stop.click()
    assert page.sign_in.isEnabled()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=20_000)
    page.sign_in.click()
    dialog.reject()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=20_000)


def test_an_app_id_that_cannot_be_used_is_said_where_it_is_asked_for(
    dialog: AddAccountDialog, apps: MemoryApps, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_app: str) -> None:
        raise AppError("We can't use oauth_apps.toml.", "", "Correct it or remove it.")

    monkeypatch.setattr(apps, "find", refuse)
    give_email(dialog, "dana@gmail.com")
    dialog.password_page.browser.click()
    assert dialog.page is dialog.app_id_page
    banner = dialog.app_id_page.banner
    assert banner.words.text() == "We can't use oauth_apps.toml. Correct it or remove it."


@pytest.mark.usefixtures("here")
def test_signing_in_again_opens_the_page_for_an_account_connected_so(
    dialog: AddAccountDialog,
    accounts: Accounts,
    apps: MemoryApps,
    visited: list[str],
    qtbot: QtBot,
    tasks: TaskRunner,
) -> None:
    apps.set_own("google", CLIENT_ID)
    give_email(dialog, "dana@gmail.com")
    account = connected(dialog, accounts, qtbot)
    accounts.browser.forget(account.email)
    again = SignInDialog(account, accounts, tasks)
    qtbot.addWidget(again)
    again.show()
    assert again.browser_page.isVisible()
    with qtbot.waitSignal(again.signed_in, timeout=20_000):
        again.browser_page.sign_in.click()
    assert accounts.browser.is_signed_in(account.email)
    assert len(visited) == 2


@pytest.mark.usefixtures("here")
def test_an_account_whose_app_id_went_away_says_so(
    dialog: AddAccountDialog,
    accounts: Accounts,
    apps: MemoryApps,
    visited: list[str],
    qtbot: QtBot,
    tasks: TaskRunner,
) -> None:
    apps.set_own("google", CLIENT_ID)
    give_email(dialog, "dana@gmail.com")
    account = connected(dialog, accounts, qtbot)
    apps.set_own("google", "")
    again = SignInDialog(account, accounts, tasks)
    qtbot.addWidget(again)
    again.show()
    assert "Google doesn't know Bounce Assistant yet." in again.page.password.problem.text()
    again.page.password.edit.setText("abcd efgh ijkl mnop")
    with qtbot.waitSignal(again.signed_in, timeout=20_000):
        again.page.sign_in.click()
    (changed,) = accounts.list()
    assert changed.sign_in == "password"
    assert not accounts.browser.is_signed_in(changed.email)
