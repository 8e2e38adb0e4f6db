"""Finds which of many patterns stand in a text: a plain look-up first, patterns only where it hits.

A reply is short and the patterns are many, so each pattern waits behind the plain texts it cannot
do without. Nothing is compiled before one of them was seen.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import ahocorasick

from bounce_assistant.diagnosis.needles import Texts, is_plain, needles_of, needs_of
from bounce_assistant.diagnosis.starts import begun_with_letters

_NOTHING = re.compile(r"(?!)")
_FEW = 16  # texts that are looked at without an automaton


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the compiled pattern; kept, for the same ones come again and again.

    A broken one matches nothing: check-rules names it, a user is not stopped by it.
    """
    try:
        return re.compile(begun_with_letters(pattern))
    except re.error:
        return _NOTHING


class AnyOf:
    """A few patterns of which it only matters whether one stands in a text."""

    __slots__ = ("_others", "_plain")

    def __init__(self, patterns: Iterable[str]) -> None:
        wanted = list(patterns)
        self._plain = [pattern for pattern in wanted if is_plain(pattern)]
        self._others = [(needles_of(each), each) for each in wanted if not is_plain(each)]

    def stands_in(self, text: str) -> bool:
        for phrase in self._plain:
            if phrase in text:
                return True
        for needles, pattern in self._others:
            is_likely = not needles or any(needle in text for needle in needles)
            if is_likely and compiled(pattern).search(text):
                return True
        return False


class Pattern:
    """A pattern that waits to be tried: what it needs to stand in a text, and whose it is."""

    __slots__ = ("_compiled", "_needs", "_pattern", "owner")

    def __init__(self, pattern: str, owner: int, needs: tuple[Texts, ...]) -> None:
        self.owner = owner
        self._pattern = pattern
        self._needs = needs
        self._compiled: re.Pattern[str] | None = None

    def may_match(self, text: str) -> bool:
        """Tell whether one text of each set that it needs stands in a text."""
        for needles in self._needs:
            for needle in needles:
                if needle in text:
                    break
            else:
                return False
        return True

    def search(self, text: str) -> re.Match[str] | None:
        if self._compiled is None:
            self._compiled = compiled(self._pattern)
        return self._compiled.search(text)


Filed = tuple[str, tuple[int, ...], dict[Pattern, None]]  # a plain text, its owners, its patterns


class PhraseIndex:
    """Patterns by the plain text they need; answers which owners a text belongs to.

    One automaton finds all plain texts in one pass (Aho and Corasick, 1975): 3 microseconds for a
    server's reply where looking for each of them takes 80 and one big pattern 130. To build it
    takes as long as to look at fifty replies without it, so a single message goes without.
    """

    def __init__(self, needs: Mapping[str, tuple[Texts, ...]] | None = None) -> None:
        """Take what is known of patterns from before; that of others is found anew."""
        self._needs = needs or {}
        self._owners: dict[str, list[int]] = {}  # of texts that are patterns by themselves
        self._patterns: dict[str, list[Pattern]] = {}
        self._always: list[Pattern] = []
        self._automaton: ahocorasick.Automaton | None = None
        self._looked = 0  # texts looked at without it

    def add(self, pattern: str, owner: int) -> None:
        """File a pattern under its plain texts; ``owner`` is what find() answers with."""
        self._automaton = None
        known = self._needs.get(pattern)  # of none that is plain
        needs = known or needs_of(pattern)
        if not needs:
            self._always.append(Pattern(pattern, owner, ()))
        elif not known and is_plain(pattern):
            self._owners.setdefault(pattern, []).append(owner)
        else:
            waiting = Pattern(pattern, owner, needs[1:])
            for needle in needs[0]:
                self._patterns.setdefault(needle, []).append(waiting)

    def find(self, text: str) -> dict[int, str]:
        """Return owner -> the longest words that one of its patterns matched, the first of such."""
        found = {
            owner: longest(text, plain, patterns)
            for owner, (plain, patterns) in self.candidates(text).items()
        }
        return {owner: words for owner, words in found.items() if words}

    def candidates(self, text: str) -> dict[int, tuple[str, list[Pattern]]]:
        """Return the owners that a text may belong to, no pattern tried yet.

        Of each the longest plain words that stand in the text, and the patterns left to try.
        """
        plain: dict[int, str] = {}
        waiting = dict.fromkeys(self._always)
        for _, (needle, owners, patterns) in self._found_in(text):
            for owner in owners:
                if len(needle) > len(plain.get(owner, "")):
                    plain[owner] = needle
            if patterns:
                waiting.update(patterns)
        found: dict[int, tuple[str, list[Pattern]]] = {
            owner: (needle, []) for owner, needle in plain.items()
        }
        for pattern in waiting:
            if pattern.may_match(text):
                if pattern.owner in found:
                    found[pattern.owner][1].append(pattern)
                else:
                    found[pattern.owner] = "", [pattern]
        return found

    def prepare(self) -> None:
        """Build the automaton, as many texts need it."""
        if self._automaton is None:
            self._automaton = self._build()

    def _found_in(self, text: str) -> Iterable[tuple[int, Filed]]:
        """Return where plain texts end in a text, with what is filed under them, in order."""
        if self._automaton is None:
            if self._looked < _FEW:
                self._looked += 1
                return self._looked_for(text)
            self._automaton = self._build()
        found: Iterable[tuple[int, Filed]] = self._automaton.iter(text)
        return found

    def _looked_for(self, text: str) -> list[tuple[int, Filed]]:
        """Return what the automaton finds, but each plain text only at its first place."""
        found = [(text.find(needle) + len(needle) - 1, needle) for needle in self._needles(text)]
        found.sort(key=lambda each: (each[0], -len(each[1])))
        return [(end, self._filed(needle)) for end, needle in found]

    def _needles(self, text: str) -> dict[str, None]:
        found = dict.fromkeys(needle for needle in self._owners if needle in text)
        found |= dict.fromkeys(needle for needle in self._patterns if needle in text)
        return found

    def _filed(self, needle: str) -> Filed:
        patterns = dict.fromkeys(self._patterns.get(needle, ()))
        return needle, tuple(self._owners.get(needle, ())), patterns

    def _build(self) -> "ahocorasick.Automaton":
        automaton = ahocorasick.Automaton()
        for needle in {**self._owners, **self._patterns}:
            automaton.add_word(needle, self._filed(needle))
        automaton.make_automaton()
        return automaton


def longest(text: str, words: str, patterns: Iterable[Pattern]) -> str:
    """Return the longest words that one of the patterns matches, at least those known already."""
    for pattern in patterns:
        match = pattern.search(text)
        if match and _is_better(match, words):
            words = match[0]
    return words


def _is_better(match: re.Match[str], known: str) -> bool:
    """Prefer longer words; of equally long ones those that come first."""
    length = len(match[0])
    if length != len(known):
        return length > len(known)
    return match.start() < match.string.find(known)
