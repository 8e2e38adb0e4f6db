"""Proves the data files: every one loads, what it names exists, every rule keeps to its lines."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import msgspec

from bounce_assistant.diagnosis.needles import needles_of
from bounce_assistant.diagnosis.reasons import Fit, Reason, ReasonBook, Rule, Words, ready
from bounce_assistant.diagnosis.wizard import parse_wizard
from bounce_assistant.mail.inbox_search import load_inbox_search
from bounce_assistant.mail.providers import load_providers
from bounce_assistant.mail.sending_rules import load_sending_rules
from bounce_assistant.report.meanings import MeaningIndex, Meanings
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.replies import command_in, find_codes
from bounce_assistant.resources import ROOT, read_text
from bounce_assistant.services.app_ids import check_app_ids
from bounce_assistant.services.knowledge import NO_REASON, Knowledge, example_files
from bounce_assistant.services.prove_doubts import doubt_problems
from bounce_assistant.services.prove_patterns import pattern_problems

REASONS = frozenset(
    [
        "authfailure",
        "badreputation",
        "blocked",
        "contenterror",
        "delivered",
        "emailtoolarge",
        "expired",
        "failedstarttls",
        "feedback",
        "filtered",
        "hasmoved",
        "hostunknown",
        "mailboxfull",
        "mailererror",
        "networkerror",
        "norelaying",
        "notaccept",
        "notcompliantrfc",
        "onhold",
        "policyviolation",
        "ratelimited",
        "rejected",
        "requireptr",
        "securityerror",
        "spamdetected",
        "suppressed",
        "suspend",
        "syntaxerror",
        "systemerror",
        "systemfull",
        "undefined",
        "userunknown",
        "vacation",
        "virusdetected",
    ]
)


@dataclass(slots=True)
class Proof:
    """What was tried, and what is wrong in sentences."""

    files: int = 0
    rules: int = 0
    lines: int = 0
    problems: list[str] = field(default_factory=list)


def prove_all(knowledge: Knowledge) -> Proof:
    """Load and prove everything; a file that does not even load raises AppError with its name."""
    proof = Proof(files=sum(1 for path in ROOT.rglob("*.toml") if path.is_file()))
    book = knowledge.reasons
    for strange in set(book.reasons) ^ REASONS:
        proof.problems.append(f"reasons/{strange}.toml: unknown, or missing.")
    for reason in book.reasons.values():
        _prove_reason(reason, book, knowledge, proof)
    _prove_blocklists(knowledge, proof)
    doubts = book.doubts.data
    proof.rules += len(doubts.usual) + len(doubts.ambiguous) + 1
    proof.lines += sum(len(each.hits) + len(each.misses) for each in doubts.proven)
    proof.problems += doubt_problems(book)
    _prove_groups("meanings.toml", knowledge.meanings.groups, proof)
    _prove_groups("notices.toml, statement", knowledge.words.statement, proof)
    _prove_groups("notices.toml, demands", knowledge.words.demands.group, proof)
    _prove_lookalikes(knowledge.words, proof)
    _prove_examples(knowledge, proof)
    _ = knowledge.words, knowledge.addresses, knowledge.address_rules  # loads them
    load_providers()
    check_app_ids()
    load_sending_rules()
    load_inbox_search()
    _prove_wizard(knowledge, proof)
    return proof


def words_of(line: str, rule: Rule) -> Words:
    """Make a line of hits or misses ready, in the circumstances the rule asks for."""
    codes = find_codes(line)
    return Words(
        text=ready(line),
        status=str(codes.status or ""),
        reply=codes.reply_code,
        stage=command_in(line),
        service=rule.service[0] if rule.service else "",
    )


def _prove_reason(reason: Reason, book: ReasonBook, knowledge: Knowledge, proof: Proof) -> None:
    playbooks = knowledge.handbook.playbooks
    for number, rule in enumerate(reason.rule, start=1):
        where = f"reasons/{reason.id}.toml, rule {number}"
        proof.rules += 1
        proof.lines += len(rule.hits) + len(rule.misses)
        if (rule.cause or reason.cause) not in playbooks:
            proof.problems.append(f"{where}: no playbook {rule.cause or reason.cause}.")
        proof.problems += [f"{where}: {problem}" for problem in prove_rule(reason, rule, book)]
        strange = {*rule.meaning, *rule.no_meaning} - knowledge.meanings.groups.keys()
        proof.problems += [f"{where}: no group {name} in meanings.toml." for name in strange]


def prove_rule(reason: Reason, rule: Rule, book: ReasonBook) -> list[str]:
    """Return what is wrong with a rule: patterns, missed hits, ties, and misses that it hits."""
    problems = [*_pattern_problems(rule)]
    if not rule.hits or not rule.misses:
        problems.append("it needs lines to hit and lines to miss.")
    find = book.meant if rule.meaning else book.fits
    for line in rule.hits:
        fits = find(words_of(line, rule))
        if not any(fit.rule is rule or (rule.meaning and fit.reason is reason) for fit in fits):
            problems.append(f"misses its hit: {line}")
        problems += [f"ties with {fit.reason.id} on: {line}" for fit in _rivals(fits, reason, rule)]
    problems += [
        f"hits its miss: {line}"
        for line in rule.misses
        if any(fit.rule is rule for fit in find(words_of(line, rule)))
    ]
    return problems


def _rivals(fits: tuple[Fit, ...], reason: Reason, rule: Rule) -> list[Fit]:
    return [fit for fit in fits if fit.reason.id != reason.id and fit.score >= rule.score]


def _pattern_problems(rule: Rule) -> list[str]:
    if not (rule.text or rule.status or rule.reply or rule.meaning):
        return ["it names nothing to look for."]
    problems = pattern_problems((*rule.text, *rule.unless))
    problems += [
        f"the pattern {one} needs a longer word." for one in rule.text if not needles_of(one)
    ]
    return problems


def _prove_groups(where: str, groups: Mapping[str, list[str]], proof: Proof) -> None:
    """Look for each word where nothing else stands, in lower case, as words are looked for."""
    index = MeaningIndex(Meanings(dict(groups)))
    proof.problems += [
        f"{where}: the group {name} has {word!r}, which is never found; write it in lower case."
        for name, words in groups.items()
        for word in words or [""]
        if not any(name in found.places for found in index.sentences(f"{word.lower()} "))
        or word != word.lower()
    ]


def _prove_lookalikes(words: NoticeWords, proof: Proof) -> None:
    """Try the lines by which imitations and reports on other matters are known."""
    demands, other = words.demands, words.other_matters
    tried: list[tuple[str, Callable[[str], bool], list[str], list[str]]] = [
        ("other_matters", other.has_words, other.hits, other.misses)
    ]
    for number, rule in enumerate(demands.rule, start=1):
        where = f"demands, rule {number}"
        strange = {*rule.needs, *rule.but} - demands.group.keys()
        proof.problems += [f"notices.toml, {where}: no group {name}." for name in strange]
        tried.append((where, partial(demands.has_rule, rule), rule.hits, rule.misses))
    for where, fit, hits, misses in tried:
        proof.rules += 1
        proof.lines += len(hits) + len(misses)
        proof.problems += [
            f"notices.toml, {where}: misses its hit: {line}" for line in hits if not fit(line)
        ]
        proof.problems += [
            f"notices.toml, {where}: hits its miss: {line}" for line in misses if fit(line)
        ]


def _prove_examples(knowledge: Knowledge, proof: Proof) -> None:
    """Check that a sentence stands for one meaning, and each meaning is a reason with a gloss."""
    first: dict[str, str] = {}
    for name, sentences in example_files():
        where, meaning = f"examples/{name}.toml", name.rpartition("/")[2]
        proof.lines += len(sentences)
        if meaning != NO_REASON and meaning not in knowledge.examples.reasons:
            proof.problems.append(f"{where}: no such reason, or no gloss in examples/glosses.toml.")
        for sentence in sentences:
            before = first.setdefault(ready(sentence), where)
            if before != where:
                proof.problems.append(f"{where}: {before} has this too: {sentence}")


def _prove_wizard(knowledge: Knowledge, proof: Proof) -> None:
    try:
        wizard = parse_wizard(read_text("wizard.toml"))
    except (ValueError, TypeError, msgspec.ValidationError) as problem:
        proof.problems.append(f"wizard.toml: {problem}.")
        return
    strange = wizard.causes - knowledge.handbook.playbooks.keys()
    proof.problems += [f"wizard.toml: no playbook {cause}." for cause in sorted(strange)]


def _prove_blocklists(knowledge: Knowledge, proof: Proof) -> None:
    for blocklist in knowledge.blocklists:
        try:
            _ = blocklist.pattern  # compiles it
        except re.error as problem:
            proof.problems.append(f"blocklists.toml, {blocklist.id}: {problem}.")
