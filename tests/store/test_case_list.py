"""The list shows, folds, sorts and finds cases, and the sidebar counts what it shows."""

from datetime import timedelta

import pytest

from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.store import Store
from bounce_assistant.store.rows import AccountId, CaseId, CaseQuery, CaseRow, CaseState, RowKey
from tests.store.keep import MONDAY, account, keep, verdict

NEW = CaseQuery()
BLOCKED = "Gmail took this for a mass mailing"


def titles(store: Store, query: CaseQuery) -> list[str]:
    keys = store.cases.keys(query)
    rows = store.cases.rows(keys)
    return [rows[key].title for key in keys]


def shown(store: Store, query: CaseQuery = NEW) -> list[str]:
    keys = store.cases.keys(query)
    rows = store.cases.rows(keys)
    return [rows[key].name for key in keys]


def batch(
    store: Store, first: int, count: int, *, mailing: int = 5, of: AccountId | None = None
) -> list[CaseId]:
    return [
        keep(
            store,
            number,
            verdict(
                f"p{number}@example.net",
                cause="batch_blocked",
                group=CauseGroup.BLOCKED,
                title=BLOCKED,
                mailing=mailing,
                subject="Tuesday news",
            ),
            of=of,
        ).cases[0]
        for number in range(first, first + count)
    ]


def test_the_newest_bounce_stands_first(store: Store) -> None:
    for number, name in enumerate(("Ana", "Bo", "Cy")):
        keep(store, number, verdict(f"{name}@example.net", name=name))
    assert shown(store) == ["Cy", "Bo", "Ana"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("when", ["bo", "Ana", "cy"]),
        ("name", ["Ana", "bo", "cy"]),
        ("title", ["cy", "bo", "Ana"]),
        ("subject", ["bo", "cy", "Ana"]),
        ("surprise", ["bo", "Ana", "cy"]),
    ],
)
def test_the_list_sorts_without_regard_to_capitals(
    store: Store, order: str, expected: list[str]
) -> None:
    keep(store, 1, verdict("1@x.example", name="bo", title="m", subject="a"))
    keep(store, 2, verdict("2@x.example", name="Ana", title="Z", subject="Z"))
    keep(store, 3, verdict("3@x.example", name="cy", title="B", subject="B"))
    assert shown(store, CaseQuery(order=order, descending=False)) == expected
    assert shown(store, CaseQuery(order=order)) == expected[::-1]


def test_three_bounces_of_one_mailing_fold_into_one_row(store: Store) -> None:
    members = batch(store, 1, 3)
    keep(store, 9, verdict(name="Dana"))
    (single, folded) = store.cases.keys(NEW)
    row = store.cases.rows([folded])[folded]
    assert single.batch is None
    assert folded.batch is not None
    assert folded.case == members[-1]
    assert (row.count, row.name, row.title) == (3, "3 people", BLOCKED)
    assert row.when == MONDAY + timedelta(hours=3)
    assert store.cases.members(folded.batch) == members[::-1]


def test_two_bounces_of_one_mailing_stand_alone(store: Store) -> None:
    batch(store, 1, 2)
    assert len(store.cases.keys(NEW)) == 2


def test_mailings_causes_and_accounts_fold_apart(store: Store) -> None:
    mine = account(store)
    batch(store, 1, 3, mailing=5)
    batch(store, 11, 3, mailing=6)
    batch(store, 21, 3, mailing=5, of=mine)
    for number in range(31, 34):
        keep(store, number, verdict(f"q{number}@example.net", mailing=5))
    assert shown(store) == ["3 people"] * 4


def test_an_opened_row_shows_its_people_below_it(store: Store) -> None:
    members = batch(store, 1, 3)
    keep(store, 9, verdict(name="Dana"))
    folded = store.cases.keys(NEW)[1]
    assert folded.batch
    opened = CaseQuery(expanded=frozenset({folded.batch}))
    below = [RowKey(case, None, indented=True) for case in reversed(members)]
    assert store.cases.keys(opened)[1:] == [folded, *below]
    rows = store.cases.rows(store.cases.keys(opened))
    assert [rows[key].name for key in below] == [f"p{number}@example.net" for number in (3, 2, 1)]


def test_a_folded_row_is_unread_until_all_its_people_are_read(store: Store) -> None:
    members = batch(store, 1, 3)
    (folded,) = store.cases.keys(NEW)
    for case in members:
        assert store.cases.rows([folded])[folded].is_unread
        store.cases.mark_read(case)
    assert not store.cases.rows([folded])[folded].is_unread


def test_a_folded_row_says_when_its_titles_differ(store: Store) -> None:
    for number, domain in enumerate(("one.example", "two.example", "two.example")):
        title = f'There\'s nothing at "{domain}"'
        keep(store, number, verdict(f"{number}@{domain}", title=title, mailing=4))
    assert titles(store, NEW) == ['There\'s nothing at "two.example", and others']


def test_people_who_are_done_leave_the_fold(store: Store) -> None:
    members = batch(store, 1, 5)
    store.decisions.set_state(members[:3], CaseState.DONE, now=MONDAY)
    assert shown(store) == ["p5@example.net", "p4@example.net"]
    assert shown(store, CaseQuery(state=CaseState.DONE)) == ["3 people"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dan", ["Dána Reyes"]),
        ("DANA rey", ["Dána Reyes"]),
        ("reyes dana", ["Dána Reyes"]),
        ("bo@shop", ["Bo Lind"]),
        ("bo@shop.example", ["Bo Lind"]),
        ("inbox full", ["Bo Lind"]),
        ("open house", ["Bo Lind", "Dána Reyes"]),
        ("danna", []),
        ("  ", ["Bo Lind", "Dána Reyes"]),
        ('"', ["Bo Lind", "Dána Reyes"]),
        ('dana" OR "bo', []),
        ("name:dana", []),
        ("*", ["Bo Lind", "Dána Reyes"]),
    ],
)
def test_search_looks_at_names_addresses_subjects_and_reasons(
    store: Store, words: str, found: list[str]
) -> None:
    keep(store, 1, verdict("dana@example.net", name="Dána Reyes"))
    keep(store, 2, verdict("bo@shop.example", name="Bo Lind", title="Their inbox is full"))
    assert shown(store, CaseQuery(search=words)) == found


def test_search_finds_the_person_inside_a_folded_row(store: Store) -> None:
    batch(store, 1, 4)
    assert shown(store, CaseQuery(search="p3")) == ["p3@example.net"]
    assert len(store.cases.keys(CaseQuery(search="Tuesday"))) == 4


def test_a_search_of_everything_crosses_the_views(store: Store) -> None:
    kept = keep(store, 1)
    keep(store, 2)
    store.decisions.set_state(kept.cases, CaseState.DONE, now=MONDAY)
    assert len(store.cases.keys(CaseQuery(state=None, search="dana"))) == 2
    assert len(store.cases.keys(CaseQuery(search="dana"))) == 1


def test_each_count_is_the_number_of_rows_shown_when_clicked(store: Store) -> None:
    accounts = [account(store, f"{name}@example.com") for name in ("a", "b")]
    done: list[CaseId] = []
    for number, mine in enumerate([*accounts, None]):
        done += batch(store, 100 * number, 5, of=mine)[:2]
        done += batch(store, 100 * number + 10, 4, mailing=8, of=mine)
        keep(store, 100 * number + 20, verdict("z@example.net", mailing=5), of=mine)
        keep(store, 100 * number + 21, verdict("y@example.net"), of=mine)
    store.decisions.set_state(done, CaseState.DONE, now=MONDAY)
    waiting = keep(store, 999).cases
    store.decisions.set_state(waiting, CaseState.WAITING, now=MONDAY)
    counts = store.cases.counts()
    for state, count in (
        (CaseState.NEEDS_YOU, counts.needs_you),
        (CaseState.WAITING, counts.waiting),
        (CaseState.DONE, counts.done),
    ):
        assert count == len(store.cases.keys(CaseQuery(state=state))) > 0
    assert counts.by_group == {
        group: len(store.cases.keys(CaseQuery(group=group))) for group in ("address", "blocked")
    }
    assert counts.by_account == {
        mine: len(store.cases.keys(CaseQuery(account=mine))) for mine in accounts
    }


def test_an_empty_store_counts_nothing(store: Store) -> None:
    counts = store.cases.counts()
    assert (counts.needs_you, counts.waiting, counts.done) == (0, 0, 0)
    assert store.cases.keys(NEW) == []


def test_the_history_counts_what_came_back_from_one_address_before(store: Store) -> None:
    first = keep(store, 1, verdict("dana@example.net")).cases[0]
    keep(store, 2, verdict("other@example.net"))
    fine = verdict("dana@example.net", cause="out_of_office", group=CauseGroup.FINE)
    keep(store, 3, fine)
    third = keep(store, 4, verdict("Dana@Example.net")).cases[0]
    past = store.cases.past(third)
    assert past is not None
    assert (past.bounces, past.since) == (2, MONDAY + timedelta(hours=1))
    before = store.cases.past(first)
    assert before is not None
    assert before.bounces == 1


def test_a_case_knows_how_many_stand_beside_it(store: Store) -> None:
    notice = keep(store, 1, verdict("a@example.net"), verdict("b@example.net")).cases
    members = batch(store, 11, 4)
    alone = keep(store, 30).cases[0]
    assert store.cases.beside(notice[0]) == 1
    assert store.cases.beside(members[0]) == 3
    assert store.cases.beside(alone) == 0


def test_a_page_of_rows_leaves_out_what_is_gone(store: Store) -> None:
    kept = keep(store, 1)
    rows = store.cases.rows([RowKey(kept.cases[0]), RowKey(CaseId(77))])
    assert list(rows) == [RowKey(kept.cases[0])]


def test_everybody_of_one_mailing_is_listed_whatever_became_of_them(store: Store) -> None:
    """Also who failed for another reason, or is done; not who was in a mailing named alike."""
    for number in range(4):
        keep(store, number, verdict(f"p{number}@example.net", mailing=7))
    keep(store, 4, verdict("q4@example.net", mailing=7, cause=CauseId("inbox_full")))
    keep(store, 5, verdict("next.month@example.net", mailing=8))
    keep(store, 6, verdict("one@example.net"), verdict("two@example.net"))
    keep(store, 7, verdict("alone@example.net"))
    found = {row.address: row.key.case for row in listed(store, CaseQuery(state=None))}
    store.decisions.set_state([found["p0@example.net"]], CaseState.DONE, now=MONDAY)

    def beside(address: str) -> set[str]:
        return {r.address for r in listed(store, CaseQuery(state=None, beside=found[address]))}

    mailing = {*(f"p{number}@example.net" for number in range(4)), "q4@example.net"}
    assert beside("p1@example.net") == mailing
    assert beside("next.month@example.net") == {"next.month@example.net"}
    assert beside("one@example.net") == {"one@example.net", "two@example.net"}
    assert beside("alone@example.net") == {"alone@example.net"}


def listed(store: Store, query: CaseQuery) -> list[CaseRow]:
    """Return the rows of people, nothing folded."""
    return list(store.cases.rows(store.cases.keys(query, fold=False)).values())
