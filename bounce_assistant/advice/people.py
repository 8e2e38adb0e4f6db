"""Who wrote to whom: names and addresses as our own mail, or their reply, gives them."""

from collections.abc import Iterable
from typing import TypeAlias

from bounce_assistant.report.facts import BounceReport

Headers: TypeAlias = tuple[tuple[str, str], ...]
_ADDRESSEES = frozenset({"to", "cc", "bcc"})
_FROM = frozenset({"from"})
_LONGEST = 40  # characters of a name that still reads as one
_MOST_WORDS = 5


def name_of(address: str, report: BounceReport) -> str:
    """Return the name beside the address in our mail or their reply; "" if there is none."""
    fields = [*_values(_ours(report), _ADDRESSEES), *_values(report.notice.headers, _FROM)]
    return _name_in(fields, address)


def my_name(report: BounceReport) -> str:
    """Return the name that our own mail was written under."""
    return _name_in(_values(_ours(report), _FROM), my_address(report))


def _ours(report: BounceReport) -> Headers:
    return report.original.headers if report.original else ()


def _values(headers: Headers, names: frozenset[str]) -> list[str]:
    return [value for name, value in headers if name.lower() in names]


def _name_in(fields: Iterable[str], address: str) -> str:
    """Return the name beside the address, "" if there is none; 'Reyes, Dana' is turned round."""
    bare = address.lower()
    named = [each for each in fields if bare in each.lower() and each.strip(" <>").lower() != bare]
    if not (bare and named):
        return ""
    from email.utils import getaddresses  # noqa: PLC0415 - a tenth of a start, often for nothing

    for name, written in getaddresses(named):
        if written.lower() == bare and _is_a_name(name):
            last, comma, first = name.partition(",")
            return f"{first.strip()} {last.strip()}" if comma and first.strip() else name
    return ""


def my_address(report: BounceReport) -> str:
    """Return the address our mail was sent from, else the one that the notice came to."""
    if report.original and report.original.sender:
        return report.original.sender
    return report.notice.to[0] if report.notice.to else ""


def domain_in(address: str) -> str:
    """Return the part after the last @, "" without one."""
    return address.rpartition("@")[2] if "@" in address else ""


def _is_a_name(text: str) -> bool:
    return "@" not in text and len(text) <= _LONGEST and 0 < len(text.split()) <= _MOST_WORDS
