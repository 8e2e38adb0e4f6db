"""What can be said of an address without asking anybody: slips, roles, rules, people we know."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bounce_assistant.advice.address import AddressRules
from bounce_assistant.advice.findings import Finding, FindingId
from bounce_assistant.diagnosis.typos import AddressData, nearest

_LEAST = 4  # letters of a word that is compared: one slip in a shorter one makes another word
_MOST_NEAR = 2
_WORD_ENDS = re.compile(r"[._\-+\d]+")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody the user has written to."""

    address: str
    name: str = ""
    written: datetime | None = None  # aware; the last time, where that is known


def check_address(address: str, rules: AddressRules, data: AddressData) -> Iterator[Finding]:
    """Yield what the address itself says: set aside, a company's rule, an office, thrown away."""
    name, _, domain = address.lower().rpartition("@")
    if _is_below(domain, rules.reserved):
        yield Finding(FindingId.RESERVED)
    for rule in rules.company_rule:
        if domain in rule.domains and not re.fullmatch(rule.pattern, name):
            yield Finding(FindingId.COMPANY_RULE, (("rule", rule.says),))
    if domain not in data.known and name.partition("+")[0] in data.roles.local_parts:
        yield Finding(FindingId.ROLE)
    if is_disposable(domain):
        yield Finding(FindingId.DISPOSABLE)


def check_slips(address: str, data: AddressData, seen: Collection[str]) -> Iterator[Finding]:
    """Yield the domain that may be meant: a common one, else one the user has written to."""
    name, _, domain = address.rpartition("@")
    meant = data.suggest(domain)
    if meant:
        kind = FindingId.MAYBE_SLIP if domain in data.ask_only else FindingId.SLIP
        if kind is FindingId.SLIP and not data.is_listed(domain):
            kind = FindingId.NEAR_COMMON
        yield Finding(kind, suggestion=f"{name}@{meant}")
    elif domain not in data.known and domain not in seen and (known := nearest(domain, seen)):
        yield Finding(FindingId.NEAR_DOMAIN, suggestion=f"{name}@{known}")


def check_contacts(address: str, contacts: Sequence[Contact]) -> Iterator[Finding]:
    """Yield people with the same domain whose name before the @ is one slip away."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - rarely needed, slow to import

    name, _, domain = address.lower().rpartition("@")
    if len(name) < _LEAST:
        return
    near = []
    for contact in contacts:
        other, _, other_domain = contact.address.lower().rpartition("@")
        if other_domain == domain and OSA.distance(name, other, score_cutoff=1) == 1:
            near.append(contact)
    for contact in near[:_MOST_NEAR]:
        if not _differ_in_a_number(name, contact.address.lower().rpartition("@")[0]):
            yield Finding(
                FindingId.NEAR_CONTACT,
                (("other", contact.address), ("name", contact.name)),
                suggestion=contact.address,
            )


def check_name(address: str, person: str) -> Iterator[Finding]:
    """Yield the address that would match the person's name, where one letter is in the way."""
    name, _, domain = address.rpartition("@")
    words = [word for word in _plain(person).split() if len(word) >= _LEAST]
    parts = [part for part in _WORD_ENDS.split(name.lower()) if len(part) >= _LEAST]
    whole = ["".join(_plain(person).split()), "".join(reversed(_plain(person).split()))]
    for part in parts:
        meant = nearest_word(part, [*words, *whole])
        if meant:
            start = name.lower().index(part)
            mended = f"{name[:start]}{meant}{name[start + len(part) :]}@{domain}"
            yield Finding(FindingId.UNLIKE_NAME, (("name", person),), suggestion=mended)
            return


def nearest_word(part: str, words: Sequence[str]) -> str:
    """Return the one word that is a single slip away from a part; "" if it fits one, or several."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - rarely needed, slow to import

    if part in words:
        return ""
    near = {word for word in words if OSA.distance(part, word, score_cutoff=1) == 1}
    return near.pop() if len(near) == 1 else ""


def name_words(person: str) -> list[str]:
    """Return the words of a name, small and without commas; none where it is an address."""
    return [] if "@" in person else person.casefold().replace(",", " ").split()


def is_same_person(person: str, other: str) -> bool:
    """Tell whether two names are the same but for accents, capitals and which comes first."""
    words = sorted(_plain(person).split())
    return bool(words) and "@" not in person and words == sorted(_plain(other).split())


def is_disposable(domain: str) -> bool:
    """Tell whether a domain, or one above it, gives out throw-away addresses."""
    from disposable_email_domains import blocklist  # noqa: PLC0415 - rarely needed, big

    return _is_below(domain, blocklist)


def _is_below(domain: str, names: Collection[str]) -> bool:
    labels = domain.split(".")
    return any(".".join(labels[start:]) in names for start in range(len(labels)))


def _differ_in_a_number(one: str, other: str) -> bool:
    """anna1 and anna2 are two people."""
    return re.sub(r"\d", "", one) == re.sub(r"\d", "", other)


def _plain(text: str) -> str:
    """Return a name in small letters without accents; a comma turns 'Reyes, Dana' round."""
    last, comma, first = text.partition(",")
    turned = f"{first} {last}" if comma else text
    letters = unicodedata.normalize("NFKD", turned.casefold())
    return "".join(
        each if each.isalpha() else " " for each in letters if not unicodedata.combining(each)
    )
