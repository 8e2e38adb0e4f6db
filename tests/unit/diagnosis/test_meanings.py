"""Words that no rule knows are understood by what they are about; nobody is made sure by that."""

import pytest

from bounce_assistant.diagnosis.reasons import ready
from bounce_assistant.diagnosis.verdict import Certainty
from bounce_assistant.report.meanings import MeaningIndex, Meanings
from bounce_assistant.services.examine import examine_words
from tests.unit.diagnosis.reports import KNOWLEDGE

INDEX = MeaningIndex(
    Meanings({"person": ["person ", "人"], "gone": ["gone", "left"], "not": ["never", "不"]})
)


def groups_in(text: str) -> list[set[str]]:
    return [set(sentence.places) for sentence in INDEX.sentences(ready(text))]


def test_the_order_of_words_does_not_matter() -> None:
    assert groups_in("Gone is that person") == [{"gone", "person"}]
    assert groups_in("That person, gone!") == [{"gone", "person"}]


def test_a_word_begins_where_a_word_begins() -> None:
    assert groups_in("forgone by the impersonal") == []
    assert groups_in("leftovers") == [{"gone"}]
    assert groups_in("personal") == []


def test_languages_without_blanks_are_read() -> None:
    assert groups_in("这个人不在") == [{"person", "not"}]


def test_marks_inside_words_are_those_of_the_text() -> None:
    index = MeaningIndex(Meanings({"mute": ["no-reply"], "kept": ["/var/spool"], "end": ["out, "]}))
    for text in ("this is a no-reply address", "No reply, please", "no_reply@"):
        (found,) = index.sentences(ready(text))
        assert set(found.places) == {"mute"}, text
    (found,) = index.sentences("there is no space in /var/spool, sign out, now")
    assert set(found.places) == {"kept", "end"}
    assert found.tells(frozenset({"kept"}), frozenset()) == "/var/spool"
    assert list(index.sentences("outer space")) == []


def test_sentences_are_read_one_by_one() -> None:
    assert groups_in("The person is fine. Gone is the cake.") == [{"person"}, {"gone"}]
    assert groups_in("host mx.left.example gone") == [{"gone"}]


def test_the_words_between_are_the_evidence() -> None:
    (sentence,) = INDEX.sentences(ready("Sorry, that person has gone for good"))
    both, nothing = frozenset(["gone", "person"]), frozenset[str]()
    assert sentence.tells(both, nothing) == "person has gone"
    assert sentence.tells(both, frozenset(["not"])) == "person has gone"
    assert not sentence.tells(frozenset(["gone", "not"]), nothing)
    assert not sentence.tells(frozenset(["gone"]), frozenset(["person"]))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("550 the user you write to does not appear in our books", "userunknown"),
        ("Wij kennen niemand met dit adres.", "userunknown"),
        ("Alıcının hesabı kapatılmış.", "suspend"),
        ("550 the postbox is brimming", "mailboxfull"),
    ],
)
def test_a_guess_is_called_one(words: str, reason: str) -> None:
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    assert (diagnosis.reason, diagnosis.certainty) == (reason, Certainty.NOT_SURE)
    assert diagnosis.evidence[0].start >= 0  # it is marked in the notice


def test_a_guess_that_the_code_confirms_is_likely() -> None:
    (diagnosis,) = examine_words("552 5.2.2 the postbox is brimming", KNOWLEDGE).diagnoses
    assert (diagnosis.reason, diagnosis.certainty) == ("mailboxfull", Certainty.LIKELY)


def test_words_that_a_rule_knows_are_not_guessed_at() -> None:
    (diagnosis,) = examine_words("550 User unknown, or mailbox closed", KNOWLEDGE).diagnoses
    assert diagnosis.reason in {"userunknown", "suspend"}
    known = examine_words("550 5.1.1 User unknown", KNOWLEDGE).diagnoses[0]
    assert known.certainty is Certainty.ALMOST_CERTAIN
