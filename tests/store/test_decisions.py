"""What a person decided stands, whatever is fetched or diagnosed later."""

from datetime import timedelta

from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.store import Store
from bounce_assistant.store.decisions import Choice
from bounce_assistant.store.rows import CaseId, CaseQuery, CaseRow, CaseState, RowKey
from tests.store.keep import MONDAY, keep, verdict

FULL = Choice(CauseId("inbox_full"), CauseGroup.LATER, "Their inbox is full")


def row(store: Store, case: CaseId) -> CaseRow:
    return store.cases.rows([RowKey(case)])[RowKey(case)]


def test_a_case_done_moves_to_done(store: Store) -> None:
    (case,) = keep(store, 1).cases
    store.decisions.set_state([case], CaseState.DONE, now=MONDAY)
    assert row(store, case).state is CaseState.DONE
    assert store.cases.keys(CaseQuery(state=CaseState.DONE)) == [RowKey(case)]


def test_what_was_decided_can_be_put_back(store: Store) -> None:
    (case,) = keep(store, 1).cases
    store.decisions.choose([(case, FULL)], now=MONDAY)
    before = store.decisions.set_state([case], CaseState.DONE, now=MONDAY)
    store.decisions.put_back(before, now=MONDAY)
    assert row(store, case).state is CaseState.NEEDS_YOU
    assert row(store, case).title == "Their inbox is full"


def test_a_chosen_cause_can_be_put_back_to_the_diagnosis(store: Store) -> None:
    (case,) = keep(store, 1).cases
    before = store.decisions.choose([(case, FULL)], now=MONDAY)
    assert (row(store, case).cause, row(store, case).group) == ("inbox_full", "later")
    assert store.cases.keys(CaseQuery(search="inbox")) == [RowKey(case)]
    store.decisions.put_back(before, now=MONDAY)
    assert row(store, case).cause == "user_unknown"
    assert store.cases.keys(CaseQuery(search="inbox")) == []


def test_a_later_diagnosis_does_not_overwrite_the_chosen_cause(store: Store) -> None:
    kept = keep(store, 1)
    store.decisions.choose([(kept.cases[0], FULL)], now=MONDAY)
    store.messages.diagnose_again(kept.message, [verdict(cause="typo", title="A typo")])
    assert row(store, kept.cases[0]).title == "Their inbox is full"
    decision = store.decisions.of(kept.cases[0])
    assert decision is not None
    assert decision.choice == FULL


def test_what_was_decided_outlives_the_case_itself(store: Store) -> None:
    kept = keep(store, 1, verdict("a@example.net"), verdict("b@example.net"))
    store.decisions.set_state(kept.cases[:1], CaseState.DONE, now=MONDAY)
    store.decisions.choose([(kept.cases[0], FULL)], now=MONDAY)
    store.decisions.tick(kept.cases[0], "call", at=MONDAY)
    store.messages.diagnose_again(kept.message, [verdict("b@example.net")])
    store.messages.diagnose_again(
        kept.message, [verdict("b@example.net"), verdict("A@example.net")]
    )
    (key,) = store.cases.keys(CaseQuery(state=CaseState.DONE))
    assert row(store, key.case).address == "A@example.net"
    assert row(store, key.case).cause == "inbox_full"
    assert store.cases.keys(CaseQuery(state=CaseState.DONE, search="inbox")) == [key]
    assert store.decisions.ticks(key.case) == {"call": MONDAY}


def test_the_same_mail_again_does_not_reopen_a_case(store: Store) -> None:
    kept = keep(store, 1)
    store.decisions.set_state(kept.cases, CaseState.DONE, now=MONDAY)
    keep(store, 1)
    assert row(store, kept.cases[0]).state is CaseState.DONE


def test_a_snoozed_case_comes_back_when_its_time_has_come(store: Store) -> None:
    (early,) = keep(store, 1).cases
    (late,) = keep(store, 2).cases
    for case, days in ((early, 1), (late, 3)):
        until = MONDAY + timedelta(days=days)
        store.decisions.set_state([case], CaseState.WAITING, now=MONDAY, snoozed_until=until)
    assert row(store, early).snoozed_until == MONDAY + timedelta(days=1)
    assert store.decisions.wake(now=MONDAY + timedelta(hours=23)) == 0
    assert store.decisions.wake(now=MONDAY + timedelta(days=2)) == 1
    assert row(store, early).state is CaseState.NEEDS_YOU
    assert row(store, early).snoozed_until is None
    assert row(store, late).state is CaseState.WAITING


def test_a_step_is_ticked_with_its_date_and_can_be_unticked(store: Store) -> None:
    (case,) = keep(store, 1).cases
    store.decisions.tick(case, "check", at=MONDAY)
    store.decisions.tick(case, "call", at=MONDAY + timedelta(days=1))
    assert list(store.decisions.ticks(case)) == ["check", "call"]
    store.decisions.tick(case, "check", at=None)
    assert store.decisions.ticks(case) == {"call": MONDAY + timedelta(days=1)}


def test_a_thousand_cases_are_decided_at_once(store: Store) -> None:
    people = [verdict(f"p{number}@example.net") for number in range(1000)]
    cases = keep(store, 1, *people).cases
    before = store.decisions.set_state(cases, CaseState.DONE, now=MONDAY)
    assert len(before) == 1000
    assert store.cases.counts().needs_you == 0
