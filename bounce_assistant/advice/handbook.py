"""The handbook: every playbook, template, block list and plain company name, loaded and proved."""

from collections.abc import Mapping
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network

import msgspec

from bounce_assistant.advice.playbooks import Playbook
from bounce_assistant.advice.proofs import prove_playbook, prove_templates
from bounce_assistant.advice.slots import SLOTS, slots_in
from bounce_assistant.diagnosis.blocklists import Blocklist
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import broken_data_file

# The modules whose code makes a handbook.
MADE_BY = (
    __name__,
    *(each.__module__ for each in (Playbook, prove_playbook, slots_in, Blocklist)),
)
UNSURE = CauseId("unsure")  # the way out of a cause that has no playbook of its own


class ServerOwner(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A company whose shared servers send for many: only it can ask for their removal."""

    name: str
    hosts: tuple[str, ...]  # endings of its servers' names
    services: tuple[str, ...]  # plain names under which it writes notices
    networks: tuple[str, ...] = ()

    @cached_property
    def ranges(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks, read once; ValueError if one is no network."""
        return tuple(map(ip_network, self.networks))


class _Companies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    companies: dict[str, str]
    services: dict[str, str]
    owner: list[ServerOwner]


class Handbook(msgspec.Struct, frozen=True):
    """All words and ways out, ready for advise()."""

    playbooks: Mapping[CauseId, Playbook]
    templates: Mapping[str, str]
    blocklists: tuple[Blocklist, ...]
    companies: Mapping[str, str]  # domain -> plain name, such as Gmail
    services: Mapping[str, str] = {}  # part of a service's name -> plain
    owners: tuple[ServerOwner, ...] = ()


def parse_playbook(text: str) -> Playbook:
    """Read one playbook's TOML text; ValueError or msgspec.ValidationError says what is wrong."""
    playbook = msgspec.toml.decode(text, type=Playbook)
    prove_playbook(playbook)
    return playbook


def build_handbook(
    playbook_texts: Mapping[str, str],
    templates: Mapping[str, str],
    blocklists: tuple[Blocklist, ...],
    companies_toml: str,
) -> Handbook:
    """Load everything; a broken file raises AppError with its name."""
    playbooks: dict[CauseId, Playbook] = {}
    for name, text in playbook_texts.items():
        try:
            playbook = parse_playbook(text)
            prove_templates(playbook, templates)
            if playbook.id != name:
                raise ValueError(f"its id is {playbook.id}")  # noqa: TRY301 - one way out for all
        except (ValueError, TypeError, msgspec.ValidationError) as problem:
            raise broken_data_file(f"playbooks/{name}.toml", problem) from problem
        playbooks[playbook.id] = playbook
    if UNSURE not in playbooks:
        raise broken_data_file("playbooks/unsure.toml", "it is missing")
    for name, text in templates.items():
        if strange := slots_in(text) - SLOTS:
            raise broken_data_file(f"templates/{name}.txt", f"unknown slots {sorted(strange)}")
    try:
        names = msgspec.toml.decode(companies_toml, type=_Companies)
        for owner in names.owner:
            owner.ranges  # noqa: B018 - reads them, so that a broken one is found now
    except (ValueError, msgspec.ValidationError) as problem:
        raise broken_data_file("companies.toml", problem) from problem
    return Handbook(
        playbooks, templates, blocklists, names.companies, names.services, tuple(names.owner)
    )
