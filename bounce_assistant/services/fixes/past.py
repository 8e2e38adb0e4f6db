"""What the user's own case history says of an address, and whom it knows."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property

from bounce_assistant.advice.address import AddressRules
from bounce_assistant.advice.findings import Finding, FindingId
from bounce_assistant.advice.history import spoken_day
from bounce_assistant.checks.recipient import Contact
from bounce_assistant.diagnosis.verdict import Certainty
from bounce_assistant.store import Store
from bounce_assistant.store.outgoing import Watch
from bounce_assistant.store.people import KnownAddress, PastNotice, SentAgain

_ALIVE = frozenset({FindingId.ARRIVED_BEFORE, FindingId.FULL_BEFORE, FindingId.QUIET_BEFORE})


class Past:
    """Reads the store once for all questions about one address."""

    def __init__(self, store: Store, rules: AddressRules, now: datetime) -> None:
        self._store = store
        self._rules = rules
        self.now = now

    def of(self, address: str) -> Iterator[Finding]:
        """Yield the last thing that was proved about an address; nothing if nothing was."""
        last = self._last(address)
        if last:
            when, found = last
            yield Finding(found, (("date", spoken_day(when, self.now)),))

    def is_dead(self, address: str) -> bool:
        """Tell whether the last that is known of an address is that nobody is reached there."""
        last = self._last(address)
        return last is not None and last[1] not in _ALIVE

    def others(self, person: str, address: str) -> tuple[Contact, ...]:
        """Return other addresses of a person of this name that are not known to be dead."""
        if not person or "@" in person:
            return ()
        named = self._store.people.others_named(person, address)
        return tuple(_contact(one) for one in named if self._proves(one) in {None, *_ALIVE})

    def reached(self, domain: str) -> tuple[Contact, ...]:
        """Return everybody at a domain whose mailbox has answered, or whose mail went quiet."""
        there = self._store.people.at_domain(domain)
        answered = [_contact(one) for one in there if self._proves(one) in _ALIVE]
        return (*answered, *_contacts(self._quiet))

    def domains(self, contacts: Iterable[Contact] = ()) -> frozenset[str]:
        """Return the domains that were there when mail to them came back, and the user's own."""
        # A mailbox that is unknown, full or moved: somebody at the domain said so.
        causes = {
            cause
            for cause, found in self._rules.by_cause.items()
            if found is not FindingId.NO_DOMAIN_BEFORE
        }
        addresses = [one.address for one in (*contacts, *_contacts(self._quiet))]
        addresses += self._store.own_addresses()
        written = {address.lower().rpartition("@")[2] for address in addresses}
        seen = self._store.people.domains(causes, but_not_sure=Certainty.NOT_SURE)
        return (seen | written) - {""}

    @cached_property
    def _quiet(self) -> list[SentAgain]:
        return self._store.people.quiet()

    def _last(self, address: str) -> tuple[datetime, FindingId] | None:
        known = [
            (one.when, FindingId.QUIET_BEFORE)
            for one in self._store.people.sent(address)
            if one.watch is Watch.QUIET
        ]
        for notice in self._store.people.past(address):
            found = self._proves(notice)
            if found:
                known.append((notice.when, found))
        return max(known, default=None)

    def _proves(self, notice: KnownAddress | PastNotice) -> FindingId | None:
        is_sure = notice.certainty != Certainty.NOT_SURE
        return self._rules.by_cause.get(notice.cause) if is_sure else None


def _contact(one: KnownAddress) -> Contact:
    return Contact(one.address, "" if "@" in one.name else one.name)


def _contacts(sent: Iterable[SentAgain]) -> Iterator[Contact]:
    return (Contact(one.address, one.name) for one in sent)
