"""Check an address without sending: how it is written, what we know, and, if asked to, DNS.

For the window: call ``verify_address`` without ``names`` while somebody types (nothing leaves the
computer, a few milliseconds), and with ``names=system_names()`` once they press the button that
says that the internet will be asked. No mail server is ever connected to.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bounce_assistant.advice.address import AddressAdvice, advise_on_address
from bounce_assistant.advice.findings import Finding, FindingId
from bounce_assistant.advice.history import spoken_day
from bounce_assistant.checks.domain import check_domain
from bounce_assistant.checks.recipient import (
    Contact,
    check_address,
    check_contacts,
    check_name,
    check_slips,
    is_same_person,
)
from bounce_assistant.checks.resolver import Names, Resolver, system_resolver
from bounce_assistant.checks.written import Written, read_address
from bounce_assistant.services.fixes.past import Past
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.sent_people import SentPeople
from bounce_assistant.store import Store

_STEPS = 3


@dataclass(frozen=True, slots=True)
class AddressQuestion:
    """What is asked about, and what is known beside it."""

    typed: str
    person: str = ""  # the name of whom it belongs to: finds slips, and their other addresses
    contacts: tuple[Contact, ...] = ()  # further people known to be reached (Sent, CRM)
    sent: SentPeople | None = None  # from ``look_in_sent``; None: nobody looked there


@dataclass(frozen=True, slots=True)
class AddressCheck:
    """An address, checked. ``advice`` has the result, title, sentence, suggestions and findings."""

    typed: str
    address: str  # tidied: what was checked, and what to use
    is_usable: bool  # False: no mail can be sent to it as written
    advice: AddressAdvice
    looked_up: str  # "yes", "no" (nobody asked for it) or "could not check"
    looked_in_sent: str  # "yes", "no" (nobody asked for it) or "could not look"
    other_addresses: tuple[Contact, ...]  # of the same person, from the case history and Sent


def system_names() -> Resolver:
    """Return who answers for names on this computer; asking it sends packets."""
    return system_resolver()


def verify_address(
    question: AddressQuestion | str,
    store: Store,
    knowledge: Knowledge,
    job: Job,
    *,
    names: Names | None = None,
    now: datetime | None = None,
) -> AddressCheck:
    """Check an address as far as it can be checked without sending to it.

    question: the address as typed, or that with what is known of the person.
    names: who is asked about the part after the @; None asks nobody, and works without a network.
    Raises CancelledError within a second of ``job.cancel()``, and AppError from the store.
    """
    asked = AddressQuestion(question) if isinstance(question, str) else question
    job.step(0, _STEPS, "Reading the address")
    written = read_address(asked.typed)
    past = Past(store, knowledge.address_rules, now or datetime.now(UTC))
    others: tuple[Contact, ...] = ()
    if written.is_usable:
        job.step(1, _STEPS, "Looking at what we know")
        contacts = _reachable(asked, written.address, past, store)
        others = _others(asked.person, written.address, past, contacts)
        findings = [
            *_known(written, asked.person, past, knowledge, contacts),
            *_as_findings(others, past.now),
            *_sent_finding(asked),
        ]
        job.step(2, _STEPS, "Asking whether it takes mail")
        findings.append(_domain_finding(written.address, names, knowledge, job))
    else:
        findings = [*written.findings, *_completed(written, knowledge), *_sent_finding(asked)]
    job.step(_STEPS, _STEPS)
    advice = advise_on_address(written.address, findings, knowledge.address_rules)
    good = tuple(one for one in advice.suggestions if not past.is_dead(one.address))
    return AddressCheck(
        typed=asked.typed,
        address=written.address,
        is_usable=written.is_usable,
        advice=replace(advice, suggestions=good),
        looked_up=_looked_up(findings),
        looked_in_sent=_looked_in_sent(asked),
        other_addresses=others,
    )


def _known(
    written: Written, person: str, past: Past, knowledge: Knowledge, contacts: Sequence[Contact]
) -> Iterator[Finding]:
    """Yield all that is found without asking anybody."""
    address = written.address
    yield from written.findings
    yield from check_address(address, knowledge.address_rules, knowledge.addresses)
    yield from check_slips(address, knowledge.addresses, past.domains(contacts))
    yield from check_contacts(address, (*past.reached(address.rpartition("@")[2]), *contacts))
    yield from check_name(address, person)
    yield from past.of(address)


def _reachable(
    asked: AddressQuestion, address: str, past: Past, store: Store
) -> tuple[Contact, ...]:
    """Return the contacts that say something: not the address itself, nor who isn't reached.

    The email that came back lies in Sent too; its own slip must not vouch for itself.
    """
    others = (*asked.contacts, *(asked.sent.contacts if asked.sent else ()))
    left_out = {address.lower(), *store.own_addresses()}
    return tuple(
        one
        for one in others
        if one.address.lower() not in left_out and not past.is_dead(one.address)
    )


def _others(
    person: str, address: str, past: Past, contacts: Sequence[Contact]
) -> tuple[Contact, ...]:
    """Return a person's other addresses, those of the case history first."""
    known = past.others(person, address)
    named = [one for one in contacts if is_same_person(person, one.name)]
    each = {one.address.lower(): one for one in reversed((*known, *named))}
    return tuple(reversed(each.values()))


def _sent_finding(asked: AddressQuestion) -> Iterator[Finding]:
    if asked.sent and asked.sent.problem:
        yield Finding(FindingId.SENT_NOT_LOOKED_IN, (("because", asked.sent.problem),))


def _completed(written: Written, knowledge: Knowledge) -> Iterator[Finding]:
    """Yield the whole address where only the ending is missing: dana@gmail."""
    name, at, domain = written.address.rpartition("@")
    whole = knowledge.addresses.completed(domain) if at and name and "." not in domain else ""
    if whole:
        yield Finding(FindingId.MENDED, suggestion=f"{name}@{whole}")


def _domain_finding(address: str, names: Names | None, knowledge: Knowledge, job: Job) -> Finding:
    if names is None:
        return Finding(FindingId.NOT_CHECKED)
    domain = address.rpartition("@")[2]
    parked = knowledge.address_rules.parked_mail_servers
    return check_domain(domain, names, lambda: job.is_cancelled, parked)


def _as_findings(others: Iterable[Contact], now: datetime) -> Iterator[Finding]:
    for other in others:
        facts = (("name", other.name), ("other", other.address))
        if other.written:
            dated = (*facts, ("date", spoken_day(other.written, now)))
            yield Finding(FindingId.OTHER_IN_SENT, dated, suggestion=other.address)
        else:
            yield Finding(FindingId.OTHER_ADDRESS, facts, suggestion=other.address)


def _looked_up(findings: Sequence[Finding]) -> str:
    found = {each.id for each in findings}
    if FindingId.COULD_NOT_CHECK in found:
        return "could not check"
    return "no" if found & {FindingId.NOT_CHECKED, FindingId.INCOMPLETE} else "yes"


def _looked_in_sent(asked: AddressQuestion) -> str:
    if asked.sent is None:
        return "no"
    return "could not look" if asked.sent.problem else "yes"
