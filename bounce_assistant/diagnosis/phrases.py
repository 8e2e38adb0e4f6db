"""Finds which of many patterns stand in a text: a plain look-up first, patterns only where it hits.

A reply is short and the patterns are many, so each pattern waits behind the longest piece of
plain text it cannot do without. Nothing is compiled before its piece was seen.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import ahocorasick

_ESCAPED = frozenset(".()[]{}|?*+^$\\/-'\"<>#:,;@!=& _")
_NOTHING = re.compile(r"(?!)")
_MIN_NEEDLE = 3
_MIN_FOREIGN = 2  # two characters of Chinese tell as much


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the compiled pattern; kept, for the same ones come again and again.

    A broken one matches nothing: check-rules names it, a user is not stopped by it.
    """
    try:
        return re.compile(pattern)
    except re.error:
        return _NOTHING


def needles_of(pattern: str) -> tuple[str, ...]:
    """Return plain texts of which every match contains at least one; () if that can't be told.

    One text, the longest that the pattern cannot do without, or one for each choice of a group.
    """
    try:
        runs, groups = _read_pattern(pattern)
    except (IndexError, ValueError):  # a bracket that is never closed
        return ()
    best = max(runs, key=len, default="")
    if _is_telling(best):
        return (best,)
    for group in groups:
        choices = [_longest(choice) for choice in _choices(group)]
        if all(_is_telling(choice) for choice in choices):
            return tuple(dict.fromkeys(choices))
    return ()


def _longest(pattern: str) -> str:
    return max(_read_pattern(pattern)[0], key=len, default="")


def _is_telling(needle: str) -> bool:
    return len(needle) >= (_MIN_NEEDLE if needle.isascii() else _MIN_FOREIGN)


def _read_pattern(pattern: str) -> tuple[list[str], list[str]]:
    """Return the plain runs outside groups, and the groups that must match."""
    if len(_choices(pattern)) > 1:
        return [], [pattern]
    runs, groups, run = [], [], ""
    index = 0
    while index < len(pattern):
        token, literal = _token(pattern, index)
        index += len(token)
        repeat = pattern[index : index + 2]
        is_optional = repeat[:1] in {"?", "*"} or repeat == "{0"
        if literal and not is_optional:
            run += literal
        if not literal or is_optional or repeat[:1] in {"+", "{"}:
            runs.append(run)
            run = ""
        if token[0] == "(" and not token.startswith("(?") and not is_optional:
            groups.append(token[1:-1])
        if repeat[:1] == "{":
            index = pattern.index("}", index) + 1
    return [*runs, run], groups


def _token(pattern: str, start: int) -> tuple[str, str]:
    """Return the piece of a pattern that begins here, and the plain character it stands for."""
    char = pattern[start]
    if char == "\\":
        escaped = pattern[start + 1]
        return char + escaped, escaped if escaped in _ESCAPED else ""
    if char == "[":
        return pattern[start : _class_end(pattern, start)], ""
    if char == "(":
        return pattern[start : _group_end(pattern, start)], ""
    return char, "" if char in ".^$?*+{}|)" else char


def _choices(pattern: str) -> list[str]:
    """Split a pattern at the bars that stand outside groups and classes."""
    found, begin, index = [], 0, 0
    while index < len(pattern):
        if pattern[index] == "|":
            found.append(pattern[begin:index])
            begin = index + 1
        index += len(_token(pattern, index)[0])
    return [*found, pattern[begin:]]


def _class_end(pattern: str, start: int) -> int:
    """Return the position after a [class], whose first character may be a bracket."""
    first = start + 2 if pattern[start + 1] == "^" else start + 1
    return pattern.index("]", first + 1) + 1


def _group_end(pattern: str, start: int) -> int:
    """Return the position after a (group)."""
    index = start + 1
    while pattern[index] != ")":
        index += len(_token(pattern, index)[0])
    return index + 1


class PhraseIndex:
    """Patterns by the plain text they need; answers which owners a text belongs to.

    One automaton finds all plain texts in one pass (Aho and Corasick, 1975): 3 microseconds for a
    server's reply where looking for each of the thousand takes 80 and one big pattern 130.
    """

    def __init__(self) -> None:
        self._by_needle: dict[str, list[tuple[str, int]]] = {}
        self._always: list[tuple[str, int]] = []
        self._automaton: ahocorasick.Automaton | None = None

    def add(self, pattern: str, owner: int) -> None:
        """File a pattern under its plain texts; ``owner`` is what find() answers with."""
        needles = needles_of(pattern)
        for needle in needles:
            self._by_needle.setdefault(needle, []).append((pattern, owner))
        if not needles:
            self._always.append((pattern, owner))
        self._automaton = None

    def find(self, text: str) -> dict[int, str]:
        """Return owner -> the longest words of the text that one of its patterns matched."""
        found: dict[int, str] = {}
        for pattern, owner in self._candidates(text):
            match = compiled(pattern).search(text)
            if match and len(match[0]) > len(found.get(owner, "")):
                found[owner] = match[0]
        return found

    def owners(self, text: str) -> set[int]:
        """Return the owners of which a pattern stands in the text; cheaper than find()."""
        found: set[int] = set()
        for pattern, owner in self._candidates(text):
            if owner not in found and compiled(pattern).search(text):
                found.add(owner)
        return found

    def _candidates(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield each pattern, once, of which a plain text stands in the text."""
        if self._automaton is None:
            self._automaton = self._build()
        yield from self._always
        seen: set[tuple[str, int]] = set()
        if not self._by_needle:
            return
        for needle in dict.fromkeys(needle for _, needle in self._automaton.iter(text)):
            for entry in self._by_needle[needle]:
                if entry not in seen:
                    seen.add(entry)
                    yield entry

    def _build(self) -> "ahocorasick.Automaton":
        automaton = ahocorasick.Automaton()
        for needle in self._by_needle:
            automaton.add_word(needle, needle)
        automaton.make_automaton()
        return automaton
