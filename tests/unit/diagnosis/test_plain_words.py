"""Answers that somebody wrote for a server of their own are understood. Data: plain_words.toml."""

import tomllib
from pathlib import Path

import pytest

from bounce_assistant.services.examine import examine_words
from tests.unit.diagnosis.reports import KNOWLEDGE

SAID: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("plain_words.toml").read_text("utf-8")
)


@pytest.mark.parametrize(
    ("reasons", "words"), [(reasons, words) for reasons, said in SAID.items() for words in said]
)
def test_plain_words_are_understood(reasons: str, words: str) -> None:
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    assert diagnosis.reason in reasons.split(","), diagnosis.evidence
