"""Which app id is used: of Settings, of the organisation's file, or the shipped one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.oauth import AppId
from bounce_assistant.mail.providers import load_providers
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.app_ids import FILE, AppIds, check_app_ids
from bounce_assistant.store.database import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "bounces.sqlite3") as opened:
        yield opened


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def app_ids(store: Store, secrets: MemorySecrets, tmp_path: Path) -> AppIds:
    return AppIds(store.settings, secrets, tmp_path)


def test_nothing_is_registered_as_shipped(app_ids: AppIds) -> None:
    check_app_ids()
    entries = [provider.oauth for provider in load_providers().all if provider.oauth]
    assert {entry.app for entry in entries} >= {"google", "microsoft", "yahoo"}
    assert [entry.app for entry in entries if app_ids.find(entry.app)] == []


def test_an_organisations_file_counts(app_ids: AppIds, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('[google]\nclient_id = "g"\nclient_secret = "GOCSPX"\n')
    assert app_ids.find("google") == AppId("g", "GOCSPX")
    assert app_ids.find("microsoft") is None


def test_settings_come_first_and_keep_the_secret_elsewhere(
    app_ids: AppIds, tmp_path: Path, store: Store, secrets: MemorySecrets
) -> None:
    (tmp_path / FILE).write_text('[google]\nclient_id = "g"\n')
    app_ids.set_own("microsoft", "m")
    app_ids.set_own("google", " own ", "sh!")
    assert app_ids.find("google") == AppId("own", "sh!")
    assert app_ids.find("microsoft") == AppId("m")
    assert "sh!" not in repr(app_ids.find("google"))
    store.close()
    assert b"sh!" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_an_empty_one_goes_back_to_the_usual(
    app_ids: AppIds, tmp_path: Path, secrets: MemorySecrets
) -> None:
    (tmp_path / FILE).write_text('[google]\nclient_id = "g"\n')
    app_ids.set_own("google", "own", "sh!")
    app_ids.set_own("google", "")
    assert app_ids.find("google") == AppId("g")
    assert repr(secrets) == "MemorySecrets(0 kept)"


@pytest.mark.parametrize("text", ["[google]\nid = 1\n", "nonsense", "[google]\nclient_id = 7\n"])
def test_a_file_that_is_wrong_is_named(app_ids: AppIds, tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(AppError, match=FILE) as told:
        app_ids.find("google")
    assert told.value.next_step
