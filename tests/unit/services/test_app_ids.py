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
    (tmp_path / FILE).write_text('[google]\nclient_id = "g"\n')
    assert app_ids.find("google") == AppId("g")
    assert app_ids.find("microsoft") is None


WITH_SECRET = """\
# From our IT desk, 2026
[google]
client_id = "g"
client_secret = "GOCSPX-1"  # keep it safe

[microsoft]
client_id = "m"
"""


class Keychain(MemorySecrets):
    is_lasting = True


@pytest.fixture
def keychain() -> Keychain:
    return Keychain()


@pytest.fixture
def theirs(store: Store, keychain: Keychain, tmp_path: Path) -> AppIds:
    return AppIds(store.settings, keychain, tmp_path)


def test_a_secret_in_the_file_is_moved_into_the_keychain_and_the_file_says_so(
    theirs: AppIds, keychain: Keychain, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / FILE
    file.write_text(WITH_SECRET)
    file.chmod(0o640)
    assert theirs.find("google") == AppId("g", "GOCSPX-1")
    said = file.read_text()
    assert "GOCSPX" not in said
    assert said.splitlines() == [
        "# From our IT desk, 2026",
        "[google]",
        'client_id = "g"',
        "# client_secret: Bounce Assistant moved it into this computer's keychain",
        "",
        "[microsoft]",
        'client_id = "m"',
    ]
    assert file.stat().st_mode & 0o777 == 0o640
    assert theirs.find("google") == AppId("g", "GOCSPX-1"), "from the keychain now"
    assert theirs.find("microsoft") == AppId("m")
    again = AppIds(store.settings, keychain, tmp_path)
    assert again.find("google") == AppId("g", "GOCSPX-1")
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]


def test_another_app_id_does_not_get_the_secret_of_the_one_before(
    theirs: AppIds, tmp_path: Path
) -> None:
    file = tmp_path / FILE
    file.write_text(WITH_SECRET)
    theirs.find("google")
    file.write_text(file.read_text().replace('"g"', '"another"'))
    assert theirs.find("google") == AppId("another")


def test_without_a_keychain_a_secret_in_the_file_is_refused(
    app_ids: AppIds, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text(WITH_SECRET)
    with pytest.raises(AppError, match="no keychain to keep it in") as told:
        app_ids.find("google")
    assert "GOCSPX" not in str(told.value)
    assert (tmp_path / FILE).read_text() == WITH_SECRET


@pytest.mark.parametrize(
    "text", [WITH_SECRET, 'google = { client_id = "g", client_secret = "GOCSPX-1" }\n']
)
def test_a_file_that_is_not_ours_to_change_is_said_and_works_once_it_is_bare(
    theirs: AppIds, tmp_path: Path, text: str
) -> None:
    file, far = tmp_path / FILE, tmp_path / "managed.toml"
    far.write_text(text)
    if text is WITH_SECRET:
        file.symlink_to(far)
    else:
        far.rename(file)
    with pytest.raises(AppError, match="where others could read it") as told:
        theirs.find("google")
    assert "Take the line client_secret out of it" in told.value.next_step
    assert file.read_text() == text
    file.write_text('[google]\nclient_id = "g"\n')
    assert theirs.find("google") == AppId("g", "GOCSPX-1")


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
