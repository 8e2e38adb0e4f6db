"""The views of the sidebar: their order, their counts, and what a screen reader hears."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from bounce_assistant.store.rows import AccountId, CaseQuery, CaseState, SidebarCounts
from bounce_assistant.ui.models.sidebar_model import EntryKind, SidebarModel

COUNTS = SidebarCounts(14, 3, 52, {"address": 6, "blocked": 5}, {AccountId(1): 9})


@pytest.fixture
def model() -> SidebarModel:
    made = SidebarModel()
    made.show(COUNTS, [(AccountId(1), "dana@example.com")])
    return made


def test_the_model_keeps_the_rules_of_qt(model: SidebarModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_views_come_first_then_causes_then_accounts(model: SidebarModel) -> None:
    titles = [model.entry(number).title for number in range(model.rowCount())]
    assert titles == [
        "Needs you",
        "Waiting",
        "Done",
        "By cause",
        "Wrong address",
        "Try later",
        "Blocked",
        "Your setup",
        "Nothing to do",
        "Needs a look",
        "Accounts",
        "dana@example.com",
    ]


def test_each_view_says_how_many_rows_it_shows(model: SidebarModel) -> None:
    heard = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Needs you, 14"
    assert model.index(11).data(Qt.ItemDataRole.AccessibleTextRole) == "dana@example.com, 9"


def test_an_account_that_is_not_checked_says_so_without_its_band(model: SidebarModel) -> None:
    model.show(COUNTS, [(AccountId(1), "dana@example.com")], {AccountId(1): "It is shut."})
    assert model.entry(11).icon == "unsure"
    heard = "dana@example.com, 9. Not checked: It is shut."
    assert model.index(11).data(Qt.ItemDataRole.AccessibleTextRole) == heard
    assert model.index(11).data(Qt.ItemDataRole.ToolTipRole) == heard
    model.show(COUNTS, [(AccountId(1), "dana@example.com")])
    assert model.entry(11).icon == "account"


def test_a_heading_cannot_be_chosen(model: SidebarModel) -> None:
    assert model.entry(3).kind is EntryKind.HEADING
    assert not model.flags(model.index(3)) & Qt.ItemFlag.ItemIsSelectable


def test_without_an_account_there_is_no_heading_for_accounts() -> None:
    model = SidebarModel()
    model.show(COUNTS, [])
    titles = [model.entry(number).title for number in range(model.rowCount())]
    assert "Accounts" not in titles


def test_a_view_is_found_whatever_is_searched_in_it(model: SidebarModel) -> None:
    assert model.number_of(CaseQuery(state=CaseState.WAITING, search="dana")) == 1
    assert model.number_of(CaseQuery(group="blocked")) == 6
    assert model.number_of(CaseQuery(account=AccountId(7))) == -1
