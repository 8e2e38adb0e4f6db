"""Connecting an account: named, tried, and kept only when the last page says so."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from bounce_assistant.mail.accounts import account_from
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.ui.accounts.add_account import AddAccountDialog
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.open_page import OpenPageDialog
from tests.ui.accounts.conftest import WRONG, MailServer, Outside, give_email, sign_in


def words_on(dialog: AddAccountDialog) -> str:
    return "\n".join(label.text() for label in dialog.page.findChildren(QLabel))


def test_the_provider_is_recognised_while_one_types(dialog: AddAccountDialog) -> None:
    dialog.email_page.field.edit.setText("dana@gmail.com")
    assert dialog.email_page.field.hint.text().startswith("Gmail - ")
    dialog.email_page.field.edit.setText("dana@gmail")
    assert not dialog.email_page.field.hint.isVisible()


def test_a_slip_is_pointed_out_before_a_password_could_go_astray(
    dialog: AddAccountDialog, outside: Outside
) -> None:
    page = dialog.email_page
    page.field.edit.setText("dana@gmai.com")
    assert page.field.hint.text().startswith('"gmai.com" looks like a typo. Continue looks up ')
    assert page.meant.text() == "Use dana@gmail.com"
    page.meant.click()
    assert page.field.text == "dana@gmail.com"
    assert not page.meant.isVisible()
    assert page.field.hint.text().startswith("Gmail - ")
    assert outside.asked == []


@pytest.mark.parametrize(
    "typed", ["", "dana", "dana@", "@gmail.com", "da na@gmail.com", "a@b@c.de"]
)
def test_an_incomplete_address_is_said_beside_the_field(
    dialog: AddAccountDialog, typed: str
) -> None:
    give_email(dialog, typed)
    assert dialog.page is dialog.email_page
    assert dialog.email_page.field.problem.isVisible()
    dialog.email_page.field.edit.setText("dana@gmail.com")
    assert not dialog.email_page.field.problem.isVisible()


def test_the_app_password_page_has_steps_a_link_and_the_reason(dialog: AddAccountDialog) -> None:
    give_email(dialog, "dana@gmail.com")
    page = dialog.password_page
    assert dialog.page is page
    assert page.title.text() == "Make an app password at Google"
    assert dialog.place.text() == "Step 2 of 3"
    assert page.first.text().startswith("1. ")
    assert page.third.text().startswith("3. ")
    page.page.click()
    (link,) = page.findChildren(OpenPageDialog)
    assert link.go.text() == "Open myaccount.google.com"
    link.reject()
    assert page.why.header.text() == "Why not my normal password?"
    assert page.password.edit.echoMode() is QLineEdit.EchoMode.Password
    assert page.password.edit.accessibleName() == "App password"


def test_without_a_keychain_it_is_said_that_the_password_is_kept_for_this_session_only(
    dialog: AddAccountDialog,
) -> None:
    give_email(dialog, "dana@gmail.com")
    assert "for this session only" in dialog.password_page.keeping.text()


def test_a_sign_in_that_works_leads_to_what_may_be_read_and_then_is_kept(
    dialog: AddAccountDialog, accounts: Accounts, server: MailServer, qtbot: QtBot
) -> None:
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page)
    assert accounts.list() == [], "nothing is kept before the last page"
    assert "We only read." in words_on(dialog)
    choices = dialog.reading_page.choices
    assert choices.inbox.isChecked()
    assert choices.spam.isChecked()
    assert choices.days.currentText() == "The last 30 days"
    with qtbot.waitSignal(dialog.account_added) as told:
        dialog.reading_page.start.click()
    (account,) = accounts.list()
    assert told.args == [account.id]
    assert accounts.password(account) == "abcd efgh ijkl mnop"
    assert server.tried[0][0].imap_host == "imap.gmail.com"
    assert dialog.password_page.password.text == "", "the field forgets it"


def test_a_refused_password_is_said_beside_the_field_and_what_was_typed_stays(
    dialog: AddAccountDialog, server: MailServer, qtbot: QtBot
) -> None:
    server.problem = WRONG
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    field = dialog.password_page.password
    qtbot.waitUntil(field.problem.isVisible)
    assert field.problem.text() == str(WRONG)
    assert field.edit.accessibleDescription() == str(WRONG)
    assert field.text == "abcd efgh ijkl mnop"
    server.problem = None
    dialog.password_page.sign_in.click()
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page)


def test_stop_hangs_up_on_a_silent_server(
    dialog: AddAccountDialog, server: MailServer, qtbot: QtBot, tasks: TaskRunner
) -> None:
    server.is_silent = True
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    page = dialog.password_page
    assert page.busy.isVisible()
    assert (
        page.busy.words.text()
        == "Signing in to imap.gmail.com to read, and to smtp.gmail.com to send..."
    )
    assert not page.sign_in.isEnabled()
    page.busy.stop.setFocus()
    page.busy.stop.click()
    assert not page.busy.isVisible()
    assert page.sign_in.isEnabled()
    assert dialog.focusWidget() is page.password.edit, "Enter tries again, and cancels nothing"
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=2000)


def test_closing_the_window_ends_a_sign_in_that_hangs(
    dialog: AddAccountDialog, server: MailServer, qtbot: QtBot, tasks: TaskRunner
) -> None:
    server.is_silent = True
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    dialog.reject()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=2000)


def test_a_company_that_takes_no_passwords_is_named_with_a_way_that_works_now(
    dialog: AddAccountDialog, qtbot: QtBot
) -> None:
    give_email(dialog, "dana@outlook.com")
    page = dialog.no_password_page
    assert dialog.page is page
    assert page.title.text() == "Microsoft takes no passwords from apps"
    assert "Drop the file on the window" in words_on(dialog)
    with qtbot.waitSignal(dialog.rejected):
        page.files.click()


def test_an_own_domain_is_asked_who_runs_it(
    dialog: AddAccountDialog, server: MailServer, qtbot: QtBot
) -> None:
    give_email(dialog, "dana@reyes-homes.example")
    qtbot.waitUntil(lambda: dialog.page is dialog.company_page)
    dialog.company_page.google.click()
    sign_in(dialog)
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page)
    account, _ = server.tried[0]
    assert (account.email, account.imap_host) == ("dana@reyes-homes.example", "imap.gmail.com")
    assert account.username == "dana@reyes-homes.example"


def test_servers_can_be_set_by_hand(
    dialog: AddAccountDialog, server: MailServer, qtbot: QtBot
) -> None:
    give_email(dialog, "dana@reyes-homes.example")
    qtbot.waitUntil(lambda: dialog.page is dialog.company_page)
    dialog.company_page.other.click()
    page = dialog.password_page
    assert page.by_hand.is_open
    sign_in(dialog)
    assert page.servers.host.problem.text() == "Which server does your mail come from?"
    page.servers.host.edit.setText("mail.reyes-homes.example")
    page.servers.imap.security.setCurrentIndex(1)
    assert page.servers.imap.port.value() == 143
    sign_in(dialog)
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page)
    account, _ = server.tried[0]
    assert (account.imap_host, account.imap_port, account.imap_security) == (
        "mail.reyes-homes.example",
        143,
        "starttls",
    )


def test_back_keeps_what_was_typed(dialog: AddAccountDialog) -> None:
    give_email(dialog, "dana@gmail.com")
    dialog.password_page.password.edit.setText("half a pass")
    dialog.back.click()
    assert dialog.email_page.field.text == "dana@gmail.com"
    assert not dialog.back.isVisible()
    dialog.email_page.next.click()
    assert dialog.password_page.password.text == "half a pass"


def test_an_address_that_is_connected_already_is_said_so(
    dialog: AddAccountDialog, accounts: Accounts
) -> None:
    settings = accounts.settings_for("dana@gmail.com")
    assert settings is not None
    accounts.add(account_from(settings), "x")
    give_email(dialog, "Dana@gmail.com")
    assert dialog.email_page.field.problem.text() == "This address is connected already."


def test_the_dialog_can_be_used_by_keyboard_alone(dialog: AddAccountDialog) -> None:
    dialog.activateWindow()
    assert dialog.focusWidget() is dialog.email_page.field.edit
    QTest.keyClicks(dialog.email_page.field.edit, "dana@gmail.com")
    QTest.keyClick(dialog.email_page.field.edit, Qt.Key.Key_Return)
    assert dialog.page is dialog.password_page
    assert dialog.focusWidget() is dialog.password_page.password.edit


def test_enter_presses_the_button_that_has_the_focus(
    dialog: AddAccountDialog, accounts: Accounts, qtbot: QtBot
) -> None:
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page)
    assert dialog.focusWidget() is dialog.reading_page.start
    with qtbot.waitSignal(dialog.account_added, timeout=20_000):
        QTest.keyClick(dialog.reading_page.start, Qt.Key.Key_Return)
    assert [account.email for account in accounts.list()] == ["dana@gmail.com"]


def test_enter_in_a_server_field_goes_on(dialog: AddAccountDialog, qtbot: QtBot) -> None:
    give_email(dialog, "dana@reyes-homes.example")
    qtbot.waitUntil(lambda: dialog.page is dialog.company_page)
    QTest.keyClick(dialog.company_page.other, Qt.Key.Key_Return)
    page = dialog.password_page
    assert dialog.page is page
    QTest.keyClick(page.servers.host.edit, Qt.Key.Key_Return)
    assert page.servers.host.problem.text() == "Which server does your mail come from?"
    page.servers.host.edit.setText("mail.reyes-homes.example")
    QTest.keyClick(page.servers.host.edit, Qt.Key.Key_Return)
    assert page.password.problem.text() == "Type or paste the password first."


def test_an_own_domain_at_google_is_found_and_said(
    dialog: AddAccountDialog, outside: Outside, qtbot: QtBot
) -> None:
    outside.mx = ("1 aspmx.l.google.com.",)
    field = dialog.email_page.field
    field.edit.setText("dana@reyes-homes.example")
    assert "Continue looks up where reyes-homes.example has its mail" in field.hint.text()
    assert outside.asked == [], "nothing is asked before Continue"
    dialog.email_page.next.click()
    qtbot.waitUntil(lambda: dialog.page is dialog.password_page)
    page = dialog.password_page
    assert page.title.text() == "Make an app password at Google"
    assert page.found.text() == "Mail for reyes-homes.example is kept at Google."


def test_a_filter_in_front_is_named_and_the_company_asked_for(
    dialog: AddAccountDialog, outside: Outside, qtbot: QtBot
) -> None:
    outside.mx = ("10 mx1-us1.ppe-hosted.com.",)
    give_email(dialog, "dana@reyes-homes.example")
    qtbot.waitUntil(lambda: dialog.page is dialog.company_page)
    assert "goes through Proofpoint first" in dialog.company_page.where.text()


def test_offline_says_so_and_offers_to_go_on_by_hand(
    dialog: AddAccountDialog, outside: Outside, qtbot: QtBot
) -> None:
    outside.is_offline = True
    give_email(dialog, "dana@reyes-homes.example")
    page = dialog.email_page
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.words.text().startswith("You're offline")
    page.by_hand.click()
    assert dialog.page is dialog.password_page
    assert dialog.password_page.by_hand.is_open


def test_a_look_up_can_be_stopped(
    dialog: AddAccountDialog, outside: Outside, qtbot: QtBot, tasks: TaskRunner
) -> None:
    outside.is_silent = True
    give_email(dialog, "dana@reyes-homes.example")
    page = dialog.email_page
    assert page.busy.words.text() == "Looking up where reyes-homes.example has its mail..."
    page.busy.stop.click()
    assert not page.busy.isVisible()
    assert page.next.isEnabled()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=5000)
    assert dialog.page is page


def test_what_was_ticked_is_kept_with_the_account(
    dialog: AddAccountDialog, accounts: Accounts, qtbot: QtBot
) -> None:
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page)
    choices = dialog.reading_page.choices
    choices.inbox.setChecked(False)
    choices.spam.setChecked(False)
    dialog.reading_page.start.click()
    assert choices.problem.isVisible()
    assert accounts.list() == []
    choices.spam.setChecked(True)
    choices.days.setCurrentText("The last 90 days")
    with qtbot.waitSignal(dialog.account_added, timeout=20_000):
        dialog.reading_page.start.click()
    (account,) = accounts.list()
    assert (account.reads, account.since_days) == (("spam",), 90)


def test_imap_that_is_off_comes_with_the_companys_page(
    dialog: AddAccountDialog, server: MailServer, qtbot: QtBot
) -> None:
    server.problem = MailServerError(
        "IMAP is turned off for this mailbox, so no app can read it.",
        kind=ProblemKind.IMAP_OFF,
        help_url="https://support.google.com/mail/answer/7126229",
    )
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    page = dialog.password_page
    qtbot.waitUntil(page.page_of_problem.isVisible)
    assert page.page_of_problem.text() == "Show me how to turn it on"
    page.page_of_problem.click()
    (link,) = page.findChildren(OpenPageDialog)
    assert link.go.text() == "Open support.google.com"
    link.reject()


def test_a_mailbox_no_program_can_read_has_a_way_all_the_same(dialog: AddAccountDialog) -> None:
    give_email(dialog, "dana@hey.com")
    assert dialog.page is dialog.no_password_page
    assert dialog.no_password_page.title.text() == "HEY lets no other program in"
    assert not dialog.no_password_page.app_id.isVisible()
