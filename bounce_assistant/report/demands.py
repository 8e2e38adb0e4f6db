"""Tells what a mail urges its reader to do, by groups of words that mean the same."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Literal

import msgspec

from bounce_assistant.report.meanings import MeaningIndex, Meanings, Sentence
from bounce_assistant.report.phrase_set import PhraseSet, flatten

_PARAGRAPH = re.compile(r"\n[ \t>]{0,20}\n")
_MOST_PARAGRAPHS = 60
_LONGEST = 2000  # characters that are looked at in one go


class DemandRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand that no server makes, with lines that prove it."""

    needs: list[str]  # groups, of each of which a sentence must have a word; the rarest first
    says: str
    source: str
    hits: list[str]
    misses: list[str]
    but: list[str] = []  # groups, of none of which it may have one
    within: Literal["sentence", "mail"] = "sentence"  # where the words of all groups have to stand
    # Beside which links it counts: a stranger's page, his first page ("home"), a page of the
    # writer's own; "none" stands for no link at all.
    beside: tuple[str, ...] = ("page", "home", "writer")

    def fits(self, sentences: Sequence[Sentence]) -> bool:
        """Tell whether one of these sentences makes this demand."""
        needs, but = frozenset(self.needs), frozenset(self.but)
        if self.within == "mail":
            found = frozenset().union(*(each.places for each in sentences))
            return needs <= found and but.isdisjoint(found)
        return any(
            needs <= each.places.keys() and but.isdisjoint(each.places) for each in sentences
        )


class Demands(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """All rules, and the groups of words that they ask for."""

    group: dict[str, list[str]]
    rule: list[DemandRule]
    # Where anybody may put a page: a server never explains its notices there.
    anyones_hosts: list[str]
    # What the footers of notices link to.
    footer_hosts: list[str]

    @cached_property
    def index(self) -> MeaningIndex:
        return MeaningIndex(Meanings(self.group))

    def is_anyones(self, host: str) -> bool:
        """Tell whether anybody may put a page on a host."""
        return f".{host}".endswith(self._anyones)

    def is_of_footers(self, host: str) -> bool:
        """Tell whether a host is one that companies link to below what they write."""
        return f".{host}".endswith(self._footers)

    @cached_property
    def _anyones(self) -> tuple[str, ...]:
        return tuple(f".{host}" for host in self.anyones_hosts)

    @cached_property
    def _footers(self) -> tuple[str, ...]:
        return tuple(f".{host}" for host in self.footer_hosts)

    def has_rule(self, rule: DemandRule, line: str) -> bool:
        """Tell whether a line makes a rule's demand."""
        return rule.fits(list(self._sentences([line])))

    def made_by_itself(self, said: str) -> str:
        """Return what a text demands whatever it links to; '' if nothing."""
        rules = [rule for rule in self.rule if "none" in rule.beside]
        if not self._rare.any_in(said.lower().replace("-", " ")):
            return ""
        return self._first(rules, _PARAGRAPH.split(said))

    def made_in(self, said: str, on_links: Sequence[str], beside: frozenset[str]) -> str:
        """Return what a text, or words on links, demand beside such links; '' if nothing."""
        rules = [rule for rule in self.rule if not beside.isdisjoint(rule.beside)]
        return self._first(rules, [*_PARAGRAPH.split(said), *on_links]) if rules else ""

    def _first(self, rules: Sequence[DemandRule], paragraphs: Sequence[str]) -> str:
        sentences = list(self._sentences(paragraphs))
        return next((rule.says for rule in rules if rule.fits(sentences)), "")

    def _sentences(self, paragraphs: Iterable[str]) -> Iterator[Sentence]:
        for paragraph in islice(paragraphs, _MOST_PARAGRAPHS):
            flat = f" {flatten(paragraph)}"
            for start in range(0, len(flat), _LONGEST):
                yield from self.index.sentences(flat[start : start + _LONGEST])

    @cached_property
    def _rare(self) -> PhraseSet:
        """Words of which one stands in all that is demanded without a link."""
        rules = [rule for rule in self.rule if "none" in rule.beside]
        return PhraseSet(word.strip() for rule in rules for word in self.group[rule.needs[0]])
