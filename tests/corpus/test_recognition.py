"""How well the engine reads the messages made for it: kind, people and reason."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bounce_assistant.services.examine import examine_message
from bounce_assistant.services.knowledge import load_knowledge
from tests.corpus.scoring import Score

MESSAGES = Path(__file__).parent / "messages"
PARTS = ("tuned", "held out")
# To be raised as the engine gets better, and never lowered.
KIND = 1.0
RECIPIENTS = 0.99
REASON = 0.985
HELD_OUT_REASON = 0.97


def label_of(path: Path) -> dict[str, Any]:
    label = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    return label | {"deliveries": label.get("delivery", [])}


@cache
def scores() -> dict[str, Score]:
    """Return the figures of each part, and print them: they are what the run is for."""
    knowledge = load_knowledge()
    found = {part: Score() for part in PARTS}
    for path in sorted(MESSAGES.glob("*.eml")):
        label = label_of(path)
        examination = examine_message(path.read_bytes(), knowledge)
        found[PARTS[label["held_out"]]].add(path.stem, label, examination)
    for part, score in found.items():
        print(score.lines(part))  # noqa: T201 - shown by pytest -s
    return found


@pytest.mark.parametrize("part", PARTS)
def test_every_message_is_taken_for_what_it_is(part: str) -> None:
    share = scores()[part].kind
    assert share.value >= KIND, share.wrong


@pytest.mark.parametrize("part", PARTS)
def test_exactly_the_people_who_were_missed_are_named(part: str) -> None:
    share = scores()[part].recipients
    assert share.value >= RECIPIENTS, share.wrong


@pytest.mark.parametrize(("part", "least"), [("tuned", REASON), ("held out", HELD_OUT_REASON)])
def test_the_reason_is_the_right_one(part: str, least: float) -> None:
    share = scores()[part].reason
    assert share.value >= least, share.wrong


@pytest.mark.parametrize("part", PARTS)
def test_no_ordinary_mail_is_called_a_bounce(part: str) -> None:
    assert scores()[part].called_a_bounce == []
