"""Passwords and the real Secret Service: in the keychain after ``add``, gone after ``remove``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end2end.program import ROOT, Program
from tests.servers.dovecot import PASSWORD, Dovecot

pytestmark = pytest.mark.real

BACKEND = "keyring.backends.SecretService.Keyring"
TOOLS = ("dbus-run-session", "gnome-keyring-daemon")
UNLOCK = 'printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec "$@"'


def in_session(
    program: Program, script: str, *words: str, begin: str = UNLOCK
) -> subprocess.CompletedProcess[str]:
    """Run a Python script in a desktop session of its own; ``begin`` starts its keychain."""
    for tool in TOOLS:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} isn't installed; Debian has it in gnome-keyring and dbus.")
    runtime = program.home / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    environment = {
        **program.environment,
        "PYTHON_KEYRING_BACKEND": BACKEND,
        "XDG_RUNTIME_DIR": str(runtime),
        "PASSWORD": PASSWORD,
    }
    session = ["dbus-run-session", "--", "sh", "-c", begin, "sh"]
    return subprocess.run(
        [*session, sys.executable, "-c", script, *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


LOCKED = 'gnome-keyring-daemon --start --components=secrets >/dev/null; exec "$@"'


KEEPS = """
import os
from bounce_assistant.mail.secrets import KeychainSecrets
secrets = KeychainSecrets()
assert secrets.is_lasting, "no keychain"
assert secrets.get("dana@example.com") == ""
secrets.put("dana@example.com", os.environ["PASSWORD"])
assert KeychainSecrets().get("dana@example.com") == os.environ["PASSWORD"]
secrets.remove("dana@example.com")
secrets.remove("dana@example.com")
assert KeychainSecrets().get("dana@example.com") == ""
"""

TOKENS = """
import os
from time import monotonic
from bounce_assistant.mail.oauth import Grant
from bounce_assistant.mail.secrets import KeychainSecrets
from bounce_assistant.mail.tokens import TokenKeeper
long = "refresh" * 500
given = Grant(long, "for an hour", monotonic() + 99)
TokenKeeper(KeychainSecrets()).keep("dana@example.com", given)
later = TokenKeeper(KeychainSecrets())
assert later.has("dana@example.com")
asked = []
def renew(lasting):
    asked.append(lasting)
    return Grant(lasting, "a new one", monotonic() + 99)
assert later.token("dana@example.com", "Google", renew, is_refused=False) == "a new one"
assert asked == [long]
later.forget("dana@example.com")
assert not TokenKeeper(KeychainSecrets()).has("dana@example.com")
"""

CHECKS = """
import os, subprocess, sys
def run(*words, typed=None):
    command = [sys.executable, "-m", "bounce_assistant", *words]
    done = subprocess.run(command, input=typed or "", text=True, capture_output=True)
    print(done.returncode, done.stdout + done.stderr, flush=True)
port, user = sys.argv[1:]
run("accounts", "add", "rosa@example.com", "--imap-host", "localhost", "--imap-port", port,
    "--username", user, "--password-stdin", typed=os.environ["PASSWORD"] + chr(10))
run("check")
run("accounts", "test")
run("accounts", "remove", "rosa@example.com")
run("accounts", "add", "rosa@example.com", "--imap-host", "localhost", "--imap-port", port)
"""


def test_the_system_keychain_keeps_and_forgets(tmp_path: Path) -> None:
    done = in_session(Program(tmp_path, Path(os.devnull)), KEEPS)
    assert done.returncode == 0, done.stderr


def test_a_permission_outlives_the_program_and_is_forgotten_whole(tmp_path: Path) -> None:
    done = in_session(Program(tmp_path, Path(os.devnull)), TOKENS)
    assert done.returncode == 0, done.stderr


def test_a_connected_mailbox_is_checked_without_asking_again(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    program = Program(tmp_path, dovecot.ca)
    done = in_session(program, CHECKS, str(dovecot.tls_port), "keychain")
    said = [line for line in done.stdout.splitlines() if line[:2] in ("0 ", "1 ")]
    added, checked, tested, removed, unasked = said
    assert added == "0 rosa@example.com is connected through localhost.", done
    assert checked == "0 rosa@example.com: Nothing new."
    assert tested == "0 rosa@example.com: Reading works."
    assert removed.startswith("0 rosa@example.com is forgotten.")
    assert unasked.startswith("1 There's nobody here to ask for the password")
    for file in tmp_path.rglob("*"):
        if file.is_file() and "keyrings" not in file.parts:
            assert PASSWORD.encode() not in file.read_bytes()


ADDS = CHECKS.partition('run("check")')[0]
ASKS = (
    CHECKS.partition("port, user")[0]
    + """
run("check")
run("accounts", "test")
"""
)


def test_a_keychain_that_stays_locked_is_named(dovecot: Dovecot, tmp_path: Path) -> None:
    program = Program(tmp_path, dovecot.ca)
    added = in_session(program, ADDS, str(dovecot.tls_port), "locked")
    assert added.stdout.startswith("0 rosa@example.com is connected"), added
    asked = in_session(program, ASKS, begin=LOCKED)
    said = [line for line in asked.stdout.splitlines() if "rosa@example.com" in line]
    locked = "This computer's keychain is locked, and the password for rosa@example.com is in it."
    assert said[0].startswith("1 rosa@example.com: 0 bounces kept."), asked
    assert sum(locked in line for line in said) == 2, asked
    assert "Unlock the keychain and check again" in asked.stdout
