"""Many plain phrases, looked for in one pass over a text (Aho and Corasick, 1975)."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

import ahocorasick

_MOST_HITS = 50_000  # places of phrases in one text that are looked at


class PhraseSet:
    """Phrases in lower case, found anywhere in a lower-case text."""

    __slots__ = ("_automaton",)

    def __init__(self, phrases: Iterable[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        for phrase in phrases:
            self._automaton.add_word(phrase, phrase)
        self._automaton.make_automaton()

    def any_in(self, text: str) -> bool:
        """Tell whether one of the phrases stands in the text."""
        return bool(self._automaton) and next(self._automaton.iter(text), None) is not None

    def count_in(self, text: str, most: int) -> int:
        """Return how many of the phrases stand in the text, ``most`` if there are more."""
        found: set[str] = set()
        for _, phrase in self._automaton.iter(text) if self._automaton else ():
            found.add(phrase)
            if len(found) == most:
                break
        return len(found)

    def all_in(self, text: str) -> set[str]:
        """Return the phrases that stand in the text."""
        return {phrase for _, phrase in self._automaton.iter(text)} if self._automaton else set()

    def first_places_in(self, text: str) -> dict[str, int]:
        """Return where each of the phrases that stand in the text begins first."""
        found: dict[str, int] = {}
        for end, phrase in self._hits(text):
            found.setdefault(phrase, end + 1 - len(phrase))
        return found

    def places_in(self, text: str) -> list[int]:
        """Return every place at which one of the phrases begins, in order."""
        return sorted(end + 1 - len(phrase) for end, phrase in self._hits(text))

    def _hits(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the ends of phrases: a thousand that end each other end at every letter."""
        return islice(self._automaton.iter(text) if self._automaton else (), _MOST_HITS)


@lru_cache(maxsize=4)  # a notice is looked at several times
def flatten(text: str) -> str:
    """Return text for phrase search: lower case, white space as single blanks, straight quotes."""
    return " ".join(text.split()).replace("\u2019", "'").lower()
