"""Mail is kept once, unchanged, with its cases and the place in the folder."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.store import Store
from bounce_assistant.store.cursors import FolderCursor
from bounce_assistant.store.messages import Place
from bounce_assistant.store.rows import CaseId, CaseQuery, CaseState, RowKey
from tests.store.keep import MONDAY, account, keep, raw, verdict


def names(store: Store, query: CaseQuery | None = None) -> list[str]:
    keys = store.cases.keys(query or CaseQuery())
    rows = store.cases.rows(keys)
    return [rows[key].name for key in keys]


def test_mail_comes_back_byte_for_byte(store: Store) -> None:
    odd = bytes(range(256)) * 40 + b"\r\n\n\r"
    kept = store.messages.keep(odd, Place(file="odd.eml"), MONDAY, [verdict()])
    message = store.messages.get(kept.message)
    assert message is not None
    assert message.raw == odd
    assert message.arrived == MONDAY
    assert message.place.file == "odd.eml"


def test_a_notice_on_three_people_makes_three_cases(store: Store) -> None:
    kept = keep(
        store, 1, verdict("a@example.net"), verdict("b@example.net"), verdict("c@x.example")
    )
    assert len(kept.cases) == 3
    assert sorted(names(store)) == ["a@example.net", "b@example.net", "c@x.example"]


def test_the_same_mail_again_is_not_doubled(store: Store) -> None:
    first = keep(store, 1)
    again = keep(store, 1)
    assert first.is_new
    assert not again.is_new
    assert again.cases == first.cases
    assert len(names(store)) == 1


def test_the_same_mail_with_other_line_ends_is_not_doubled(store: Store) -> None:
    first = keep(store, 1)
    saved = raw(1).replace(b"\r\n", b"\n") + b"\n"
    again = store.messages.keep(saved, Place(file="saved.eml"), MONDAY, [verdict()])
    assert again.cases == first.cases


def test_a_dropped_bounce_found_in_the_inbox_later_moves_to_its_account(store: Store) -> None:
    keep(store, 1)
    mine = account(store)
    again = keep(store, 1, of=mine)
    assert not again.is_new
    key = RowKey(again.cases[0])
    assert store.cases.rows([key])[key].account == "agent@example.com"
    assert store.cases.keys(CaseQuery(account=mine)) == [key]
    assert store.messages.known_uids(mine, "INBOX", 7) == {1}


def test_a_place_read_already_is_not_doubled(store: Store) -> None:
    mine = account(store)
    place = Place(mine, "INBOX", 7, 12)
    store.messages.keep(raw(1), place, MONDAY, [verdict()])
    again = store.messages.keep(raw(1) + b"X-Spam: no\r\n", place, MONDAY, [verdict()])
    assert not again.is_new


def test_two_verdicts_on_one_person_make_one_case(store: Store) -> None:
    kept = keep(store, 1, verdict("Dana@Example.net", title="First"), verdict("dana@example.net"))
    rows = store.cases.rows([RowKey(kept.cases[0])])
    assert len(kept.cases) == 1
    assert [row.title for row in rows.values()] == ["First"]


def test_the_cursor_moves_with_the_message_or_not_at_all(store: Store) -> None:
    mine = account(store)
    here = FolderCursor(mine, "INBOX", 7, 40, 900)
    store.messages.keep(raw(1), Place(mine, "INBOX", 7, 40), MONDAY, [verdict()], here)
    assert store.cursors.get(mine, "INBOX") == here
    ahead = replace(here, last_uid=41)
    broken = replace(verdict("zoe@example.net"), cause=None)  # type: ignore[arg-type] # on purpose
    with pytest.raises(Exception, match="NOT NULL"):
        store.messages.keep(raw(2), Place(mine, "INBOX", 7, 41), MONDAY, [broken], ahead)
    assert store.cursors.get(mine, "INBOX") == here
    assert len(store.messages.ids()) == 1


def test_a_cursor_moves_where_nothing_was_found(store: Store) -> None:
    mine = account(store)
    assert store.cursors.get(mine, "INBOX") is None
    for uid in (5, 9):
        store.cursors.put(FolderCursor(mine, "INBOX", 7, uid))
    assert store.cursors.get(mine, "INBOX") == FolderCursor(mine, "INBOX", 7, 9)


def test_names_no_letter_can_write_are_kept_all_the_same(store: Store) -> None:
    hostile = "a\ud800b\x00c\u202e\n" + "x" * 100_000
    kept = keep(store, 1, verdict("d@example.net", name=hostile, subject=hostile, title=hostile))
    row = store.cases.rows([RowKey(kept.cases[0])])[RowKey(kept.cases[0])]
    assert row.name.startswith("a?bc")
    assert len(row.subject) <= 500
    assert "\n" not in row.title


def test_a_message_that_is_gone_is_none(store: Store) -> None:
    kept = keep(store, 1)
    assert store.messages.get(type(kept.message)(99)) is None
    assert store.cases.message_of(CaseId(99)) is None
    assert store.decisions.of(CaseId(99)) is None


def test_better_rules_change_the_case_and_keep_its_id(store: Store) -> None:
    kept = keep(store, 1)
    better = verdict(cause="typo", title="Looks like a typo")
    assert store.messages.diagnose_again(kept.message, [better])
    assert not store.messages.diagnose_again(kept.message, [better])
    key = RowKey(kept.cases[0])
    assert store.cases.rows([key])[key].title == "Looks like a typo"
    assert store.cases.keys(CaseQuery(search="typo")) == [key]
    assert store.cases.keys(CaseQuery(search="exist")) == []


def test_better_rules_that_find_the_person_keep_what_was_decided(store: Store) -> None:
    kept = keep(store, 1, verdict(""))
    store.decisions.set_state(kept.cases, CaseState.DONE, now=MONDAY)
    store.decisions.tick(kept.cases[0], "call", at=MONDAY)
    assert store.messages.diagnose_again(kept.message, [verdict("dana@example.net")])
    key = RowKey(kept.cases[0])
    row = store.cases.rows([key])[key]
    assert (row.address, row.state) == ("dana@example.net", CaseState.DONE)
    assert store.decisions.ticks(kept.cases[0]) == {"call": MONDAY}


def test_better_rules_that_find_more_people_leave_no_nameless_case(store: Store) -> None:
    kept = keep(store, 1, verdict(""))
    people = [verdict("a@example.net"), verdict("b@example.net")]
    assert store.messages.diagnose_again(kept.message, people)
    assert sorted(names(store)) == ["a@example.net", "b@example.net"]


def test_an_account_is_known_once(store: Store) -> None:
    account(store)
    with pytest.raises(AppError, match="is here already"):
        account(store, "Agent@Example.com")


def test_an_account_removed_with_its_history_leaves_nothing(store: Store) -> None:
    mine = account(store)
    kept = keep(store, 1, of=mine)
    keep(store, 2)
    store.decisions.set_state(kept.cases, CaseState.DONE, now=MONDAY)
    store.cursors.put(FolderCursor(mine, "INBOX", 7, 1))
    store.accounts.remove(mine, keep_history=False)
    assert store.accounts.list() == []
    assert len(store.messages.ids()) == 1
    assert store.cases.counts().done == 0
    keep(store, 1)
    assert store.cases.counts().needs_you == 2


def test_an_account_removed_leaves_its_bounces_if_they_are_to_stay(store: Store) -> None:
    mine = account(store)
    kept = keep(store, 1, of=mine)
    store.accounts.remove(mine, keep_history=True)
    key = RowKey(kept.cases[0])
    assert store.cases.rows([key])[key].account == ""
    assert store.cases.counts().by_account == {}
    assert store.cases.counts().needs_you == 1


def test_an_account_remembers_its_last_check(store: Store) -> None:
    mine = account(store)
    assert store.accounts.last_check(mine).at is None
    store.accounts.note_check(mine, at=MONDAY, looked_at=1200)
    later = MONDAY + timedelta(hours=1)
    store.accounts.note_check(mine, at=later, looked_at=4, problem="Signed out.")
    check = store.accounts.last_check(mine)
    assert (check.at, check.looked_at, check.problem) == (MONDAY, 1204, "Signed out.")
    store.accounts.note_check(mine, at=later, looked_at=1)
    check = store.accounts.last_check(mine)
    assert (check.at, check.looked_at, check.problem) == (later, 1205, "")


def test_a_first_check_that_came_to_nothing_is_no_check(store: Store) -> None:
    mine = account(store)
    store.accounts.note_check(mine, at=MONDAY, looked_at=0, problem="No network.", kind="offline")
    check = store.accounts.last_check(mine)
    assert (check.at, check.problem, check.problem_kind) == (None, "No network.", "offline")


def test_an_account_can_change_its_settings(store: Store) -> None:
    account(store)
    (before,) = store.accounts.list()
    store.accounts.change(replace(before, imap_host="mail.example.com", imap_port=143))
    (after,) = store.accounts.list()
    assert (after.imap_host, after.imap_port, after.id) == ("mail.example.com", 143, before.id)
