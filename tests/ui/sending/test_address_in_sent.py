"""Check it for me looks in Sent too, on a real server; it says so before, and when it couldn't."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.app import open_sample_desk
from bounce_assistant.checks.resolver import Resolver
from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store import open_store
from bounce_assistant.ui.sending import address_page
from bounce_assistant.ui.sending.address_page import AddressPage
from bounce_assistant.ui.tasks import TaskRunner
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.ports import free_port
from tests.ui.desks import desk_of

LIMIT = 30_000  # milliseconds
ASKED = "d.reyes@oakfield-homes.com"


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    name = f"asks-{uuid4().hex[:8]}"
    dovecot.folder(name, "Sent")
    when = datetime.now(UTC) - timedelta(days=3)
    raw = (
        f"Date: {when:%a, %d %b %Y %H:%M:%S +0000}\r\nTo: Dana Reyes <dana@work.com>\r\n\r\nHi\r\n"
    )
    dovecot.put(name, raw.encode(), when, folder="Sent")
    return name


@pytest.fixture
def desk(
    look: None, dovecot: Dovecot, user: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    nobody = Resolver(["127.0.0.1"], port=free_port())
    monkeypatch.setattr(address_page, "system_names", lambda: nobody)
    context = ssl.create_default_context(cafile=dovecot.ca)
    with open_store(tmp_path / "bounces.sqlite3") as store:
        accounts = Accounts(
            store.accounts,
            MemorySecrets(),
            lambda a, p, line, of: connect_imap(a, p, line, of, context),
        )
        accounts.add(dovecot.account(user), PASSWORD)
        yield desk_of(load_knowledge(), store, accounts)


def shown(desk: Desk, tasks: TaskRunner, qtbot: QtBot) -> AddressPage:
    page = AddressPage(desk, tasks)
    qtbot.addWidget(page)
    page.show_address(ASKED, "Dana Reyes", is_dead=True)
    page.show()
    qtbot.waitUntil(lambda: page.check is not None, timeout=LIMIT)
    return page


def checked(page: AddressPage, qtbot: QtBot) -> None:
    page.look_up.click()
    qtbot.waitUntil(
        lambda: page.check is not None and page.check.looked_in_sent != "no", timeout=LIMIT
    )


def test_nothing_is_looked_for_in_sent_before_the_press(
    desk: Desk, tasks: TaskRunner, qtbot: QtBot
) -> None:
    page = shown(desk, tasks, qtbot)
    assert "looks in your Sent folder" in page.asks.text()
    assert page.check is not None
    assert page.check.looked_in_sent == "no"
    assert page.check.other_addresses == ()


def test_another_address_of_theirs_is_found_in_sent_and_can_be_picked(
    desk: Desk, tasks: TaskRunner, qtbot: QtBot
) -> None:
    page = shown(desk, tasks, qtbot)
    checked(page, qtbot)
    (row,) = page.offers.rows
    assert row.title == "dana@work.com"
    row.click()
    qtbot.waitUntil(
        lambda: page.check is not None and page.check.address == "dana@work.com", timeout=LIMIT
    )
    assert page.address == "dana@work.com"
    assert page.use.isEnabled()
    page.field.edit.setText(ASKED)  # what Sent knew stays known
    qtbot.waitUntil(lambda: page.check is not None, timeout=LIMIT)
    assert [row.title for row in page.offers.rows] == ["dana@work.com"]


def test_a_sent_folder_out_of_reach_is_said(desk: Desk, tasks: TaskRunner, qtbot: QtBot) -> None:
    desk.accounts.change(replace(desk.accounts.list()[0], imap_port=free_port()))
    page = shown(desk, tasks, qtbot)
    checked(page, qtbot)
    assert page.verdict.text() == "We couldn't look in Sent"
    assert "Could not look in Sent for another address of theirs." in page.sentence.text()


def test_the_sample_mail_has_no_sent_folder(tasks: TaskRunner, qtbot: QtBot) -> None:
    page = AddressPage(open_sample_desk(), tasks)
    qtbot.addWidget(page)
    assert page.asks.text() == "Asks the internet if it takes mail. Nothing is sent."
