"""Accounts over a real store, with a mail server that answers as a test wants."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential, Password
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.store import Store, open_store


class OpenMailbox:
    def open(self, folder: str) -> None: ...

    def close(self) -> None: ...


@dataclass
class MailServer:
    """Lets in whoever knows the password; may be silent until somebody hangs up."""

    problem: AppError | None = None
    is_silent: bool = False
    tried: list[tuple[Account, str]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def connect(
        self, account: Account, credential: Credential, line: Line, provider: Provider | None
    ) -> Mailbox:
        assert isinstance(credential, Password)
        self.tried.append((account, credential.text))
        if self.is_silent:
            while not line.is_hung_up:
                self.hung_up.wait(0.02)
            raise CancelledError
        if self.problem:
            raise self.problem
        return cast("Mailbox", OpenMailbox())


@pytest.fixture
def server() -> MailServer:
    return MailServer()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def accounts(store: Store, server: MailServer) -> Accounts:
    return Accounts(store.accounts, MemorySecrets(), server.connect)
