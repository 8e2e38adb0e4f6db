"""The way of an email through servers, read from its Received fields (RFC 5321, section 4.4)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

from bounce_assistant.advice.handbook import ServerOwner

_BY = re.compile(r"\bby\s+(?:\[)?([^\s;()\[\]]{1,255})", re.IGNORECASE)
_MOST = 30  # fields; more is a loop or an attack, and no one reads on
_GOOGLE_INSIDE = re.compile(r"2002:a[0-9a-f]{2}:")  # how Google's own servers sign
LONG_WAIT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Stop:
    """One server on the way."""

    host: str
    when: datetime | None = None
    waited: timedelta | None = None  # since the stop before; None where one time is missing


def read_stops(headers: Iterable[tuple[str, str]]) -> tuple[Stop, ...]:
    """Return the stops, oldest first, with how long each took; never raises for odd fields."""
    fields = [value for name, value in headers if name.lower() == "received"][:_MOST]
    stops = [stop for value in reversed(fields) if (stop := _read(value))]
    timed = stops[:1]
    for before, stop in pairwise(stops):
        known = before.when is not None and stop.when is not None
        waited = stop.when - before.when if known and stop.when and before.when else None
        timed.append(replace(stop, waited=waited))
    return tuple(timed)


def plain_name(host: str, owners: Iterable[ServerOwner], companies: Mapping[str, str]) -> str:
    """Return who runs a server, as one would say it: Google, or the end of its name."""
    lowered = host.lower().rstrip(".")
    if _GOOGLE_INSIDE.match(lowered):
        return "Google"
    for owner in owners:
        if any(_belongs(lowered, ending) for ending in owner.hosts):
            return owner.name
    labels = lowered.split(".")
    for at in range(len(labels) - 1):
        if name := companies.get(".".join(labels[at:])):
            return name
    return ""


def _belongs(host: str, ending: str) -> bool:
    ending = ending.lower().lstrip(".")
    return host == ending or host.endswith("." + ending)


def _read(value: str) -> Stop | None:
    value = value[:2000]
    by = _BY.search(value)
    if not by:
        return None
    try:
        when = parsedate_to_datetime(value.rsplit(";", 1)[-1].strip())
        when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return Stop(by[1])
    return Stop(by[1], when)
