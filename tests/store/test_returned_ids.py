"""What came back, by Message-ID: what is still to be asked, and what became of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bounce_assistant.store import Store
from bounce_assistant.store.messages import Place
from bounce_assistant.store.returned_ids import LookUp, Wanted
from bounce_assistant.store.rows import AccountId, CaseQuery, CaseState, MessageId
from tests.store.keep import MONDAY, account, opened, raw, verdict


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path) as store:
        yield store


def keep(
    store: Store, number: int, *returned: str, of: AccountId | None, hidden: tuple[str, ...] = ()
) -> MessageId:
    place = Place(of, "INBOX", 7, number) if of else Place(file=f"{number}.eml")
    arrived = MONDAY + timedelta(hours=number)
    kept = store.messages.keep(
        raw(number), place, arrived, [verdict()], returned=returned, hidden=hidden
    )
    return kept.message


def test_the_latest_are_wanted_first_and_not_those_of_others(store: Store) -> None:
    mine, other = account(store), account(store, "other@example.com")
    for number in (1, 3, 2):
        keep(store, number, f"<{number}@x>", of=mine)
    keep(store, 4, "<4@x>", of=other)
    keep(store, 5, "<5@x>", of=None)
    assert store.returned_ids.wanted(mine, 2) == Wanted(
        ("<3@x>", "<2@x>"), MONDAY + timedelta(hours=2)
    )
    assert store.returned_ids.wanted(mine, 9).first == MONDAY + timedelta(hours=1)


def test_what_is_found_counts_for_every_notice_about_it(store: Store) -> None:
    mine, other = account(store), account(store, "other@example.com")
    one, two = keep(store, 1, "<a@x>", of=mine), keep(store, 2, "<a@x>", of=None)
    assert store.returned_ids.copy_of(["<a@x>"]) is None
    assert store.returned_ids.found(["<a@x>"], "Sent") == [one, two]
    assert store.returned_ids.copy_of(["<b@x>", "<a@x>"]) == "Sent"
    later = keep(store, 3, "<a@x>", "<other-name@x>", of=other)
    assert store.returned_ids.look_up_of(later) is LookUp.FOUND
    assert store.returned_ids.wanted(other, 9) == Wanted()
    assert store.returned_ids.absent(other, ["<a@x>"]) == []


def test_what_one_account_lacks_another_may_have(store: Store) -> None:
    mine, other = account(store), account(store, "other@example.com")
    one, two = keep(store, 1, "<a@x>", of=mine), keep(store, 2, "<a@x>", of=other)
    assert store.returned_ids.absent(mine, ["<a@x>"]) == [one]
    assert store.returned_ids.look_up_of(one) is LookUp.ABSENT
    assert store.returned_ids.wanted(mine, 9) == Wanted()
    assert store.returned_ids.wanted(other, 9).message_ids == ("<a@x>",)
    again = keep(store, 3, "<a@x>", of=mine)
    assert store.returned_ids.look_up_of(again) is LookUp.ABSENT
    assert store.returned_ids.found(["<a@x>"], "Sent") == [one, two, again]


def test_what_could_not_be_asked_is_tried_three_times(store: Store) -> None:
    mine = account(store)
    one = keep(store, 1, "<a@x>", of=mine)
    for given_up in ([], [], [one]):
        assert store.returned_ids.wanted(mine, 9).message_ids == ("<a@x>",)
        assert store.returned_ids.not_asked(mine, ["<a@x>"]) == given_up
        assert store.returned_ids.look_up_of(one) is LookUp.GIVEN_UP
    assert store.returned_ids.wanted(mine, 9) == Wanted()
    two = keep(store, 2, "<b@x>", of=mine)
    assert store.returned_ids.not_asked(mine, ["<b@x>"], is_last=True) == [two]


def test_thousands_are_settled_at_once(store: Store) -> None:
    mine = account(store)
    ids = [f"<{number}@x>" for number in range(900)]
    one = keep(store, 1, *ids, of=mine)
    assert store.returned_ids.found(ids[1:], "Sent") == [one]
    assert store.returned_ids.wanted(mine, 9).message_ids == ("<0@x>",)


def test_what_may_still_change_is_hidden_only_afterwards(store: Store) -> None:
    mine, hidden = account(store), ("user_unknown",)
    one = keep(store, 1, "<a@x>", of=mine, hidden=hidden)
    keep(store, 2, "<b@x>", of=None, hidden=hidden)  # nobody will be asked about a file
    assert store.cases.counts().needs_you == 1
    store.messages.hide([one], hidden)
    assert store.cases.counts().needs_you == 0
    (first, *_) = store.cases.keys(CaseQuery(state=CaseState.DONE))
    store.decisions.set_state([first.case], CaseState.NEEDS_YOU, now=MONDAY)
    store.messages.hide(store.messages.ids(), hidden)
    assert store.cases.counts().needs_you == 1  # the person wanted to see it


@pytest.mark.parametrize("keeps", [True, False])
def test_what_is_known_goes_with_the_bounces(store: Store, *, keeps: bool) -> None:
    mine = account(store)
    keep(store, 1, "<a@x>", of=mine)
    store.returned_ids.found(["<a@x>"], "Sent")
    store.accounts.remove(mine, keep_history=keeps)
    assert store.returned_ids.copy_of(["<a@x>"]) == ("Sent" if keeps else None)
