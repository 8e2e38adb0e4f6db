"""What is known about one bounce: the values for slots, and the facts that steps depend on."""

from collections.abc import Iterator

import msgspec

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.advice.listings import (
    blocklist_of,
    is_theirs,
    list_facts,
    list_slots,
    server_owner,
)
from bounce_assistant.advice.people import domain_in, my_address, name_of
from bounce_assistant.advice.people import my_name as find_my_name
from bounce_assistant.advice.playbooks import Playbook
from bounce_assistant.advice.sizes import read_size
from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import BounceReport, DsnAction

_MEGABYTE = 1024 * 1024
_LONGEST = 120  # characters of a value that still fits a sentence on a card
_MOST_WORDS = 6  # of such a value
_WORDY = frozenset(
    {"subject", "turnaround"}
)  # these stand in letters and in sentences of their own
_LONGEST_WORDS = 600  # characters of a server's words that are worth quoting to people
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


class Known(msgspec.Struct, frozen=True):
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
    if is_theirs(given.get("ip", ""), diagnosis.recipient.diagnostic):
        del given["ip"]
    mine = my_address(report)
    listed = blocklist_of(diagnosis, handbook, search=playbook.names_list)
    service = given.get("service") or _service(report, diagnosis, handbook)
    values = {
        **_recipient(diagnosis, report, handbook),
        **_original(report, given.get("limit", "")),
        **_sender(mine, my_name or find_my_name(report)),
        "server": diagnosis.recipient.remote_mta.rstrip("."),
        "count": str(count) if count > 1 else "",
        "n": str(failed) if (failed := _failed(report)) > 1 else "",
        **given,
        "service": service,
        **list_slots(listed),
        "server_owner": server_owner(diagnosis, handbook, given.get("ip", ""), service),
    }
    slots = {name: tidy for name, value in values.items() if (tidy := _speakable(value, name))}
    if words := _one_line(diagnosis.recipient.diagnostic)[:_LONGEST_WORDS]:
        slots["words"] = words.replace("{", "(").replace("}", ")")
    facts = {*_sender_facts(mine, handbook), *list_facts(listed)}
    if count > 1:
        facts.add("batch")
    return Known(slots, frozenset(facts))


def _failed(report: BounceReport) -> int:
    return sum(each.dsn_action in {None, DsnAction.FAILED} for each in report.recipients)


def _recipient(diagnosis: Diagnosis, report: BounceReport, handbook: Handbook) -> dict[str, str]:
    address = diagnosis.recipient.recipient
    domain = domain_in(address)
    company = handbook.companies.get(domain.lower(), "")
    if not company and domain and domain.isprintable() and " " not in domain:
        company = f"the mail company at {domain}"
    name = name_of(address, report)
    first = name.split()[0] if name else ""
    return {
        "address": address,
        "domain": domain,
        "company": company,
        "name": name or ("" if " " in address else address),
        "first_name": first,
    }


def _original(report: BounceReport, limit: str) -> dict[str, str]:
    """Give the size only when the whole mail seems to have come back."""
    original = report.original
    if original is None:
        return {}
    least = read_size(limit) or _MEGABYTE
    size = f"{round(original.size / _MEGABYTE)} MB" if original.size > least else ""
    return {"subject": original.subject, "size": size}


def _sender(mine: str, my_name: str) -> dict[str, str]:
    return {"my_address": mine, "my_domain": domain_in(mine), "my_name": my_name}


def _sender_facts(mine: str, handbook: Handbook) -> Iterator[str]:
    domain = domain_in(mine).lower()
    if domain in _GMAIL:
        yield "sender_gmail"
    if domain:
        yield "sender_freemail" if domain in handbook.companies else "sender_own_domain"


def _service(report: BounceReport, diagnosis: Diagnosis, handbook: Handbook) -> str:
    """Name the service we sent with: the notice's author, unless it speaks for the other side."""
    said = report.reported_by.service.lower()
    plain = next((name for part, name in handbook.services.items() if part in said), "")
    theirs = handbook.companies.get(domain_in(diagnosis.recipient.recipient).lower())
    ours = handbook.companies.get(domain_in(my_address(report)).lower())
    return "" if plain == theirs != ours else plain


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _speakable(value: str, slot: str = "") -> str:
    """Return the value as one short line; "" for what no sentence should quote."""
    line = _one_line(value)
    is_short = len(line) <= _LONGEST and (slot in _WORDY or len(line.split()) <= _MOST_WORDS)
    return line if is_short and line.isprintable() and not set("{}") & set(line) else ""
