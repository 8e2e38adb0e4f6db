"""Proves resources/doubts.toml: its patterns, the reasons that it names, its hits and misses."""

import re
from collections.abc import Callable, Iterator

from bounce_assistant.diagnosis.reasons import ReasonBook, fold, ready
from bounce_assistant.services.prove_patterns import pattern_problems

_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST_KIN = 2


def doubt_problems(book: ReasonBook) -> list[str]:
    """Return what is wrong with what the doubts say, in sentences that name the place."""
    return [f"doubts.toml, {problem}" for problem in _problems(book)]


def _problems(book: ReasonBook) -> Iterator[str]:
    data = book.doubts.data
    yield from _lines("reply", data.reply.hits, data.reply.misses, _is_passed_on(book))
    for number, kin in enumerate(data.kin, start=1):
        yield from (
            f"kin {number}: no reason {name}." for name in set(kin.reasons) - book.reasons.keys()
        )
        if len(kin.reasons) < _FEWEST_KIN:
            yield f"kin {number}: it needs two reasons."
    for number, usual in enumerate(data.usual, start=1):
        where = f"usual {number}"
        yield from _patterns(where, usual.text)
        yield from _lines(where, usual.hits, usual.misses, _is_usual(book))
    for number, each in enumerate(data.ambiguous, start=1):
        where = f"ambiguous {number}"
        yield from _patterns(where, each.text)
        strange = {each.reason, each.or_else} - book.reasons.keys()
        yield from (f"{where}: no reason {name}." for name in strange)
        if each.reason == each.or_else:
            yield f"{where}: its two reasons are one."
        yield from _lines(where, each.hits, each.misses, _means_two(book, each.reason))


def _patterns(where: str, patterns: list[str]) -> Iterator[str]:
    yield from (f"{where}: {problem}" for problem in pattern_problems(patterns))
    for pattern in patterns:
        if pattern != fold(pattern):
            yield f"{where}: the pattern {pattern} has accents, which the words have lost."


def _lines(
    where: str, hits: list[str], misses: list[str], fits: Callable[[str], bool]
) -> Iterator[str]:
    if not hits or not misses:
        yield f"{where}: it needs lines to hit and lines to miss."
    yield from (f"{where}: misses its hit: {line}" for line in hits if not fits(ready(line)))
    yield from (f"{where}: hits its miss: {line}" for line in misses if fits(ready(line)))


def _is_passed_on(book: ReasonBook) -> Callable[[str], bool]:
    return lambda words: book.doubts.reply_start(words) > 0


def _is_usual(book: ReasonBook) -> Callable[[str], bool]:
    """All of a line is what servers say in any case: no word is left over."""
    return lambda words: not _WORD.search(book.doubts.without_usual(words))


def _means_two(book: ReasonBook, reason: str) -> Callable[[str], bool]:
    return lambda words: bool(book.doubts.or_else(reason, words))
