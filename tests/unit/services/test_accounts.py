"""Accounts: remembered in the store, their passwords elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, account_from
from bounce_assistant.mail.credentials import Credential, Password
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts, PasswordMissingError
from bounce_assistant.services.job import Job
from bounce_assistant.store.database import Store, open_store
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox

DANA = Account(
    0, "dana@example.com", "imap.example.com", 993, "tls", "", 465, "tls", "dana", "Dana Reyes"
)


class Connecting:
    """Signs in to a fake mailbox, and remembers with what."""

    def __init__(self) -> None:
        self.tried: list[tuple[str, str, str]] = []
        self.mailbox = FakeMailbox({"INBOX": FakeFolder()})

    def __call__(
        self, account: Account, credential: Credential, line: Line, provider: Provider | None
    ) -> Mailbox:
        assert isinstance(credential, Password)
        self.tried.append((account.username, credential.text, provider.id if provider else ""))
        return self.mailbox


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "bounces.sqlite3") as opened:
        yield opened


@pytest.fixture
def connecting() -> Connecting:
    return Connecting()


@pytest.fixture
def accounts(store: Store, connecting: Connecting) -> Accounts:
    return Accounts(store.accounts, MemorySecrets(), connecting, try_sending=lambda *_: None)


def test_an_account_comes_back_as_it_was_added(accounts: Accounts) -> None:
    added = accounts.add(DANA, "s3cret")
    assert added == replace(DANA, id=added.id)
    assert accounts.list() == [added]
    assert accounts.find(" DANA@Example.com ") == added
    assert accounts.password(added) == "s3cret"


def test_no_password_reaches_the_database_or_a_printed_account(
    accounts: Accounts, store: Store, tmp_path: Path
) -> None:
    added = accounts.add(DANA, "hunter2-s3cret")
    store.close()
    assert "hunter2" not in repr(added)
    for file in tmp_path.iterdir():
        assert b"hunter2" not in file.read_bytes()


def test_one_address_is_connected_once(accounts: Accounts) -> None:
    accounts.add(DANA, "s3cret")
    with pytest.raises(AppError, match="here already"):
        accounts.add(DANA, "other")
    assert accounts.password(DANA) == "s3cret"


@pytest.mark.parametrize(
    "broken",
    [
        replace(DANA, email="dana"),
        replace(DANA, email="dana @example.com"),
        replace(DANA, imap_host=""),
        replace(DANA, imap_port=0),
        replace(DANA, imap_port=70_000),
    ],
)
def test_an_account_that_cannot_work_is_refused(accounts: Accounts, broken: Account) -> None:
    with pytest.raises(AppError) as told:
        accounts.add(broken, "s3cret")
    assert told.value.next_step
    assert accounts.list() == []


def test_a_removed_account_takes_its_password_along(accounts: Accounts) -> None:
    added = accounts.add(DANA, "s3cret")
    accounts.lend_password(added, "lent")
    accounts.remove(added.id, keep_history=True)
    assert accounts.list() == []
    assert accounts.password(added) == ""


def test_trying_an_account_reads_nothing(accounts: Accounts, connecting: Connecting) -> None:
    accounts.test(DANA, "s3cret", Job())
    assert connecting.tried == [("dana", "s3cret", "")]
    assert connecting.mailbox.asked == ["open INBOX"]
    assert connecting.mailbox.is_closed


def test_an_app_password_may_be_typed_with_spaces(
    accounts: Accounts, connecting: Connecting
) -> None:
    settings = accounts.settings_for("dana@gmail.com")
    assert settings
    accounts.test(account_from(settings), "abcd efgh ijkl mnop", Job())
    assert connecting.tried == [("dana@gmail.com", "abcdefghijklmnop", "gmail")]


def test_a_usual_password_keeps_its_spaces(accounts: Accounts, connecting: Connecting) -> None:
    accounts.test(DANA, "correct horse", Job())
    assert connecting.tried[0][1] == "correct horse"


def test_without_a_password_sign_in_is_asked_for(accounts: Accounts) -> None:
    with pytest.raises(PasswordMissingError, match="no password kept for dana"):
        accounts.open_mailbox(DANA, Job())


def test_who_signed_in_by_browser_is_not_told_of_a_password(accounts: Accounts) -> None:
    dana = replace(DANA, email="dana@gmail.com", provider="gmail", sign_in="browser")
    with pytest.raises(PasswordMissingError, match="There's no sign-in kept for dana@gmail"):
        accounts.open_mailbox(dana, Job())


def test_a_locked_keychain_is_named_as_what_is_in_the_way(accounts: Accounts) -> None:
    locked = MemorySecrets()
    locked.is_locked = True
    with pytest.raises(PasswordMissingError, match="keychain is locked") as told:
        Accounts(accounts._stored, locked).open_mailbox(DANA, Job())
    assert told.value.next_step.startswith("Unlock the keychain and check again")


def test_a_lent_password_is_used_and_not_kept(accounts: Accounts, connecting: Connecting) -> None:
    secrets = MemorySecrets()
    accounts = Accounts(accounts._stored, secrets, connecting)
    accounts.lend_password(DANA, "lent")
    accounts.open_mailbox(DANA, Job()).close()
    assert connecting.tried[0][1] == "lent"
    assert secrets.get(DANA.email) == ""


def test_one_check_runs_per_account(accounts: Accounts) -> None:
    added = accounts.add(DANA, "s3cret")
    with accounts.checking(added):
        with pytest.raises(AppError, match="being checked already"), accounts.checking(added):
            pass
        with accounts.checking(replace(added, id=added.id + 1)):
            pass
    with accounts.checking(added):
        pass


def test_a_computer_without_a_keychain_is_known(accounts: Accounts) -> None:
    assert not accounts.are_passwords_kept
