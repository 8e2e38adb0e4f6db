"""Answers that somebody wrote for a server of their own are understood, in other languages too."""

import tomllib
from pathlib import Path

import pytest

from bounce_assistant.services.examine import examine_words
from tests.unit.diagnosis.reports import KNOWLEDGE

FILES = ("plain_words.toml", "own_words.toml", "foreign_words.toml")
SAID: list[tuple[str, str]] = [
    (reasons, words)
    for name in FILES
    for reasons, said in tomllib.loads(Path(__file__).with_name(name).read_text("utf-8")).items()
    for words in said
]


@pytest.mark.parametrize(("reasons", "words"), SAID)
def test_plain_words_are_understood(reasons: str, words: str) -> None:
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    assert diagnosis.reason in reasons.split(","), diagnosis.evidence
