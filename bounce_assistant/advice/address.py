"""findings about an address -> what to say of it, and the address to use instead."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from bounce_assistant.advice.findings import AddressResult, Finding, FindingId

TITLE_LIMIT = 45  # characters
_SLOT = re.compile(r"\{([a-z_]+)\}")
# The gravest of what was found is what is said.
_GRAVITY = (
    AddressResult.DOES_NOT_EXIST,
    AddressResult.LOOKS_WRONG,
    AddressResult.CANT_TELL,
    AddressResult.FINE,
)


class FindingWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One [[finding]] of resources/address_checks.toml."""

    id: FindingId
    says: str
    result: AddressResult | None = None
    title: str = ""
    title_or: tuple[str, ...] = ()
    outweighs: tuple[FindingId, ...] = ()


class CompanyRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a mail company asks of the part before the @."""

    domains: tuple[str, ...]
    pattern: str
    says: str


class AddressRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """resources/address_checks.toml: how addresses are checked and spoken of."""

    caution: str
    reserved: tuple[str, ...]
    parked_mail_servers: tuple[str, ...]
    company_rule: tuple[CompanyRule, ...]
    history: dict[FindingId, tuple[str, ...]]
    finding: tuple[FindingWords, ...]

    @cached_property
    def words(self) -> dict[FindingId, FindingWords]:
        return {each.id: each for each in self.finding}

    @cached_property
    def by_cause(self) -> dict[str, FindingId]:
        """What an earlier notice proves, by its cause."""
        return {cause: found for found, causes in self.history.items() for cause in causes}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An address that may be meant: the button that uses it, and why."""

    address: str
    button: str  # "Use gmail.com..."
    because: str


@dataclass(frozen=True, slots=True)
class Learned:
    """One finding in words."""

    id: FindingId
    says: str
    counts: bool  # False: something else found outweighs it


@dataclass(frozen=True, slots=True)
class AddressAdvice:
    """What is said of an address, fit for a page of the wizard."""

    result: AddressResult
    title: str
    sentence: str  # of the finding that decided
    suggestions: tuple[Suggestion, ...]  # best first; none is ever put in by itself
    learned: tuple[Learned, ...]  # everything that was found, what decided first
    caution: str = ""  # a sentence to show beside "can't tell"

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that counts and has words, what decided first."""
        return tuple(each.says for each in self.learned if each.counts and each.says)


def parse_address_rules(text: str) -> AddressRules:
    """Read resources/address_checks.toml; ValueError or ValidationError says what is wrong."""
    rules = msgspec.toml.decode(text, type=AddressRules)
    if missing := set(FindingId) - rules.words.keys():
        raise ValueError(f"no words for {sorted(missing)}")
    if len(rules.finding) > len(rules.words):
        raise ValueError("two findings share an id")
    for words in rules.finding:
        if bool(words.result) != bool(words.title):
            raise ValueError(f"{words.id} needs a result and a title, or neither")
    for rule in rules.company_rule:
        re.compile(rule.pattern)
    return rules


def advise_on_address(
    address: str, findings: Sequence[Finding], rules: AddressRules
) -> AddressAdvice:
    """Say the gravest thing that was found and not outweighed; without any, we can't tell."""
    outweighed = {lost for each in findings for lost in rules.words[each.id].outweighs}
    ranked = sorted(findings, key=lambda each: _rank(each, outweighed, rules))
    learned = tuple(
        Learned(each.id, _said(each, address, rules), each.id not in outweighed) for each in ranked
    )
    first = rules.words[ranked[0].id] if ranked else None
    if first is None or first.result is None or ranked[0].id in outweighed:
        return AddressAdvice(
            AddressResult.CANT_TELL, "We can't tell about this one", "", (), learned, rules.caution
        )
    slots = _slots(ranked[0], address)
    titles = [_filled(title, slots) for title in (first.title, *first.title_or)]
    return AddressAdvice(
        result=first.result,
        title=next((title for title in titles if len(title) <= TITLE_LIMIT), titles[-1]),
        sentence=learned[0].says,
        suggestions=_suggestions(address, ranked, outweighed, learned),
        learned=learned,
        caution=rules.caution if first.result is AddressResult.CANT_TELL else "",
    )


def _rank(finding: Finding, outweighed: set[FindingId], rules: AddressRules) -> tuple[bool, int]:
    result = rules.words[finding.id].result
    return finding.id in outweighed, len(_GRAVITY) if result is None else _GRAVITY.index(result)


def _said(finding: Finding, address: str, rules: AddressRules) -> str:
    return _filled(rules.words[finding.id].says, _slots(finding, address))


def _slots(finding: Finding, address: str) -> dict[str, str]:
    return {
        "address": address,
        "domain": address.rpartition("@")[2],
        "suggestion": finding.suggestion,
        "suggestion_domain": finding.suggestion.rpartition("@")[2],
        **dict(finding.facts),
    }


def _filled(text: str, slots: dict[str, str]) -> str:
    return _SLOT.sub(lambda slot: slots.get(slot[1], ""), text)


def _suggestions(
    address: str, ranked: Sequence[Finding], outweighed: set[FindingId], learned: Sequence[Learned]
) -> tuple[Suggestion, ...]:
    found: dict[str, Suggestion] = {}
    for each, words in zip(ranked, learned, strict=True):
        if each.suggestion and each.id not in outweighed:
            button = f"Use {_short(each.suggestion, address)}..."
            found.setdefault(
                each.suggestion.lower(), Suggestion(each.suggestion, button, words.says)
            )
    return tuple(found.values())


def _short(suggestion: str, address: str) -> str:
    """Return the domain when only that changes, as the card's button has it."""
    name, _, domain = suggestion.rpartition("@")
    same_name = name.lower() == address.rpartition("@")[0].lower()
    return domain if same_name and domain != address.rpartition("@")[2] else suggestion
