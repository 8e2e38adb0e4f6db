"""The quick search finds exactly what a plain search with every pattern finds."""

import re
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounce_assistant.diagnosis.phrases import PhraseIndex, needles_of
from bounce_assistant.diagnosis.reasons import ready
from tests.unit.diagnosis.reports import BOOK

RULES = [rule for reason in BOOK.reasons.values() for rule in reason.rule if rule.text]
PATTERNS = [(pattern, owner) for owner, rule in enumerate(RULES) for pattern in rule.text]
LINES = [ready(line) for rule in RULES for line in (*rule.hits, *rule.misses)]
PIECES = sorted({word for line in LINES for word in line.split()})
TEXTS = st.lists(st.sampled_from(PIECES + LINES), max_size=30).map(" ".join)


def index_of(patterns: list[tuple[str, int]]) -> PhraseIndex:
    index = PhraseIndex()
    for pattern, owner in patterns:
        index.add(pattern, owner)
    return index


INDEX = index_of(PATTERNS)


COMPILED = [(re.compile(pattern), owner) for pattern, owner in PATTERNS]


def plain_search(text: str) -> dict[int, int]:
    """Return owner -> length of its longest match, by trying every pattern."""
    found: dict[int, int] = {}
    for pattern, owner in COMPILED:
        match = pattern.search(text)
        if match and match[0]:
            found[owner] = max(found.get(owner, 0), len(match[0]))
    return found


@given(TEXTS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_the_quick_search_misses_nothing_and_invents_nothing(text: str) -> None:
    assert {owner: len(words) for owner, words in INDEX.find(text).items()} == plain_search(text)


@pytest.mark.parametrize("line", LINES)
def test_the_quick_search_agrees_on_every_line_of_the_rules(line: str) -> None:
    assert {owner: len(words) for owner, words in INDEX.find(line).items()} == plain_search(line)


@given(st.data())
@settings(
    max_examples=600, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
def test_what_a_pattern_cannot_do_without_stands_in_every_match(data: st.DataObject) -> None:
    pattern, _ = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(pattern))
    match = re.search(pattern, text)
    assert match
    needles = needles_of(pattern)
    assert any(needle in match[0] for needle in needles) or not needles


def test_every_pattern_in_use_has_words_to_look_for() -> None:
    assert [pattern for pattern, _ in PATTERNS if not needles_of(pattern)] == []


@pytest.mark.parametrize(
    ("pattern", "needles"),
    [
        ("user unknown", ("user unknown",)),
        ("users? unknown", (" unknown",)),
        ("(mailbox|inbox) full", (" full",)),
        ("(mailbox|inbox)", ("mailbox", "inbox")),
        ("mailbox|inbox", ("mailbox", "inbox")),
        (r"blocked using [\w.-]{2,80}\.\w", ("blocked using ",)),
        (r"5\.7\.(50[123]|511)\b", ("5.7.",)),
        ("a{3}bcd", ("bcd",)),
        ("(dead )?letter", ("letter",)),
        ("(?:dead|lost)", ()),
        ("(?<!sending )quota", ("quota",)),
        ("x[a|b]yy", ()),
        (r"\d+", ()),
        ("ab", ()),
        ("邮箱", ("邮箱",)),
    ],
)
def test_the_words_to_look_for_are_the_longest_a_pattern_needs(
    pattern: str, needles: tuple[str, ...]
) -> None:
    assert needles_of(pattern) == needles


@given(st.from_regex(r"[ab()|?*+\[\]{}\\.]{0,12}", fullmatch=True))
@settings(max_examples=300)
def test_any_pattern_that_compiles_keeps_its_promise(pattern: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of `re`: sets in sets to come
        try:
            compiled = re.compile(pattern)
        except (re.error, OverflowError):
            return
        try:
            needles = needles_of(pattern)
        except ValueError:  # a brace that repeats nothing: no rule may have one
            assert "{" in pattern
            return
        for text in ("a", "b", "ab", "ba", "aab", "abb", "abab", "aaa bbb", "(a)", "a|b", "[a]"):
            match = compiled.search(text)
            assert not match or not needles or any(needle in match[0] for needle in needles)
