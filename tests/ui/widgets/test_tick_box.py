"""A tick whose words don't fit on one line takes as many as it needs."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.widgets.tick_box import TickBox


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
