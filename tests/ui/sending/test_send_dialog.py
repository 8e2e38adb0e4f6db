"""From a card to mail that left: address, text, review, Undo, sent; on a real server."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.app import open_sample_desk
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.sending.send_dialog import SendDialog
from tests.servers.submission import Submission
from tests.ui.desks import empty_desk, write_bounces
from tests.ui.sending.conftest import LIMIT, MakeWindow, dialog_of, notice, rows
from tests.ui.windows import bands, opened, settled
from tests.unit.services.notices import FULL


def press_main(window: MainWindow, qtbot: QtBot) -> SendDialog:
    window.frame.pane.press_main_button()
    return dialog_of(window, SendDialog, qtbot)


def use_address(dialog: SendDialog, address: str, qtbot: QtBot) -> None:
    page = dialog.address_page
    page.field.edit.setText(address)
    qtbot.waitUntil(lambda: page.check is not None, timeout=LIMIT)
    page.use.click()


def reviewed(dialog: SendDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: dialog.page is dialog.review_page, timeout=LIMIT)
    qtbot.waitUntil(lambda: dialog._review is not None, timeout=LIMIT)


def shown(dialog: SendDialog) -> QWidget:
    return dialog.page


def look_at_waiting(window: MainWindow, qtbot: QtBot) -> None:
    window.views.waiting()
    window.frame.rows.pick_first_bounce()
    settled(window, qtbot)


def filled(dialog: SendDialog) -> list[str]:
    buttons = dialog.findChildren(QPushButton)
    return [b.text() for b in buttons if b.isVisible() and b.property("kind") == "main"]


def test_a_wrong_address_is_corrected_and_the_email_arrives_there(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice())
    dialog = press_main(window, qtbot)
    assert dialog.windowTitle() == "Fix the address"
    assert dialog.page.heading.text() == "Which address should we use?"
    assert filled(dialog) == ["Use this address"]
    use_address(dialog, "dana.reyes@example.org", qtbot)
    reviewed(dialog, qtbot)
    assert filled(dialog) == ["Send to 1 person"]
    assert submission.received == []
    dialog.review_page.send.click()
    qtbot.waitUntil(lambda: len(submission.received) == 1, timeout=LIMIT)
    taken = submission.received[0]
    assert taken.recipients == ["dana.reyes@example.org"]
    assert b"Open house on Saturday" in taken.raw
    qtbot.waitUntil(lambda: not rows(window, CaseState.NEEDS_YOU), timeout=LIMIT)
    look_at_waiting(window, qtbot)
    standing = window.frame.pane.case_page.card.standing
    wanted = "Waiting - no bounce so far"
    qtbot.waitUntil(lambda: standing.words.text() == wanted, timeout=LIMIT)
    index = window.frame.model.index(0, 0)
    assert wanted in str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_what_was_sent_can_be_called_back_for_ten_seconds(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice(), undo=600)
    dialog = press_main(window, qtbot)
    use_address(dialog, "dana.reyes@example.org", qtbot)
    reviewed(dialog, qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyRelease(window, Qt.Key.Key_Control)  # or Qt takes it for held down ever after
    qtbot.waitUntil(lambda: window.sending.is_undoable, timeout=LIMIT)
    band = window.frame.bands.band("sending")
    assert band is not None
    assert band.text.startswith("Sending to Dana Reyes")
    assert band.buttons[0].text() == "Undo"
    window.commands.undo.trigger()
    assert window.frame.bands.band("sending") is None
    assert [row.state for row in rows(window, CaseState.NEEDS_YOU)] == [CaseState.NEEDS_YOU]
    assert submission.received == []


def test_a_dead_address_stays_locked_until_the_person_says_it_is_right(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    dialog = press_main(make_window(notice()), qtbot)
    page = dialog.address_page
    qtbot.waitUntil(lambda: page.check is not None, timeout=LIMIT)
    assert page.sure.text() == "I checked with them, it's &right"
    assert not page.use.isEnabled()
    page.sure.click()
    assert page.use.isEnabled()
    page.use.click()
    reviewed(dialog, qtbot)
    assert dialog.review_page.send.isEnabled()
    dialog.back.click()
    assert dialog.page is page
    assert page.field.text == "dana@example.net"


def test_each_line_of_the_review_can_be_changed(make_window: MakeWindow, qtbot: QtBot) -> None:
    dialog = press_main(make_window(notice()), qtbot)
    use_address(dialog, "dana.reyes@example.org", qtbot)
    reviewed(dialog, qtbot)
    review = dialog.review_page
    assert [link.text() for link in review.links.values()] == ["Change"] * len(review.links)
    assert review.links["to"].accessibleName() == "Change who it goes to"
    review.links["subject"].click()
    review.subject.edit.setText("Open house moved to Sunday")
    review.subject.edit.editingFinished.emit()
    qtbot.waitUntil(
        lambda: (
            dialog._review is not None and dialog._review.subject == "Open house moved to Sunday"
        ),
        timeout=LIMIT,
    )
    review.links["time"].click()
    assert dialog.page is dialog.time_page
    dialog.time_page.choices.rows[2].click()
    reviewed(dialog, qtbot)
    qtbot.waitUntil(lambda: "tomorrow about 9 AM" in review.send.text(), timeout=LIMIT)
    review.links["to"].click()
    assert shown(dialog) is dialog.address_page


def test_a_notice_without_the_text_asks_for_it(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    words = notice(diagnostic=FULL).decode().replace("message/rfc822", "text/rfc822-headers")
    window = make_window(words.encode())
    window.frame.pane._start_flow("send_again", 0)
    dialog = dialog_of(window, SendDialog, qtbot)
    page = dialog.text_page
    assert dialog.page is page
    assert page.lead.text() == "The bounce brought back only the headings of your email."
    page.paste.click()
    assert not page.use.isEnabled()
    page.text.setPlainText("Hi Dana, the house is open on Saturday.")
    page.use.click()
    reviewed(dialog, qtbot)
    dialog.review_page.send.click()
    qtbot.waitUntil(lambda: len(submission.received) == 1, timeout=LIMIT)
    assert b"the house is open on Saturday" in submission.received[0].raw


def test_try_again_in_2_days_waits_for_its_time_and_can_be_taken_back(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice(diagnostic=FULL))
    assert window.frame.pane.case_page.card.main.text() == "Try again in 2 days"
    window.frame.pane.press_main_button()
    qtbot.waitUntil(lambda: len(rows(window, CaseState.WAITING)) == 1, timeout=LIMIT)
    look_at_waiting(window, qtbot)
    standing = window.frame.pane.case_page.card.standing
    qtbot.waitUntil(lambda: standing.words.text().startswith("Will try again "), timeout=LIMIT)
    assert standing.links["change"].text() == "Change"
    assert submission.received == []
    window.commands.undo.trigger()
    assert len(rows(window, CaseState.NEEDS_YOU)) == 1


def test_what_seems_delivered_is_not_sent_again_by_one_press(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice(diagnostic=FULL))
    window.frame.pane._start_flow("send_again", 0)
    dialog = dialog_of(window, SendDialog, qtbot)
    reviewed(dialog, qtbot)
    dialog.review_page.send.click()
    qtbot.waitUntil(lambda: len(submission.received) == 1, timeout=LIMIT)
    standing = window.frame.pane.case_page.card.standing
    qtbot.waitUntil(lambda: len(rows(window, CaseState.WAITING)) == 1, timeout=LIMIT)
    look_at_waiting(window, qtbot)
    qtbot.waitUntil(lambda: standing.words.text().startswith("Waiting"), timeout=LIMIT)
    again = press_main(window, qtbot)
    reviewed(again, qtbot)
    lead = again.review_page.lead
    qtbot.waitUntil(lambda: lead.text().startswith("It went out again already"), timeout=LIMIT)
    assert window._desk.outbox.waiting() == []


def test_the_time_of_a_try_can_be_changed_to_now(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice(diagnostic=FULL))
    window.frame.pane.press_main_button()
    qtbot.waitUntil(lambda: len(rows(window, CaseState.WAITING)) == 1, timeout=LIMIT)
    look_at_waiting(window, qtbot)
    standing = window.frame.pane.case_page.card.standing
    qtbot.waitUntil(lambda: "change" in standing.links, timeout=LIMIT)
    standing.links["change"].click()
    window.fixing.dialog.page.choices.rows[0].click()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: len(submission.received) == 1, timeout=LIMIT)


def test_an_answer_that_was_never_heard_is_shown_as_unknown(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    submission.mood.replies["data"] = "drop"
    window = make_window(notice())
    dialog = press_main(window, qtbot)
    use_address(dialog, "dana.reyes@example.org", qtbot)
    reviewed(dialog, qtbot)
    dialog.review_page.send.click()
    qtbot.waitUntil(lambda: window.frame.bands.band("not sent") is not None, timeout=LIMIT)
    window.views.needs_you()
    window.frame.rows.pick_first_bounce()
    settled(window, qtbot)
    standing = window.frame.pane.case_page.card.standing
    unknown = "We don't know whether it was sent"
    qtbot.waitUntil(lambda: standing.words.text() == unknown, timeout=LIMIT)
    names = {what: link.text() for what, link in standing.links.items()}
    assert names == {
        "look_up": "Look in Sent",
        "it_arrived": "It arrived",
        "send_now": "Send it now",
    }
    assert len(submission.received) == 1
    standing.links["it_arrived"].click()
    qtbot.waitUntil(lambda: len(rows(window, CaseState.WAITING)) == 1, timeout=LIMIT)
    look_at_waiting(window, qtbot)
    assert standing.words.text() == "Waiting - no bounce so far"


def test_a_refusal_is_told_in_their_words(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    submission.mood.replies["data"] = "554 5.7.1 not from here"
    window = make_window(notice())
    dialog = press_main(window, qtbot)
    use_address(dialog, "dana.reyes@example.org", qtbot)
    reviewed(dialog, qtbot)
    dialog.review_page.send.click()
    qtbot.waitUntil(lambda: any("not from here" in band for band in bands(window)), timeout=LIMIT)


def test_the_sample_mail_shows_what_would_be_sent(qtbot: QtBot, look: None) -> None:
    window = opened(open_sample_desk(), qtbot)
    case = next(row for row in rows(window, CaseState.NEEDS_YOU) if row.cause == "typo")
    window.frame.rows.pick_case(case.key.case)
    settled(window, qtbot)
    dialog = press_main(window, qtbot)
    page = dialog.address_page
    qtbot.waitUntil(lambda: page.check is not None and bool(page.offers.rows), timeout=LIMIT)
    assert page.offers.rows[0].title.endswith("@gmail.com")
    page.use.click()
    if dialog.page is dialog.text_page:
        dialog.text_page.write.click()
        dialog.text_page.text.setPlainText("Hello again")
        dialog.text_page.use.click()
    reviewed(dialog, qtbot)
    qtbot.waitUntil(dialog.review_page.send.isEnabled, timeout=LIMIT)
    dialog.review_page.send.click()
    assert dialog.page.heading.text() == "Here is what would be sent"
    assert "@gmail.com" in dialog.shown_page.text.toPlainText()
    assert window._desk.outbox.waiting() == []


@pytest.mark.parametrize("flow", ["send_again", "smaller"])
def test_without_an_account_the_reason_and_the_way_out_are_beside_the_button(
    tmp_path: Path, qtbot: QtBot, look: None, flow: str
) -> None:
    window = opened(empty_desk(tmp_path), qtbot, *write_bounces(tmp_path, 1))
    window.frame.pane._start_flow(flow, 0)
    dialog = dialog_of(window, SendDialog, qtbot)
    if dialog.page is dialog.address_page:
        use_address(dialog, "dana.reyes@example.org", qtbot)
    if dialog.page is dialog.parts_page:
        dialog.parts_page.text_wanted.emit()
        dialog.text_page.write.click()
        dialog.text_page.text.setPlainText("Shorter")
        dialog.text_page.use.click()
    reviewed(dialog, qtbot)
    review = dialog.review_page
    qtbot.waitUntil(review.reason.isVisible, timeout=LIMIT)
    assert "Connect your email first" in review.reason.text()
    assert not review.send.isEnabled()
    assert review.connect_mail.isVisible()
