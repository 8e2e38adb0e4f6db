"""A new account is tried for reading and for sending; the dialog tells of both."""

from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.ui.accounts.add_account import AddAccountDialog
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.accounts.conftest import WRONG, MailServer, Outside, give_email, sign_in


def test_what_was_tried_is_said_for_reading_and_for_sending(
    dialog: AddAccountDialog, server: MailServer, qtbot: QtBot
) -> None:
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page)
    said = "dana@gmail.com\nReading works. Sending works, through smtp.gmail.com."
    assert dialog.reading_page.account.text() == said
    assert server.sent_to == ["smtp.gmail.com"]


def test_an_account_that_cannot_send_yet_is_connected_for_reading(
    dialog: AddAccountDialog, accounts: Accounts, server: MailServer, qtbot: QtBot
) -> None:
    server.sending_problem = AppError("Can't reach smtp.gmail.com to send.")
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page)
    banner = dialog.reading_page.banner
    assert banner.isVisible()
    assert banner.words.text() == (
        "Reading works. Sending doesn't work yet: Can't reach smtp.gmail.com to send."
        " You can connect it all the same, to find and read your bounces."
    )
    with qtbot.waitSignal(dialog.account_added, timeout=20_000):
        dialog.reading_page.start.click()
    assert [account.email for account in accounts.list()] == ["dana@gmail.com"]


def test_a_password_refused_for_reading_is_not_said_to_the_sending_server(
    dialog: AddAccountDialog, server: MailServer, qtbot: QtBot, tasks: TaskRunner
) -> None:
    server.problem = WRONG
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    qtbot.waitUntil(dialog.password_page.password.problem.isVisible)
    assert server.sent_to == []


def test_both_servers_that_were_looked_up_are_named_before_the_password(
    dialog: AddAccountDialog, accounts: Accounts, outside: Outside, qtbot: QtBot
) -> None:
    outside.srv = {
        "_imaps._tcp.reyes-homes.example": ("0 1 993 imap.reyes-homes.example.",),
        "_submissions._tcp.reyes-homes.example": ("0 1 465 out.hoster.example.",),
    }
    give_email(dialog, "dana@reyes-homes.example")
    qtbot.waitUntil(lambda: dialog.page is dialog.password_page)
    page = dialog.password_page
    assert page.found.text() == (
        "reyes-homes.example names imap.reyes-homes.example to read its mail and "
        "out.hoster.example to send it. Your password goes to both."
    )
    assert page.servers.smtp.host.text == "out.hoster.example"
