"""Bounces of mail that somebody else sent: hidden now and later, kept in Done, shown again."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bounce_assistant import resources
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.store import Store
from bounce_assistant.store.rows import CaseId, CaseQuery, CaseState, MessageId
from tests.unit.services.notices import bounce

FORGED = CauseId("forged")
Add = Callable[[str], CaseId]


@pytest.fixture
def cases(store: Store, knowledge: Knowledge) -> Cases:
    kept = store.settings
    kept.save(replace(kept.load(), my_addresses=("pat@harborrealty.example",)))
    return Cases(store, knowledge)


@pytest.fixture
def add(store: Store, knowledge: Knowledge, cases: Cases) -> Add:
    """Keep a bounce of mail to a person, sent by somebody else under the user's address."""
    forged = resources.read_text("sample/forged-postfix.eml")
    for slot in ("@@came@@", "@@sent@@"):
        forged = forged.replace(slot, "Mon, 2 Mar 2026 09:00:00 +0000")

    def add_one(person: str) -> CaseId:
        raw = forged.replace("warehouse77", person).replace("f00d01", person)
        (case,) = add_text(raw, store, knowledge, Job()).cases
        return case

    return add_one


def in_state(cases: Cases, state: CaseState) -> set[CaseId]:
    return {key.case for key in cases.listed(CaseQuery(state=state))}


def test_hidden_ones_and_new_ones_go_to_done(
    store: Store, knowledge: Knowledge, cases: Cases, add: Add
) -> None:
    first, second = add("one"), add("two")
    (own,) = add_text(bounce().decode(), store, knowledge, Job()).cases
    assert cases.look_at(first).diagnosis.cause == FORGED
    assert cases.hiding.hide(FORGED, [first]) == 2
    third = add("three")
    (other,) = add_text(bounce("ray@example.org").decode(), store, knowledge, Job()).cases
    assert in_state(cases, CaseState.DONE) == {first, second, third}
    assert in_state(cases, CaseState.NEEDS_YOU) == {own, other}


def test_undo_shows_them_and_new_ones_again(cases: Cases, add: Add) -> None:
    first = add("one")
    cases.hiding.hide(FORGED)
    assert cases.undo() == "They are back where they were; new ones are shown."
    assert cases.hiding.causes() == ()
    second = add("two")
    assert in_state(cases, CaseState.NEEDS_YOU) == {first, second}


def test_hiding_twice_and_one_undo_keeps_the_first(cases: Cases, add: Add) -> None:
    cases.hiding.hide(FORGED)
    cases.hiding.hide(FORGED)
    assert cases.hiding.causes() == (FORGED,)
    cases.undo()
    assert cases.hiding.causes() == (FORGED,)


def test_switched_off_new_ones_are_shown_and_the_old_stay(cases: Cases, add: Add) -> None:
    first = add("one")
    cases.hiding.hide(FORGED)
    cases.hiding.switch(FORGED, on=False)
    second = add("two")
    assert in_state(cases, CaseState.DONE) == {first}
    assert in_state(cases, CaseState.NEEDS_YOU) == {second}


def test_what_the_person_took_back_is_not_hidden_by_a_later_look(
    store: Store, knowledge: Knowledge, cases: Cases, add: Add
) -> None:
    first = add("one")
    cases.hiding.hide(FORGED)
    cases.reopen([first])
    assert add("one") == first  # found again
    cases.rediagnose(Job())
    assert in_state(cases, CaseState.NEEDS_YOU) == {first}


def test_hidden_ones_are_no_news(store: Store, cases: Cases, add: Add) -> None:
    add("one")
    before = set(store.messages.ids())
    cases.hiding.hide(FORGED)
    add("two")
    new = [MessageId(one) for one in store.messages.ids() if one not in before]
    assert len(new) == 1
    assert cases.needing_you(new) == []
