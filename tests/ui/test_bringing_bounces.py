"""Bounces brought by hand: dropped, named, pasted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from bounce_assistant.app import open_sample_desk
from bounce_assistant.services.desk import Desk
from tests.ui.desks import empty_desk, write_bounces
from tests.ui.windows import addresses, bands, drop, opened, settled

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
