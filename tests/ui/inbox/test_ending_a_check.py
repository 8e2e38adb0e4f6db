"""A check ends when the person says so, and what was found is kept."""

import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.services.job import Job
from tests.ui.inbox.conftest import DANA, INFO, Open

pytestmark = pytest.mark.usefixtures("look")


def test_stop_takes_effect_within_a_second_and_says_what_was_kept(
    window_with: Open, qtbot: QtBot
) -> None:
    started, hung_up = threading.Event(), threading.Event()

    def check(account: Account, _days: int, job: Job) -> CheckResult:
        if account.email == INFO:
            return CheckResult(account, looked_at=10, found=2)
        job.on_cancel(hung_up.set)
        started.set()
        hung_up.wait(10)
        return CheckResult(account, looked_at=400, found=7, stopped=True)

    window = window_with(check)
    window.commands.check.trigger()
    assert started.wait(5)
    began = time.monotonic()
    window.frame.check_panel.stop_button.click()
    qtbot.waitUntil(lambda: not window.checks.is_running)
    assert time.monotonic() - began < 1
    assert window.toast.text == "Stopped. 9 bounces kept."
    assert window.commands.check.isEnabled()


def test_stop_does_not_wait_for_a_server_that_ignores_it(window_with: Open, qtbot: QtBot) -> None:
    started, released = threading.Event(), threading.Event()

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        started.set()
        released.wait(10)
        return CheckResult(account, found=5)

    window = window_with(check)
    window.commands.check.trigger()
    assert started.wait(5)
    began = time.monotonic()
    window.frame.check_panel.stop_button.click()
    qtbot.waitUntil(lambda: not window.checks.is_running)
    assert time.monotonic() - began < 1.2
    assert window.toast.text.startswith("Stopped.")
    released.set()
    qtbot.waitUntil(lambda: not window._tasks.is_busy)


def test_a_long_check_shows_its_words_and_a_stop_button(window_with: Open, qtbot: QtBot) -> None:
    released = threading.Event()

    def check(account: Account, _days: int, job: Job) -> CheckResult:
        job.step(412, 1204, "")
        released.wait(10)
        return CheckResult(account)

    window = window_with(check)
    window.commands.check.trigger()
    panel = window.frame.check_panel
    qtbot.waitUntil(panel.isVisible)
    assert panel.words(DANA) == "412 of 1,204 messages looked at"
    assert panel.stop_button.text() == "Stop"
    assert not window.commands.check.isEnabled()
    released.set()
    qtbot.waitUntil(lambda: not window.checks.is_running)
    assert panel.isHidden()


def test_closing_the_window_ends_a_running_check(window_with: Open, qtbot: QtBot) -> None:
    started, hung_up = threading.Event(), threading.Event()

    def check(account: Account, _days: int, job: Job) -> CheckResult:
        job.on_cancel(hung_up.set)
        started.set()
        hung_up.wait(10)
        return CheckResult(account, stopped=True)

    window = window_with(check)
    window.commands.check.trigger()
    assert started.wait(5)
    began = time.monotonic()
    window.close()
    assert hung_up.is_set()
    assert time.monotonic() - began < 1


def test_a_fault_of_ours_opens_the_one_dialog(
    window_with: Open, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def check(_account: Account, _days: int, _job: Job) -> CheckResult:
        raise ZeroDivisionError

    window = window_with(check)
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: window.faults.dialog is not None)
    qtbot.waitUntil(lambda: not window.checks.is_running)
    assert "ZeroDivisionError" in caplog.text
