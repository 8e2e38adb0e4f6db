"""The commands where the ground is odd: closed streams, full disks, homes that can't be written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end2end.test_commands import USER_UNKNOWN

PROJECT = Path(__file__).parents[2]
FULL = Path("/dev/full")
FAULT = "Something went wrong"


def run(
    *words: str | bytes, home: Path, redirect: str = "", **variables: str
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command through a shell, which can close or redirect its streams."""
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **variables,
    }
    done = subprocess.run(
        [
            "sh",
            "-c",
            f'exec "$@" {redirect}',
            "sh",
            sys.executable,
            "-m",
            "bounce_assistant",
            *words,
        ],
        cwd=home,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert b"Traceback" not in done.stdout + done.stderr
    assert FAULT.encode() not in done.stderr, done.stderr
    return done


@pytest.fixture
def bounce(tmp_path: Path) -> Path:
    path = tmp_path / "Zoë.eml"
    path.write_text(USER_UNKNOWN, encoding="utf-8")
    return path


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_utf_8_wherever_it_goes(tmp_path: Path, bounce: Path, encoding: str) -> None:
    done = run("diagnose", "--json", bounce.name, home=tmp_path, PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["file"] == "Zoë.eml"


def test_a_terminal_without_our_letters_gets_others(tmp_path: Path, bounce: Path) -> None:
    done = run("diagnose", bounce.name, home=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"dana@example.com" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text on other systems")
@pytest.mark.parametrize("how", [("--json",), ("--json", "--jobs", "2"), ()])
def test_a_file_name_that_is_no_text_is_told(tmp_path: Path, how: tuple[str, ...]) -> None:
    name = b"a\xff.eml"
    Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_text(USER_UNKNOWN)  # noqa: PTH118 - bytes
    done = run("diagnose", *how, name, home=tmp_path, PYTHONIOENCODING="utf-8:strict")
    assert done.returncode == 0
    if how:
        assert os.fsencode(json.loads(done.stdout.decode("utf-8"))["file"]) == name


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
@pytest.mark.parametrize("words", [("explain", "550 5.1.1 unknown"), ("check-rules",)])
def test_a_full_disk_behind_the_output_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(*words, home=tmp_path, redirect=f">{FULL}")
    assert done.returncode == 1
    assert done.stderr.startswith(b"There's no room left where the output goes.")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("diagnose", "-"), 1),
        (("explain", "-"), 1),
        (("accounts", "add", "a@example.org", "--imap-host", "localhost", "--password-stdin"), 1),
    ],
)
def test_closed_streams_are_empty_ones(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    assert run(*words, home=tmp_path, redirect="<&-").returncode == code
    assert run(*words, home=tmp_path, redirect="<&- >&-").returncode == code
    assert run(*words, home=tmp_path, redirect="<&- >&- 2>&-").returncode == code


@pytest.mark.parametrize("words", [("cases",), ("accounts", "list"), ("export", "--csv", "x.csv")])
def test_a_home_that_cannot_be_made_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("")
    done = run(*words, home=tmp_path, XDG_DATA_HOME=str(tmp_path / "file"))
    assert done.returncode == 1
    assert done.stderr.startswith(b"Bounce Assistant can't make the folder where it keeps")


def test_a_home_that_cannot_be_written_keeps_no_window_shut(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = str(tmp_path / "file")
    picture = tmp_path / "window.png"
    done = run(
        "demo", "--picture", str(picture), home=tmp_path, QT_QPA_PLATFORM="offscreen",
        XDG_CONFIG_HOME=nowhere, XDG_CACHE_HOME=nowhere,
    )  # fmt: skip
    assert done.returncode == 0
    assert picture.exists()
