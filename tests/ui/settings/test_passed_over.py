"""Settings name the mail that checks pass over, and give it another try."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.mail.accounts import account_from
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.problems import MailServerError
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store import open_store
from bounce_assistant.store.rows import AccountId
from bounce_assistant.store.set_aside import SetAsideMail
from bounce_assistant.ui.settings.settings_dialog import SettingsDialog
from bounce_assistant.ui.tasks import TaskRunner
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox
from tests.ui.desks import BOUNCE, desk_of

SOON = 20_000  # milliseconds


class Server:
    """One inbox, which can be reached or not."""

    def __init__(self) -> None:
        self.folder = FakeFolder()
        self.problem: MailServerError | None = None

    def connect(self, *_: object) -> Mailbox:
        if self.problem:
            raise self.problem
        return FakeMailbox({"INBOX": self.folder})


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def desk(tmp_path: Path, server: Server) -> Iterator[Desk]:
    store = open_store(tmp_path / "store.db")
    accounts = Accounts(store.accounts, MemorySecrets(), server.connect)
    settings = accounts.settings_for("sam.hill@gmail.com")
    assert settings
    sam = accounts.add(account_from(settings), "abcd")
    subject = "Undelivered Mail Returned to Sender"
    store.set_aside.add(
        SetAsideMail(AccountId(sam.id), "INBOX", 1, 1, 48 << 20, "Mail Delivery System", subject)
    )
    yield desk_of(load_knowledge(), store, accounts)
    store.close()


def test_it_is_named_and_read_at_a_press_once_the_server_can(
    desk: Desk, server: Server, qtbot: QtBot, look: None
) -> None:
    tasks = TaskRunner()
    dialog = SettingsDialog(desk, tasks)
    qtbot.addWidget(dialog)
    dialog.show()
    (row,) = dialog.accounts.account_rows
    passed_over = row.passed_over
    assert passed_over.words.text() == (
        "Passed over, as the mail server can't hand it out: "
        '"Undelivered Mail Returned to Sender" from Mail Delivery System, 48 MB, in your inbox.'
    )
    assert passed_over.button.text() == "Try that mail again"
    server.problem = MailServerError("Can't reach imap.gmail.com.")
    passed_over.button.click()
    qtbot.waitUntil(lambda: row.outcome.words.text() == "Can't reach imap.gmail.com.", timeout=SOON)
    assert passed_over.isVisible()
    server.problem = None
    server.folder.put(BOUNCE.format(number=1).encode(), datetime.now(UTC) - timedelta(hours=1))
    passed_over.button.click()
    words = "It could be read now. 1 bounce found."
    qtbot.waitUntil(lambda: row.outcome.words.text() == words, timeout=SOON)
    assert passed_over.isHidden()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=SOON)


def test_an_account_without_such_mail_has_no_such_line(
    desk: Desk, qtbot: QtBot, look: None
) -> None:
    (mail,) = desk.store.set_aside.of(AccountId(1))
    desk.store.set_aside.remove(mail)
    dialog = SettingsDialog(desk, TaskRunner())
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.accounts.account_rows[0].passed_over.isHidden()
