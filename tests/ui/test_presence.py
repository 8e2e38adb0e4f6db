"""The program goes on in the tray only if the person said so, and never where nobody sees it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult
from bounce_assistant.services.intake import add_sources
from bounce_assistant.services.job import Job
from bounce_assistant.services.sources import Source
from bounce_assistant.store.rows import MessageId
from bounce_assistant.ui.inbox.watching import Watching
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.settings.settings_dialog import SettingsDialog
from bounce_assistant.ui.shell import Shell
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.tray import Tray
from tests.ui.desks import BOUNCE, empty_desk

pytestmark = pytest.mark.usefixtures("look")
SOON = 20_000  # milliseconds
Open = Callable[..., "Place"]


class Panel:
    """Stands for a desktop's panel, which no test screen has: it shows icons, or is gone."""

    def __init__(self) -> None:
        self.is_there = True
        self.notices: list[tuple[str, str]] = []


class Icon(QObject):
    """Stands for Qt's icon, which wants a panel; the real one is in test_real_tray.py."""

    messageClicked = Signal()  # noqa: N815 - Qt's name
    activated = Signal(object)

    def __init__(self, panel: Panel, parent: QObject) -> None:
        super().__init__(parent)
        self._panel, self._is_shown = panel, False
        self.setToolTip = self.setContextMenu = lambda _value: None
        self.icon = QIcon

    def isVisible(self) -> bool:  # noqa: N802 - Qt's name
        return self._is_shown

    def show(self) -> None:
        self._is_shown = True

    def hide(self) -> None:
        self._is_shown = False

    def showMessage(self, title: str, words: str, _icon: QIcon) -> None:  # noqa: N802 - Qt's name
        self._panel.notices.append((title, words))


class Place:
    """A window in its shell, as the program has it."""

    def __init__(self, desk: Desk, check: Callable[..., CheckResult]) -> None:
        self.window = MainWindow(desk, TaskRunner(), check=check)
        self.shell = Shell(QByteArray())
        self.shell.may_close = self.window.presence.may_close
        self.shell.hold(self.window)
        self.shell.show()
        self.presence = self.window.presence


@pytest.fixture
def panel(monkeypatch: pytest.MonkeyPatch) -> Panel:
    made = Panel()
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: made.is_there)
    monkeypatch.setattr(Tray, "make_icon", lambda tray: Icon(made, tray))
    monkeypatch.setattr(Watching, "refresh", lambda _watching: None)  # nothing is dialled here
    return made


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = empty_desk(tmp_path, "dana@example.com")
    yield made
    made.store.close()


@pytest.fixture
def open_place(desk: Desk, panel: Panel, qtbot: QtBot) -> Iterator[Open]:
    places = []

    def make(*, problem: AppError | None = None, **settings: str) -> Place:
        kept = desk.store.settings
        kept.save(replace(kept.load(), **settings))  # type: ignore[arg-type]  # words only

        def check(account: Account, _days: int, _job: Job) -> CheckResult:
            return CheckResult(account, problem=problem)

        place = Place(desk, check)
        places.append(place)
        return place

    yield make
    for place in places:
        place.presence.quit()
    assert QApplication.quitOnLastWindowClosed()


def arrive(desk: Desk, subject: str, count: int) -> tuple[MessageId, ...]:
    """Keep bounces of one mailing; return their messages."""
    text = BOUNCE.replace("Open house {number}", subject)
    raws = [text.format(number=f"{subject[:3]}{number}").encode() for number in range(count)]
    before = set(desk.store.messages.ids())
    sources = (Source(f"{subject}{n}.eml", raw) for n, raw in enumerate(raws))
    add_sources(sources, desk.store, desk.knowledge, Job())
    return tuple(one for one in desk.store.messages.ids() if one not in before)


def test_closing_asks_once_and_then_goes_on_in_the_tray(open_place: Open, desk: Desk) -> None:
    place = open_place(watch="on")
    place.shell.close()
    assert place.shell.isVisible()
    dialog = place.presence.dialog
    assert dialog
    place.shell.close()
    assert place.presence.dialog is dialog  # not a second one
    dialog.stay.click()
    assert not place.shell.isVisible()
    assert place.presence.is_away
    assert not QApplication.quitOnLastWindowClosed()
    assert desk.store.settings.load().when_closed == "tray"
    place.presence.tray.open.trigger()
    assert place.shell.isVisible()
    assert QApplication.quitOnLastWindowClosed()
    place.shell.close()
    assert place.presence.is_away  # without a question


def test_who_cancels_keeps_the_window_and_is_asked_again(open_place: Open, desk: Desk) -> None:
    place = open_place(watch="on")
    place.shell.close()
    assert place.presence.dialog
    place.presence.dialog.reject()
    assert place.shell.isVisible()
    assert desk.store.settings.load().when_closed == "ask"
    place.shell.close()
    asked = place.presence.dialog
    assert asked is not None
    asked.quit.click()
    assert not place.shell.isVisible()
    assert not place.presence.is_away
    assert desk.store.settings.load().when_closed == "quit"


@pytest.mark.parametrize(
    ("watch", "when_closed", "is_tray_there"),
    [("off", "tray", True), ("ask", "ask", True), ("on", "tray", False), ("on", "ask", False)],
)
def test_closing_quits_where_nothing_is_watched_or_nobody_could_reach_it(
    open_place: Open, panel: Panel, watch: str, when_closed: str, *, is_tray_there: bool
) -> None:
    panel.is_there = is_tray_there
    place = open_place(watch=watch, when_closed=when_closed)
    place.shell.close()
    assert not place.shell.isVisible()
    assert place.presence.dialog is None
    assert not place.presence.is_away


@pytest.mark.parametrize("way", ["tray", "menu"])
def test_quit_ends_it_from_the_tray_and_from_the_menu(
    open_place: Open, qtbot: QtBot, way: str
) -> None:
    place = open_place(watch="on", when_closed="tray")
    place.shell.close()
    assert place.presence.is_away
    if way == "menu":
        place.presence.open()
    quit_ = place.presence.tray.quit if way == "tray" else place.window.commands.quit
    with qtbot.waitSignal(place.shell.closed, timeout=SOON):
        quit_.trigger()
    assert not place.shell.isVisible()


def test_a_tray_that_goes_away_brings_the_window_back(open_place: Open, panel: Panel) -> None:
    place = open_place(watch="on", when_closed="tray")
    place.shell.close()
    panel.is_there = False
    place.presence.lookout.timeout.emit()
    panel.is_there = True
    place.presence.lookout.timeout.emit()
    assert place.presence.is_away  # the panel only started anew
    panel.is_there = False
    for _ in range(2):
        place.presence.lookout.timeout.emit()
    assert place.shell.isVisible()
    assert not place.presence.is_away


def test_windows_that_were_open_are_open_again(open_place: Open, qtbot: QtBot) -> None:
    place = open_place(watch="on", when_closed="tray")
    place.window.commands.settings.trigger()
    (settings,) = place.window.findChildren(SettingsDialog)
    place.shell.close()
    assert not settings.isVisible()
    place.presence.open()
    assert settings.isVisible()
    settings.close()


def test_a_batch_is_one_notice_and_a_click_opens_its_group(
    open_place: Open, panel: Panel, desk: Desk, qtbot: QtBot
) -> None:
    for number in range(3):
        arrive(desk, f"Older letter {number}", 1)
    place = open_place(watch="on", when_closed="tray")
    place.shell.close()
    notices = place.presence.notices
    notices.pause.setInterval(0)
    batch = arrive(desk, "Price change", 5)
    for message in batch:  # they come in one by one
        result = CheckResult(desk.accounts.list()[0], new_messages=(message,))
        place.window.checks.account_checked.emit(result, True)  # noqa: FBT003 - a signal's
    qtbot.waitUntil(lambda: bool(panel.notices), timeout=SOON)
    assert panel.notices == [("5 emails bounced", "Click to see why.")]
    arrive(desk, "Something newer", 1)
    place.window.views.done()
    place.presence.tray.notice_clicked.emit()
    assert place.shell.isVisible()
    (row,) = place.window.picked()
    assert (row.subject, row.count) == ("Price change", 5)
    assert place.window.windowTitle() == "Bounce Assistant - Needs you"


def test_a_mailing_that_comes_back_for_minutes_is_told_now_and_then(
    open_place: Open, panel: Panel
) -> None:
    notices = open_place(watch="on").presence.notices
    waits = []
    for number in range(1, 9, 2):
        for message in (number, number + 1):
            notices.add((MessageId(message),))
        waits.append(notices.pause.interval())
        notices.pause.timeout.emit()
    assert waits == [10_000, 60_000, 300_000, 300_000]
    assert [title for title, _ in panel.notices] == ["2 emails bounced"] * 4
    notices.calm.timeout.emit()  # five minutes without any
    assert notices.pause.interval() == 10_000


def test_a_notice_can_be_clicked_while_the_window_goes_on(
    open_place: Open, panel: Panel, desk: Desk, qtbot: QtBot
) -> None:
    """Also where the icon is there for the notice only: without it the system drops the notice."""
    place = open_place(watch="on", when_closed="quit")
    tray = place.presence.tray
    was_shown = tray.is_shown
    (new,) = arrive(desk, "Open house", 1)
    place.presence.notices.answer((new,))
    place.window.refresh()
    assert (was_shown, tray.is_shown) == (False, True)
    with qtbot.waitSignal(place.presence.notices.clicked, timeout=SOON) as clicked:
        tray.notice_clicked.emit()
    assert clicked.args == [(new,)]


def test_a_click_on_a_notice_of_one_bounce_opens_it(open_place: Open, desk: Desk) -> None:
    (old,) = arrive(desk, "Open house", 1)
    arrive(desk, "Something newer", 1)
    place = open_place(watch="on")
    place.window.show_new((old,))
    (row,) = place.window.picked()
    assert row.subject == "Open house"


def test_a_check_from_the_tray_says_what_came_of_it(
    open_place: Open, panel: Panel, qtbot: QtBot
) -> None:
    for problem, notice in (
        (None, ("No new bounces", "")),
        (AppError("Can't reach localhost."), ("Mail not checked", "Can't reach localhost.")),
    ):
        panel.notices.clear()
        place = open_place(watch="on", when_closed="tray", problem=problem)
        place.shell.close()
        with qtbot.waitSignal(place.window.checks.checked, timeout=SOON):
            place.presence.tray.check.trigger()
        assert panel.notices == [notice]
        place.presence.open()
        with qtbot.waitSignal(place.window.checks.checked, timeout=SOON):
            place.window.commands.check.trigger()
        assert panel.notices == [notice]  # seen in the window, not told beside it


def test_the_switch_in_the_tray_turns_watching_off_and_on(open_place: Open, desk: Desk) -> None:
    place = open_place(watch="on", when_closed="tray")
    switch = place.presence.tray.watch
    assert switch.isChecked()
    switch.trigger()
    assert desk.store.settings.load().watch == "off"
    assert not switch.isChecked()
    switch.trigger()
    assert desk.store.settings.load().watch == "on"


def test_settings_say_what_closing_means(open_place: Open, panel: Panel, desk: Desk) -> None:
    place = open_place(watch="off")
    dialog = SettingsDialog(desk, place.window._tasks)
    boxes = dialog.watching
    assert not boxes.stay.isEnabled()  # without watching there is nothing to stay for
    boxes.watch.click()
    boxes.stay.click()
    assert desk.store.settings.load().when_closed == "tray"
    boxes.stay.click()
    assert desk.store.settings.load().when_closed == "quit"
    panel.is_there = False
    dialog = SettingsDialog(desk, place.window._tasks)
    assert dialog.watching.stay.isHidden()
    assert not dialog.watching.no_tray.isHidden()
