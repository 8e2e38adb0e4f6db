"""A bounce is explained, and everything its page offers works at once."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.diagnosis.verdict import CauseId, Certainty
from bounce_assistant.store.returned_ids import LookUp
from bounce_assistant.store.rows import CaseId
from bounce_assistant.ui.bounce.pane import ReadingPane
from bounce_assistant.ui.theme import Look, apply_look, badge_colours
from bounce_assistant.ui.widgets.section import OpenSections
from tests.ui.bounce.conftest import MakePane
from tests.ui.made_up_cases import made_up_case, report_of


def settle(pane: ReadingPane) -> None:
    """Let the page find its height."""
    QApplication.processEvents()
    while pane.case_page._settled.isActive():
        QApplication.processEvents()


def filled_buttons(widget: QWidget) -> list[str]:
    buttons = widget.findChildren(QPushButton)
    return [b.text() for b in buttons if b.isVisible() and b.property("kind") == "main"]


def test_before_anything_is_picked_the_pane_says_how(make_pane: MakePane) -> None:
    pane, _ = make_pane()
    assert pane.empty.isVisible()
    assert pane.empty.title.text() == "Pick a bounce on the left"


def test_the_card_says_what_who_and_how_sure_in_words(make_pane: MakePane, book: Handbook) -> None:
    pane, _ = make_pane(made_up_case(book))
    card = pane.case_page.card
    assert card.accessibleName() == "Diagnosis"
    assert card.badge.text() == "Wrong address"
    assert card.title.text() == "This address doesn't exist"
    assert "dana.reyes@example.com" in card.sentence.text()
    assert card.who.accessibleName() == "Who acts: You"
    assert card.sure.accessibleName() == "How sure: Almost certain"
    assert card.crm.text() == "(what your CRM calls a hard bounce)"
    assert card.history.text() == "3rd bounce from this address since 4 March."


def test_the_parts_of_the_card_stand_in_their_fixed_order(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book))
    card = pane.case_page.card
    parts = (card.badge, card.title, card.sentence, card.who, card.main, card.history)
    tops = [part.mapTo(pane, part.rect().topLeft()).y() for part in parts]
    assert tops == sorted(tops)
    body = card.sentence.font().pointSizeF()
    assert card.title.font().pointSizeF() == pytest.approx(body * 1.4, rel=0.02)


@pytest.mark.parametrize("width", [440, 640])
def test_the_whole_card_is_seen_without_scrolling(
    make_pane: MakePane, book: Handbook, width: int
) -> None:
    pane, _ = make_pane(width=width, height=620)
    card = pane.case_page.card
    for cause in book.playbooks:
        pane.show_case(made_up_case(book, cause))
        QApplication.processEvents()
        bottom = card.mapTo(pane, card.rect().bottomLeft()).y()
        assert bottom < pane.height(), cause
        assert card.width() <= pane.width(), cause
        assert not pane.case_page.horizontalScrollBar().isVisible(), cause


def test_no_text_of_any_cause_is_cut_off(make_pane: MakePane, book: Handbook) -> None:
    pane, _ = make_pane()
    for cause in book.playbooks:
        pane.show_case(made_up_case(book, cause))
        settle(pane)
        for label in pane.case_page.card.findChildren(QLabel):
            if label.isVisible():
                wanted = label.heightForWidth(label.width()) if label.wordWrap() else 0
                assert label.height() >= wanted, (cause, label.text())
        for button in pane.case_page.card.findChildren(QAbstractButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), (cause, button.text())


def test_every_page_has_one_filled_button(make_pane: MakePane, book: Handbook) -> None:
    pane, _ = make_pane()
    for cause in book.playbooks:
        pane.show_case(made_up_case(book, cause))
        assert len(filled_buttons(pane)) == 1, cause


def test_when_we_are_not_sure_the_questions_come_first(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, _ = make_pane(made_up_case(book, certainty=Certainty.NOT_SURE))
    assert pane.case_page.card.main.text() == "Help me work it out..."
    with qtbot.waitSignal(pane.questions_requested) as asked:
        pane.press_main_button()
    assert asked.args == [1]


def test_ordinary_mail_can_be_diagnosed_anyway(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, _ = make_pane(made_up_case(book, "not_a_bounce"))
    card = pane.case_page.card
    assert card.sentence.text() == "This looks like an ordinary email, not a bounce."
    assert card.main.text() == "Diagnose anyway"
    assert not card.crm.isVisible()
    with qtbot.waitSignal(pane.questions_requested):
        card.main.click()


def test_no_button_of_any_cause_does_nothing(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, cases = make_pane()
    original = pane.case_page.sections["original"]
    seen: list[object] = []
    pane.questions_requested.connect(seen.append)
    pane.case_changed.connect(seen.append)
    pane.flow_wanted.connect(lambda flow, _hours: seen.append(flow))
    for cause in book.playbooks:
        for which in ("main", "second"):
            case = made_up_case(book, cause)
            cases.kept[case.id] = case
            pane.show_case(case)
            original.set_open(is_open=False)
            seen.clear()
            button = getattr(pane.case_page.card, which)
            if button.isVisible():
                button.click()
                assert seen or pane.steps.isVisible() or original.is_open, (cause, which)


def test_the_deciding_words_are_marked_and_explained(make_pane: MakePane, book: Handbook) -> None:
    pane, _ = make_pane(made_up_case(book))
    why = pane.case_page.why
    assert why.text.accessibleName() == "Why we think so"
    cursor = why.text.document().find("550 5.1.1")
    mark = cursor.charFormat()
    assert mark.fontUnderline()
    assert mark.background().style() is not Qt.BrushStyle.NoBrush
    shown = [label.text() for label in why.findChildren(QLabel) if label.isVisible()]
    assert "“550 5.1.1” – the standard code for no such mailbox" in shown
    assert any(words.startswith("Follow Up Boss should have seen this one") for words in shown)


def test_the_marks_follow_the_switch_to_dark(make_pane: MakePane, book: Handbook) -> None:
    pane, _ = make_pane(made_up_case(book))
    why = pane.case_page.why
    light = why.text.document().find("550 5.1.1").charFormat().background().color()
    apply_look(Look.DARK)
    dark = why.text.document().find("550 5.1.1").charFormat().background().color()
    assert (light, dark) == (
        badge_colours("later", dark=False).tint,
        badge_colours("later", dark=True).tint,
    )


def test_only_why_is_open_at_first_and_what_was_opened_stays_open(
    make_pane: MakePane, book: Handbook, tmp_path: Path, qtbot: QtBot, tasks: object
) -> None:
    pane, cases = make_pane(made_up_case(book))
    opened = [key for key, section in pane.case_page.sections.items() if section.is_open]
    assert opened == ["why"]
    file = str(tmp_path / "window.ini")
    settings = QSettings(file, QSettings.Format.IniFormat)
    first = ReadingPane(cases, book, pane._tasks, sections=OpenSections(settings))
    qtbot.addWidget(first)
    first.case_page.sections["technical"].header.click()
    first.case_page.sections["why"].header.click()
    settings.sync()
    again = QSettings(file, QSettings.Format.IniFormat)
    second = ReadingPane(cases, book, pane._tasks, sections=OpenSections(again))
    qtbot.addWidget(second)
    opened = [key for key, section in second.case_page.sections.items() if section.is_open]
    assert opened == ["technical"]


def test_the_header_of_an_open_section_does_not_share_the_name_of_its_text(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book))
    raw = pane.case_page.sections["raw"]
    assert raw.header.accessibleName() == "Raw message"
    pane.show_raw()
    assert raw.header.accessibleName() == "Hide raw message"
    assert pane.case_page.raw.text.accessibleName() == "Raw message"
    assert pane.case_page.raw.text.isVisible()


def test_the_original_email_is_shown_or_its_absence_explained(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book))
    pane.case_page.open_section("original")
    original = pane.case_page.original
    assert "Maple Street" in original.text.toPlainText()
    assert not original.note.isVisible()
    pane.show_case(made_up_case(book, report=report_of(original=None)))
    assert original.note.text().startswith("The bounce didn't include your original email.")
    assert not original.text.isVisible()
    assert not pane.case_page.sections["journey"].isVisible()


def test_the_journey_names_the_stops_the_wait_and_who_refused(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book))
    pane.case_page.open_section("journey")
    first, second, third = pane.case_page.journey.lines
    assert first.startswith("Your Gmail")
    assert second.startswith("Google")
    assert second.endswith("waited 3 min")
    assert third == "Their mail company, mx.example.com, refused it"


def test_technical_details_are_copied_with_their_numbers(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book))
    pane.case_page.open_section("technical")
    copy = pane.case_page.technical.copy
    copy.click()
    text = QGuiApplication.clipboard().text()
    assert "Status code: 5.1.1" in text
    assert "Certainty: 97 %" in text
    assert copy.text() == "Copied"


@pytest.mark.parametrize(
    ("folder", "account", "file", "words"),
    [
        ("INBOX", "dana@example.com", "", "Inbox of dana@example.com"),
        ("[Gmail]/Spam", "dana@example.com", "", "Spam of dana@example.com"),
        ("Junk", "", "", "Junk"),
        ("", "", "bounce.eml", "bounce.eml"),
    ],
)
def test_where_the_notice_was_found_is_told(
    make_pane: MakePane, book: Handbook, folder: str, account: str, file: str, words: str
) -> None:
    case = replace(made_up_case(book), folder=folder, account=account, file=file)
    pane, _ = make_pane(case)
    pane.case_page.open_section("technical")
    pane.case_page.technical.copy.click()
    assert f"Notice found in: {words}\n" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize(
    ("sent_by_you", "copy_in", "look_up", "words"),
    [
        ("yes", None, None, "yes, as its own header shows"),
        ("yes", "[Gmail]/Sent Mail", LookUp.FOUND, "yes, a copy is in Sent Mail"),
        ("yes", "", LookUp.FOUND, "yes, from this program"),
        ("no", None, LookUp.ABSENT, "no, as its own header shows; no copy is in Sent"),
        ("no", None, None, "no, as its own header shows"),
        ("unknown", None, LookUp.ABSENT, "not known; no copy is in Sent"),
        ("unknown", None, LookUp.GIVEN_UP, "not known; we couldn't look in Sent"),
        ("unknown", None, LookUp.OPEN, ""),
        ("unknown", None, None, ""),
    ],
)
def test_technical_details_say_what_shows_that_the_person_sent_it(
    make_pane: MakePane,
    book: Handbook,
    sent_by_you: str,
    copy_in: str | None,
    look_up: LookUp | None,
    words: str,
) -> None:
    case = replace(made_up_case(book), sent_by_you=sent_by_you, copy_in=copy_in, look_up=look_up)
    pane, _ = make_pane(case)
    pane.case_page.open_section("technical")
    pane.case_page.technical.copy.click()
    said = QGuiApplication.clipboard().text()
    assert (f"Sent by you: {words}\n" in said) if words else ("Sent by you" not in said)


def test_tab_goes_through_the_card_from_top_to_bottom(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, _ = make_pane(made_up_case(book))
    pane.activateWindow()
    card = pane.case_page.card
    card.main.setFocus()
    walked: list[QWidget] = [card.main]
    for _ in range(6):
        QTest.keyClick(walked[-1], Qt.Key.Key_Tab)
        walked.append(pane.focusWidget())
    expected = [
        card.main,
        card.second,
        card.more,
        pane.case_page.sections["why"].header,
        pane.case_page.why.text,
        pane.case_page.why.other,
        pane.case_page.sections["original"].header,
    ]
    assert walked == expected


def test_whatever_can_be_pressed_has_a_name_and_is_reached_by_the_keyboard(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book))
    for section in pane.case_page.sections:
        pane.case_page.open_section(section)
    for button in pane.case_page.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.text() or button.accessibleName()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, button.text()
            assert button.height() >= 24, button.text()


def test_a_doubtful_diagnosis_names_what_else_it_could_be(
    make_pane: MakePane, book: Handbook
) -> None:
    sure = made_up_case(book)
    doubt = replace(
        sure,
        id=CaseId(2),
        diagnosis=structs.replace(sure.diagnosis, runner_up=CauseId("inbox_full")),
    )
    pane, _cases = make_pane(doubt)
    card = pane.case_page.card
    assert card.could_be.text() == "It could also be: Their inbox is full."
    pane.show_case(sure)
    assert not card.could_be.isVisible()
