"""What servers of many makes say, and what it means. Data: replies.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bounce_assistant.services.examine import examine_words
from tests.unit.diagnosis.reports import KNOWLEDGE

REPLIES = tomllib.loads(Path(__file__).with_name("replies.toml").read_text("utf-8"))["reply"]
CASES = [
    pytest.param(
        reply,
        id=f"{number}-{reply['source']}",
        marks=[pytest.mark.xfail(reason=reply["gap"])] if "gap" in reply else [],
    )
    for number, reply in enumerate(REPLIES, start=1)
]


@pytest.mark.parametrize("reply", CASES)
def test_what_a_server_says_is_understood(reply: dict[str, Any]) -> None:
    (diagnosis,) = examine_words(reply["words"], KNOWLEDGE).diagnoses
    assert diagnosis.reason in reply["reasons"], diagnosis.evidence
    if "causes" in reply:
        assert diagnosis.cause in reply["causes"], diagnosis.evidence
    assert diagnosis.certainty == reply.get("certainty", diagnosis.certainty), diagnosis.evidence


def test_the_collection_covers_many_writers() -> None:
    assert len(REPLIES) >= 180
    assert len({reply["source"] for reply in REPLIES}) >= 50
