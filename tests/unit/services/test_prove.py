"""The proof of the data files finds what is wrong with them, and nothing else."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import bounce_assistant.resources
import bounce_assistant.services.prove as prove_module
from bounce_assistant.diagnosis.reasons import ReasonBook, parse_reason
from bounce_assistant.errors import AppError
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.prove import prove_all, prove_rule

Change = Callable[[str, str, str], None]
FULL = """\
id = "mailboxfull"
bounce_type = "soft"
cause = "inbox_full"
[[rule]]
text = ['mailbox full']
strength = "certain"
says = "their mailbox is full"
source = "Dovecot"
hits = ["552 Mailbox full"]
misses = ["550 User unknown"]
"""
UNKNOWN = (
    FULL.replace("mailboxfull", "userunknown")
    .replace("mailbox full", "user unknown")
    .replace("552 Mailbox full", "550 USER UNKNOWN")
    .replace("550 User unknown", "552 Mailbox full")
)


def problems(*texts: str) -> list[str]:
    """Return what is wrong with the first reason's rule, beside the other reasons."""
    book = ReasonBook(map(parse_reason, texts))
    reason = next(iter(book.reasons.values()))
    return prove_rule(reason, reason.rule[0], book)


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Change:
    """Return a way to change a copy of the shipped files, which is then used."""
    root = tmp_path / "resources"
    shutil.copytree(bounce_assistant.resources.ROOT, root)
    monkeypatch.setattr(bounce_assistant.resources, "ROOT", root)
    monkeypatch.setattr(prove_module, "ROOT", root)

    def apply(name: str, old: str, new: str) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


def test_the_shipped_files_prove_themselves() -> None:
    proof = prove_all(load_knowledge())
    assert proof.problems == []
    assert proof.files > 30
    assert proof.rules > 50
    assert proof.lines > 300


def test_a_sound_rule_has_no_problems() -> None:
    assert problems(FULL, UNKNOWN) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('hits = ["552 Mailbox full"]', "hits = []", "lines to hit"),
        ('misses = ["550 User unknown"]', "misses = []", "lines to miss"),
        ('hits = ["552 Mailbox full"]', 'hits = ["552 full"]', "misses its hit"),
        ('misses = ["550 User unknown"]', 'misses = ["452 mailbox full"]', "hits its miss"),
        ("'mailbox full'", "'mailbox.*full'", "no bound"),
        ("'mailbox full'", "'mailbox.+full'", "no bound"),
        ("text = ['mailbox full']", "", "nothing to look for"),
        ("'mailbox full'", "'mailbox full', '\\d+'", "longer word"),
        ("'mailbox full'", "'mailbox full', '(ab|cd)'", "longer word"),
        ("'mailbox full'", "'mailbox full', '(mailbox'", "broken"),
        ("'mailbox full'", "'mailbox full', 'mailbox)'", "broken"),
        ("'mailbox full'", "'mailbox full', '[mailbox'", "broken"),
        ("'mailbox full'", "'mailbox full', 'mailbox{'", "{"),
        ("text = ['mailbox full']", "text = ['mailbox full']\nunless = ['(x']", "broken"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_is_told(old: str, new: str, complaint: str) -> None:
    assert old in FULL
    told = problems(FULL.replace(old, new), UNKNOWN)
    assert any(complaint in problem for problem in told), told


def test_two_reasons_that_claim_the_same_words_are_told() -> None:
    rival = UNKNOWN.replace("'user unknown'", "'user unknown', 'mailbox full'")
    assert any("ties with userunknown" in problem for problem in problems(FULL, rival))


def test_a_weaker_claim_is_no_tie() -> None:
    rival = UNKNOWN.replace("'user unknown'", "'user unknown', 'mailbox full'")
    assert problems(FULL, rival.replace('"certain"', '"likely"')) == []


def test_a_tie_among_the_shipped_files_is_found(change: Change) -> None:
    change("reasons/suspend.toml", "text = [", "text = ['user unknown', ")
    assert any("ties with" in problem for problem in prove_all(Knowledge()).problems)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("reasons/mailboxfull.toml", 'id = "mailboxfull"', 'id = "mailboxfull"\ncolour = "red"'),
        ("reasons/mailboxfull.toml", "strength =", "strenght ="),
        ("reasons/mailboxfull.toml", '"soft"', '"medium"'),
        ("reasons/mailboxfull.toml", "[[rule]]", "[[rule]"),
        ("reasons/mailboxfull.toml", "text = [", "text = ['(broken', "),
        ("notices.toml", "[bounce]", "[bounces]"),
        ("blocklists.toml", "id =", "ident ="),
        ("address_data.toml", "[roles]", "[rules]"),
        ("wizard.toml", "[[", "[["),
    ],
)
def test_a_broken_file_is_named(change: Change, name: str, old: str, new: str) -> None:
    if old == new:
        new = 'surprise = "yes"\n' + old
    change(name, old, new)
    try:
        told = prove_all(Knowledge()).problems
    except AppError as problem:
        told = [str(problem)]
    assert any(Path(name).stem in each for each in told), told


def test_a_cause_without_a_way_out_is_found(change: Change) -> None:
    change("reasons/mailboxfull.toml", 'cause = "inbox_full"', 'cause = "inbox_fool"')
    assert any("no playbook inbox_fool" in each for each in prove_all(Knowledge()).problems)


def test_a_reason_nobody_knows_is_found(change: Change) -> None:
    change("reasons/mailboxfull.toml", 'id = "mailboxfull"', 'id = "mailboxempty"')
    told = prove_all(Knowledge()).problems
    assert any("mailboxempty" in each for each in told)
    assert any("mailboxfull" in each for each in told)


def test_a_word_that_is_never_found_is_named(change: Change) -> None:
    change("meanings.toml", "[groups]", '[groups]\nnew = ["Postfach", ""]')
    named = [each for each in prove_all(load_knowledge()).problems if "group new" in each]
    assert [word in each for word, each in zip(("'Postfach'", "''"), named, strict=True)] == [
        True,
        True,
    ]


def test_an_example_stands_for_one_meaning(change: Change) -> None:
    change("examples/english/mailboxfull.toml", "en = [", 'en = [\n  "Transaction failed",')
    change("examples/english/virusdetected.toml", "en = [", 'en = [\n  "Found one now",')
    (problem,) = prove_all(load_knowledge()).problems
    assert problem == (
        "examples/english/nothing.toml: examples/english/mailboxfull.toml has this too:"
        " Transaction failed"
    )


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('["userunknown", "suspend"]', '["userunknown", "gone"]', "no reason gone"),
        ('["userunknown", "suspend"]', '["userunknown"]', "two reasons"),
        ('or_else = "suspend"', 'or_else = "userunknown"', "are one"),
        ('or_else = "suspend"', 'or_else = "closed"', "no reason closed"),
        ("text = ['mailbox (is )?(un", "text = ['(', 'mailbox (is )?(un", "broken"),
        ("'giving up on \\S{1,60}'", "'giving up on \\S+'", "no bound"),
        ("'giving up on \\S{1,60}'", "'désolé', 'giving up on \\S{1,60}'", "accents"),
        ('"mailbox not found"]', '"mailbox is unavailable"]', "hits its miss"),
        ('hits = ["mailbox unavailable",', 'hits = ["mailbox is busy",', "misses its hit"),
        ('hits = ["SMTP error from remote mail server"]', "hits = []", "lines to hit"),
        ('begins_behind = [" said: ", ', "begins_behind = [", "misses its hit"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_doubts_is_told(
    change: Change, old: str, new: str, complaint: str
) -> None:
    change("doubts.toml", old, new)
    told = prove_all(Knowledge()).problems
    assert any(problem.startswith("doubts.toml") and complaint in problem for problem in told), told
