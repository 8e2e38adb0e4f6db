"""A keychain that asks its owner first: the window lives on meanwhile, and Cancel still cancels."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.mail.accounts import account_from
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.store import Store
from bounce_assistant.ui.accounts.add_account import AddAccountDialog
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.accounts.conftest import MailServer, give_email, sign_in

PATIENCE = 20  # seconds, on a busy machine


class AskingSecrets(MemorySecrets):
    """Answers once its owner has; ``is_open`` says how."""

    is_lasting = True

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answered, self.is_open = threading.Event(), threading.Event(), True

    def put(self, email: str, password: str) -> None:
        self.asked.set()
        self.answered.wait(PATIENCE)
        self.is_lasting = self.is_open
        super().put(email, password)


@pytest.fixture
def secrets() -> Iterator[AskingSecrets]:
    asking = AskingSecrets()
    yield asking
    asking.answered.set()


@pytest.fixture
def accounts(store: Store, server: MailServer, secrets: AskingSecrets) -> Accounts:
    return Accounts(store.accounts, secrets, server.connect, try_sending=server.try_sending)


@pytest.fixture
def asking(dialog: AddAccountDialog, secrets: AskingSecrets, qtbot: QtBot) -> AddAccountDialog:
    """The last page, its button pressed, and the keychain waiting for an answer."""
    give_email(dialog, "dana@gmail.com")
    sign_in(dialog)
    qtbot.waitUntil(lambda: dialog.page is dialog.reading_page, timeout=PATIENCE * 1000)
    dialog.reading_page.start.click()
    qtbot.waitUntil(secrets.asked.is_set, timeout=PATIENCE * 1000)
    return dialog


def test_the_page_says_what_it_waits_for_and_goes_on_when_the_keychain_answers(
    asking: AddAccountDialog, accounts: Accounts, secrets: AskingSecrets, qtbot: QtBot
) -> None:
    page = asking.reading_page
    assert not page.start.isEnabled()
    qtbot.waitUntil(page.busy.isVisible, timeout=PATIENCE * 1000)
    assert "keychain, which may ask you first" in page.busy.words.text()
    assert not page.busy.stop.isVisible(), "nobody can hurry it; Cancel is there"
    with qtbot.waitSignal(asking.account_added, timeout=PATIENCE * 1000):
        secrets.answered.set()
    assert [account.email for account in accounts.list()] == ["dana@gmail.com"]


def test_cancel_meanwhile_keeps_neither_account_nor_password(
    asking: AddAccountDialog,
    accounts: Accounts,
    secrets: AskingSecrets,
    tasks: TaskRunner,
    qtbot: QtBot,
) -> None:
    asking.leave.click()
    secrets.answered.set()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=PATIENCE * 1000)
    assert accounts.list() == []
    assert repr(secrets) == "MemorySecrets(0 kept)"


def test_a_keychain_that_stays_shut_is_told_of(
    asking: AddAccountDialog, accounts: Accounts, secrets: AskingSecrets, qtbot: QtBot
) -> None:
    secrets.is_open = False
    with qtbot.waitSignal(asking.keychain_refused, timeout=PATIENCE * 1000):
        secrets.answered.set()
    (account,) = accounts.list()
    assert accounts.password(account) == "abcd efgh ijkl mnop"


def test_an_address_that_is_here_keeps_its_own_password(
    accounts: Accounts, secrets: AskingSecrets
) -> None:
    secrets.answered.set()
    settings = accounts.settings_for("dana@gmail.com")
    assert settings
    kept = accounts.add(account_from(settings), "first")
    with pytest.raises(Exception, match="is here already"):
        accounts.add(account_from(settings), "second")
    assert accounts.password(kept) == "first"
