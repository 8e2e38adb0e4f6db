"""Mail from strangers is shown as plain text, whatever it holds and however large it is."""

import time
from dataclasses import replace

import pytest
from msgspec import structs
from PySide6.QtWidgets import QApplication, QLabel, QTextEdit
from pytestqt.qtbot import QtBot

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.report.facts import BounceReport, MessageKind, OriginalMessage
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.bounce.card import Fact
from bounce_assistant.ui.bounce.pane import ReadingPane
from bounce_assistant.ui.widgets.plain import REPLACED
from tests.ui.bounce.conftest import MakePane
from tests.ui.made_up_cases import made_up_case, report_of

HTML = '<img src="http://evil.example/x.png"><script>alert(1)</script><b>bold</b>'
TURNED = "dana\u202egpj.exe@example.com"


def open_all(pane: ReadingPane) -> None:
    for key in pane.case_page.sections:
        pane.case_page.open_section(key)
    QApplication.processEvents()


def hostile_report(words: str) -> BounceReport:
    """Put words into every place that a stranger can write into."""
    base = report_of()
    recipient = structs.replace(
        base.recipients[0],
        recipient=words,
        final_recipient=words,
        diagnostic=words,
        remote_mta=words,
    )
    original = OriginalMessage(
        message_id=words,
        subject=words,
        sender=words,
        to=(words,),
        date=words,
        headers=(("Received", f"by {words}; {words}"), (words, words)),
        body=words,
    )
    notice = structs.replace(base.notice, headers=((words, words),), subject=words)
    return BounceReport(MessageKind.BOUNCE, base.reported_by, (recipient,), original, notice, words)


def test_markup_in_mail_is_shown_and_never_carried_out(make_pane: MakePane, book: Handbook) -> None:
    case = made_up_case(book, report=hostile_report(HTML), raw=HTML.encode())
    pane, _ = make_pane(replace(case, history=HTML))
    open_all(pane)
    assert HTML in pane.case_page.original.text.toPlainText()
    assert pane.case_page.raw.text.toPlainText() == HTML
    assert "<script>" in pane.case_page.why.text.toPlainText()
    for label in pane.findChildren(QLabel):
        if not isinstance(label, Fact):  # its words are ours alone
            assert label.textFormat().name == "PlainText", label.text()
    for text in pane.findChildren(QTextEdit):
        assert text.loadResource(2, "http://evil.example/x.png") is None
        assert "<img" not in text.toHtml().replace("&lt;img", "")


def test_text_that_turns_itself_around_is_made_visible(make_pane: MakePane, book: Handbook) -> None:
    pane, _ = make_pane(made_up_case(book, report=hostile_report(TURNED), raw=TURNED.encode()))
    open_all(pane)
    shown = [label.text() for label in pane.findChildren(QLabel)]
    shown += [pane.case_page.raw.text.toPlainText(), pane.case_page.why.text.toPlainText()]
    shown += [pane.case_page.original.text.toPlainText()]
    assert not any("\u202e" in words for words in shown)
    assert f"dana{REPLACED}gpj.exe@example.com" in shown


@pytest.mark.parametrize(
    "words", ["x" * 5000 + "@example.com", "\x00\x1b[31m\x07", "\ud800\udfff", "", "&" * 400]
)
def test_odd_words_never_widen_the_pane(make_pane: MakePane, book: Handbook, words: str) -> None:
    pane, _ = make_pane(made_up_case(book, report=hostile_report(words)))
    open_all(pane)
    pane.press_main_button()
    pane.steps.back.click()
    for page in (pane.case_page, pane.steps_page):
        inside = page.widget()
        assert inside is not None
        assert inside.minimumSizeHint().width() <= 440
    assert pane.width() == 440


def test_a_message_of_60_megabytes_opens_at_once_and_shows_its_beginning(
    make_pane: MakePane, book: Handbook
) -> None:
    raw = b"Subject: huge\r\n\r\n" + b"line of text\r\n" * 4_500_000
    case = made_up_case(book, raw=raw)
    pane, _ = make_pane()
    begun = time.perf_counter()
    pane.show_case(case)
    unopened = time.perf_counter() - begun
    assert pane.case_page.raw.text.toPlainText() == "", "nothing is drawn before it is asked for"
    pane.show_raw()
    assert len(pane.case_page.raw.text.toPlainText()) <= 200_000
    assert "This is the beginning." in pane.case_page.raw.note.text()
    assert unopened < 1.0


def test_a_message_that_is_no_text_is_shown_byte_by_byte(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book, raw=bytes(range(256)) * 100))
    pane.show_raw()
    assert "ABC" in pane.case_page.raw.text.toPlainText()


def test_a_huge_notice_shows_an_excerpt(make_pane: MakePane, book: Handbook) -> None:
    text = "filler\n" * 300_000 + "550 5.1.1 no such user\n" + "filler\n" * 300_000
    pane, _ = make_pane(made_up_case(book, report=report_of(text)))
    assert "550 5.1.1" in pane.case_page.why.text.toPlainText()
    assert len(pane.case_page.why.text.toPlainText()) < 2000


def test_names_from_right_to_left_stand_in_a_window_from_left_to_right(
    make_pane: MakePane, book: Handbook
) -> None:
    pane, _ = make_pane(made_up_case(book, report=hostile_report("דנה@example.com")))
    open_all(pane)
    assert "דנה@example.com" in pane.case_page.original.text.toPlainText()


def test_a_case_in_every_state_can_be_drawn(
    make_pane: MakePane, book: Handbook, qtbot: QtBot
) -> None:
    pane, _ = make_pane()
    case = made_up_case(book)
    for state in CaseState:
        pane.show_case(replace(case, row=replace(case.row, state=state)))
        visible = [a.text() for a in pane.case_page.card.more.menu().actions() if a.isVisible()]
        assert ("Mark done" in visible) == (state is not CaseState.DONE)
        assert ("Put back" in visible) == (state is not CaseState.NEEDS_YOU)
