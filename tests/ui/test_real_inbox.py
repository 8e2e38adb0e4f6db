"""The window and a real inbox: Check now, the bounces in the list, the mailbox untouched."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.mail.accounts import Account
from bounce_assistant.ui.accounts.sign_in_again import SignInDialog
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.tasks import TaskRunner
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.ui.desks import BOUNCE, empty_desk

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("look")]
ORDINARY = b"From: dana@example.net\r\nSubject: Lunch?\r\n\r\nAt noon?\r\n"


def opened(folder: Path, account: Account, password: str, qtbot: QtBot) -> MainWindow:
    desk = empty_desk(folder)
    desk.accounts.add(account, password)
    window = MainWindow(desk, TaskRunner())
    qtbot.addWidget(window)
    window.show()
    return window


def checked(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=30_000)


def test_what_lies_in_the_inbox_stands_in_the_list(
    dovecot: Dovecot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.ca))
    now = datetime.now(UTC)
    for number in range(5):
        dovecot.put("windows", BOUNCE.format(number=number).encode(), now)
        dovecot.put("windows", ORDINARY, now)
    before = dovecot.snapshot("windows")
    account = dovecot.account("windows")
    window = opened(tmp_path, account, "secret", qtbot)
    checked(window, qtbot)
    assert window.frame.model.rowCount() == 5
    assert window.frame.bands.texts() == []
    assert window.status.text.startswith("Last checked")
    assert dovecot.snapshot("windows") == before
    last = window.frame.sidebar_model.entry(window.frame.sidebar_model.rowCount() - 1)
    assert (last.title, last.count) == (account.email, 5)
    checked(window, qtbot)
    assert window.frame.model.rowCount() == 5


def test_a_wrong_password_is_said_beside_the_account_and_still_known_after_a_restart(
    dovecot: Dovecot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.ca))
    account = dovecot.account("stranger")
    window = opened(tmp_path, account, "wrong", qtbot)
    checked(window, qtbot)
    desk = window._desk
    (words,) = window.frame.bands.texts()
    assert "didn't accept that password" in words
    assert f"We stopped checking {account.email} on " in words
    again = MainWindow(desk, TaskRunner())
    qtbot.addWidget(again)
    assert again.frame.bands.texts() == [words]
    band = again.frame.bands.band(f"account-{desk.accounts.list()[0].id}")
    assert band is not None
    assert [button.text() for button in band.buttons] == ["Sign in"]
    empty = again.frame.list_pane.empty
    assert empty.button.text() == "Sign in"
    empty.button.click()
    assert again.findChild(SignInDialog) is not None


def test_signing_in_again_from_the_band_checks_at_once(
    dovecot: Dovecot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.ca))
    account = dovecot.account("returning")
    window = opened(tmp_path, account, "wrong", qtbot)
    checked(window, qtbot)
    band = window.frame.bands.band("account-1")
    assert band is not None
    assert band.buttons[0].text() == "Sign in"
    band.buttons[0].click()
    dialog = window.findChild(SignInDialog)
    assert dialog is not None
    dialog.page.password.edit.setText(PASSWORD)
    with qtbot.waitSignal(window.checks.checked, timeout=30_000):
        dialog.page.sign_in.click()
    assert window.frame.bands.texts() == []
    assert window._desk.accounts.password(account) == PASSWORD


def test_an_email_that_did_not_come_back_is_found_in_sent(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.ca))
    now = datetime.now(UTC)
    headers = BOUNCE.format(number=7).replace("message/rfc822", "text/rfc822-headers")
    headers = headers.replace("Hello\n", "")
    dovecot.put("finder", headers.encode(), now)
    sent = (
        "From: agent@example.com\r\nTo: person7@example.net\r\nSubject: Open house 7\r\n"
        "Message-ID: <sent7@example.com>\r\nDate: Mon, 2 Mar 2026 08:59:00 +0000\r\n\r\n"
        "The whole text, as it was sent.\r\n"
    )
    dovecot.put("finder", sent.encode(), now, folder="Sent")
    before = dovecot.snapshot("finder")
    window = opened(tmp_path, dovecot.account("finder"), PASSWORD, qtbot)
    checked(window, qtbot)
    pane = window.frame.pane
    qtbot.waitUntil(lambda: pane.case is not None, timeout=30_000)
    pane.case_page.open_section("original")
    original = pane.case_page.original
    assert original.find_it.isVisible()
    original.find_it.click()
    qtbot.waitUntil(lambda: "The whole text" in original.text.toPlainText(), timeout=30_000)
    assert dovecot.snapshot("finder") == before
