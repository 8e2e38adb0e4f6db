"""A mailing that bounced is one diagnosis and many people."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.bounce.pane import ReadingPane
from bounce_assistant.ui.widgets.choice_row import ChoiceRow
from tests.ui.bounce.conftest import MakePane
from tests.ui.made_up_cases import MadeUpCases, made_up_case, row_of


def show_people(
    make_pane: MakePane, book: Handbook, qtbot: QtBot, count: int
) -> tuple[ReadingPane, MadeUpCases]:
    numbers = range(1, count + 1)
    pane, cases = make_pane()
    case = made_up_case(book, "batch_blocked")
    for number in numbers:
        row = row_of(number, name=f"Person {number}", address=f"person{number}@example.com")
        cases.kept[row.key.case] = replace(case, id=row.key.case, row=row)
    members = [kept.row for kept in cases.kept.values()]
    pane.show_batch(row_of(1, batch="tuesday", count=count), members)
    qtbot.waitUntil(pane.batch_page.isVisible)
    return pane, cases


def people(pane: QWidget) -> list[ChoiceRow]:
    return [row for row in pane.findChildren(ChoiceRow) if row.isVisible()]


def test_the_shared_diagnosis_stands_above_the_people(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, _ = show_people(make_pane, book, qtbot, 23)
    assert pane.batch_page.card.title.text() == "Gmail took this for a mass mailing"
    rows = people(pane)
    assert len(rows) == 23
    assert rows[0].accessibleName() == "Person 1"
    assert rows[0].accessibleDescription() == "person1@example.com"


def test_each_person_can_be_opened(make_pane: MakePane, book: Handbook, qtbot: QtBot) -> None:
    pane, _ = show_people(make_pane, book, qtbot, 3)
    with qtbot.waitSignal(pane.member_selected) as picked:
        people(pane)[1].click()
    assert picked.args == [2]


def test_all_of_them_are_marked_done_at_once(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, cases = show_people(make_pane, book, qtbot, 23)
    with qtbot.waitSignal(pane.undo_offered) as told:
        pane.batch_page.members.done.click()
    assert told.args == ["23 marked as done"]
    assert {case.row.state for case in cases.kept.values()} == {CaseState.DONE}


def test_a_batch_of_thousands_is_shown_in_parts(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, _ = show_people(make_pane, book, qtbot, 2000)
    assert len(people(pane)) == 50
    pane.batch_page.members.more.click()
    qtbot.waitUntil(lambda: len(people(pane)) == 100)


def test_an_answer_that_comes_late_does_not_cover_what_was_picked_since(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, cases = make_pane()
    case = made_up_case(book)
    cases.kept[case.id] = case
    pane.show_batch(row_of(1, batch="tuesday", count=2), [row_of(1)])
    pane.show_case(made_up_case(book, "inbox_full", case_id=9))
    qtbot.waitUntil(lambda: not pane._tasks.is_busy)
    assert pane.case_page.card.title.text() == "Their inbox is full"
    assert pane.case_page.isVisible()
