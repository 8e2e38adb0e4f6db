"""Colours are readable, and follow the choice of light and dark."""

import re

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip
from pytestqt.qtbot import QtBot

from bounce_assistant import resources
from bounce_assistant.ui import theme
from bounce_assistant.ui.stylesheet import STYLESHEET
from bounce_assistant.ui.theme import Look

Role = QPalette.ColorRole
TEXT_PAIRS = [
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.PlaceholderText, Role.Base),
    (Role.PlaceholderText, Role.Window),
    (Role.ButtonText, Role.Button),
    (Role.ButtonText, Role.Midlight),
    (Role.HighlightedText, Role.Highlight),
    (Role.Link, Role.Base),
    (Role.Link, Role.Window),
    (Role.BrightText, Role.Base),
    (Role.ToolTipText, Role.ToolTipBase),
]
EDGE_PAIRS = [
    (Role.Mid, Role.Base),
    (Role.Mid, Role.Window),
    (Role.Highlight, Role.Base),
    (Role.Highlight, Role.Window),
]


def contrast(one: QColor, other: QColor) -> float:
    """Compute the contrast ratio of WCAG 2.2, 1 to 21."""

    def luminance(colour: QColor) -> float:
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("group", theme.BADGES)
def test_every_badge_can_be_read(group: str, *, dark: bool) -> None:
    text, tint = theme.badge_colours(group, dark=dark)
    assert contrast(text, tint) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("group", theme.BADGES)
def test_every_badge_icon_stands_out_on_the_list_too(group: str, *, dark: bool) -> None:
    text = theme.badge_colours(group, dark=dark).text
    palette = theme.palette_for(dark=dark)
    assert contrast(text, palette.color(Role.Base)) >= 3
    assert contrast(text, theme.selection_tint(palette)) >= 3


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_every_text_can_be_read(front: Role, back: Role, *, dark: bool) -> None:
    palette = theme.palette_for(dark=dark)
    assert contrast(palette.color(front), palette.color(back)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("front", "back"), EDGE_PAIRS)
def test_every_edge_of_a_control_can_be_seen(front: Role, back: Role, *, dark: bool) -> None:
    palette = theme.palette_for(dark=dark)
    assert contrast(palette.color(front), palette.color(back)) >= 3


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("role", [Role.Text, Role.PlaceholderText])
def test_a_selected_row_can_be_read(role: Role, *, dark: bool) -> None:
    palette = theme.palette_for(dark=dark)
    assert contrast(palette.color(role), theme.selection_tint(palette)) >= 4.5


def test_the_choice_of_light_and_dark_takes_effect_at_once(qtbot: QtBot) -> None:
    theme.apply_look(Look.DARK)
    assert theme.is_dark()
    theme.apply_look(Look.LIGHT)
    assert not theme.is_dark()
    assert theme.chosen_look() is Look.LIGHT


def test_the_system_is_followed_only_while_it_is_the_choice(qtbot: QtBot) -> None:
    theme.follow_system()
    theme.apply_look(Look.DARK)
    QGuiApplication.styleHints().colorSchemeChanged.emit(QGuiApplication.styleHints().colorScheme())
    assert theme.is_dark()


def test_every_icon_that_a_badge_needs_is_drawn(qtbot: QtBot) -> None:
    for group in theme.BADGES:
        picture = theme.pixmap(group, QColor("black"), 24).toImage()
        drawn = [picture.pixelColor(x, y).alpha() for x in range(24) for y in range(24)]
        assert max(drawn) > 128, group
        assert (resources.ROOT / "icons" / f"{group}.svg").is_file()


def test_the_style_is_set_once_and_only_the_colours_change(
    qapp: QApplication, look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt polishes every widget for a new style, half gone ones too, and has died of it."""
    asked: list[object] = []
    monkeypatch.setattr(QApplication, "setStyle", asked.append)
    for which in (Look.DARK, Look.LIGHT, Look.SYSTEM, Look.LIGHT):
        theme.apply_look(which)
    assert asked == []
    assert not theme.is_dark()


@pytest.mark.parametrize("look", [Look.LIGHT, Look.DARK])
def test_a_tooltip_can_be_read_as_it_is_drawn(look: Look, qtbot: QtBot) -> None:
    theme.apply_look(look)
    button = QPushButton("Check now")
    qtbot.addWidget(button)
    button.show()
    qtbot.waitExposed(button)
    QToolTip.showText(button.mapToGlobal(QPoint(2, 2)), "WWWWWWWW", button)
    tips = [w for w in QApplication.allWidgets() if w.metaObject().className() == "QTipLabel"]
    picture = tips[-1].grab().toImage()
    across, middle = range(picture.width()), picture.height() // 2
    colours = [picture.pixelColor(x, middle) for x in across]
    assert max(contrast(colours[0], colour) for colour in colours) >= 4.5
    QToolTip.hideText()
    theme.apply_look(Look.LIGHT)


def test_the_style_sheet_names_only_colours_that_qt_knows() -> None:
    named = set(re.findall(r"palette\(([a-z-]+)\)", STYLESHEET))
    roles = {re.sub(r"(?<!^)([A-Z])", r"-\1", role.name).lower() for role in Role}
    unknown = {"tool-tip-base", "tool-tip-text"}  # roles, but not in style sheets
    assert named <= roles - unknown
