"""Sent is asked about what came back: several folders, and servers that can't search."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.mailbox import FolderState
from bounce_assistant.services.folder import Tally
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.sent_copies import SentCopies
from bounce_assistant.store import Store
from bounce_assistant.store.messages import Place
from bounce_assistant.store.returned_ids import LookUp
from bounce_assistant.store.rows import AccountId, MessageId
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox
from tests.store.keep import MONDAY, account, opened, raw, verdict

KNOWLEDGE = load_knowledge()
FOLDERS = ("Sent", "Sent Items")


class Shut(FakeMailbox):
    """Has a folder that can't be opened."""

    def open(self, folder: str) -> FolderState:
        if folder == "Sent":
            raise AppError("imap.example.com wouldn't do as asked.")
        return super().open(folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path) as store:
        yield store


@pytest.fixture
def mine(store: Store) -> AccountId:
    return account(store)


@pytest.fixture
def folders() -> dict[str, FakeFolder]:
    return {name: FakeFolder() for name in FOLDERS}


def returned(store: Store, mine: AccountId, number: int) -> MessageId:
    place = Place(mine, "INBOX", 7, number)
    ids = (f"<{number}@x>",)
    return store.messages.keep(raw(number), place, MONDAY, [verdict()], returned=ids).message


def put(folder: FakeFolder, number: int) -> None:
    head = f"Message-ID: <{number}@x>\r\nSubject: Sent\r\n\r\n".encode()
    folder.put(head, MONDAY - timedelta(days=1))


def look_up(store: Store, mine: AccountId, mailbox: FakeMailbox) -> list[LookUp | None]:
    SentCopies(mine, store, KNOWLEDGE).look_up(mailbox, FOLDERS, Tally(Job()))
    return [store.returned_ids.look_up_of(one) for one in store.messages.ids()]


@pytest.mark.parametrize("can_search", [True, False])
def test_all_that_may_be_sent_folders_are_asked(
    store: Store, mine: AccountId, folders: dict[str, FakeFolder], *, can_search: bool
) -> None:
    for number in (1, 2, 3):
        returned(store, mine, number)
    put(folders["Sent"], 1)
    put(folders["Sent Items"], 3)
    put(folders["Sent Items"], 33)
    outcome = look_up(store, mine, FakeMailbox(folders, can_search=can_search))
    assert outcome == [LookUp.FOUND, LookUp.ABSENT, LookUp.FOUND]
    assert [store.returned_ids.copy_of([f"<{n}@x>"]) for n in (1, 3)] == list(FOLDERS)


def test_where_one_folder_is_shut_the_other_is_asked_and_nothing_called_absent(
    store: Store, mine: AccountId, folders: dict[str, FakeFolder]
) -> None:
    for number in (1, 2):
        returned(store, mine, number)
    put(folders["Sent Items"], 2)
    outcome = look_up(store, mine, Shut(folders))
    assert outcome == [LookUp.GIVEN_UP, LookUp.FOUND]
    assert look_up(store, mine, FakeMailbox(folders)) == [LookUp.ABSENT, LookUp.FOUND]


def test_hundreds_are_asked_for_a_few_dozen_at_once(
    store: Store, mine: AccountId, folders: dict[str, FakeFolder]
) -> None:
    for number in range(100):
        returned(store, mine, number)
    mailbox = FakeMailbox(folders)
    assert set(look_up(store, mine, mailbox)) == {LookUp.ABSENT}
    asked = [one for one in mailbox.asked if one.startswith(("open", "ids"))]
    assert asked == [
        part for name in FOLDERS for part in (f"open {name}", "ids 40", "ids 40", "ids 20")
    ]


def test_what_there_was_no_time_for_stays_to_be_asked(
    store: Store, mine: AccountId, folders: dict[str, FakeFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bounce_assistant.services.sent_copies._PATIENCE", -1.0)
    returned(store, mine, 1)
    assert look_up(store, mine, FakeMailbox(folders)) == [LookUp.OPEN]
