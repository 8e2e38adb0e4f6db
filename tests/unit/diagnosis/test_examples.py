"""Words that no rule knows are understood by the example sentences that they are most like."""

import pytest

from bounce_assistant.diagnosis.classifier import Classifier, learn
from bounce_assistant.diagnosis.examples import ExampleBook
from bounce_assistant.diagnosis.reasons import Words, ready
from bounce_assistant.diagnosis.verdict import Certainty
from bounce_assistant.report.meanings import MeaningIndex, Meanings
from bounce_assistant.services.examine import examine_words
from bounce_assistant.services.knowledge import NO_REASON, example_files
from tests.unit.diagnosis.reports import KNOWLEDGE

INDEX = MeaningIndex(Meanings({"box": ["mailbox", "postfach"], "full": ["full", "voll"]}))
CLEAR = 12  # lead
PART = 5  # one sentence in so many is kept from learning


@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        ("Payroll has no such employee, so there is nobody to give this letter to.", "userunknown"),
        ("Her pigeonhole is crammed, not another sheet fits into it.", "mailboxfull"),
        ("We kept at it for a whole week in vain, and have now stopped.", "expired"),
        ("Unser Türsteher hält Ihr Schreiben für Reklame.", "spamdetected"),
        ("La boîte déborde de courrier, impossible d'en ajouter.", "mailboxfull"),
        ("El nombre detrás de la arroba no figura en ningún registro.", "hostunknown"),
        ("この方の受信トレイには、もう一通も入りません。", "mailboxfull systemfull"),
        ("收件人的空间已经用光，放不进新的信件。", "mailboxfull systemfull"),
    ],
)
def test_other_words_are_understood_and_called_a_guess(words: str, reasons: str) -> None:
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    assert diagnosis.reason in reasons.split()
    assert diagnosis.certainty is not Certainty.ALMOST_CERTAIN


@pytest.mark.parametrize(
    "words", ["550 no", "We are sorry about it.", "See you at the open house on Sunday!", "", "x"]
)
def test_words_that_give_no_reason_are_like_nothing(words: str) -> None:
    assert KNOWLEDGE.examples.fits(Words(ready(words))) == ()


def test_the_sentence_that_says_it_is_the_evidence() -> None:
    told = "Her pigeonhole is crammed, not another sheet fits into it"
    (diagnosis,) = examine_words(f"Good morning. {told}. Kind regards", KNOWLEDGE).diagnoses
    (evidence, *_) = diagnosis.evidence
    assert evidence.text.strip(".") == told
    assert evidence.says == "reads like a full mailbox"


def test_what_speaks_for_a_meaning_adds_up_over_sentences() -> None:
    examples = {
        "full": ["the postfach is voll", "the mailbox is full", "nothing fits into the mailbox"],
        "gone": ["the person has left", "the person left us", "she left the firm"],
        NO_REASON: ["kind regards from us", "kind regards", "see the firm for more"],
    }
    classifier = Classifier(learn(examples, INDEX), INDEX, NO_REASON)
    (one, *_) = classifier.classify("the mailbox is full.")
    (two, *_) = classifier.classify("the mailbox is full. the postfach is voll.")
    assert (one.name, one.sentence) == ("full", "the mailbox is full.")
    assert (two.name, two.sentence) == ("full", "the mailbox is full.")
    assert two.strength > one.strength * 1.3
    assert classifier.classify("kind regards") == []
    assert classifier.classify("qwertz") == []


def test_sentences_that_were_not_learnt_are_mostly_understood() -> None:
    """Half of the most varied wordings; of those it calls clear, nine of ten."""
    learnt: dict[str, list[str]] = {}
    kept: list[tuple[str, str]] = []
    for name, sentences in example_files():
        meaning = name.rpartition("/")[2]
        for number, sentence in enumerate(map(ready, sentences)):
            if number % PART:
                learnt.setdefault(meaning, []).append(sentence)
            elif meaning != NO_REASON:
                kept.append((meaning, sentence))
    index = KNOWLEDGE.meaning_index
    classifier = Classifier(learn(learnt, index), index, NO_REASON)
    glosses = dict.fromkeys(KNOWLEDGE.examples.reasons, "")
    book = ExampleBook(KNOWLEDGE.reasons.reasons.values(), glosses, classifier)
    told = [(meaning, book.fits(Words(sentence))) for meaning, sentence in kept]
    right = [fits[0].reason.id == meaning for meaning, fits in told if fits]
    clear = [
        fits[0].reason.id == meaning for meaning, fits in told if fits and fits[0].lead > CLEAR
    ]
    assert len(kept) > 1000
    assert sum(right) / len(kept) > 0.5
    assert len(clear) / len(kept) > 0.25
    assert sum(clear) / len(clear) > 0.9


@pytest.mark.parametrize(
    ("words", "certainty"),
    [
        ("The address was flagged by us: that domain has no use for any email.", "likely"),
        ("Your email was flagged as junk by our filter and put aside.", "almost certain"),
        ("Our gate lets in mail from two countries only, so the connection was dropped.", "likely"),
        ("He is not with us any more. For all else write to post@example.org.", "likely"),
    ],
)
def test_a_few_words_make_sure_only_where_all_the_rest_is_like_them(
    words: str, certainty: str
) -> None:
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    assert diagnosis.certainty == certainty


def test_prose_that_is_clearly_like_something_else_outweighs_a_few_words() -> None:
    words = (
        "The address was flagged by us: that domain has no use for email, its owner never set up "
        "a mail server, and no mail exchanger is published for the whole domain."
    )
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    assert diagnosis.reason in {"notaccept", "hostunknown"}
    assert diagnosis.certainty is Certainty.NOT_SURE


def test_a_guess_by_groups_names_what_it_hesitates_between_by_examples() -> None:
    words = (
        "The alias points at an account that nobody has opened since spring, so it was put away."
    )
    (diagnosis,) = examine_words(words, KNOWLEDGE).diagnoses
    assert diagnosis.certainty is Certainty.NOT_SURE
    assert diagnosis.runner_up
    assert diagnosis.runner_up != diagnosis.cause
    assert len(diagnosis.evidence) > 1


def test_what_is_remembered_of_words_has_a_bound() -> None:
    examples = {"full": ["the mailbox is full"] * 2, NO_REASON: ["kind regards"] * 2}
    classifier = Classifier(learn(examples, INDEX), INDEX, NO_REASON)
    for number in range(5000):
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        classifier.classify(f"a{letters}word b{letters}word c{letters}word")
    assert len(classifier._rows) < 20_000
    assert classifier.classify("the mailbox is full.")[0].name == "full"
