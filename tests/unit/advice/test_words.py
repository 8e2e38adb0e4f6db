"""The words an agent reads for each cause are the agreed ones."""

import tomllib
from pathlib import Path

import pytest

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.diagnosis.verdict import CauseId

AGREED: list[dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("agreed_words.toml").read_text(encoding="utf-8")
)["cause"]
WHO = {"Y": "you", "T": "them", "P": "provider", "N": "nobody"}


@pytest.mark.parametrize("agreed", AGREED, ids=[each["id"] for each in AGREED])
def test_each_cause_says_the_agreed_words(handbook: Handbook, agreed: dict[str, str]) -> None:
    playbook = handbook.playbooks[CauseId(agreed["id"])]
    assert playbook.group == agreed["group"]
    assert playbook.title == agreed["title"]
    assert playbook.sentence == agreed["sentence"]
    assert playbook.who_acts == WHO[agreed["who"]]
    assert playbook.main_button.text == agreed["main"]
    second = playbook.second_button.text if playbook.second_button else ""
    assert second == agreed["second"]


def test_no_cause_is_missing_and_none_is_unheard_of(handbook: Handbook) -> None:
    assert set(handbook.playbooks) == {each["id"] for each in AGREED} | {
        "not_a_bounce",
        "unreadable",
    }
