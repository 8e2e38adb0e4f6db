"""The main window over a real store: pick, decide, undo, drop, paste, search."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from bounce_assistant.app import open_sample_desk
from bounce_assistant.services.desk import Desk
from bounce_assistant.store.rows import CaseQuery, CaseState
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.wizard.questions import QuestionsDialog
from tests.ui.desks import empty_desk, write_bounces
from tests.ui.windows import addresses, bands, opened, settled

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture(scope="module")
def sample() -> Iterator[Desk]:
    desk = open_sample_desk()
    yield desk
    desk.store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = empty_desk(tmp_path)
    yield made
    made.store.close()


def test_the_sample_mail_opens_with_its_first_bounce_read(sample: Desk, qtbot: QtBot) -> None:
    window = opened(sample, qtbot)
    assert window.windowTitle() == "Bounce Assistant - Needs you"
    assert window.frame.pane.case is not None
    assert bands(window)[0] == "Sample mail - nothing here is real."
    filled = [
        button
        for button in window.findChildren(QPushButton)
        if button.property("kind") == "main" and button.isVisible()
    ]
    assert len(filled) == 1


def test_a_screen_reader_finds_the_parts_by_their_names(sample: Desk, qtbot: QtBot) -> None:
    frame = opened(sample, qtbot).frame
    names = [w.accessibleName() for w in (frame.sidebar, frame.rows, frame.toolbar.search)]
    assert names == ["Views", "Bounces", "Search"]
    buttons = [frame.toolbar.check_button.text(), frame.toolbar.add_button.text()]
    assert buttons == ["Check now", "Add bounce..."]


def test_every_count_in_the_sidebar_is_the_number_of_rows_shown(sample: Desk, qtbot: QtBot) -> None:
    frame = opened(sample, qtbot).frame
    for number in range(frame.sidebar_model.rowCount()):
        entry = frame.sidebar_model.entry(number)
        if entry.query is not None:
            frame.sidebar.choose(entry.query)
            assert frame.model.rowCount() == entry.count, entry.title


def test_the_people_of_a_batch_open_under_it(sample: Desk, qtbot: QtBot) -> None:
    window = opened(sample, qtbot)
    model = window.frame.model
    number = next(
        n for n in range(model.rowCount()) if (row := model.row(n)) and row.key.batch is not None
    )
    row = model.row(number)
    assert row is not None
    before = model.rowCount()
    window.frame.rows.pick(row.key)
    settled(window, qtbot)
    QTest.keyClick(window.frame.rows, Qt.Key.Key_Right)
    assert model.rowCount() == before + row.count
    QTest.keyClick(window.frame.rows, Qt.Key.Key_Left)
    assert model.rowCount() == before


def test_the_questions_work_without_any_bounce(desk: Desk, qtbot: QtBot) -> None:
    window = opened(desk, qtbot)
    window.commands.questions.trigger()
    dialog = window.findChild(QuestionsDialog)
    assert dialog is not None
    assert dialog.isVisible()


def test_what_the_questions_lead_to_becomes_the_reason(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(desk, qtbot, *write_bounces(tmp_path, 1))
    qtbot.waitUntil(lambda: window.frame.pane.case is not None)
    window.dialogs.cause_chosen.emit("inbox_full")
    row = window.frame.model.row(0)
    assert row is not None
    assert row.title == "Their inbox is full"


def test_a_search_without_result_offers_to_clear_it(sample: Desk, qtbot: QtBot) -> None:
    window = opened(sample, qtbot)
    rows = window.frame.model.rowCount()
    QTest.keyClicks(window.frame.toolbar.search, "qqqq")
    qtbot.waitUntil(lambda: window.frame.model.rowCount() == 0)
    shown = window.frame.list_pane.empty.shown
    assert shown is not None
    assert shown.title == 'No match for "qqqq"'
    window.frame.list_pane.empty.button.click()
    qtbot.waitUntil(lambda: window.frame.model.rowCount() == rows)


@pytest.fixture
def three(desk: Desk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Open a window with three bounces, the first one picked."""
    window = opened(desk, qtbot, *write_bounces(tmp_path, 3))
    qtbot.waitUntil(lambda: window.frame.model.rowCount() == 3)
    settled(window, qtbot)
    window.frame.rows.setFocus()
    window.frame.rows.pick(window.frame.model.key(0))
    settled(window, qtbot)
    return window


def test_marking_done_moves_the_row_and_can_be_undone(three: MainWindow, qtbot: QtBot) -> None:
    first = addresses(three.frame.model)[0]
    QTest.keyClick(three.frame.rows, Qt.Key.Key_E)
    assert first not in addresses(three.frame.model)
    assert three.toast.isVisible()
    assert three.toast.text == "Marked as done."
    assert three.frame.sidebar_model.entry(2).count == 1
    assert len(three.picked()) == 1  # the next one takes its place
    three.toast.undo_button.click()
    assert first in addresses(three.frame.model)
    assert three.frame.sidebar_model.entry(2).count == 0


def test_ctrl_z_undoes_the_last_act_only(three: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(three.frame.rows, Qt.Key.Key_E)
    QTest.keyClick(three.frame.rows, Qt.Key.Key_E)
    three.commands.undo.trigger()
    assert three.frame.model.rowCount() == 2
    three.commands.undo.trigger()
    three.commands.undo.trigger()
    assert three.frame.model.rowCount() == 3
    assert three.toast.text == "There is nothing to undo."


def test_a_snoozed_bounce_waits(three: MainWindow) -> None:
    three.acting.fill_snooze_menu(three.reasons, three.picked)
    three.reasons.actions()[0].trigger()
    assert three.frame.model.rowCount() == 2
    three.commands.waiting.trigger()
    assert three.windowTitle() == "Bounce Assistant - Waiting"
    assert three.frame.model.rowCount() == 1


def test_the_reason_can_be_changed_from_the_list(three: MainWindow, qtbot: QtBot) -> None:
    case = three.picked()[0].key.case
    three.reasons.aboutToShow.emit()
    later = three.reasons.actions()[1].menu()
    assert isinstance(later, QMenu)
    assert later.title() == "Try later"
    action = next(a for a in later.actions() if a.text() == "Their inbox is full")
    action.trigger()
    settled(three, qtbot)
    assert three.reading.case is not None
    assert three.reading.case.id == case
    assert three.reading.case.advice.title == "Their inbox is full"


def test_letters_move_and_act_only_in_the_list(three: MainWindow, qtbot: QtBot) -> None:
    rows = three.frame.rows
    assert rows.currentIndex().row() == 0
    QTest.keyClick(rows, Qt.Key.Key_J)
    assert rows.currentIndex().row() == 1
    QTest.keyClick(rows, Qt.Key.Key_K)
    assert rows.currentIndex().row() == 0
    three.frame.toolbar.search.setFocus()
    QTest.keyClick(three.frame.toolbar.search, Qt.Key.Key_E)
    assert three.frame.sidebar_model.entry(2).count == 0
    assert three.frame.toolbar.search.text() == "e"


def test_enter_starts_what_the_main_button_says(three: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(three.frame.pane.flow_wanted, timeout=20_000) as begun:
        QTest.keyClick(three.frame.rows, Qt.Key.Key_Return)
    assert begun.args == ["fix_address", 0.0]
    assert three.fixing.dialog is not None
    assert three.fixing.dialog.windowTitle() == "Fix the address"


def test_several_rows_get_a_bar_of_their_own(three: MainWindow, qtbot: QtBot) -> None:
    three.frame.rows.selectAll()
    bulk = three.frame.toolbar.bulk
    assert bulk.isVisible()
    assert bulk.text == three.frame.pane.empty.title.text() == "3 selected"
    bulk.done_button.click()
    assert three.frame.model.rowCount() == 0
    assert three.toast.text == "3 marked as done."
    assert not bulk.isVisible()
    three.commands.undo.trigger()
    assert three.frame.model.rowCount() == 3


def test_a_read_bounce_is_no_longer_bold(three: MainWindow) -> None:
    row = three.frame.model.row(0)
    assert row is not None
    assert not row.is_unread


def test_the_views_are_a_key_away(three: MainWindow) -> None:
    three.commands.done_view.trigger()
    assert three.frame.model.query == CaseQuery(state=CaseState.DONE)
    shown = three.frame.list_pane.empty.shown
    assert shown is not None
    assert shown.title == "Nothing is done yet"
    three.frame.list_pane.empty.button.click()
    assert three.windowTitle() == "Bounce Assistant - Needs you"


def test_sorting_by_person_puts_a_before_b(three: MainWindow) -> None:
    by_person = next(a for a in three.commands.sorts.actions() if a.data() == "name")
    by_person.trigger()
    assert addresses(three.frame.model) == [f"person{n}@example.net" for n in range(3)]
