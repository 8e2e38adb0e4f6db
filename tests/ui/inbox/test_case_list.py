"""The list of bounces when it is long: its top is there at once, and a place in it is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.store import Store, open_store
from bounce_assistant.store.rows import CaseQuery, CaseState
from bounce_assistant.ui.inbox.case_list import CaseList
from bounce_assistant.ui.models.case_list_model import CaseListModel
from tests.ui.many import MANY, NOW, fill, keep


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    file = tmp_path / "cases.db"
    with open_store(file) as opened:
        keep(opened, 0)
        fill(file, MANY)
        yield opened


def test_a_place_deep_in_a_long_list_is_kept_when_rows_change(store: Store, qtbot: QtBot) -> None:
    rows = CaseList(CaseListModel(store.cases))
    qtbot.addWidget(rows)
    rows.resize(400, 700)
    rows.show_query(CaseQuery())
    rows.show()
    height = rows.sizeHintForRow(0)
    bar = rows.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > (MANY - 100) * height)
    key = rows._model.key(70_000)
    assert rows.pick(key)
    place = bar.value()
    assert place > 69_000 * height
    store.decisions.set_state([rows._model.key(5).case], CaseState.DONE, now=NOW)
    rows.refresh()
    assert rows._model.rowCount() == MANY - 1
    assert [row.key for row in rows.picked()] == [key]
    assert bar.value() == place


def test_the_top_of_a_long_list_is_there_before_all_of_it_is_laid_out(
    store: Store, qtbot: QtBot
) -> None:
    rows = CaseList(CaseListModel(store.cases))
    qtbot.addWidget(rows)
    rows.resize(400, 700)
    rows.show()
    rows.show_query(CaseQuery())
    rows.doItemsLayout()
    first = rows.visualRect(rows._model.index(0))
    assert first.height() > 0
    assert rows.verticalScrollBar().maximum() < MANY * first.height() / 10
    qtbot.waitUntil(lambda: rows.verticalScrollBar().maximum() > (MANY - 100) * first.height())
