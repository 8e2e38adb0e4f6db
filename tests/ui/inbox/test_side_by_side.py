"""Accounts are checked side by side: what one waits for keeps nothing of another waiting."""

import threading
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.services.job import Job
from bounce_assistant.store.rows import AccountId
from bounce_assistant.store.set_aside import SetAsideMail
from tests.ui.inbox.conftest import DANA, INFO, Open
from tests.ui.windows import bands

pytestmark = pytest.mark.usefixtures("look")


def test_one_account_failing_does_not_stop_the_other(window_with: Open, qtbot: QtBot) -> None:
    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        if account.email == INFO:
            problem = AppError("Google didn't accept that app password.", next_step="Try again.")
            return CheckResult(account, problem=problem)
        return CheckResult(account, looked_at=10)

    window = window_with(check)
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: not window.checks.is_running)
    assert bands(window) == [f"{INFO}: Google didn't accept that app password. Try again."]
    panel = window.frame.check_panel
    assert panel.words(DANA) == "10 messages looked at, 0 bounces found"
    assert panel.words(INFO) == "Google didn't accept that app password."


def test_what_came_of_an_account_is_shown_while_another_hangs(
    window_with: Open, qtbot: QtBot
) -> None:
    release = threading.Event()

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        if account.email == INFO:
            release.wait(60)
            raise AppError("Yahoo didn't let us in.")
        mail = SetAsideMail(AccountId(account.id), "INBOX", 1, 7, subject="Undelivered")
        return CheckResult(account, problem=AppError("It was cut."), set_aside=(mail,))

    window = window_with(check)
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: len(bands(window)) == 2, timeout=20_000)
    assert window.checks.is_running
    cut, unread = bands(window)
    assert cut == f"{DANA}: It was cut."
    assert unread.startswith(f"{DANA}: One mail could not be read")
    band = window.frame.bands.band("account-1")
    release.set()
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)
    assert bands(window) == [cut, unread, f"{INFO}: Yahoo didn't let us in."]
    assert window.frame.bands.band("account-1") is band, "it is said once"


def test_a_band_goes_when_its_account_works_again_though_another_hangs(
    window_with: Open, qtbot: QtBot
) -> None:
    release, is_up = threading.Event(), threading.Event()

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        if account.email == INFO and is_up.is_set():
            release.wait(60)
        problem = None if is_up.is_set() else AppError("The server was busy.")
        return CheckResult(account, looked_at=1, problem=problem)

    window = window_with(check)
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)
    assert len(bands(window)) == 2
    is_up.set()
    for account in window._desk.accounts.list():
        window.checks.look_at(account)
    qtbot.waitUntil(lambda: bands(window) == [f"{INFO}: The server was busy."], timeout=20_000)
    assert window.checks.is_running
    release.set()
    qtbot.waitUntil(lambda: not window.checks.is_running and not bands(window), timeout=20_000)


def test_an_account_added_while_another_hangs_is_checked_at_once(
    desk: Desk, window_with: Open, qtbot: QtBot
) -> None:
    release, asked = threading.Event(), []

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        asked.append(account.email)
        if account.email == INFO:
            release.wait(20)
        return CheckResult(account, looked_at=10)

    window = window_with(check)
    window.commands.check.trigger()
    panel = window.frame.check_panel
    done = "10 messages looked at, 0 bounces found"
    qtbot.waitUntil(lambda: panel.words(DANA) == done, timeout=20_000)
    third = replace(desk.accounts.list()[0], id=0, email="third@example.com")
    desk.accounts.add(third, "secret")
    window.on_account_added()
    qtbot.waitUntil(lambda: asked.count(third.email) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: panel.words(third.email) == done, timeout=20_000)
    assert asked.count(INFO) == 1, "the one that hangs is not asked twice"
    release.set()
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)


def test_mail_for_one_account_is_looked_at_while_another_hangs(
    desk: Desk, window_with: Open, qtbot: QtBot
) -> None:
    release, asked = threading.Event(), []

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        asked.append(account.email)
        if account.email == INFO:
            release.wait(20)
        return CheckResult(account)

    window = window_with(check)
    dana, info = desk.accounts.list()
    window.checks.look_at(info)
    window.checks.look_at(dana)
    qtbot.waitUntil(lambda: asked.count(DANA) == 1, timeout=20_000)
    window.checks.look_at(info)
    assert asked.count(INFO) == 1
    release.set()
    qtbot.waitUntil(lambda: asked.count(INFO) == 2, timeout=20_000)  # mail that came meanwhile
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)
