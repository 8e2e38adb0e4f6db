"""The quick search finds exactly what a plain search with every pattern finds."""

import re
import warnings
from copy import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounce_assistant.diagnosis.needles import needles_of, needs_of
from bounce_assistant.diagnosis.phrases import PhraseIndex
from bounce_assistant.diagnosis.reasons import ready
from bounce_assistant.diagnosis.starts import begun_with_letters
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
UNUSED = copy(INDEX)
INDEX.prepare()


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


@given(TEXTS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_the_first_texts_are_looked_at_as_all_later_ones_are(text: str) -> None:
    new = copy(UNUSED)
    assert new.candidates(text) == INDEX.candidates(text)
    assert list(new.find(text).items()) == list(INDEX.find(text).items())


def test_of_equally_long_words_the_first_are_shown() -> None:
    index = index_of([("no mailbox", 1), ("full .ailbox", 1), ("lost ma[a-z]lbox", 1)])
    assert index.find("lost mailbox, no mailbox") == {1: "lost mailbox"}
    assert index.find("full mailbox, old.ailbox") == {1: "full mailbox"}


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
        ("users? unknown", ("users unknown", "user unknown")),
        ("mail ?box", ("mail box", "mailbox")),
        ("(mailbox|inbox) full", ("mailbox full", "inbox full")),
        ("(mailbox|inbox)", ("mailbox", "inbox")),
        ("mailbox|inbox", ("mailbox", "inbox")),
        ("(address|user) .{0,20}(invalid|unknown)", ("invalid", "unknown")),
        (r"blocked using [\w.-]{2,80}\.\w", ("blocked using ",)),
        (r"5\.7\.(50[12]|511)\b", ("5.7.501", "5.7.502", "5.7.511")),
        ("quot[ae]+ exceeded", (" exceeded",)),
        ("a{3}bcd", ("bcd",)),
        ("(dead )?letter", ("letter",)),
        ("(?:dead|lost)", ("dead", "lost")),
        ("(?<!sending )quota", ("quota",)),
        ("abc(?=d)def", ("abcdef",)),
        ("x[a|b]yy", ("xayy", "x|yy", "xbyy")),
        ("x[^a]yyy", ("yyy",)),
        ("long{b", ()),
        ("long{}", ("lon",)),
        ("{long", ()),
        ("long}", ("long}",)),
        ("along{,3}", ("alon",)),
        ("(a|b|c|d|e|f|g|h|i)long", ("long",)),
        ("(long|a*)", ()),
        ("(?i)abcd", ()),
        ("(abcd", ()),
        ("[abcd", ()),
        ("abcd)", ()),
        (r"\d+", ()),
        ("ab", ()),
        ("邮箱", ("邮箱",)),
    ],
)
def test_the_words_to_look_for_are_the_most_telling_a_pattern_needs(
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
        needles = needles_of(pattern)
        for text in ("a", "b", "ab", "ba", "aab", "abb", "abab", "aaa bbb", "(a)", "a|b", "[a]"):
            match = compiled.search(text)
            assert not match or not needles or any(needle in match[0] for needle in needles)


@given(st.data())
@settings(
    max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
def test_every_match_has_one_text_of_each_set(data: st.DataObject) -> None:
    pattern, _ = data.draw(st.sampled_from(PATTERNS))
    match = re.search(pattern, data.draw(st.from_regex(pattern)))
    assert match
    for texts in needs_of(pattern):
        assert any(text in match[0] for text in texts)


@pytest.mark.parametrize(
    ("pattern", "begun"),
    [
        (r"\bno mail", r"n(?<!\wn)o mail"),
        (r"\b(a|b\b|c(d|e))x", r"(a(?<!\wa)|b(?<!\wb)\b|c(?<!\wc)(d|e))x"),
        (r"(\bno|unknown)\b.{0,12}", r"(n(?<!\wn)o|unknown)\b.{0,12}"),
        (r"\ba|b", r"\ba|b"),
        (r"(\ba|b)?c", r"(\ba|b)?c"),
        (r"\b(a|[bc])d", r"\b(a|[bc])d"),
        (r"\b(ab", r"\b(ab"),
        (r"\ba?b", r"\ba?b"),
    ],
)
def test_a_pattern_is_rewritten_to_begin_with_its_letters(pattern: str, begun: str) -> None:
    assert begun_with_letters(pattern) == begun
