"""Buttons look like what they do."""

import pytest
from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from bounce_assistant.ui import theme
from bounce_assistant.ui.widgets.buttons import LinkButton


@pytest.mark.parametrize("look", [theme.Look.LIGHT, theme.Look.DARK])
def test_a_link_that_does_nothing_now_does_not_look_like_one(
    look: theme.Look, qtbot: QtBot
) -> None:
    theme.apply_look(look)
    link = LinkButton("Sign in with Google")
    qtbot.addWidget(link)
    link.show()
    colour = link.palette().color(QPalette.ColorRole.Link).rgb()

    def is_coloured() -> bool:
        picture = link.grab().toImage()
        across, down = range(picture.width()), range(picture.height())
        return any(picture.pixel(x, y) == colour for x in across for y in down)

    assert is_coloured()
    link.setEnabled(False)
    assert not is_coloured()
    theme.apply_look(theme.Look.LIGHT)
