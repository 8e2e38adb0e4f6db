"""Accounts over a real store, with a mail server that answers as a test wants."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential, Password
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.browser import Browser, MemoryApps
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store import Store, open_store
from bounce_assistant.ui.accounts.add_account import AddAccountDialog
from bounce_assistant.ui.tasks import TaskRunner

WRONG = AppError(
    "Google didn't accept that app password.", "They are 16 letters, with or without spaces."
)


class OpenMailbox:
    def open(self, folder: str) -> None: ...

    def close(self) -> None: ...


@dataclass
class MailServer:
    """Lets in whoever knows the password; may be silent until somebody hangs up."""

    problem: AppError | None = None
    is_silent: bool = False
    tokens: list[str] = field(default_factory=list)
    tried: list[tuple[Account, str]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    sending_problem: AppError | None = None
    sent_to: list[str] = field(default_factory=list)  # hosts that heard a sign-in to send

    def try_sending(
        self,
        account: Account,
        _credential: Credential,
        _line: Line,
        _provider: Provider | None,
        admit: Callable[[], object],
    ) -> None:
        admit()
        self.sent_to.append(account.smtp_host)
        if self.sending_problem:
            raise self.sending_problem

    def connect(
        self, account: Account, credential: Credential, line: Line, provider: Provider | None
    ) -> Mailbox:
        if isinstance(credential, Password):
            self.tried.append((account, credential.text))
        else:
            self.tokens.append(credential.fetch(False))  # noqa: FBT003 - as it is declared
        if self.is_silent:
            while not line.is_hung_up:
                self.hung_up.wait(0.02)
            raise CancelledError
        if self.problem:
            raise self.problem
        return cast("Mailbox", OpenMailbox())


@dataclass
class Outside:
    """The internet as far as looking servers up needs it; ``asked`` remembers that it was."""

    mx: tuple[str, ...] = ()
    srv: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_offline: bool = False
    is_silent: bool = False
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def records(self, name: str, kind: str) -> tuple[str, ...]:
        self.asked.append(name)
        if self.is_silent:
            self.released.wait(20)
        if self.is_offline:
            raise OSError(101, "Network is unreachable")
        return self.mx if kind == "MX" else self.srv.get(name, ())

    def page(self, url: str) -> bytes | None:
        if self.is_offline:
            raise OSError(101, "Network is unreachable")
        return None

    def speaks_imap(self, host: str) -> bool:
        if self.is_offline:
            raise OSError(101, "Network is unreachable")
        return False


@pytest.fixture
def outside() -> Iterator[Outside]:
    network = Outside()
    yield network
    network.released.set()


@pytest.fixture
def apps() -> MemoryApps:
    return MemoryApps()


@pytest.fixture
def server() -> MailServer:
    return MailServer()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def accounts(store: Store, server: MailServer, outside: Outside, apps: MemoryApps) -> Accounts:
    secrets = MemorySecrets()
    browser = Browser(secrets, apps)
    return Accounts(
        store.accounts,
        secrets,
        server.connect,
        browser=browser,
        outside=outside,
        try_sending=server.try_sending,
    )


@pytest.fixture
def dialog(qtbot: QtBot, look: None, tasks: TaskRunner, accounts: Accounts) -> AddAccountDialog:
    opened = AddAccountDialog(accounts, load_knowledge(), tasks)
    qtbot.addWidget(opened)
    opened.show()
    return opened


def give_email(dialog: AddAccountDialog, email: str) -> None:
    dialog.email_page.field.edit.setText(email)
    dialog.email_page.next.click()


def sign_in(dialog: AddAccountDialog) -> None:
    dialog.password_page.password.edit.setText("abcd efgh ijkl mnop")
    dialog.password_page.sign_in.click()
