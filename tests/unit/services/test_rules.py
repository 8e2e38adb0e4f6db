"""A reason given for one bounce can stand for all like it, and can be taken back."""

import pytest

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.services.cases import Cases, OpenCase
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.store import Store
from bounce_assistant.store.rows import CaseId
from tests.unit.services.notices import bounce

ODD = "550 5.0.0 we keep this door closed for the likes of you"
LOOP = CauseId("loop")


@pytest.fixture
def cases(store: Store, knowledge: Knowledge) -> Cases:
    return Cases(store, knowledge)


def added(store: Store, knowledge: Knowledge, person: str, words: str = ODD) -> CaseId:
    raw = bounce(person, diagnostic=words).decode()
    return add_text(raw, store, knowledge, Job()).cases[0]


def remembered(cases: Cases, case: CaseId) -> OpenCase:
    opened = cases.look_at(case)
    cases.choose_cause([case], LOOP)
    cases.rules.remember(opened.diagnosis, LOOP, Job())
    return opened


def test_bounces_like_it_get_the_reason_now_and_later(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    one = added(store, knowledge, "dana@example.net")
    other = added(store, knowledge, "ray@example.org")
    remembered(cases, one)
    later = added(store, knowledge, "kim@example.com")
    for case in (one, other, later):
        assert cases.look_at(case).diagnosis.cause == LOOP
        assert cases.look_at(case).row.cause == LOOP
    assert cases.look_at(other).diagnosis.evidence[0].text == "Your own rule"


def test_other_words_are_judged_as_before(store: Store, knowledge: Knowledge, cases: Cases) -> None:
    one = added(store, knowledge, "dana@example.net")
    full = added(store, knowledge, "ray@example.org", "552 5.2.2 mailbox full")
    remembered(cases, one)
    assert cases.look_at(full).row.cause == "inbox_full"


def test_undo_takes_the_rule_back_then_the_choice(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    one = added(store, knowledge, "dana@example.net")
    other = added(store, knowledge, "ray@example.org")
    before = remembered(cases, one)
    assert "rule" in cases.undo()
    assert cases.rules.all() == ()
    assert cases.look_at(other).row.cause == before.row.cause
    assert cases.look_at(one).row.cause == LOOP
    assert cases.undo()
    assert cases.look_at(one).row.cause == before.row.cause


def test_a_rule_switched_off_is_listed_and_does_nothing(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    one = added(store, knowledge, "dana@example.net")
    other = added(store, knowledge, "ray@example.org")
    before = remembered(cases, one)
    assert cases.rules.switch(cases.rules.all()[0], Job(), on=False) > 0
    assert [rule.is_on for rule in cases.rules.all()] == [False]
    assert cases.look_at(other).row.cause == before.row.cause
    cases.rules.switch(cases.rules.all()[0], Job(), on=True)
    assert cases.look_at(other).row.cause == LOOP


def test_what_was_decided_about_one_bounce_stands_over_a_rule(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    one = added(store, knowledge, "dana@example.net")
    other = added(store, knowledge, "ray@example.org")
    cases.choose_cause([other], CauseId("moved"))
    remembered(cases, one)
    assert cases.look_at(other).row.cause == "moved"


def test_a_rule_that_is_forgotten_leaves_nothing_behind(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    one = added(store, knowledge, "dana@example.net")
    other = added(store, knowledge, "ray@example.org")
    before = remembered(cases, one)
    cases.rules.forget(cases.rules.all()[0], Job())
    assert cases.rules.all() == ()
    assert cases.look_at(other).row.cause == before.row.cause
