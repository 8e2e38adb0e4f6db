"""Typing slips in the part after the @: the mailcheck method over resources/address_data.toml."""

from collections.abc import Collection
from functools import cached_property

import msgspec

_MAX_SLIPS = 2
_LONG = 8  # characters; two slips in a shorter name make another name


class _Roles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    local_parts: list[str]


class AddressData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Known domains and known slips."""

    consumer_domains: list[str]
    second_level: list[str]
    top_level: list[str]
    ask_only: list[str]
    tld_slips: dict[str, str]
    domain_slips: dict[str, str]
    roles: _Roles
    local_part_rules: dict[str, str]

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.consumer_domains)

    def suggest(self, domain: str) -> str:
        """Return the domain that was probably meant, or '' where none is one slip away."""
        domain = domain.lower()
        if domain in self.known:
            return ""
        if domain in self.domain_slips:
            return self.domain_slips[domain]
        name, _, ending = domain.partition(".")
        if ending in self.tld_slips:
            return f"{name}.{self.tld_slips[ending]}"
        return nearest(domain, self.consumer_domains)

    def is_slip(self, domain: str) -> bool:
        """Tell whether a domain is in the list of slips seen often."""
        return domain.lower() in self.domain_slips

    def is_listed(self, domain: str) -> bool:
        """Tell whether a domain, or its ending, is in the lists of slips; being close isn't."""
        return self.is_slip(domain) or domain.lower().partition(".")[2] in self.tld_slips

    def completed(self, domain: str) -> str:
        """Return the common domain that a name without an ending begins, or ''."""
        known = (f"{domain.lower()}.{ending}" for ending in self.top_level)
        return next((one for one in known if one in self.known), "")


def nearest(domain: str, known: Collection[str]) -> str:
    """Return the one known domain that is a slip away, or ''; two slips where the name is long."""
    if not known:
        return ""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - rarely needed, slow to import

    near = [(OSA.distance(domain, each, score_cutoff=_MAX_SLIPS), each) for each in known]
    distance, best = min(near)
    is_long = len(best) > _LONG and best.partition(".")[2] == domain.partition(".")[2]
    if distance > (_MAX_SLIPS if is_long else 1):
        return ""
    return "" if sum(each == distance for each, _ in near) > 1 else best


def parse_address_data(text: str) -> AddressData:
    """Read resources/address_data.toml; an unknown or missing key raises ValidationError."""
    return msgspec.toml.decode(text, type=AddressData)
