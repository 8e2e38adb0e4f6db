"""What is known of the person behind an address: its history, and the number to reach them at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bounce_assistant.advice.history import history_sentence
from bounce_assistant.advice.phone import PhoneLinks, phone_links
from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.errors import AppError
from bounce_assistant.store import Store
from bounce_assistant.store.outgoing import Watch
from bounce_assistant.store.rows import CaseId

_SENT_WORDS = {
    Watch.NONE: "Sent again",
    Watch.WATCHING: "Sent again - no bounce so far",
    Watch.QUIET: "Sent again - looks delivered",
    Watch.BOUNCED: "Sent again - came back again",
}


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One line of an address's history."""

    when: datetime  # aware, UTC
    words: str  # "Their inbox is full", "Sent again - looks delivered"
    subject: str
    case: CaseId | None  # to open; None for what was sent


@dataclass(frozen=True, slots=True)
class AddressHistory:
    """All that happened at an address, newest first."""

    sentence: str  # "3rd bounce from this address since 4 March."; "" for fewer than two
    events: tuple[HistoryEvent, ...]


class People:
    """Nothing here waits for a network."""

    def __init__(
        self, store: Store, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._now = now

    def history(self, address: str) -> AddressHistory:
        """Return what came back from an address and what went to it again."""
        past = self._store.people.past(address)
        bounces = [notice.when for notice in past if notice.group != CauseGroup.FINE]
        sentence = history_sentence(len(bounces), min(bounces), self._now()) if bounces else ""
        events = sorted(self._events(address), key=lambda event: event.when, reverse=True)
        return AddressHistory(sentence, tuple(events))

    def phone(self, address: str) -> str:
        """Return the number that the user typed for a person; "" when none is known."""
        return self._store.people.phone(address)

    def keep_phone(self, address: str, number: str) -> None:
        """Remember the number the user typed for a person; "" forgets it.

        Raises AppError when it is no phone number.
        """
        number = number.strip()
        if number and phone_links(number) is None:
            raise AppError(
                "This isn't a phone number we can dial.",
                "",
                "Type it with its area code, such as +1 555 010 0123.",
            )
        self._store.people.keep_phone(address, number)

    def phone_links(self, address: str, words: str = "") -> PhoneLinks | None:
        """Return what to open to call or text a person with these words; None without a number."""
        return phone_links(self.phone(address), words)

    def _events(self, address: str) -> Iterator[HistoryEvent]:
        for notice in self._store.people.past(address):
            yield HistoryEvent(notice.when, notice.title, notice.subject, notice.case)
        for sent in self._store.people.sent(address):
            yield HistoryEvent(sent.when, _SENT_WORDS[sent.watch], sent.subject, None)
