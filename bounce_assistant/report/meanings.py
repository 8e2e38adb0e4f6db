"""Finds what a sentence is about by groups of words that mean the same, in any order and language.

Nobody can list every wording. Where no rule knows the words of a server, what it talks about (a
mailbox, a limit, a sender) and what it says of that (gone, reached, not let in) still tell.
Data: resources/meanings.toml, for the rules in resources/reasons that ask for groups, and the
groups in resources/notices.toml by which a notice is told from other mail.
"""

import re
from collections.abc import Iterator

import ahocorasick
import msgspec

_SENTENCE_END = re.compile(r"[.!?;](?= )|[。！？；]")
_STOP = re.compile(r"[.!?](?= |$)")
_LONGEST = 2000  # characters of words that are looked at
_NOT_IN_WORDS = str.maketrans(dict.fromkeys('"()[]{}:,;/_-*|=«»„“”、，', " "))
_FIRST_UNSPACED = "\u3000"  # from here on languages put no blanks between words
_WHOLE = " "  # ends a word of which no more may follow


class Meanings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Groups of words: lower case, no accents; the beginning of a word stands for all of it."""

    groups: dict[str, list[str]] = {}


class Sentence(msgspec.Struct, frozen=True):
    """A sentence by the groups that it has words of; of each, where the first begins and ends."""

    text: str
    places: dict[str, tuple[int, int]]

    def tells(self, wanted: frozenset[str], unwanted: frozenset[str]) -> str:
        """Return the words from the first to the last that was wanted; '' if one is missing."""
        if not wanted <= self.places.keys() or not unwanted.isdisjoint(self.places):
            return ""
        found = [self.places[name] for name in wanted]
        return self.text[min(start for start, _ in found) : max(end for _, end in found)]


class MeaningIndex:
    """All groups, looked for in one pass over a text."""

    __slots__ = ("_automaton",)

    def __init__(self, meanings: Meanings) -> None:
        self._automaton = ahocorasick.Automaton()
        owners: dict[str, list[str]] = {}
        for group, words in meanings.groups.items():
            for word in words:
                owners.setdefault(word.translate(_NOT_IN_WORDS), []).append(group)
        for word, groups in owners.items():
            self._automaton.add_word(word, (word, tuple(groups)))
        self._automaton.make_automaton()

    def sentences(self, text: str) -> Iterator[Sentence]:
        """Yield each sentence of ready words that has any known word."""
        return (sentence for sentence in self.all_sentences(text) if sentence.places)

    def all_sentences(self, text: str) -> Iterator[Sentence]:
        """Yield each sentence of ready words."""
        text = text[:_LONGEST]
        plain = f"{_STOP.sub(' ', text).translate(_NOT_IN_WORDS)} "
        begin = 0
        for end in (*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)):
            yield Sentence(text[begin:end], self._places(plain, begin, end))
            begin = end

    def _places(self, plain: str, begin: int, end: int) -> dict[str, tuple[int, int]]:
        places: dict[str, tuple[int, int]] = {}
        for last, (word, groups) in self._automaton.iter(plain, begin, min(end + 1, len(plain))):
            start = last + 1 - len(word)
            is_inside = start > 0 and word[0].isalnum() and plain[start - 1].isalnum()
            if is_inside and word[0] < _FIRST_UNSPACED:
                continue  # the middle of another word
            for group in groups:
                places.setdefault(group, (start - begin, start - begin + len(word.rstrip(_WHOLE))))
        return places
