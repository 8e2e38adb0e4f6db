"""Block lists as data: how a rejection names one, whom it lists, who can ask for removal."""

import re
from functools import cached_property

import msgspec

from bounce_assistant.diagnosis.needles import needles_of


class Blocklist(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """One list of resources/blocklists.toml."""

    id: str
    name: str
    kind: str  # ip, domain, url, hash or reputation
    status: str  # alive, uncertain or dead
    zones: list[str]
    match: list[str]
    lookup_url: str
    removal_url: str
    who: str  # ip_owner, provider, domain_owner, anyone, recipient_admin or nobody
    turnaround: str
    cost: str
    source: str
    confidence: str
    note: str = ""
    resolver: str = ""
    codes: dict[str, str] = {}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All ways this list is named in a rejection; compiled when first asked."""
        return re.compile("|".join(f"(?:{way})" for way in self.match), re.IGNORECASE)

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """Plain lower-case texts of which one stands wherever this list is named."""
        found = [needles_of(way) for way in self.match]
        return tuple(each.lower() for way in found for each in way) if all(found) else ("",)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    blocklist: list[Blocklist]


class NamedList(msgspec.Struct, frozen=True):
    """A block list that a rejection names, and the words that do."""

    blocklist: Blocklist
    words: str


def parse_blocklists(text: str) -> tuple[Blocklist, ...]:
    """Read the TOML text; an unknown or missing key raises msgspec.ValidationError."""
    return tuple(msgspec.toml.decode(text, type=_File).blocklist)


def find_named_list(words: str, blocklists: tuple[Blocklist, ...]) -> NamedList | None:
    """Return the first list, in file order, that these server words name."""
    lowered = words.lower()
    for blocklist in blocklists:
        is_likely = any(needle in lowered for needle in blocklist.needles)
        if is_likely and (match := blocklist.pattern.search(words)):
            return NamedList(blocklist, match[0])
    return None
