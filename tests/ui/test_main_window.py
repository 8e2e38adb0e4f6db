"""The main window over a real store: pick, decide, undo, drop, paste, search."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from bounce_assistant.app import open_sample_desk
from bounce_assistant.services.desk import Desk
from bounce_assistant.store.rows import CaseQuery, CaseState
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.models.case_list_model import CaseListModel
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.wizard.questions import QuestionsDialog
from tests.ui.desks import empty_desk, write_bounces

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


def opened(desk: Desk, qtbot: QtBot, *files: Path) -> MainWindow:
    """Open the window and wait until the first case is read."""
    tasks = TaskRunner()
    window = MainWindow(desk, tasks, files=[str(file) for file in files])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: not tasks.is_busy)
    return window


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window._tasks.is_busy)


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, left, none))


def addresses(model: CaseListModel) -> list[str]:
    rows = (model.row(number) for number in range(model.rowCount()))
    return [row.address for row in rows if row is not None]


def bands(window: MainWindow) -> list[str]:
    return window.frame.bands.texts()


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


def test_dropped_files_are_diagnosed_and_the_first_is_shown(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(desk, qtbot)
    was_start_shown = window.frame.is_start_shown
    drop(window, *write_bounces(tmp_path, 3))
    qtbot.waitUntil(lambda: window.frame.model.rowCount() == 3)
    settled(window, qtbot)
    assert (was_start_shown, window.frame.is_start_shown) == (True, False)
    assert set(addresses(window.frame.model)) == {f"person{n}@example.net" for n in range(3)}
    assert window.reading.case is not None
    assert window.reading.case.advice.title == "This address doesn't exist"
    assert bands(window) == []


def test_while_files_hover_the_window_says_what_a_drop_would_do(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(desk, qtbot)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in write_bounces(tmp_path, 3)])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    hover = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, left, none)
    window.dragEnterEvent(hover)
    assert hover.isAccepted()
    assert window.overlay.text == "Drop to diagnose 3 files"
    assert window.overlay.isVisible()
    window.dragLeaveEvent(QDragLeaveEvent())
    assert not window.overlay.isVisible()


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


def test_files_named_on_the_command_line_are_diagnosed(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(desk, qtbot, *write_bounces(tmp_path, 2))
    qtbot.waitUntil(lambda: window.frame.model.rowCount() == 2)


def test_of_several_files_the_one_that_cannot_be_read_is_named(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(desk, qtbot)
    noise = tmp_path / "noise.eml"
    noise.write_bytes(bytes(range(256)) * 8)
    drop(window, *write_bounces(tmp_path, 2), noise)
    words = "2 of 3 read, 1 couldn't be read"
    qtbot.waitUntil(lambda: bands(window) == [words])
    band = window.frame.bands.band("incoming")
    assert band is not None
    assert band.buttons[0].text() == "Show it"
    band.buttons[0].click()
    assert "noise.eml" in bands(window)[0]


def test_one_file_that_is_no_mail_is_answered_with_another_way(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(desk, qtbot)
    noise = tmp_path / "noise.eml"
    noise.write_bytes(bytes(range(256)) * 8)
    drop(window, noise)
    qtbot.waitUntil(lambda: bool(bands(window)))
    assert bands(window)[0].startswith("This file isn't an email we can read.")
    band = window.frame.bands.band("incoming")
    assert band is not None
    assert band.buttons[0].text() == "Paste the text instead"


def test_a_wrong_kind_of_file_is_named_with_what_to_do_instead(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(desk, qtbot)
    letter = tmp_path / "letter.pages"
    letter.write_text("x")
    drop(window, letter)
    assert bands(window) == [
        "We can't read .pages files. Save the email as .eml or copy its text and paste it here."
    ]


def test_a_mail_program_that_hands_over_nothing_is_explained(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(desk, qtbot)
    drop(window, tmp_path / "promised.eml")
    assert bands(window)[0].startswith("That program didn't hand over the email.")
    band = window.frame.bands.band("incoming")
    assert band is not None
    assert band.buttons[0].text() == "Show me how"
    band.buttons[0].click()
    titles = [dialog.windowTitle() for dialog in window.findChildren(QDialog)]
    assert "Bounce Assistant - Help" in titles


def test_a_wrong_kind_among_others_is_still_named_beside_what_could_not_be_read(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(desk, qtbot)
    letter, noise = tmp_path / "letter.pages", tmp_path / "noise.eml"
    letter.write_text("x")
    noise.write_bytes(bytes(range(256)))
    drop(window, letter, noise, *write_bounces(tmp_path, 1))
    qtbot.waitUntil(lambda: len(bands(window)) == 2)
    assert bands(window)[0].startswith("We can't read .pages files.")
    assert bands(window)[1] == "1 of 2 read, 1 couldn't be read"


def test_enter_presses_the_button_that_has_the_focus(desk: Desk, qtbot: QtBot) -> None:
    window = opened(desk, qtbot)
    QGuiApplication.clipboard().setText("550 5.1.1 <dana@example.net>: no such user")
    window.commands.paste.trigger()
    band = window.frame.bands.band("incoming")
    assert band is not None
    QTest.keyClick(band.buttons[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: addresses(window.frame.model) == ["dana@example.net"])


def test_pasting_offers_to_diagnose_what_was_copied(desk: Desk, qtbot: QtBot) -> None:
    window = opened(desk, qtbot)
    QGuiApplication.clipboard().setText("550 5.1.1 <dana@example.net>: no such user")
    window.commands.paste.trigger()
    assert bands(window)[0].startswith("Diagnose the text you copied?")
    band = window.frame.bands.band("incoming")
    assert band is not None
    band.buttons[0].click()
    qtbot.waitUntil(lambda: addresses(window.frame.model) == ["dana@example.net"])
    assert bands(window) == []


def test_copied_words_can_be_diagnosed_without_a_question(desk: Desk, qtbot: QtBot) -> None:
    window = opened(desk, qtbot)
    QGuiApplication.clipboard().setText("552 5.2.2 <dana@example.net>: mailbox full")
    window.commands.paste_now.trigger()
    qtbot.waitUntil(lambda: window.frame.model.rowCount() == 1)
    row = window.frame.model.row(0)
    assert row is not None
    assert row.title == "Their inbox is full"


def test_pasting_into_the_search_field_searches(sample: Desk, qtbot: QtBot) -> None:
    window = opened(sample, qtbot)
    QGuiApplication.clipboard().setText("Dana")
    before = bands(window)
    window.frame.toolbar.search.setFocus()
    window.commands.paste.trigger()
    assert window.frame.toolbar.search.text() == "Dana"
    assert bands(window) == before


def test_with_nothing_copied_there_is_a_sentence(desk: Desk, qtbot: QtBot) -> None:
    window = opened(desk, qtbot)
    QGuiApplication.clipboard().clear()
    window.commands.paste_now.trigger()
    assert bands(window) == ["There is no text to diagnose. Copy the words of the bounce first."]


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
    QTest.keyClick(three.frame.rows, Qt.Key.Key_Return)
    assert three.frame.pane.steps.isVisible()


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
