"""What `accounts add` and the other commands say before anything is connected."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end2end.program import Program

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("dana@outlook.com", "Microsoft no longer lets apps sign in with a password"),
        ("dana@hey.com", "We don't know a way to read HEY here."),
        ("dana", '"dana" isn\'t a complete address.'),
    ],
)
def test_an_address_we_cannot_connect_is_told_before_a_password_is_asked(
    program: Program, email: str, said: str
) -> None:
    done = program.run(["accounts", "add", email])
    assert done.code == 1
    assert said in done.err


def test_offline_is_told_where_an_address_has_to_be_looked_up(program: Program) -> None:
    alone = ["unshare", "--net", "--map-root-user", "true"]  # a network with nobody in it
    if not shutil.which("unshare") or subprocess.run(alone, check=False, timeout=20).returncode:
        pytest.skip("This system allows no network of its own, which being offline needs.")
    words = [*alone[:-1], sys.executable, "-m", "bounce_assistant", "accounts", "add"]
    done = subprocess.run(
        [*words, "dana@agency.example"],
        env=program.environment,
        cwd=program.home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "You're offline, so we couldn't look up where your mail is." in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_told() -> None:
    program = Program(Path.cwd(), Path.cwd() / "none.pem")
    assert program.run(["check", "--since", "yesterday"]).code == 2
    assert program.run(["accounts"]).code == 2
