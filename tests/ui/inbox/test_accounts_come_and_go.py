"""Accounts connected and removed in Settings, while the window behind checks its mail."""

import threading
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.services.job import Job
from bounce_assistant.ui.accounts.add_account import AddAccountDialog
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.settings.account_dialogs import RemoveDialog
from bounce_assistant.ui.settings.settings_dialog import SettingsDialog
from tests.ui.inbox.conftest import DANA, INFO, Open

pytestmark = pytest.mark.usefixtures("look")
SOON = 20_000  # milliseconds


def settings_of(window: MainWindow) -> SettingsDialog:
    window.dialogs.settings()
    (dialog,) = window.findChildren(SettingsDialog)
    return dialog


def remove(dialog: SettingsDialog, email: str, qtbot: QtBot) -> None:
    emails = [account.email for account in dialog.accounts._accounts.list()]
    dialog.accounts.account_rows[emails.index(email)].remove.click()
    with qtbot.waitSignal(dialog.accounts.changed, timeout=SOON):
        dialog.findChildren(RemoveDialog)[-1].forget.click()


def test_an_account_connected_in_settings_is_looked_at_as_its_button_says(
    desk: Desk, window_with: Open, qtbot: QtBot
) -> None:
    asked: list[str] = []

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        asked.append(account.email)
        return CheckResult(account)

    window = window_with(check)
    dialog = settings_of(window)
    dialog.accounts.add.click()
    (adding,) = dialog.findChildren(AddAccountDialog)
    third = replace(desk.accounts.list()[0], id=0, email="third@example.com")
    adding.account_added.emit(desk.accounts.add(third, "secret").id)
    qtbot.waitUntil(lambda: third.email in asked, timeout=SOON)
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=SOON)


def test_an_account_signed_in_again_in_settings_is_looked_at(
    window_with: Open, qtbot: QtBot
) -> None:
    problem: AppError | None = AppError("There's no password kept.")

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        return CheckResult(account, problem=problem if account.email == INFO else None)

    window = window_with(check)
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: len(window.frame.bands.texts()) == 1, timeout=SOON)
    problem = None
    settings_of(window).accounts.account_rows[1].signed_in.emit(INFO)
    qtbot.waitUntil(lambda: window.frame.bands.texts() == [], timeout=SOON)
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=SOON)


def test_an_account_removed_in_the_middle_of_its_check_is_waited_for_no_more(
    window_with: Open, qtbot: QtBot
) -> None:
    hung_up = threading.Event()
    faults: list[Exception] = []

    def check(account: Account, _days: int, job: Job) -> CheckResult:
        if account.email == INFO:
            job.on_cancel(hung_up.set)
            hung_up.wait(SOON / 1000)
            raise ValueError("there is no such account any more")
        return CheckResult(account, looked_at=10)

    window = window_with(check)
    window._tasks.failed.connect(faults.append)
    window.commands.check.trigger()
    panel = window.frame.check_panel
    qtbot.waitUntil(lambda: panel.words(DANA).startswith("10 messages"), timeout=SOON)
    assert window.checks.is_running
    remove(settings_of(window), INFO, qtbot)
    assert hung_up.is_set()
    assert window.commands.check.isEnabled()
    qtbot.waitUntil(lambda: not window._tasks.is_busy, timeout=SOON)
    assert faults == []


def test_what_concerned_a_removed_account_goes_with_it(window_with: Open, qtbot: QtBot) -> None:
    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        return CheckResult(account, problem=AppError("The mailbox is shut."))

    window = window_with(check)
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: len(window.frame.bands.texts()) == 2, timeout=SOON)
    window.presence.ask_about_watching()
    dialog = settings_of(window)
    remove(dialog, DANA, qtbot)
    assert window.frame.bands.texts() == [
        f"{INFO}: The mailbox is shut.",
        "Shall we keep looking for new bounces while this window is open?",
    ]
    remove(dialog, INFO, qtbot)
    assert window.frame.bands.texts() == []
