"""How sure a verdict is: clear words are almost certain, those that may be else are not."""

import tomllib
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bounce_assistant.diagnosis.reasons import Words
from bounce_assistant.diagnosis.verdict import Certainty
from bounce_assistant.report.facts import MessageKind
from bounce_assistant.services.examine import examine_message, examine_words
from bounce_assistant.services.knowledge import load_knowledge
from tests.unit.diagnosis.reports import KNOWLEDGE, diagnose

SAID = tomllib.loads((Path(__file__).parent / "certainty.toml").read_text("utf-8"))
MUCH = " and letters of other people are waiting in the hall of the house as well"
NOTICE = """\
From: Mail Delivery Subsystem <mailer-daemon@relay.example>
To: agent@oakfield.example
Subject: Undelivered mail
Auto-Submitted: auto-replied

{}
"""


def certainty_of(words: str) -> Certainty:
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    return diagnosis.certainty


@pytest.mark.parametrize("words", SAID["clear"])
def test_what_a_server_says_clearly_is_almost_certain(words: str) -> None:
    assert certainty_of(words) is Certainty.ALMOST_CERTAIN


@pytest.mark.parametrize("words", SAID["ambiguous"])
def test_what_may_mean_two_things_is_never_almost_certain(words: str) -> None:
    assert certainty_of(words) is not Certainty.ALMOST_CERTAIN


@pytest.mark.parametrize("case", SAID["two"], ids=lambda case: case["words"])
def test_a_temporary_answer_in_such_words_names_the_two_it_may_be(case: dict[str, Any]) -> None:
    (diagnosis,) = examine_words(case["words"], KNOWLEDGE).diagnoses
    assert diagnosis.certainty is Certainty.NOT_SURE
    assert {diagnosis.cause, diagnosis.runner_up} == set(case["causes"])


@pytest.mark.parametrize(
    ("prose", "certainty"),
    [
        ("<dana@larkspur.example>: over its quota", Certainty.ALMOST_CERTAIN),
        (f"<dana@larkspur.example>: over its quota{MUCH}", Certainty.LIKELY),
    ],
)
def test_much_prose_without_a_code_is_likely_at_most(prose: str, certainty: Certainty) -> None:
    words = f"Your message could not be delivered to the following recipient:\n\n{prose}"
    found = examine_message(NOTICE.format(words).encode(), KNOWLEDGE)
    assert found.report.kind is MessageKind.BOUNCE
    assert [(str(d.reason), d.certainty) for d in found.diagnoses] == [("mailboxfull", certainty)]


def test_a_code_that_says_the_same_leaves_no_doubt_in_much_prose() -> None:
    assert certainty_of(f"552 5.2.2 over its quota{MUCH}") is Certainty.ALMOST_CERTAIN


def test_words_that_only_the_reporting_server_adds_are_likely_at_most() -> None:
    """The reply itself says nothing; who passes it on guesses."""
    diagnosis = diagnose("no such user at this host? mx.larkspur.example said: 550 go away")
    assert diagnosis.reason == "userunknown"
    assert diagnosis.certainty is not Certainty.ALMOST_CERTAIN


def test_the_examples_are_asked_only_where_their_answer_counts() -> None:
    """A code and words that agree need no likeness, nor do words that are likely at most."""
    knowledge = load_knowledge()
    asked = count()
    likened = knowledge.reasons._likened

    def asking(words: Words, every: bool) -> Any:  # noqa: FBT001
        next(asked)
        return likened(words, every)

    knowledge.reasons._likened = asking
    for words in ("552 5.2.2 Mailbox full", "550 5.1.1 User unknown", "554 Access denied"):
        examine_words(words, knowledge)
    assert next(asked) == 0


def test_the_beginning_of_a_reply_is_remembered_by_the_knowledge_alone() -> None:
    doubts = load_knowledge().reasons.doubts
    others = load_knowledge().reasons.doubts
    said = "host mx.larkspur.example said: 550 5.1.1 user unknown"
    assert doubts.last_reply(said) == "550 5.1.1 user unknown"
    assert doubts._starts
    assert not others._starts
    for number in range(1000):
        doubts.reply_start(f"{number} {said}")
    assert len(doubts._starts) < 100
