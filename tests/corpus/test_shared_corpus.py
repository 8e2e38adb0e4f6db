"""How well the engine reads real messages of many origins, where a folder of them is at hand."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bounce_assistant.services.examine import examine_message
from bounce_assistant.services.knowledge import load_knowledge
from tests.corpus.scoring import Score

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
LABELS = CORPUS / "labels.jsonl"
pytestmark = pytest.mark.skipif(
    not LABELS.is_file(), reason="There is no shared corpus beside this checkout."
)
# To be raised as the engine gets better, and never lowered.
KIND_STRICT = 0.95
KIND = 0.98
REASON = 0.915
RECIPIENTS = 0.965
FOUND = 1.0
_ACTION = re.compile(rb"^Action:[ \t]*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_GAVE_UP = re.compile(rb"permanent|giving up|given up|retry timeout exceeded", re.IGNORECASE)
_WARNING = re.compile(rb"WARNING MESSAGE ONLY", re.IGNORECASE)


def is_contradicted(label: dict[str, Any], raw: bytes) -> bool:
    """Tell whether a message itself says something else than the kind on its label.

    Some labels call every notice a delay whose reason is "expired", also when it says it gave up.
    """
    actions = {match.lower() for match in _ACTION.findall(raw)}
    if label["kind"] == "delay":
        return b"failed" in actions or (not actions and bool(_GAVE_UP.search(raw)))
    if label["kind"] == "bounce":
        if actions:
            return b"failed" not in actions and b"delayed" in actions
        return bool(_WARNING.search(raw))
    return False


@cache
def scores() -> tuple[Score, Score]:
    """Return, and print, the figures over all sure labels and over those not contradicted."""
    knowledge = load_knowledge()
    strict, fair = Score(), Score()
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if not label["sure"]:
            continue
        raw = (CORPUS / label["file"]).read_bytes()
        examination = examine_message(raw, knowledge)
        strict.add(label["file"], label, examination)
        if not is_contradicted(label, raw):
            fair.add(label["file"], label, examination)
    for title, score in (("all sure labels", strict), ("less contradicted labels", fair)):
        print(score.lines(title))  # noqa: T201 - shown by pytest -s
    return strict, fair


def test_nearly_every_message_is_taken_for_what_its_label_says() -> None:
    strict, fair = scores()
    assert strict.kind.value >= KIND_STRICT, strict.kind.wrong
    assert fair.kind.value >= KIND, fair.kind.wrong


def test_exactly_the_people_who_were_missed_are_named() -> None:
    share = scores()[0].recipients
    assert share.value >= RECIPIENTS, share.wrong


def test_the_reason_is_mostly_the_one_on_the_label() -> None:
    share = scores()[0].reason
    assert share.value >= REASON, share.wrong


def test_every_bounce_is_found() -> None:
    score = scores()[0]
    lost = [each for each in score.kind.wrong if each.endswith(", not not-a-bounce")]
    assert len(lost) <= (1 - FOUND) * score.kind.counted, lost


def test_no_ordinary_mail_is_called_a_bounce() -> None:
    assert scores()[0].called_a_bounce == []


def test_mail_with_the_line_ends_of_a_mailbox_is_judged_the_same() -> None:
    knowledge = load_knowledge()
    for line in LABELS.read_text(encoding="utf-8").splitlines()[::7]:
        raw = (CORPUS / json.loads(line)["file"]).read_bytes().replace(b"\r\n", b"\n")
        fetched = raw.replace(b"\n", b"\r\n")
        assert examine_message(fetched, knowledge) == examine_message(raw, knowledge), line
