"""Tells what a sentence means by example sentences: complement naive Bayes.

Rennie, Shih, Teevan, Karger: Tackling the Poor Assumptions of Naive Bayes Text Classifiers (ICML
2003), parts 3.1 and 4.2 to 4.4. Nobody can list every wording in every language; but most have
words, beginnings of words, or groups of words that mean the same, in common with some example.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, pairwise
from struct import Struct

import msgspec

from bounce_assistant.report.meanings import MeaningIndex, Sentence

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|<>")
_BEGINNINGS = (4, 5, 6)  # characters of a word that stand for all its forms, one after another
_GRAMS = (1, 2, 3)  # characters, in languages that put no blanks between words
_FIRST_UNSPACED = "\u2e80"
_SMOOTHING = 1.0
_FAINTEST = 0.1  # pull of a feature that is kept; hundredths cost time and decide nothing
_LEAST = 2  # examples that a feature must be in
_LONGEST = 600  # characters of a sentence that are looked at
_LANE = 4  # bytes of a number in a row
_FINE = 10_000  # numbers in a row are log-odds in so many parts
_REMEMBERED = 16_000  # rows that are kept as numbers: some megabytes
_as_number = partial(int.from_bytes, byteorder="little")


class Weights(msgspec.Struct, frozen=True):
    """What was learnt: of each feature a row with how much it says for each meaning.

    A row is read as one big number, so that Python adds those of a sentence up as fast as it adds:
    no lane runs over, for a sentence has at most some thousand features (_LONGEST), none above 50.
    """

    names: list[str]  # the meanings
    features: dict[str, bytes]  # a row: a lane for each meaning, the lowest byte first


class Likeness(msgspec.Struct, frozen=True):
    """What a text is like, how much speaks for it (log-odds against "no meaning"), and where."""

    name: str
    strength: float
    sentence: str  # the one that says it most


class _Rows(dict[str, int]):
    """Rows as numbers, made when first asked for: most sentences have the same few words."""

    __slots__ = ("_features",)

    def __init__(self, features: Mapping[str, bytes]) -> None:
        self._features = features

    def __missing__(self, feature: str) -> int:
        row = self[feature] = _as_number(self._features.get(feature, b""))
        return row

    def total(self, features: Iterable[str]) -> int:
        """Add the rows of some features up; what no example has says nothing."""
        if len(self) > _REMEMBERED:
            self.clear()
        return sum(map(self.__getitem__, features))


class Classifier:
    """Texts to meanings, by what was learnt from examples."""

    __slots__ = ("_groups", "_lanes", "_nothing", "_rows", "_weights")

    def __init__(self, weights: Weights, groups: MeaningIndex, nothing: str) -> None:
        """Take what was learnt; ``nothing`` is the name of sentences without a meaning."""
        self._weights, self._groups = weights, groups
        self._nothing = weights.names.index(nothing)
        self._rows = _Rows(weights.features)
        self._lanes = Struct(f"<{len(weights.names)}I")

    def classify(self, text: str) -> list[Likeness]:
        """Return what ready words are like, the strongest first.

        What speaks for a meaning in each of its sentences adds up.
        """
        totals: dict[int, float] = {}
        best: dict[int, tuple[float, str]] = {}
        for sentence in self._groups.all_sentences(text):
            for number, strength in self._weigh(sentence):
                totals[number] = totals.get(number, 0.0) + strength
                if strength > best.get(number, (0.0, ""))[0]:
                    best[number] = strength, sentence.text.strip()
        names = self._weights.names
        return [
            Likeness(names[number], strength, best[number][1])
            for number, strength in sorted(totals.items(), key=lambda each: -each[1])
        ]

    def _weigh(self, sentence: Sentence) -> Iterator[tuple[int, float]]:
        """Yield the meanings that more speaks for than for none."""
        total = self._rows.total(_features(sentence))
        scores = self._lanes.unpack(total.to_bytes(self._lanes.size, "little"))
        none = scores[self._nothing]
        for number, score in enumerate(scores):
            if score > none:
                yield number, (score - none) / _FINE


def learn(examples: Mapping[str, Sequence[str]], groups: MeaningIndex) -> Weights:
    """Learn from the examples of each meaning: sentences in ready words."""
    names = sorted(examples)
    seen = [
        (number, _features(sentence))
        for number, name in enumerate(names)
        for example in examples[name]
        for sentence in groups.all_sentences(example)
    ]
    often = Counter(feature for _, found in seen for feature in found)
    weights = {
        feature: math.log((1 + len(seen)) / (1 + count)) + 1
        for feature, count in often.items()
        if count >= _LEAST
    }
    inside = _sums(seen, weights, len(names))
    of_meaning = [sum(sums[number] for sums in inside.values()) for number in range(len(names))]
    everything = sum(of_meaning) + _SMOOTHING * len(inside)
    leans = [math.log(everything - own) for own in of_meaning]
    return Weights(
        names=names,
        features={
            feature: b"".join(
                round(each * _FINE).to_bytes(_LANE, "little")
                for each in _row(sums, weights[feature], leans)
            )
            for feature, sums in inside.items()
        },
    )


def _sums(
    seen: Sequence[tuple[int, set[str]]], weights: Mapping[str, float], count: int
) -> dict[str, list[float]]:
    """Add up what each feature weighs in the examples of each meaning, all as long as another."""
    inside: dict[str, list[float]] = {}
    for number, found in seen:
        known = [feature for feature in found if feature in weights]
        length = math.sqrt(sum(weights[feature] ** 2 for feature in known)) or 1.0
        for feature in known:
            sums = inside.setdefault(feature, [0.0] * count)
            sums[number] += weights[feature] / length
    return inside


def _row(sums: Sequence[float], weight: float, leans: Sequence[float]) -> Iterator[float]:
    """Yield what a feature says for each meaning.

    That is how rare all words are outside it, and how much rarer than in all this one is.
    """
    total, least = sum(sums), min(leans)
    for own, lean in zip(sums, leans, strict=True):
        pull = weight * (math.log(total + _SMOOTHING) - math.log(total - own + _SMOOTHING))
        yield weight * (lean - least) + (pull if pull > _FAINTEST else 0.0)


def _features(sentence: Sentence) -> set[str]:
    """Return the words of a sentence, their beginnings, pairs, and groups that mean the same."""
    text = sentence.text[:_LONGEST]
    spaced = ["0" if word.isdecimal() else word for word in _WORD.findall(text)]
    found: set[str] = set()
    if not text.isascii():
        for word in spaced:
            if word[0] >= _FIRST_UNSPACED:
                found.update(_grams(word))
        spaced = [word for word in spaced if word[0] < _FIRST_UNSPACED]
    for word in set(spaced):
        for length in _BEGINNINGS[: max(0, len(word) - _BEGINNINGS[0])]:
            found.add(word[:length] + "*")
    found.update(spaced, map(" ".join, pairwise(spaced)))
    if sentence.places:
        groups = sorted(sentence.places)
        found.update([f"={group}" for group in groups])
        found.update([f"={one}+{other}" for one, other in combinations(groups, 2)])
    return found


def _grams(word: str) -> Iterator[str]:
    """Yield the stretches of a word of a language that puts no blanks between words."""
    for length in _GRAMS:
        for start in range(len(word) - length + 1):
            yield word[start : start + length]
