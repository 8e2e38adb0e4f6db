"""What happened at an address is told in order, and a typed phone number is remembered."""

from datetime import datetime, timedelta

import pytest

from bounce_assistant.advice.findings import AddressResult
from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.services.fixes.verify_address import verify_address
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.people import People
from bounce_assistant.store import Store
from bounce_assistant.store.outgoing import NewOutgoing, OutgoingId, OutgoingState
from tests.store.keep import MONDAY, account, keep, verdict

DANA = "dana@oakfield-homes.com"


@pytest.fixture
def people(store: Store) -> People:
    return People(store, now=lambda: MONDAY)


def send(store: Store, to: str, when: datetime, number: int) -> OutgoingId:
    """Have a message go out again, as if its server took it."""
    case = keep(store, number, verdict(f"old{number}@oakfield-homes.com")).cases[0]
    message = NewOutgoing(
        case,
        account(store, f"agent{number}@example.com"),
        "agent@example.com",
        to,
        "Keys",
        f"<{number}@example.com>",
        b"Subject: Keys\r\n\r\nHere.\r\n",
        name="Dana Reyes",
    )
    (sent,) = store.outbox.add([message], now=when, for_undo=False)
    assert store.outbox.begin(sent, now=when)
    assert store.outbox.settle(sent, OutgoingState.SENT, now=when)
    return sent


def test_the_history_of_an_address_is_told_newest_first(store: Store, people: People) -> None:
    full = verdict(DANA, cause=CauseId("inbox_full"), title="Their inbox is full")
    keep(store, 1, full)
    keep(store, 2, verdict(DANA.upper(), title="This address doesn't exist"))
    keep(store, 3, verdict(DANA, group=CauseGroup.FINE, title="Just an out-of-office reply"))
    keep(store, 4, verdict("ann@oakfield-homes.com"))
    send(store, "Dana@Oakfield-Homes.com", MONDAY + timedelta(days=1), 5)
    history = people.history(DANA)
    assert history.sentence == "2nd bounce from this address since 2 March."
    assert [event.words for event in history.events] == [
        "Sent again - no bounce so far",
        "Just an out-of-office reply",
        "This address doesn't exist",
        "Their inbox is full",
    ]
    assert [event.case is None for event in history.events] == [True, False, False, False]


def test_an_address_nobody_heard_of_has_no_history(people: People) -> None:
    history = people.history("nobody@oakfield-homes.com")
    assert (history.sentence, history.events) == ("", ())


def test_days_without_a_bounce_speak_for_an_address(store: Store, knowledge: Knowledge) -> None:
    keep(store, 1, verdict(DANA, certainty="likely"))
    send(store, DANA, MONDAY + timedelta(days=1), 2)
    later = MONDAY + timedelta(days=9)

    def result() -> AddressResult:
        return verify_address(DANA, store, knowledge, Job(), now=later).advice.result

    assert result() is AddressResult.DOES_NOT_EXIST
    (agent,) = store.accounts.list()
    store.accounts.note_check(agent.id, at=later, looked_at=1)
    assert store.watched.settle_quiet(later - timedelta(days=3), now=later) == 1
    assert result() is AddressResult.FINE
    near = verify_address("dan@oakfield-homes.com", store, knowledge, Job(), now=later)
    assert near.advice.suggestions == ()  # too short to compare
    near = verify_address("dena@oakfield-homes.com", store, knowledge, Job(), now=later)
    assert [one.address for one in near.advice.suggestions] == [DANA]


def test_a_typed_number_is_remembered_changed_and_forgotten(people: People) -> None:
    assert (people.phone(DANA), people.phone_links(DANA)) == ("", None)
    people.keep_phone(DANA.upper(), " +1 (555) 010-0123 ")
    assert people.phone(DANA) == "+1 (555) 010-0123"
    links = people.phone_links(DANA, "Hi Dana")
    assert links is not None
    assert (links.tel, links.sms) == ("tel:+15550100123", "sms:+15550100123?body=Hi%20Dana")
    people.keep_phone(DANA, "555 010 0199")
    assert people.phone(DANA) == "555 010 0199"
    people.keep_phone(DANA, "")
    assert people.phone(DANA) == ""


def test_what_is_no_number_is_not_kept(people: People) -> None:
    with pytest.raises(AppError, match="isn't a phone number"):
        people.keep_phone(DANA, "ask at the office")
    assert people.phone(DANA) == ""


def test_numbers_go_with_the_bounces_of_a_removed_account(store: Store, people: People) -> None:
    agent = account(store)
    keep(store, 1, verdict(DANA), of=agent)
    keep(store, 2, verdict("ann@oakfield-homes.com"))
    people.keep_phone(DANA, "555 010 0123")
    people.keep_phone("ann@oakfield-homes.com", "555 010 0199")
    store.accounts.remove(agent, keep_history=False)
    assert people.phone(DANA) == ""
    assert people.phone("ann@oakfield-homes.com") == "555 010 0199"
