"""The step list shows the way out, keeps ticks with their day, and copies ready words."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.ui.bounce.pane import ReadingPane
from bounce_assistant.ui.bounce.step_row import StepRow
from bounce_assistant.ui.widgets.open_page import OpenPageDialog
from tests.ui.bounce.conftest import MakePane
from tests.ui.made_up_cases import made_up_case

LISTED = (("ip", "192.0.2.8"), ("list", "Spamhaus ZEN"), ("list_id", "spamhaus_zen"))


def show_steps(pane: ReadingPane) -> None:
    menu = pane.case_page.card.more.menu()
    next(act for act in menu.actions() if act.text() == "Show the steps...").trigger()


def test_the_steps_open_in_place_and_back_leads_back(make_pane: MakePane, book: Handbook) -> None:
    pane, _ = make_pane(made_up_case(book))
    show_steps(pane)
    assert pane.steps.isVisible()
    assert pane.steps.panel.accessibleName() == "Steps"
    assert pane.steps.title.text() == "This address doesn't exist"
    assert pane.steps.count.text() == f"0 of {len(pane.steps.rows)} done"
    pane.steps.back.click()
    assert pane.case_page.card.isVisible()


def test_a_ticked_step_is_kept_with_its_day(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, cases = make_pane(made_up_case(book))
    show_steps(pane)
    row = pane.steps.rows["look_back"]
    with qtbot.waitSignal(pane.case_changed):
        row.box.click()
    assert cases.ticks == [(1, "look_back", True)]
    assert row.date.text().startswith("on ")
    assert pane.steps.count.text().startswith("1 of ")
    pane.steps.back.click()
    qtbot.waitUntil(lambda: bool(pane.case and pane.case.ticked))
    show_steps(pane)
    assert pane.steps.rows["look_back"].box.isChecked()
    pane.steps.rows["look_back"].box.click()
    assert cases.ticks[-1] == (1, "look_back", False)
    assert not pane.steps.rows["look_back"].date.isVisible()


def test_ticking_a_step_does_not_leave_the_list(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, _ = make_pane(made_up_case(book))
    show_steps(pane)
    pane.steps.rows["look_back"].box.click()
    qtbot.waitUntil(lambda: bool(pane.case and pane.case.ticked))
    assert pane.steps.isVisible()


def test_words_are_copied_filled_in_and_the_button_says_so(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book))
    show_steps(pane)
    row = pane.steps.rows["ask_them"]
    (copy,) = [b for b in row.findChildren(QPushButton) if b.text() == "Copy text message"]
    copy.click()
    assert QGuiApplication.clipboard().text().startswith("Hi Dana, an email I sent you came back.")
    assert copy.text() == "Copied"


def test_a_page_opens_only_after_its_address_was_shown(make_pane: MakePane, book: Handbook) -> None:
    pane, _ = make_pane(made_up_case(book, "listed", slots=LISTED))
    show_steps(pane)
    rows = [row for row in pane.steps.rows.values() if row.step.link]
    assert rows
    text = rows[0].step.link_text
    (page,) = [b for b in rows[0].findChildren(QPushButton) if b.text() == text]
    page.click()
    (dialog,) = pane.findChildren(OpenPageDialog)
    assert dialog.shown.text().replace("\u200b", "") == rows[0].step.link
    assert dialog.go.text().startswith("Open ")
    dialog.reject()


@pytest.mark.parametrize("width", [440, 900])
def test_the_steps_of_every_cause_fit_the_pane(
    make_pane: MakePane, book: Handbook, width: int
) -> None:
    pane, _ = make_pane(width=width)
    for cause in book.playbooks:
        case = made_up_case(book, cause, slots=LISTED)
        pane.show_case(case)
        pane.show_steps("")
        inside = pane.steps_page.widget()
        assert inside is not None
        assert inside.minimumSizeHint().width() <= pane.steps_page.viewport().width(), cause
        for row in pane.findChildren(StepRow):
            assert "{" not in row.step.title + row.step.why + row.step.copy, cause


def test_the_bounce_can_be_marked_done_from_its_steps(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, _ = make_pane(made_up_case(book))
    show_steps(pane)
    with qtbot.waitSignal(pane.undo_offered):
        pane.steps.done.click()
