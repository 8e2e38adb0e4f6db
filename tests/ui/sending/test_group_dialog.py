"""Many at once: one review, an email of their own for each, and why some are left out."""

from pytestqt.qtbot import QtBot

from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.sending.group_dialog import GroupDialog
from bounce_assistant.ui.sending.send_dialog import SendDialog
from bounce_assistant.ui.widgets.words import Words
from tests.servers.submission import Submission
from tests.ui.sending.conftest import LIMIT, MakeWindow, dialog_of, notice, rows
from tests.ui.windows import settled
from tests.unit.services.notices import FULL


def reviewed(window: MainWindow, qtbot: QtBot) -> GroupDialog:
    window.frame.rows.selectAll()
    window.frame.toolbar.bulk.send_button.click()
    dialog = dialog_of(window, GroupDialog, qtbot)
    qtbot.waitUntil(lambda: dialog.review is not None, timeout=LIMIT)
    return dialog


def test_each_of_them_gets_an_email_of_their_own(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    people = ("ana@example.net", "bo@example.net", "cy@example.net")
    window = make_window(*(notice(person, diagnostic=FULL) for person in people))
    window.frame.rows.pick_first_bounce()
    dialog = reviewed(window, qtbot)
    assert dialog.send.text() == "Send to 3 people"
    assert "each in an email of their own" in dialog.what_happens.text()
    assert "sent from here" in dialog.meter.text()
    dialog.send.click()
    qtbot.waitUntil(lambda: len(submission.received) == 3, timeout=LIMIT)
    assert sorted(one.recipients[0] for one in submission.received) == sorted(people)
    assert all(len(one.recipients) == 1 for one in submission.received)
    qtbot.waitUntil(lambda: len(rows(window, CaseState.WAITING)) == 3, timeout=LIMIT)


def test_who_can_not_be_sent_to_is_left_out_with_the_reason(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice("ana@example.net", diagnostic=FULL), notice("bo@example.net"))
    dialog = reviewed(window, qtbot)
    assert dialog.send.text() == "Send to 1 person"
    words = [label.text() for label in dialog.left_out.findChildren(Words)]
    assert any("bo@example.net" in line for line in words)
    assert any("doesn't take mail" in line for line in words)
    dialog.cancel.click()
    assert submission.received == []


def test_it_can_go_to_fewer_of_them(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    people = ("ana@example.net", "bo@example.net")
    window = make_window(*(notice(person, diagnostic=FULL) for person in people))
    dialog = reviewed(window, qtbot)
    assert dialog.send.text() == "Send to 2 people"
    next(box for box in dialog.boxes if "bo@example.net" in box.words).click()
    assert dialog.send.text() == "Send to 1 person"
    dialog.send.click()
    qtbot.waitUntil(lambda: len(submission.received) == 1, timeout=LIMIT)
    assert submission.received[0].recipients == ["ana@example.net"]
    qtbot.waitUntil(lambda: len(rows(window, CaseState.WAITING)) == 1, timeout=LIMIT)


def test_sending_again_is_in_the_menus_for_one_and_for_many(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    people = ("ana@example.net", "bo@example.net")
    window = make_window(*(notice(person, diagnostic=FULL) for person in people))
    again = window.commands.send_again
    window.frame.rows.pick_first_bounce()
    settled(window, qtbot)
    again.trigger()
    single = dialog_of(window, SendDialog, qtbot)
    single.cancel.click()
    window.frame.rows.selectAll()
    again.trigger()
    group = dialog_of(window, GroupDialog, qtbot)
    qtbot.waitUntil(lambda: group.review is not None, timeout=LIMIT)
    assert group.send.text() == "Send to 2 people"
