"""What is known about one bounce: the values for slots, and the facts that steps depend on."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import getaddresses
from ipaddress import ip_address
from typing import TypeAlias

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.advice.playbooks import Playbook
from bounce_assistant.diagnosis.blocklists import Blocklist, find_named_list
from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import BounceReport, DsnAction

Headers: TypeAlias = tuple[tuple[str, str], ...]
_MEGABYTE = 1024 * 1024
_LONGEST = 120  # characters of a value that still fits a sentence on a card
_LONGEST_WORDS = 600  # characters of a server's words that are worth quoting to people
_ADDRESSEES = frozenset({"to", "cc", "bcc"})
_FROM = frozenset({"from"})
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_LIMIT = re.compile(r"(\d+(?:\.\d+)?) ?([KMG])B", re.IGNORECASE)
_MAY_ASK = {
    "ip_owner": "Whoever runs the server",
    "provider": "The network's own staff",
    "domain_owner": "The owner of the domain",
    "anyone": "Anyone",
}
_UNITS = {"K": 1024, "M": _MEGABYTE, "G": 1024 * _MEGABYTE}


@dataclass(frozen=True, slots=True)
class Known:
    """Slots with their values (only known ones), and facts that hold."""

    slots: dict[str, str]
    facts: frozenset[str]


def find_known(
    diagnosis: Diagnosis,
    report: BounceReport,
    handbook: Handbook,
    playbook: Playbook,
    count: int,
    my_name: str,
) -> Known:
    """Gather what the notice and the diagnosis tell; what they do not tell is left out."""
    given = {name: value for name, value in diagnosis.slots if name != "list_id"}
    if _is_theirs(given.get("ip", ""), diagnosis.recipient.diagnostic):
        del given["ip"]
    mine = _my_address(report)
    listed = _blocklist(diagnosis, handbook, search=playbook.names_list)
    values = {
        **_recipient(diagnosis, report, handbook),
        **_original(report, given.get("limit", "")),
        **_sender(mine, my_name or _my_name(report)),
        "service": _service(report, diagnosis, handbook),
        "server": diagnosis.recipient.remote_mta.rstrip("."),
        "count": str(count) if count > 1 else "",
        "n": str(failed) if (failed := _failed(report)) > 1 else "",
        **given,
        **_list_pages(listed),
        "server_owner": _server_owner(diagnosis, report, handbook, given.get("ip", "")),
    }
    slots = {name: tidy for name, value in values.items() if (tidy := _speakable(value))}
    if words := _one_line(diagnosis.recipient.diagnostic)[:_LONGEST_WORDS]:
        slots["words"] = words.replace("{", "(").replace("}", ")")
    facts = {*_sender_facts(mine, handbook), *_list_facts(listed)}
    if count > 1:
        facts.add("batch")
    return Known(slots, frozenset(facts))


def _failed(report: BounceReport) -> int:
    return sum(each.dsn_action in {None, DsnAction.FAILED} for each in report.recipients)


def _recipient(diagnosis: Diagnosis, report: BounceReport, handbook: Handbook) -> dict[str, str]:
    address = diagnosis.recipient.recipient
    domain = _domain(address)
    company = handbook.companies.get(domain.lower(), "")
    if not company and _speakable(domain):
        company = f"the mail company at {domain}"
    name = _name_of(address, report)
    first = name.split()[0] if name else ""
    return {
        "address": address,
        "domain": domain,
        "company": company,
        "name": name or address,
        "first_name": first,
    }


def _name_of(address: str, report: BounceReport) -> str:
    """Find the name beside the address in our mail or their reply."""
    fields = [*_values(_ours(report), _ADDRESSEES), *_values(report.notice.headers, _FROM)]
    return _name_in(fields, address)


def _my_name(report: BounceReport) -> str:
    return _name_in(_values(_ours(report), _FROM), _my_address(report))


def _ours(report: BounceReport) -> Headers:
    return report.original.headers if report.original else ()


def _values(headers: Headers, names: frozenset[str]) -> list[str]:
    return [value for name, value in headers if name.lower() in names]


def _name_in(fields: Iterable[str], address: str) -> str:
    """Return the name beside the address, "" if there is none; 'Reyes, Dana' is turned round."""
    for name, written in getaddresses(list(fields)):
        if address and written.lower() == address.lower() and name and "@" not in name:
            last, comma, first = name.partition(",")
            return f"{first.strip()} {last.strip()}" if comma and first.strip() else name
    return ""


def _original(report: BounceReport, limit: str) -> dict[str, str]:
    """Give the size only when the whole mail seems to have come back."""
    original = report.original
    if original is None:
        return {}
    match = _LIMIT.search(limit)
    least = float(match[1]) * _UNITS[match[2].upper()] if match else _MEGABYTE
    size = f"{round(original.size / _MEGABYTE)} MB" if original.size > least else ""
    return {"subject": original.subject, "size": size}


def _my_address(report: BounceReport) -> str:
    if report.original and report.original.sender:
        return report.original.sender
    return report.notice.to[0] if report.notice.to else ""


def _sender(mine: str, my_name: str) -> dict[str, str]:
    return {"my_address": mine, "my_domain": _domain(mine), "my_name": my_name}


def _sender_facts(mine: str, handbook: Handbook) -> Iterator[str]:
    domain = _domain(mine).lower()
    if domain in _GMAIL:
        yield "sender_gmail"
    if domain:
        yield "sender_freemail" if domain in handbook.companies else "sender_own_domain"


def _service(report: BounceReport, diagnosis: Diagnosis, handbook: Handbook) -> str:
    """Name the service we sent with: the notice's author, unless it speaks for the other side."""
    said = report.reported_by.service.lower()
    plain = next((name for part, name in handbook.services.items() if part in said), "")
    theirs = handbook.companies.get(_domain(diagnosis.recipient.recipient).lower())
    ours = handbook.companies.get(_domain(_my_address(report)).lower())
    return "" if plain == theirs != ours else plain


def _blocklist(diagnosis: Diagnosis, handbook: Handbook, *, search: bool) -> Blocklist | None:
    slots = dict(diagnosis.slots)
    for blocklist in handbook.blocklists:
        if blocklist.id == slots.get("list_id") or blocklist.name == slots.get("list"):
            return blocklist
    named = search and find_named_list(diagnosis.recipient.diagnostic, handbook.blocklists)
    return named.blocklist if named else None


def _list_pages(listed: Blocklist | None) -> dict[str, str]:
    if listed is None:
        return {}
    pages = {"removal_page": listed.removal_url, "lookup_page": listed.lookup_url}
    return {
        **{name: page for name, page in pages.items() if page.startswith("https://")},
        "list": listed.name.partition(" (")[0],
        "turnaround": listed.turnaround,
        "may_ask": _MAY_ASK.get(listed.who, ""),
    }


def _list_facts(listed: Blocklist | None) -> Iterator[str]:
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


def _server_owner(diagnosis: Diagnosis, report: BounceReport, handbook: Handbook, ip: str) -> str:
    """Name the company whose shared server this is, by its number, its name or its notice."""
    try:
        number = ip_address(ip)
    except ValueError:
        number = None
    named = re.search(rf"([\w.-]+)\s?\[{re.escape(ip)}\]", diagnosis.recipient.diagnostic)
    host = named[1].lower() if named and ip else ""
    service = _service(report, diagnosis, handbook)
    for owner in handbook.owners:
        if number and any(number in network for network in owner.ranges):
            return owner.name
        if _ends_with(host, owner.hosts) or (not ip and service in owner.services):
            return owner.name
    return ""


def _is_theirs(ip: str, words: str) -> bool:
    """Tell whether a number is said to be that of the server which refused, not of ours."""
    pattern = rf"(?<!client )\b(?:host|to) [\w.-]+ ?\[{re.escape(ip)}\]"
    return bool(ip and re.search(pattern, words, re.IGNORECASE))


def _ends_with(host: str, endings: Iterable[str]) -> bool:
    return any(host == ending or host.endswith(f".{ending}") for ending in endings)


def _domain(address: str) -> str:
    return address.rpartition("@")[2] if "@" in address else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _speakable(value: str) -> str:
    """Return the value as one short line; "" for what no sentence should quote."""
    line = _one_line(value)
    return (
        line if len(line) <= _LONGEST and line.isprintable() and not set("{}") & set(line) else ""
    )
