"""Tells what a mail urges its reader to do, by groups of words that mean the same."""

from collections.abc import Sequence
from functools import cached_property

import msgspec

from bounce_assistant.report.meanings import MeaningIndex, Meanings
from bounce_assistant.report.phrase_set import flatten

_LONGEST = 2000  # characters that are looked at in one go


class DemandRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand that no server makes, with lines that prove it."""

    needs: list[str]  # groups, of each of which a sentence must have a word
    says: str
    source: str
    hits: list[str]
    misses: list[str]
    but: list[str] = []  # groups, of none of which it may have one
    # Beside which links it counts: a stranger's page, his first page ("home"), a page of the
    # writer's own; "none" stands for no link at all.
    beside: tuple[str, ...] = ("page", "home", "writer")

    def fits(self, flat: str, index: MeaningIndex) -> bool:
        """Tell whether a sentence of flat words makes this demand."""
        needs, but = frozenset(self.needs), frozenset(self.but)
        return any(
            needs <= each.places.keys() and but.isdisjoint(each.places)
            for start in range(0, len(flat), _LONGEST)
            for each in index.sentences(flat[start : start + _LONGEST])
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
        return rule.fits(f" {flatten(line)}", self.index)

    def made_in(self, paragraphs: Sequence[str], beside: frozenset[str]) -> str:
        """Return what flat words demand beside such links, the first rule first; '' if nothing."""
        rules = [rule for rule in self.rule if not beside.isdisjoint(rule.beside)]
        made = (rule.says for rule in rules for each in paragraphs if rule.fits(each, self.index))
        return next(made, "")
