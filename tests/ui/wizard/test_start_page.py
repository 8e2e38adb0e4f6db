"""The first page offers three ways to start."""

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.widgets.buttons import ActionButton
from bounce_assistant.ui.wizard.start_page import StartPage


@pytest.mark.parametrize(
    ("row", "signal"),
    [
        ("connect_row", "connect_requested"),
        ("drop_row", "drop_requested"),
        ("sample_row", "sample_requested"),
    ],
)
def test_each_way_is_one_press(qtbot: QtBot, look: None, row: str, signal: str) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    with qtbot.waitSignal(getattr(page, signal)):
        getattr(page, row).click()


def test_the_recommended_way_comes_first_and_says_so(qtbot: QtBot, look: None) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    assert page.connect_row.accessibleName() == "Connect my email"
    assert page.connect_row.accessibleDescription().startswith("Recommended")
    assert page.focusProxy() is page.connect_row


def test_an_example_hands_over_words_to_diagnose(qtbot: QtBot, look: None) -> None:
    page = StartPage(with_examples=True)
    qtbot.addWidget(page)
    (chip,) = [b for b in page.findChildren(ActionButton) if b.text() == "A full inbox"]
    with qtbot.waitSignal(page.example_requested) as told:
        chip.click()
    assert told.args is not None
    assert "mailbox is full" in str(told.args[0])


@pytest.mark.parametrize("width", [440, 960, 1920])
def test_the_page_fits_narrow_and_wide_windows(qtbot: QtBot, look: None, width: int) -> None:
    page = StartPage(with_examples=True)
    qtbot.addWidget(page)
    page.resize(width, 600)
    page.show()
    inside = page.widget()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= width
    assert page.connect_row.width() <= 560
