"""Icons are outlines in one colour, so that the theme can tint them."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.resources import ROOT

ICONS = sorted((ROOT / "icons").glob("*.svg"))


def test_every_cause_group_has_an_icon() -> None:
    assert {icon.stem for icon in ICONS} >= {group.value for group in CauseGroup}


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.stem)
def test_an_icon_is_a_one_colour_outline_of_one_size(icon: Path) -> None:
    text = icon.read_text(encoding="utf-8")
    svg = ET.fromstring(text)  # noqa: S314 - our own file
    assert svg.get("viewBox") == "0 0 24 24"
    assert svg.get("stroke") == "currentColor"
    assert svg.get("stroke-width") == "1.75"
    assert svg.get("fill") == "none"
    assert not re.search(r"#[0-9a-fA-F]{3,6}|rgb\(", text)
