"""The JSON of `diagnose`: as its published description says, for every message we have."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bounce_assistant.resources import ROOT, read_text
from bounce_assistant.services.describe import describe, describe_problem
from bounce_assistant.services.examine import examine_message, examine_words
from bounce_assistant.services.knowledge import Knowledge
from tests.unit.services.notices import ORDINARY, bounce

CORPUS = Path(__file__).parents[2] / "corpus" / "messages"
MESSAGES = sorted([*CORPUS.glob("*.eml"), *(ROOT / "sample").rglob("*.eml")])
KEYS = ["schema", "file", "kind", "reported_by", "seen_by_follow_up_boss", "original"]
KEYS += ["sent_by_you", "deliveries"]
DELIVERY_KEYS = ["recipient", "reason", "cause", "bounce_type", "certainty", "who_acts", "status"]
DELIVERY_KEYS += ["reply_code", "diagnostic", "remote_mta", "evidence"]


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(read_text("schema/diagnosis.schema.json"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def told(raw: bytes, knowledge: Knowledge) -> dict[str, Any]:
    """Return what a message is described as, after a trip through JSON."""
    text = json.dumps(describe("a.eml", examine_message(raw, knowledge), knowledge))
    return dict(json.loads(text))


def test_there_are_messages_to_try() -> None:
    assert len(MESSAGES) > 350


def test_every_message_is_described_as_published(knowledge: Knowledge) -> None:
    for path in MESSAGES:
        problems = list(validator().iter_errors(told(path.read_bytes(), knowledge)))
        assert problems == [], path.name


def test_a_file_that_cannot_be_read_is_described_as_published() -> None:
    problem = describe_problem("a.eml", "There's no file of that name.")
    assert list(validator().iter_errors(problem)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "bounced"},
        {"schema": 2},
        {"deliveries": [{"recipient": "dana@example.net"}]},
        {"seen_by_follow_up_boss": {"answer": "maybe", "because": "x"}},
        {"extra": 1},
    ],
)
def test_the_description_refuses_what_it_does_not_know(
    change: dict[str, Any], knowledge: Knowledge
) -> None:
    assert list(validator().iter_errors(told(bounce(), knowledge) | change)) != []


def test_keys_stand_in_the_documented_order(knowledge: Knowledge) -> None:
    described = told(bounce(), knowledge)
    assert list(described) == KEYS
    assert list(described["deliveries"][0]) == DELIVERY_KEYS


def test_a_bounce_is_told_with_all_its_facts(knowledge: Knowledge) -> None:
    (delivery,) = told(bounce("dana@example.net"), knowledge)["deliveries"]
    evidence = delivery.pop("evidence")
    assert delivery == {
        "recipient": "dana@example.net",
        "reason": "userunknown",
        "cause": "user_unknown",
        "bounce_type": "hard",
        "certainty": "almost certain",
        "who_acts": "you",
        "status": "5.1.1",
        "reply_code": "550",
        "diagnostic": "550 5.1.1 <dana@example.net>: Recipient address rejected: User unknown",
        "remote_mta": "mx.example.net",
    }
    assert all(each["text"] and each["says"] for each in evidence)


def test_ordinary_mail_names_no_deliveries(knowledge: Knowledge) -> None:
    described = told(ORDINARY, knowledge)
    assert (described["kind"], described["deliveries"]) == ("not-a-bounce", [])
    assert described["original"] is None


def test_a_doubt_is_told_with_the_other_cause(knowledge: Knowledge) -> None:
    examination = examine_words("550 5.2.0 insufficient disk space", knowledge)
    described = describe("a.txt", examination, knowledge)
    assert list(validator().iter_errors(described)) == []
    (delivery,) = described["deliveries"]
    assert {delivery["cause"], delivery["runner_up"]} == {"inbox_full", "server_down"}


def test_where_there_is_no_doubt_no_other_cause_is_told(knowledge: Knowledge) -> None:
    (delivery,) = told(bounce(), knowledge)["deliveries"]
    assert "runner_up" not in delivery
