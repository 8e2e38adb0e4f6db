"""While the window is open, new mail is looked at by itself: only if the user said so."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.services.job import Job
from bounce_assistant.services.watching import Nudge
from bounce_assistant.ui.inbox.watching import Watching
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.settings.settings_dialog import SettingsDialog
from bounce_assistant.ui.surroundings import Surroundings
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.desks import empty_desk

pytestmark = pytest.mark.usefixtures("look")
DANA, INFO = "dana@example.com", "info@example.com"
SOON = 20_000  # milliseconds


class Around(QObject):
    """Stands for what the system tells; the real thing is in test_surroundings.py."""

    changed, moved = Signal(), Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_online, self.is_metered, self.is_on_battery = True, False, False

    def become(self, **facts: bool) -> None:
        for name, so in facts.items():
            setattr(self, name, so)
        self.changed.emit()


class Server:
    """Stands for the servers of all accounts; tells of mail when a test says so."""

    def __init__(self) -> None:
        self.watched: dict[str, Callable[[], object]] = {}
        self.nudges: dict[str, Nudge] = {}
        self.ended: list[str] = []
        self.nudged = threading.Event()
        self.problem: AppError | None = None

    def watch(self, account: Account, job: Job, nudge: Nudge, tell: Callable[[], object]) -> None:
        if self.problem:
            raise self.problem
        over = threading.Event()
        job.on_cancel(over.set)
        self.watched[account.email] = tell
        self.nudges[account.email] = nudge
        while not over.wait(0.01):
            if nudge._event.is_set():
                nudge.wait(0)
                self.nudged.set()
        self.watched.pop(account.email, None)
        self.ended.append(account.email)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = empty_desk(tmp_path, DANA, INFO)
    yield made
    made.store.close()


@pytest.fixture
def tasks() -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.stop()


def turn(desk: Desk, watch: str) -> None:
    settings = desk.store.settings
    settings.save(replace(settings.load(), watch=watch))


@pytest.fixture
def around(qtbot: QtBot) -> Around:
    return Around()


@pytest.fixture
def watching(desk: Desk, tasks: TaskRunner, around: Around) -> tuple[Watching, Server]:
    server = Server()
    made = Watching(desk, tasks, cast("Surroundings", around), tasks, server.watch)
    return made, server


def test_nothing_is_watched_until_the_user_says_so(
    desk: Desk, tasks: TaskRunner, watching: tuple[Watching, Server], qtbot: QtBot
) -> None:
    watch, server = watching
    for setting in ("ask", "off"):
        turn(desk, setting)
        watch.refresh()
        assert not tasks._lasting
    turn(desk, "on")
    watch.refresh()
    qtbot.waitUntil(lambda: set(server.watched) == {DANA, INFO}, timeout=SOON)
    assert not tasks.is_busy
    turn(desk, "off")
    watch.refresh()
    qtbot.waitUntil(lambda: set(server.ended) == {DANA, INFO}, timeout=SOON)


def test_new_mail_is_told_with_its_account(
    desk: Desk, watching: tuple[Watching, Server], qtbot: QtBot
) -> None:
    watch, server = watching
    turn(desk, "on")
    watch.refresh()
    qtbot.waitUntil(lambda: INFO in server.watched, timeout=SOON)
    with qtbot.waitSignal(watch.mail_expected, timeout=SOON) as told:
        server.watched[INFO]()
    assert told.args
    assert told.args[0].email == INFO


def test_a_watch_that_cannot_go_on_says_why(
    desk: Desk, watching: tuple[Watching, Server], qtbot: QtBot
) -> None:
    watch, server = watching
    server.problem = AppError("Google asked you to sign in again.")
    turn(desk, "on")
    with qtbot.waitSignals([watch.watch_ended, watch.watch_ended], timeout=SOON):
        watch.refresh()
    assert not watch._running


def test_awake_again_or_elsewhere_every_watch_connects_anew(
    desk: Desk, watching: tuple[Watching, Server], around: Around, qtbot: QtBot
) -> None:
    watch, server = watching
    turn(desk, "on")
    watch.refresh()
    qtbot.waitUntil(lambda: len(server.watched) == 2, timeout=SOON)
    around.moved.emit()
    assert server.nudged.wait(SOON / 1000)


def test_on_a_connection_that_costs_money_nothing_is_watched(
    desk: Desk, watching: tuple[Watching, Server], around: Around, qtbot: QtBot
) -> None:
    watch, server = watching
    turn(desk, "on")
    watch.refresh()
    qtbot.waitUntil(lambda: len(server.watched) == 2, timeout=SOON)
    around.become(is_metered=True)
    assert watch.is_paused
    qtbot.waitUntil(lambda: set(server.ended) == {DANA, INFO}, timeout=SOON)
    around.become(is_metered=False)
    qtbot.waitUntil(lambda: len(server.watched) == 2, timeout=SOON)


def test_on_battery_servers_are_asked_less_often(
    desk: Desk, watching: tuple[Watching, Server], around: Around, qtbot: QtBot
) -> None:
    watch, server = watching
    turn(desk, "on")
    watch.refresh()
    qtbot.waitUntil(lambda: len(server.nudges) == 2, timeout=SOON)
    assert not any(nudge.is_sparing for nudge in server.nudges.values())
    around.become(is_on_battery=True)
    assert all(nudge.is_sparing for nudge in server.nudges.values())
    around.become(is_on_battery=False)
    assert not any(nudge.is_sparing for nudge in server.nudges.values())


def opened(desk: Desk, qtbot: QtBot) -> tuple[MainWindow, list[str]]:
    checked: list[str] = []

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        checked.append(account.email)
        return CheckResult(account, looked_at=1)

    window = MainWindow(desk, TaskRunner(), check=check)
    qtbot.addWidget(window)
    window.show()
    return window, checked


def test_mail_that_is_expected_is_looked_at_without_a_word(desk: Desk, qtbot: QtBot) -> None:
    window, checked = opened(desk, qtbot)
    dana, info = desk.accounts.list()
    with qtbot.waitSignal(window.checks.checked, timeout=SOON):
        window.watching.mail_expected.emit(dana)
        window.watching.mail_expected.emit(info)
        assert not window.frame.check_panel.isVisible()
    qtbot.waitUntil(lambda: sorted(checked) == [DANA, INFO], timeout=SOON)
    window.close()


def test_the_first_account_asks_whether_to_keep_looking(desk: Desk, qtbot: QtBot) -> None:
    window, _ = opened(desk, qtbot)
    window.on_account_added()
    band = window.frame.bands.band("watch")
    assert band
    assert band.text == "Shall we keep looking for new bounces while this window is open?"
    turn(desk, "off")  # the button turns it on; here it must not dial
    window.frame.bands.remove("watch")
    window.on_account_added()
    assert window.frame.bands.band("watch") is None
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=SOON)
    window.close()


def test_the_status_bar_says_that_a_metered_connection_is_spared_and_offers_a_check(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, checked = opened(desk, qtbot)
    turn(desk, "on")
    monkeypatch.setattr(Surroundings, "is_metered", property(lambda _self: True))
    window.surroundings.changed.emit()
    assert window.status.text.endswith("metered connection, so we don't look by ourselves")
    button = window.status._check
    assert button is not None
    assert button.isVisible()
    with qtbot.waitSignal(window.checks.checked, timeout=SOON):
        button.click()
    assert sorted(checked) == [DANA, INFO]
    turn(desk, "off")  # so that nothing is dialled
    monkeypatch.setattr(Surroundings, "is_metered", property(lambda _self: False))
    window.surroundings.changed.emit()
    assert "metered" not in window.status.text
    assert not button.isVisible()
    window.close()


def test_one_switch_in_the_settings_turns_it_off(
    desk: Desk, tasks: TaskRunner, qtbot: QtBot
) -> None:
    dialog = SettingsDialog(desk, tasks)
    qtbot.addWidget(dialog)
    assert not dialog.watching.watch.isChecked()
    dialog.watching.watch.click()
    assert desk.store.settings.load().watch == "on"
    dialog.watching.watch.click()
    assert desk.store.settings.load().watch == "off"
