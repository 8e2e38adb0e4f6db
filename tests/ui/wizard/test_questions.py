"""The offline questions lead to a reason, with and without a bounce at hand."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from bounce_assistant import resources
from bounce_assistant.diagnosis.wizard import Wizard, parse_wizard
from bounce_assistant.ui.bounce.steps import StepList
from bounce_assistant.ui.wizard.question_page import QuestionPage
from bounce_assistant.ui.wizard.questions import QuestionsDialog
from bounce_assistant.ui.wizard.result_page import NeitherPage, ResultPage
from tests.ui.made_up_cases import handbook


@pytest.fixture(scope="module")
def wizard() -> Wizard:
    return parse_wizard(resources.read_text("wizard.toml"))


@pytest.fixture
def dialog(qtbot: QtBot, look: None, wizard: Wizard) -> QuestionsDialog:
    opened = QuestionsDialog(wizard, {}, handbook())
    qtbot.addWidget(opened)
    opened.show()
    return opened


def asked(dialog: QuestionsDialog) -> QuestionPage:
    assert isinstance(dialog.content, QuestionPage)
    return dialog.content


def to_the_end(dialog: QuestionsDialog, choice: str = "unknown") -> ResultPage:
    """Give one answer to every question, or the first where it has no such choice."""
    while isinstance(dialog.content, QuestionPage):
        page = dialog.content
        name = choice if choice in page.choices else next(iter(page.choices))
        page.choices[name].click()
        if dialog.content is page:
            page.next.click()
    assert isinstance(dialog.content, ResultPage)
    return dialog.content


def test_one_question_stands_on_a_page_with_its_place_on_the_way(dialog: QuestionsDialog) -> None:
    assert asked(dialog).title.text() == "How many people did you send it to?"
    assert dialog.place.text() == "Step 1 of 5"
    assert list(asked(dialog).choices)[-1] == "unknown", "I don't know is always a choice"
    assert not dialog.back.isVisible()


def test_going_back_keeps_the_answer(dialog: QuestionsDialog) -> None:
    asked(dialog).choices["few"].click()
    assert dialog.place.text() == "Step 2 of 5"
    dialog.back.click()
    assert asked(dialog).title.text() == "How many people did you send it to?"
    assert asked(dialog).choices["few"].isChecked()


def test_the_end_names_two_reasons_with_why_and_neither(dialog: QuestionsDialog) -> None:
    end = to_the_end(dialog)
    assert [button.text() for button in end.buttons] == ["Show what to do..."] * 2
    assert end.neither.text() == "Neither"
    buttons = end.findChildren(QPushButton)
    assert len([b for b in buttons if b.property("kind") == "main"]) == 1


def test_a_reason_shows_its_steps_and_can_be_used(dialog: QuestionsDialog, qtbot: QtBot) -> None:
    to_the_end(dialog, "one").buttons[0].click()
    assert isinstance(dialog.content, StepList)
    assert dialog.content.rows
    dialog.content.back.click()
    assert isinstance(dialog.content, ResultPage)
    dialog.content.buttons[0].click()
    assert isinstance(dialog.content, StepList)
    with qtbot.waitSignal(dialog.accepted):
        dialog.content.done.click()
    assert dialog.chosen_cause in handbook().playbooks


def test_when_neither_fits_there_are_words_to_copy_and_a_way_back(
    dialog: QuestionsDialog,
) -> None:
    to_the_end(dialog).neither.click()
    assert isinstance(dialog.content, NeitherPage)
    dialog.content.copy.click()
    assert "mail log" in QApplication.clipboard().text()
    dialog.content.again.click()
    assert dialog.place.text() == "Step 1 of 5"
    assert dialog.chosen_cause is None


def test_what_the_bounce_tells_is_not_asked(qtbot: QtBot, look: None, wizard: Wizard) -> None:
    dialog = QuestionsDialog(wizard, {"how_many": "batch"}, handbook())
    qtbot.addWidget(dialog)
    assert asked(dialog).title.text() == "Did everyone bounce, or only some?"
    assert dialog.place.text() == "Step 1 of 4"


def test_escape_leaves_without_a_choice(dialog: QuestionsDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.chosen_cause is None


def test_the_questions_can_be_answered_by_keyboard_alone(dialog: QuestionsDialog) -> None:
    dialog.activateWindow()
    rows = list(asked(dialog).choices.values())
    rows[0].setFocus()
    QTest.keyClick(rows[0], Qt.Key.Key_Down)
    assert dialog.focusWidget() is rows[1]
    QTest.keyClick(rows[1], Qt.Key.Key_Up)
    assert dialog.focusWidget() is rows[0]
    QTest.keyClick(rows[0], Qt.Key.Key_Space)
    assert dialog.place.text() == "Step 2 of 5"


def test_several_words_can_be_ticked_and_not_knowing_unticks_them(
    qtbot: QtBot, look: None, wizard: Wizard
) -> None:
    last = next(question for question in wizard.questions if question.several)
    page = QuestionPage(last, ())
    qtbot.addWidget(page)
    first, second, *_ = page.choices.values()
    first.click()
    second.click()
    assert first.isChecked()
    assert second.isChecked()
    page.choices["unknown"].click()
    assert not first.isChecked()
    first.click()
    assert not page.choices["unknown"].isChecked()
    with qtbot.waitSignal(page.answered) as told:
        page.next.click()
    assert told.args == [(next(iter(page.choices)),)]
