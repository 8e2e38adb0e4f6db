"""The password page speaks of each company as it is, and asks in the order one reads."""

import ssl
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.mail.problems import ProblemKind, SignInRefusedError, explain_certificate
from bounce_assistant.mail.sign_in_problems import explain_passwords_off
from bounce_assistant.ui.accounts.add_account import AddAccountDialog
from bounce_assistant.ui.accounts.password_page import PasswordPage
from bounce_assistant.ui.widgets.details import DetailsDialog
from bounce_assistant.ui.widgets.words import fit_screen
from tests.ui.accounts.conftest import give_email


def page_for(dialog: AddAccountDialog, email: str) -> PasswordPage:
    give_email(dialog, email)
    assert dialog.page is dialog.password_page
    return dialog.password_page


def test_what_a_company_calls_its_app_passwords_stands_everywhere(
    dialog: AddAccountDialog,
) -> None:
    page = page_for(dialog, "dana@att.net")
    assert page.title.text() == "Make a secure mail key at AT&T"
    assert page.password.edit.accessibleName() == "Secure mail key"
    assert "secure mail key" in page.picture.accessibleName()
    assert "AT&T" not in page.picture.accessibleName(), "how their page looks, we don't know"


def test_what_has_to_be_turned_on_first_is_said_where_the_page_would_turn_one_away(
    dialog: AddAccountDialog,
) -> None:
    page = page_for(dialog, "dana@gmail.com")
    assert page.needs.isVisible()
    assert "2-Step Verification" in page.needs.text()
    dialog.back.click()
    page = page_for(dialog, "dana@yahoo.com")
    assert not page.needs.isVisible()


def test_a_password_that_was_shown_does_not_show_the_next_one(dialog: AddAccountDialog) -> None:
    password = page_for(dialog, "dana@gmail.com").password
    assert password.reveal
    password.reveal.click()
    assert password.edit.echoMode() is QLineEdit.EchoMode.Normal
    dialog.back.click()
    page_for(dialog, "dana@yahoo.com")
    assert password.edit.echoMode() is QLineEdit.EchoMode.Password
    assert password.reveal.text() == "Show"


def test_a_refusal_is_said_once_and_its_button_leads_to_the_page(
    dialog: AddAccountDialog,
) -> None:
    page = page_for(dialog, "dana@gmail.com")
    shape = "They are 16 letters, with or without spaces."
    assert page.password.hint.text() == shape
    url = "https://myaccount.google.com/apppasswords"
    page.show_problem(
        SignInRefusedError(
            "Google didn't accept that app password.",
            shape,
            f"Make one at {url}, then try again.",
            kind=ProblemKind.SIGN_IN,
            help_url=url,
        )
    )
    said = f"Google didn't accept that app password. {shape}"
    assert page.password.problem.text() == said
    assert not page.password.hint.isVisible()
    assert page.page_of_problem.text() == "Show me where to get one"
    page.password.edit.setText("a")
    assert page.password.hint.isVisible()
    assert not page.password.problem.isVisible()


def tab_order(page: PasswordPage, qtbot: QtBot, first: QWidget) -> list[QWidget]:
    """Return what has the focus after each Tab, until it leaves the page."""
    window = page.window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first.setFocus()
    passed = [first]
    while True:
        QTest.keyClick(window, Qt.Key.Key_Tab)
        now = window.focusWidget()
        if now in passed or not page.isAncestorOf(now):
            return passed
        passed.append(now)


def test_by_hand_the_servers_come_first_and_tab_follows(
    dialog: AddAccountDialog, qtbot: QtBot
) -> None:
    dialog.email_page.field.edit.setText("dana@own.example")
    dialog.email_page.by_hand.show()
    dialog.email_page.by_hand.click()
    page = dialog.password_page
    assert page.title.text() == "Where is your mail?"
    assert page.focusWidget() is page.servers.imap.host.edit
    passed = tab_order(page, qtbot, page.servers.imap.host.edit)
    tops = [one.mapTo(page, one.rect().topLeft()).y() for one in passed]
    assert page.password.edit in passed
    assert page.sign_in in passed
    assert passed.index(page.servers.smtp.host.edit) < passed.index(page.password.edit)
    # Down the page; what stands side by side is level within a few pixels.
    assert all(later > earlier - 8 for earlier, later in pairwise(tops))


def test_after_by_hand_a_known_address_has_its_password_first_again(
    dialog: AddAccountDialog, qtbot: QtBot
) -> None:
    dialog.email_page.field.edit.setText("dana@own.example")
    dialog.email_page.by_hand.show()
    dialog.email_page.by_hand.click()
    dialog.back.click()
    page = page_for(dialog, "dana@comcast.net")
    page.by_hand.set_open(is_open=True)
    passed = tab_order(page, qtbot, page.password.edit)
    assert passed.index(page.sign_in) < passed.index(page.servers.imap.host.edit)
    assert page.by_hand.y() > page.sign_in.y()


def test_back_comes_first_and_cancel_last(dialog: AddAccountDialog, qtbot: QtBot) -> None:
    page = page_for(dialog, "dana@comcast.net")
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.back.setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is page.password.edit
    dialog.leave.setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Backtab)
    assert dialog.focusWidget() is page.by_hand.header


def test_the_window_is_no_larger_than_its_screen(dialog: AddAccountDialog) -> None:
    room = dialog.screen().availableSize()
    fit_screen(dialog, 5000, 5000)
    assert dialog.width() < room.width()
    assert dialog.height() < room.height()


def test_on_a_small_screen_what_is_wrong_is_scrolled_to(
    dialog: AddAccountDialog, qtbot: QtBot
) -> None:
    dialog.resize(480, 320)
    page = page_for(dialog, "dana@gmail.com")

    def is_seen(part: QWidget) -> bool:
        return part.isVisible() and not part.visibleRegion().isEmpty()

    assert not is_seen(page.password.problem)
    page.sign_in.click()
    qtbot.waitUntil(lambda: is_seen(page.password.problem))


def test_a_certificate_comes_with_details_for_the_it_person(
    dialog: AddAccountDialog, qtbot: QtBot
) -> None:
    page = page_for(dialog, "dana@gmail.com")
    error = ssl.SSLCertVerificationError("Hostname mismatch")
    error.verify_code, error.verify_message = 62, "Hostname mismatch"
    page.show_problem(explain_certificate(error, "imap.gmail.com"))
    assert "62" not in page.password.problem.text()
    assert page.page_of_problem.text() == "Details"
    page.page_of_problem.click()
    (details,) = page.findChildren(DetailsDialog)
    assert details.shown.text() == "imap.gmail.com\nOpenSSL 62: Hostname mismatch"
    details.copy_details.click()
    assert "We couldn't be sure" in QGuiApplication.clipboard().text()
    details.reject()


def test_where_passwords_are_off_the_companys_page_is_offered(
    dialog: AddAccountDialog,
) -> None:
    dialog.email_page.field.edit.setText("dana@own.example")
    dialog.email_page.by_hand.show()
    dialog.email_page.by_hand.click()
    page = dialog.password_page
    page.servers.host.edit.setText("outlook.office365.com")
    page.show_problem(explain_passwords_off("Microsoft"))
    assert page.password.problem.text().startswith(
        "Microsoft no longer lets apps sign in with a password for this account."
    )
    assert page.page_of_problem.text() == "Sign in with Microsoft"
    page.page_of_problem.click()
    assert dialog.page is dialog.app_id_page, "this copy isn't registered with it"
    assert "Microsoft lets a program open its sign-in page" in dialog.app_id_page.words.text()
