"""Buttons of the card that name an act carry it out, rather than describe it."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.app import open_sample_desk
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.accounts.sign_in_again import SignInDialog
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.sending.reach_dialog import ReachDialog
from bounce_assistant.ui.sending.send_dialog import SendDialog
from bounce_assistant.ui.settings.settings_dialog import SettingsDialog
from tests.servers.submission import Submission
from tests.ui.sending.conftest import LIMIT, MakeWindow, dialog_of, notice, rows
from tests.ui.sending.test_send_dialog import reviewed
from tests.ui.windows import addresses, opened, settled

SPAM = "550 5.7.1 Message content rejected due to spam"
FORMATTED = """\
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="C"

--C
Content-Type: text/plain

See you there.
--C
Content-Type: text/html

<p>See <b>you</b> there.</p>
--C--
"""


def pick(window: MainWindow, cause: str, qtbot: QtBot) -> None:
    row = next(row for row in rows(window, CaseState.NEEDS_YOU) if row.cause == cause)
    assert window.frame.rows.pick_case(row.key.case)
    settled(window, qtbot)


def test_a_plain_version_is_words_alone(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    plain = b"\r\nSee you there.\r\n--B--"
    formatted = FORMATTED.replace("\n", "\r\n").encode() + b"--B--"
    mail = notice(diagnostic=SPAM).replace(b"\r\n" + plain, b"\r\n" + formatted)
    assert b"text/html" in mail
    window = make_window(mail)
    card = window.frame.pane.case_page.card
    assert card.second.text() == "Send a plain version..."
    card.second.click()
    dialog = dialog_of(window, SendDialog, qtbot)
    assert dialog.windowTitle() == "Send a plain version"
    reviewed(dialog, qtbot)
    dialog.review_page.send.click()
    qtbot.waitUntil(lambda: len(submission.received) == 1, timeout=LIMIT)
    taken = message_from_bytes(submission.received[0].raw, policy=policy.default)
    assert isinstance(taken, EmailMessage)
    assert taken.get_content_type() == "text/plain"
    assert taken.get_content().strip() == "See you there."
    assert taken["Subject"] == "Open house on Saturday"


def test_right_as_typed_leads_to_a_review_that_wants_to_know_it_was_checked(
    qtbot: QtBot, look: None
) -> None:
    window = opened(open_sample_desk(), qtbot)
    pick(window, "typo", qtbot)
    card = window.frame.pane.case_page.card
    assert card.second.text() == "It's right as typed"
    card.second.click()
    dialog = dialog_of(window, SendDialog, qtbot)
    assert dialog.page is not dialog.address_page
    case = window.frame.pane.case
    assert case is not None
    assert dialog.order.to == case.row.address
    assert not dialog.order.is_checked


def test_show_them_lists_everybody_who_missed_one_mailing(qtbot: QtBot, look: None) -> None:
    window = opened(open_sample_desk(), qtbot)
    pick(window, "partly", qtbot)
    case = window.frame.pane.case
    assert case is not None
    window.frame.pane.press_main_button()
    settled(window, qtbot)
    assert set(addresses(window.frame.model)) == {"rita.moss@example.net", "stan.moss@example.net"}
    assert window.frame.toolbar.search.text() == case.row.subject
    assert window.frame.model.query.beside == case.id  # not whoever has such a subject
    window.frame.toolbar.search.clear()
    qtbot.waitUntil(lambda: window.frame.model.query.beside is None)
    assert window.frame.model.query.state is CaseState.NEEDS_YOU


@pytest.mark.parametrize("cause", ["mailbox_off", "loop"])
def test_a_button_that_says_text_them_has_the_words_ready(
    cause: str, qtbot: QtBot, look: None
) -> None:
    window = opened(open_sample_desk(), qtbot)
    pick(window, cause, qtbot)
    window.frame.pane.press_main_button()
    assert dialog_of(window, ReachDialog, qtbot).isVisible()


def test_sign_in_again_signs_in_where_the_account_is_connected(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(notice(diagnostic="535 5.7.8 Username and Password not accepted"))
    card = window.frame.pane.case_page.card
    assert card.main.text() == "Sign in again..."
    card.main.click()
    assert dialog_of(window, SignInDialog, qtbot).isVisible()


def test_hide_ones_like_this_hides_them_and_undo_shows_them(qtbot: QtBot, look: None) -> None:
    window = opened(open_sample_desk(), qtbot)
    desk = window._desk
    pick(window, "forged", qtbot)
    card = window.frame.pane.case_page.card
    assert card.second.text() == "Hide ones like this"
    card.second.click()
    settled(window, qtbot)
    assert window.toast.text == "Hidden. New ones like it go straight to Done."
    assert "forged" not in {row.cause for row in rows(window, CaseState.NEEDS_YOU)}
    assert desk.cases.hiding.causes() == ("forged",)
    window.toast.undo_button.click()
    settled(window, qtbot)
    assert "forged" in {row.cause for row in rows(window, CaseState.NEEDS_YOU)}
    assert desk.cases.hiding.causes() == ()


def test_settings_list_what_is_hidden_and_switch_it(qtbot: QtBot, look: None) -> None:
    window = opened(open_sample_desk(), qtbot)
    hiding = window._desk.cases.hiding
    hiding.switch(CauseId("forged"), on=True)
    window.commands.settings.trigger()
    rules = dialog_of(window, SettingsDialog, qtbot).rules
    (row,) = rules.hidden_rows
    assert row.box.text() == "You didn't send this one"
    row.box.click()
    assert hiding.causes() == ()
    row.box.click()
    assert hiding.causes() == ("forged",)
