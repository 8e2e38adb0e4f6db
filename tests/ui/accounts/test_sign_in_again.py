"""A password that was changed, or forgotten at the last restart, is given once more."""

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, account_from
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.ui.accounts.sign_in_again import SignInDialog
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.accounts.conftest import MailServer


@pytest.fixture
def account(accounts: Accounts) -> Account:
    settings = accounts.settings_for("dana@gmail.com")
    assert settings is not None
    return accounts.add(account_from(settings), "the old one")


@pytest.fixture
def dialog(
    qtbot: QtBot, look: None, tasks: TaskRunner, accounts: Accounts, account: Account
) -> SignInDialog:
    opened = SignInDialog(account, accounts, tasks)
    qtbot.addWidget(opened)
    opened.show()
    return opened


def test_a_password_that_works_takes_the_place_of_the_old_one(
    dialog: SignInDialog, accounts: Accounts, account: Account, qtbot: QtBot
) -> None:
    dialog.page.password.edit.setText("the new one")
    with qtbot.waitSignal(dialog.signed_in) as told:
        dialog.page.sign_in.click()
    assert told.args == [account.id]
    assert accounts.password(account) == "the new one"


def test_a_sign_in_that_is_good_for_reading_only_is_kept_and_said_so(
    dialog: SignInDialog,
    accounts: Accounts,
    account: Account,
    server: MailServer,
    qtbot: QtBot,
) -> None:
    server.sending_problem = AppError("Google didn't let dana@gmail.com sign in to send.")
    dialog.page.password.edit.setText("the new one")
    with qtbot.waitSignal(dialog.signed_in):
        dialog.page.sign_in.click()
    assert accounts.password(account) == "the new one"
    assert dialog.outcome.isVisible()
    assert dialog.outcome.text() == (
        "Reading works. Sending doesn't work yet: Google didn't let dana@gmail.com sign in to send."
    )
    assert dialog.leave.text() == "Close"


def test_a_password_that_is_refused_leaves_the_old_one(
    dialog: SignInDialog,
    accounts: Accounts,
    account: Account,
    server: MailServer,
    qtbot: QtBot,
) -> None:
    server.problem = AppError("Google didn't accept that app password.")
    dialog.page.password.edit.setText("wrong")
    dialog.page.sign_in.click()
    qtbot.waitUntil(dialog.page.password.problem.isVisible)
    assert accounts.password(account) == "the old one"


def test_the_address_is_named_and_the_servers_are_not_asked_again(dialog: SignInDialog) -> None:
    assert "dana@gmail.com" in dialog.page.words.text()
    assert not dialog.page.by_hand.isVisible()
