"""Short words in the window: they go by themselves, and never pile up."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.ui import theme
from bounce_assistant.ui.inbox.bands import Band, BandStack
from bounce_assistant.ui.inbox.progress import CheckProgress
from bounce_assistant.ui.inbox.toast import SHOWN_FOR, Toast


def test_undo_is_offered_for_ten_seconds_and_not_longer(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    toast = Toast(window)
    toast.show_words("Marked as done.", can_undo=True)
    assert toast.isVisible()
    assert toast.timer.interval() == SHOWN_FOR == 10_000
    assert toast.timer.isActive()
    toast.timer.timeout.emit()
    assert not toast.isVisible()


def test_undo_in_the_toast_asks_for_it_once(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    toast = Toast(window)
    toast.show_words("Marked as done.", can_undo=True)
    with qtbot.waitSignal(toast.undo_requested):
        toast.undo_button.click()
    assert toast.isHidden()


def test_words_without_an_act_offer_no_undo(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    toast = Toast(window)
    toast.show_words("Stopped. 9 bounces kept.", can_undo=False)
    assert toast.undo_button.isHidden()


def test_a_newer_band_takes_the_place_of_the_older_one_about_the_same(qtbot: QtBot) -> None:
    stack = BandStack()
    qtbot.addWidget(stack)
    stack.show_band("a", Band("later", "unsure", "First."))
    stack.show_band("b", Band("setup", "mail", "Other."))
    stack.show_band("a", Band("later", "unsure", "Second."))
    assert stack.texts() == ["Other.", "Second."]


def test_a_band_can_be_closed(qtbot: QtBot) -> None:
    stack = BandStack()
    qtbot.addWidget(stack)
    band = Band("later", "unsure", "Words.", can_close=True)
    stack.show_band("a", band)
    assert band.close_button is not None
    assert band.close_button.accessibleName() == "Dismiss"
    band.close_button.click()
    qtbot.waitUntil(lambda: stack.texts() == [])


def test_words_from_a_server_are_never_taken_for_markup(qtbot: QtBot) -> None:
    band = Band("later", "unsure", "<b>bold</b> &amp; <img src='http://example.com/x'>")
    qtbot.addWidget(band)
    assert band._label.textFormat() == Qt.TextFormat.PlainText


def test_a_band_follows_when_the_look_changes(qtbot: QtBot) -> None:
    theme.apply_look(theme.Look.LIGHT)
    band = Band("setup", "mail", "Words.")
    qtbot.addWidget(band)
    theme.apply_look(theme.Look.DARK)
    expected = theme.badge_colours("setup", dark=True).tint
    qtbot.waitUntil(lambda: band.palette().window().color() == expected)
    theme.apply_look(theme.Look.LIGHT)


def test_progress_has_a_line_for_each_account(qtbot: QtBot) -> None:
    panel = CheckProgress()
    qtbot.addWidget(panel)
    panel.start(["dana@example.com", "info@example.com"])
    panel.show_step("dana@example.com", 412, 1204, "412 of 1,204 messages looked at")
    panel.show_end("info@example.com", "Can't reach imap.example.com.", is_problem=True)
    assert panel.words("dana@example.com") == "412 of 1,204 messages looked at"
    assert panel.words("info@example.com") == "Can't reach imap.example.com."
    assert (panel.bar.value(), panel.bar.maximum()) == (412, 1204)
    assert panel.bar.accessibleName() == "Progress"
    panel.start(["dana@example.com"])
    assert panel.bar.maximum() == 0  # busy until the total is known


def test_words_stay_readable_when_the_look_changes_while_they_are_shown(qtbot: QtBot) -> None:
    theme.apply_look(theme.Look.LIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    band, toast = Band("setup", "mail", "Words.", [("Try again", window.close)]), Toast(window)
    band.setParent(window)
    window.show()
    toast.show_words("Marked as done.", can_undo=True)
    theme.apply_look(theme.Look.DARK)
    text = theme.badge_colours("setup", dark=True).text
    label, button = band._label, band.buttons[0]
    qtbot.waitUntil(lambda: label.palette().windowText().color() == text)
    assert button.palette().buttonText().color() == text
    front = theme.palette_for(dark=True).toolTipText().color()
    assert toast._label.palette().windowText().color() == front
    theme.apply_look(theme.Look.LIGHT)
