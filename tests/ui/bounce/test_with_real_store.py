"""The pane on a real store: the sample mail is read, decided on, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.resources import ROOT
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.intake import add_files
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.store import Store, open_store
from bounce_assistant.store.rows import CaseQuery, CaseState
from bounce_assistant.ui.bounce.pane import ReadingPane
from bounce_assistant.ui.bounce.reasons_dialog import ReasonsDialog
from bounce_assistant.ui.tasks import TaskRunner

MATCH = Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def cases(store: Store, knowledge: Knowledge) -> Cases:
    add_files([str(ROOT / "sample")], store, knowledge, Job())
    return Cases(store, knowledge)


@pytest.fixture
def pane(
    qtbot: QtBot, look: None, tasks: TaskRunner, cases: Cases, knowledge: Knowledge
) -> ReadingPane:
    made = ReadingPane(cases, knowledge.handbook, tasks)
    qtbot.addWidget(made)
    made.resize(440, 720)
    made.show()
    return made


def test_every_case_of_the_sample_mail_can_be_shown_and_opened(
    pane: ReadingPane, cases: Cases
) -> None:
    keys = [key for key in cases.keys(CaseQuery()) if key.batch is None]
    assert len(keys) > 20
    for key in keys:
        case = cases.open(key.case)
        pane.show_case(case)
        for section in pane.case_page.sections.values():
            section.header.setChecked(True)
        QApplication.processEvents()
        card = pane.case_page.card
        assert card.title.text(), case.file
        assert card.main.text(), case.file
        inside = pane.case_page.widget()
        assert inside is not None
        assert inside.minimumSizeHint().width() <= 440, case.file
        pane.show_steps("")
        assert pane.steps.rows or case.advice.steps == (), case.file


def test_what_is_decided_in_the_pane_is_stored_and_can_be_taken_back(
    pane: ReadingPane, cases: Cases, qtbot: QtBot
) -> None:
    key = next(key for key in cases.keys(CaseQuery()) if key.batch is None)
    pane.show_case(cases.open(key.case))
    with qtbot.waitSignal(pane.undo_offered):
        pane._acts.choose_cause(CauseId("loop"))
    qtbot.waitUntil(lambda: pane.case_page.card.title.text() == "The email went in circles")
    with qtbot.waitSignal(pane.undo_offered):
        pane.case_page.card.more.menu().actions()[0].trigger()
    assert cases.look_at(key.case).row.state is CaseState.DONE
    assert cases.undo()
    assert cases.undo()
    assert cases.look_at(key.case).row.state is CaseState.NEEDS_YOU
    assert cases.look_at(key.case).diagnosis.cause != "loop"


def test_a_tick_outlives_the_pane(pane: ReadingPane, cases: Cases) -> None:
    key = next(key for key in cases.keys(CaseQuery()) if cases.look_at(key.case).advice.steps)
    pane.show_case(cases.open(key.case))
    pane.show_steps("")
    step, row = next(iter(pane.steps.rows.items()))
    row.box.click()
    assert list(cases.look_at(key.case).ticked) == [step]


def test_a_reason_can_be_remembered_for_bounces_like_this(
    pane: ReadingPane, cases: Cases, qtbot: QtBot
) -> None:
    key = next(k for k in cases.keys(CaseQuery()) if cases.look_at(k.case).row.cause == "too_big")
    pane.show_case(cases.open(key.case))
    pane.choose_reason()
    dialog = pane.findChild(ReasonsDialog)
    assert dialog is not None
    assert "552 5.3.4" in dialog.remember.accessibleDescription()
    pick(dialog, "loop")
    dialog.remember.click()
    dialog.use.click()
    qtbot.waitUntil(lambda: len(cases.rules.all()) == 1, timeout=20_000)
    assert cases.look_at(key.case).row.cause == "loop"


def test_without_the_tick_nothing_is_remembered(pane: ReadingPane, cases: Cases) -> None:
    key = next(k for k in cases.keys(CaseQuery()) if cases.look_at(k.case).row.cause == "too_big")
    pane.show_case(cases.open(key.case))
    pane.choose_reason()
    dialog = pane.findChild(ReasonsDialog)
    assert dialog is not None
    pick(dialog, "loop")
    dialog.use.click()
    assert cases.look_at(key.case).row.cause == "loop"
    assert cases.rules.all() == ()


def pick(dialog: ReasonsDialog, cause: str) -> None:
    for item in dialog.tree.findItems("", MATCH):
        if item.data(0, Qt.ItemDataRole.UserRole) == cause:
            dialog.tree.setCurrentItem(item)
