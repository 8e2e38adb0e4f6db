"""Reasons by likeness: what the sentences of a server are most like, of resources/examples.

For words that no rule knows, in any language. It is a guess: at most likely, mostly not sure.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from bounce_assistant.diagnosis.reasons import Fit, Reason, Rule, Words

if TYPE_CHECKING:  # loaded by whom examples are asked for
    from bounce_assistant.diagnosis.classifier import Classifier

_SCORE = 0.63
_FAINT, _FAINTLY = 1.0, 0.45  # a lead that is next to none, and its score
_RIVAL = 0.30
_MOST = 2  # likenesses that are told
_LEAST = 8.0  # that has to speak for a meaning; a word or two speak for anything
_NOT_FAR = 0.6  # of the first's strength, that the second must have to be worth a word
_FEWEST = 4  # words
_SOURCE = "resources/examples"


class ExampleBook:
    """Recognises reasons by examples."""

    def __init__(
        self, reasons: Iterable[Reason], glosses: Mapping[str, str], classifier: "Classifier"
    ) -> None:
        self._classifier = classifier
        self._known = {
            reason.id: (reason, Rule("likely", glosses[reason.id], _SOURCE, hits=[], misses=[]))
            for reason in reasons
            if reason.id in glosses
        }

    @property
    def reasons(self) -> frozenset[str]:
        """The reasons that examples can tell."""
        return frozenset(self._known)

    def fits(self, words: Words, *, every: bool = False) -> tuple[Fit, ...]:
        """Return what some words are like and what else they may be, the likest first.

        ``every``: also what they are but a little like.
        """
        if _is_fragment(words.text):
            return ()
        found = self._classifier.classify(words.text)
        if every:
            likest = (self._known[each.name] + (each.sentence,) for each in found)
            return tuple(Fit(*one, _RIVAL, is_guessed=True) for one in likest)
        found = found[:_MOST]
        if not found or found[0].strength < _LEAST:
            return ()
        ahead = found[0].strength - (found[1].strength if len(found) > 1 else 0.0)
        found = [each for each in found if each.strength >= found[0].strength * _NOT_FAR]
        first = _SCORE if ahead >= _FAINT else _FAINTLY
        return tuple(
            Fit(*self._known[each.name], each.sentence, score, is_guessed=True, lead=lead)
            for each, score, lead in zip(found, (first, _RIVAL), (ahead, 0.0), strict=False)
        )


def _is_fragment(text: str) -> bool:
    """Tell whether there are too few words to be like anything; some languages write no blanks."""
    return text.isascii() and sum(map(str.isalpha, text.split())) < _FEWEST


def parse_glosses(text: str) -> dict[str, str]:
    """Read resources/examples/glosses.toml: a reason to what its examples read like."""
    return msgspec.toml.decode(text, type=dict[str, str])


def parse_examples(text: str) -> list[str]:
    """Read the examples of one meaning, in all its languages."""
    by_language = msgspec.toml.decode(text, type=dict[str, list[str]])
    return [sentence for sentences in by_language.values() for sentence in sentences]
