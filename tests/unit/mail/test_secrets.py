"""Passwords stay in the keychain, or in memory; never with anything that could be shown."""

import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError

from bounce_assistant.mail.secrets import KeychainSecrets, MemorySecrets

EMAIL = "dana@example.com"


class TestKeychain(KeyringBackend):
    """Of no use but to these tests; ``locked`` makes every call fail."""

    __test__ = False
    priority = 0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked: KeyringError | None = None

    def _check(self) -> None:
        if self.locked:
            raise self.locked

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("none")


def test_a_password_goes_into_the_keychain_and_comes_back() -> None:
    keychain = TestKeychain()
    secrets = KeychainSecrets(keychain)
    secrets.put(EMAIL, "s3cret")
    assert secrets.is_lasting
    assert keychain.kept == {("Bounce Assistant", EMAIL): "s3cret"}
    assert KeychainSecrets(keychain).get(EMAIL) == "s3cret"
    secrets.remove(EMAIL)
    assert keychain.kept == {}
    secrets.remove(EMAIL)
    assert secrets.get(EMAIL) == ""


def test_a_locked_keychain_leaves_the_password_in_memory_and_says_so() -> None:
    keychain = TestKeychain()
    keychain.locked = KeyringLocked("locked")
    secrets = KeychainSecrets(keychain)
    assert secrets.get(EMAIL) == ""
    secrets.put(EMAIL, "s3cret")
    assert not secrets.is_lasting
    assert secrets.get(EMAIL) == "s3cret"
    secrets.remove(EMAIL)
    assert secrets.get(EMAIL) == ""


def test_without_a_keychain_nothing_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", TestKeychain)  # no store of the system
    secrets = KeychainSecrets()
    secrets.put(EMAIL, "s3cret")
    assert not secrets.is_lasting
    assert secrets.get(EMAIL) == "s3cret"
    assert KeychainSecrets().get(EMAIL) == ""


def test_no_password_shows_when_a_store_is_printed() -> None:
    secrets = MemorySecrets()
    secrets.put(EMAIL, "s3cret")
    assert "s3cret" not in repr(secrets)
    assert "s3cret" not in repr(KeychainSecrets(TestKeychain()))


def test_the_keychain_costs_nothing_before_it_is_asked(tmp_path: Path) -> None:
    script = "import bounce_assistant.mail.secrets, sys; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_what_one_entry_cannot_hold_is_kept_in_several() -> None:
    keychain = TestKeychain()
    secrets = KeychainSecrets(keychain)
    token = "".join(chr(ord("a") + n % 26) for n in range(3500))
    secrets.put(EMAIL, token)
    assert max(len(kept) for kept in keychain.kept.values()) < 1280
    assert KeychainSecrets(keychain).get(EMAIL) == token
    secrets.put(EMAIL, "short again")
    assert KeychainSecrets(keychain).get(EMAIL) == "short again"
    secrets.remove(EMAIL)
    assert keychain.kept == {}


def test_a_long_one_that_lost_a_part_is_no_longer_there() -> None:
    keychain = TestKeychain()
    KeychainSecrets(keychain).put(EMAIL, "x" * 2500)
    del keychain.kept["Bounce Assistant", f"{EMAIL} (1)"]
    assert KeychainSecrets(keychain).get(EMAIL) == ""
