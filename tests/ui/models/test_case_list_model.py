"""The list of bounces over a real store: right rows, in order, at any length."""

import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester

from bounce_assistant.store import Store, open_store
from bounce_assistant.store.rows import CaseQuery
from bounce_assistant.ui.models.case_list_model import PAGE, CaseListModel
from tests.ui.many import MANY, NOW, fill, keep


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "cases.db") as opened:
        yield opened


def model_of(store: Store) -> CaseListModel:
    model = CaseListModel(store.cases, now=lambda: NOW)
    model.show(CaseQuery())
    return model


def test_the_model_keeps_the_rules_of_qt(store: Store, qtmodeltester: ModelTester) -> None:
    for number in range(3):
        keep(store, number)
    qtmodeltester.check(model_of(store))  # type: ignore[no-untyped-call]


def test_a_screen_reader_hears_the_row_as_a_sentence(store: Store) -> None:
    keep(store, 0)
    keep(store, 2, name="Dana Reyes")
    model = model_of(store)
    heard = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Dana Reyes, This address doesn't exist, 2 hours ago, 2 of 2"


def test_a_person_without_a_name_is_shown_by_address(store: Store) -> None:
    keep(store, 1)
    assert model_of(store).index(0).data() == "person1@example.com"


def test_a_name_that_looks_like_html_is_shown_as_it_is_written(store: Store) -> None:
    """Qt would draw it in a tooltip, and fetch the picture: on Windows from a stranger's server."""
    name = "<img src='file://files.example/x.png'> & Co"
    keep(store, 2, name=name)
    model = model_of(store)
    tip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert tip.startswith("<qt>")
    assert unescape(tip.removeprefix("<qt>").partition("<br>")[0]) == name


def test_people_of_one_mailing_fold_into_a_row_that_opens(store: Store) -> None:
    for number in range(5):
        keep(store, number, mailing=7)
    model = model_of(store)
    assert model.rowCount() == 1
    row = model.row(0)
    assert row is not None
    assert row.key.batch is not None
    assert model.index(0).data() == "5 people"
    model.toggle(row.key.batch)
    assert model.rowCount() == 6
    assert model.is_open(row.key)
    model.toggle(row.key.batch)
    assert model.rowCount() == 1


def test_a_row_that_went_meanwhile_is_blank_and_no_crash(store: Store) -> None:
    model = CaseListModel(store.cases)
    model.show(CaseQuery())
    assert not model.index(5).isValid()
    assert model.data(QModelIndex()) is None


@pytest.fixture(scope="module")
def large_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = tmp_path_factory.mktemp("large") / "cases.db"
    with open_store(file) as opened:
        keep(opened, 0)
        fill(file, MANY)
        yield opened


def test_a_list_of_100_000_rows_asks_for_one_page_at_a_time(large_store: Store) -> None:
    model = CaseListModel(large_store.cases)
    model.show(CaseQuery())
    assert model.rowCount() == MANY
    asked: list[int] = []
    real = model._source.rows

    class Counting:
        keys = model._source.keys

        def rows(self, keys: list[object]) -> object:
            asked.append(len(keys))
            return real(keys)  # type: ignore[arg-type]

    model._source = Counting()  # type: ignore[assignment]
    for number in range(50_000, 50_000 + PAGE):
        assert model.row(number) is not None
    assert len(asked) <= 2
    assert max(asked) <= PAGE


def test_a_list_of_100_000_rows_is_not_held_whole_in_memory(large_store: Store) -> None:
    model = CaseListModel(large_store.cases)
    model.show(CaseQuery())
    for number in range(0, MANY, PAGE):
        model.row(number)
    assert sum(len(page) for page in model._pages.values()) <= 64 * PAGE


def test_sorting_100_000_rows_takes_no_longer_than_a_few_times_reading_them(
    large_store: Store,
) -> None:
    model = CaseListModel(large_store.cases)

    def seconds(query: CaseQuery) -> float:
        began = time.perf_counter()
        model.show(query)
        return time.perf_counter() - began

    seconds(CaseQuery())
    usual = min(seconds(CaseQuery()) for _ in range(3))
    sorted_by_name = min(seconds(CaseQuery(order="name")) for _ in range(3))
    assert sorted_by_name < 10 * usual + 0.05  # a proxy in Python takes two hundred times as long


def test_rows_that_stay_the_same_are_drawn_afresh_without_a_reset(store: Store) -> None:
    keep(store, 1)
    model = model_of(store)
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    model.refresh()
    assert resets == []
    keep(store, 2)
    model.refresh()
    assert len(resets) == 1
    assert model.rowCount() == 2
