"""A window on a desk that sends through a real server on this machine."""

import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailer import Mailer
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.mail.smtp import connect_smtp
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fixes.resend import Resend
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.store import open_store
from bounce_assistant.store.rows import CaseQuery, CaseRow, CaseState
from bounce_assistant.ui.main_window import MainWindow
from tests.servers.submission import PASSWORD, Submission
from tests.ui.desks import desk_of
from tests.ui.windows import opened
from tests.unit.services.notices import UNKNOWN, bounce

MakeWindow = Callable[..., MainWindow]
T = TypeVar("T", bound=QDialog)
LIMIT = 30_000  # milliseconds that anything may take here


@pytest.fixture
def make_window(tmp_path: Path, qtbot: QtBot, look: None, submission: Submission) -> MakeWindow:
    """Open a window on notices; ``undo`` is how many seconds one can call back."""

    def make(*notices: bytes, undo: float = 0.1) -> MainWindow:
        knowledge, store = load_knowledge(), open_store(tmp_path / "bounces.sqlite3")
        accounts = Accounts(store.accounts, MemorySecrets())
        accounts.add(submission.account(id=0), PASSWORD)
        context = ssl.create_default_context(cafile=submission.ca)

        def post(
            account: Account, credential: Credential, line: Line, provider: Provider | None
        ) -> Mailer:
            return connect_smtp(account, credential, line, provider, context, answer_seconds=10)

        outbox = Outbox(store, accounts, post=post, undo_seconds=undo)
        desk = desk_of(knowledge, store, accounts)
        resend = Resend(desk.cases, accounts, outbox)
        for notice in notices:
            add_text(notice.decode(), store, knowledge, Job())
        return opened(replace(desk, outbox=outbox, resend=resend), qtbot)

    return make


def dialog_of(window: MainWindow, kind: type[T], qtbot: QtBot) -> T:
    """Return the window of a flow once it is shown."""
    qtbot.waitUntil(
        lambda: any(one.isVisible() for one in window.findChildren(kind)), timeout=LIMIT
    )
    return next(one for one in window.findChildren(kind) if one.isVisible())


def rows(window: MainWindow, state: CaseState) -> list[CaseRow]:
    cases = window._desk.cases
    keys = cases.listed(CaseQuery(state=state))
    return list(cases.rows(keys).values())


def notice(person: str = "dana@example.net", *more: str, diagnostic: str = "") -> bytes:
    """Return a bounce that brings the whole email back."""
    return bounce(person, *more, name="Dana Reyes", diagnostic=diagnostic or UNKNOWN)
