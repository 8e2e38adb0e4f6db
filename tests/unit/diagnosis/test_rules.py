"""Every rule proves itself: it owns the lines it names, spares the others, and ties with none."""

import pytest

from bounce_assistant.diagnosis.reasons import Fit, Reason, Rule, Words, parse_reason, ready
from bounce_assistant.report.replies import command_in, find_codes
from tests.unit.diagnosis.reports import BOOK

RULES = [
    pytest.param(reason, rule, id=f"{reason.id}-{number}")
    for reason in BOOK.reasons.values()
    for number, rule in enumerate(reason.rule, start=1)
]


def words_of(line: str, rule: Rule) -> Words:
    """Return a server's line in the circumstances that a rule asks for."""
    codes = find_codes(line)
    return Words(
        text=ready(line),
        status=str(codes.status or ""),
        reply=codes.reply_code,
        stage=command_in(line),
        service=rule.service[0] if rule.service else "",
    )


def fits_of(line: str, rule: Rule) -> tuple[Fit, ...]:
    """Return the fits of a line, by what it is about if the rule goes by that."""
    return (BOOK.meant if rule.meaning else BOOK.fits)(words_of(line, rule))


@pytest.mark.parametrize(("reason", "rule"), RULES)
def test_a_rule_owns_its_hits(reason: Reason, rule: Rule) -> None:
    assert rule.hits
    for line in rule.hits:
        fits = fits_of(line, rule)
        is_hit = any(fit.rule is rule or (rule.meaning and fit.reason is reason) for fit in fits)
        assert is_hit, f"misses {line}"
        claims = {fit.reason.id for fit in fits if fit.score >= rule.score}
        assert claims == {reason.id}, line


@pytest.mark.parametrize(("reason", "rule"), RULES)
def test_a_rule_spares_its_misses(reason: Reason, rule: Rule) -> None:
    assert rule.misses
    for line in rule.misses:
        assert all(fit.rule is not rule for fit in fits_of(line, rule)), line


@pytest.mark.parametrize(("reason", "rule"), RULES)
def test_a_rule_explains_itself_in_plain_words(reason: Reason, rule: Rule) -> None:
    assert rule.source
    assert 0 < len(rule.says) <= 90
    assert not rule.says.endswith(".")


def test_a_key_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        parse_reason('id = "blocked"\nbounce_type = "soft"\ncause = "listed"\ncolour = "red"')


def test_a_bounce_type_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="bounce_type"):
        parse_reason('id = "blocked"\nbounce_type = "medium"\ncause = "listed"')


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("550  5.1.1\n User\tUnknown", "550 5.1.1 user unknown"),
        ("<dana@larkspur.example>: no", "<>: no"),
        ("dana@larkspur.example no", "<> no"),
        ("550-5.1.1 The account\n550-5.1.1 does not\n550 5.1.1 exist",
         "550-5.1.1 the account does not 550 5.1.1 exist"),
        ("couldn’t be found", "couldn't be found"),
    ],
)  # fmt: skip
def test_words_are_made_ready_for_search(words: str, seen: str) -> None:
    assert ready(words) == seen
