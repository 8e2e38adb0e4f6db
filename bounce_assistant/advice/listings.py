"""Whose server was refused, and what can be done about the block list that names it."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.diagnosis.blocklists import Blocklist, find_named_list
from bounce_assistant.diagnosis.verdict import Diagnosis

_MAY_ASK = {
    "ip_owner": "Whoever runs the server",
    "provider": "The network's own staff",
    "domain_owner": "The owner of the domain",
    "anyone": "Anyone",
}


def blocklist_of(diagnosis: Diagnosis, handbook: Handbook, *, search: bool) -> Blocklist | None:
    """Return the list that the diagnosis names, or, if asked, that the server's words name."""
    slots = dict(diagnosis.slots)
    for blocklist in handbook.blocklists:
        if blocklist.id == slots.get("list_id") or blocklist.name == slots.get("list"):
            return blocklist
    named = search and find_named_list(diagnosis.recipient.diagnostic, handbook.blocklists)
    return named.blocklist if named else None


def list_slots(listed: Blocklist | None) -> dict[str, str]:
    """Return what is known of a list; pages only when they are encrypted ones."""
    if listed is None:
        return {}
    pages = {"removal_page": listed.removal_url, "lookup_page": listed.lookup_url}
    return {
        **{name: page for name, page in pages.items() if page.startswith("https://")},
        "list": listed.name.partition(" (")[0],
        "turnaround": listed.turnaround,
        "may_ask": _MAY_ASK.get(listed.who, ""),
    }


def list_facts(listed: Blocklist | None) -> Iterator[str]:
    """Yield what decides the way out of a listing."""
    if listed is None:
        return
    if listed.status == "dead":
        yield "list_closed"
    elif listed.who == "nobody":
        yield "list_expires"
    elif listed.who == "recipient_admin":
        yield "list_theirs"
    elif listed.who == "provider":
        yield "list_provider_only"
    if listed.cost.startswith("WARNING"):
        yield "list_paid"
    if listed.kind in {"domain", "url"}:
        yield "list_names_domain"


def server_owner(diagnosis: Diagnosis, handbook: Handbook, ip: str, service: str) -> str:
    """Name the company whose shared server this is, by its number, its name or its service."""
    try:
        number = ip_address(ip)
    except ValueError:
        number = None
    named = re.search(rf"([\w.-]+)\s?\[{re.escape(ip)}\]", diagnosis.recipient.diagnostic)
    host = named[1].lower() if named and ip else ""
    for owner in handbook.owners:
        if number and any(number in network for network in owner.ranges):
            return owner.name
        if _ends_with(host, owner.hosts) or (not ip and service in owner.services):
            return owner.name
    return ""


def is_theirs(ip: str, words: str) -> bool:
    """Tell whether a number is said to be that of the server which refused, not of ours."""
    pattern = rf"(?<!client )\b(?:host|to) [\w.-]+ ?\[{re.escape(ip)}\]"
    return bool(ip and re.search(pattern, words, re.IGNORECASE))


def _ends_with(host: str, endings: Iterable[str]) -> bool:
    return any(host == ending or host.endswith(f".{ending}") for ending in endings)
