"""What the page of a bounce offers works at once, and can be taken back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.errors import AppError
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.bounce.more_ways import morning_in
from bounce_assistant.ui.bounce.pane import ReadingPane
from bounce_assistant.ui.bounce.reasons_dialog import ReasonsDialog
from tests.ui.bounce.conftest import MakePane
from tests.ui.made_up_cases import made_up_case


def action(pane: ReadingPane, text: str) -> None:
    """Choose from the menu More ways."""
    (found,) = [one for one in pane.case_page.card.more.menu().actions() if one.text() == text]
    assert found.isVisible()
    found.trigger()


def test_mark_done_takes_effect_at_once_and_offers_undo(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, cases = make_pane(made_up_case(book))
    with qtbot.waitSignal(pane.case_changed), qtbot.waitSignal(pane.undo_offered) as told:
        action(pane, "Mark done")
    assert told.args == ["Marked as done"]
    assert next(iter(cases.kept.values())).row.state is CaseState.DONE
    qtbot.waitUntil(lambda: pane.case_page.card.state.text() == "Done")
    action(pane, "Put back")
    qtbot.waitUntil(lambda: not pane.case_page.card.state.isVisible())


@pytest.mark.parametrize(
    ("text", "days"),
    [("Snooze until tomorrow", 1), ("Snooze for 3 days", 3), ("Snooze until next week", 7)],
)
def test_a_snoozed_bounce_waits_until_the_morning_of_that_day(
    make_pane: MakePane, book: Handbook, qtbot: QtBot, text: str, days: int
) -> None:
    pane, cases = make_pane(made_up_case(book))
    with qtbot.waitSignal(pane.undo_offered) as told:
        action(pane, text)
    (kept,) = cases.kept.values()
    assert kept.row.snoozed_until == morning_in(days)
    assert kept.row.snoozed_until.astimezone().hour == 9
    assert told.args is not None
    assert str(told.args[0]).startswith("Waiting until ")


def test_a_button_that_tries_later_asks_for_that_time(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, _cases = make_pane(made_up_case(book, "inbox_full"))
    with qtbot.waitSignal(pane.flow_wanted) as asked:
        pane.press_main_button()
    assert asked.args == ["retry", 48.0]


def test_a_button_that_reminds_moves_the_bounce_to_waiting(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, cases = make_pane(made_up_case(book, "still_trying"))
    button = book.playbooks[pane.case.advice.cause].main_button if pane.case else None
    assert button is not None
    assert button.snooze_hours
    pane.press_main_button()
    (kept,) = cases.kept.values()
    assert kept.row.state is CaseState.WAITING
    wanted = datetime.now(UTC) + timedelta(hours=button.snooze_hours)
    assert kept.row.snoozed_until is not None
    assert abs(kept.row.snoozed_until - wanted) < timedelta(minutes=1)


def test_a_store_that_refuses_says_why_and_nothing_is_claimed(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, cases = make_pane(made_up_case(book))
    cases.refuses = AppError("The disk is full.", next_step="Make room, then try again.")
    heard: list[str] = []
    pane.undo_offered.connect(heard.append)
    action(pane, "Mark done")
    assert pane.case_page.banner.isVisible()
    assert pane.case_page.banner.words.text() == "The disk is full. Make room, then try again."
    assert heard == []


def test_a_different_reason_is_chosen_from_words_and_stands(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, cases = make_pane(made_up_case(book))
    pane.case_page.why.other.click()
    (dialog,) = pane.findChildren(ReasonsDialog)
    assert dialog.tree.accessibleName() == "Reasons"
    groups = [dialog.tree.topLevelItem(n) for n in range(dialog.tree.topLevelItemCount())]
    assert [group.text(0) for group in groups if group][:3] == [
        "Wrong address",
        "Try later",
        "Blocked",
    ]
    assert not dialog.use.isEnabled()
    later = groups[1]
    assert later is not None
    (full,) = [
        child
        for n in range(later.childCount())
        if (child := later.child(n)) and child.text(0) == "Their inbox is full"
    ]
    dialog.tree.setCurrentItem(full)
    assert dialog.use.isEnabled()
    with qtbot.waitSignal(pane.undo_offered, check_params_cb=lambda w: w == "Reason changed"):
        dialog.use.click()
    (kept,) = cases.kept.values()
    assert kept.diagnosis.cause == "inbox_full"
    qtbot.waitUntil(lambda: pane.case_page.card.title.text() == "Their inbox is full")


def test_the_words_for_the_it_person_carry_codes_and_servers(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book))
    action(pane, "Copy this for your IT person")
    text = QGuiApplication.clipboard().text()
    for part in ("550 5.1.1", "mx.example.com", "<open-house@mail.example.net>", "userunknown"):
        assert part in text
    assert pane.case_page.banner.isVisible()


def test_a_copy_is_saved_as_it_came_and_a_private_one_without_names(
    make_pane: MakePane, book: Handbook, qtbot: QtBot, tmp_path: Path
) -> None:
    pane, _ = make_pane(made_up_case(book, raw=b"Subject: \xff\r\n\r\nraw\r\n"))
    pane.case_page.open_section("technical")
    technical = pane.case_page.technical
    for button, name in ((technical.save, "a.eml"), (technical.private, "b.txt")):
        button.click()
        dialog = pane._saving.dialog
        assert dialog is not None
        with qtbot.waitSignal(pane._saving.saved):
            dialog.fileSelected.emit(str(tmp_path / name))
        dialog.close()
    assert (tmp_path / "a.eml").read_bytes() == b"Subject: \xff\r\n\r\nraw\r\n"
    assert "dana" not in (tmp_path / "b.txt").read_text(encoding="utf-8").lower()


def test_a_folder_that_refuses_a_copy_is_named(
    make_pane: MakePane, book: Handbook, qtbot: QtBot, tmp_path: Path
) -> None:
    pane, _ = make_pane(made_up_case(book))
    action(pane, "Save a copy...")
    dialog = pane._saving.dialog
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "nowhere" / "a.eml"))
    qtbot.waitUntil(pane.case_page.banner.isVisible)
    assert "couldn't be saved as a.eml" in pane.case_page.banner.words.text()
    dialog.close()
