"""A tick whose words don't fit on one line takes as many as it needs."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.widgets.tick_box import TickBox, under_tick


def test_long_words_wrap_and_short_ones_stay_on_a_line(qtbot: QtBot, look: None) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    rows = QVBoxLayout(page)
    long = TickBox("Keep looking for new bounces while the window is open, day and night")
    short = TickBox("I've done this")
    rows.addWidget(long)
    rows.addWidget(short)
    rows.addStretch()
    page.resize(320, 300)
    page.show()
    qtbot.waitExposed(page)
    assert long.width() < long.sizeHint().width()
    line = long.fontMetrics().height()
    qtbot.waitUntil(lambda: long.height() >= 2 * line, timeout=20_000)
    assert short.height() < 2 * line + 8


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_what_explains_a_box_begins_where_its_words_do(
    direction: Qt.LayoutDirection, qtbot: QtBot, look: None
) -> None:
    page = QWidget()
    page.setLayoutDirection(direction)
    qtbot.addWidget(page)
    rows = QVBoxLayout(page)
    box, words = TickBox("Spam"), QLabel("Bounces often land there.")
    rows.addWidget(box)
    rows.addLayout(under_tick(words))
    page.resize(320, 120)
    page.show()
    if direction is Qt.LayoutDirection.LeftToRight:
        assert words.x() == box.x() + 30
    else:
        assert words.geometry().right() == box.geometry().right() - 30
