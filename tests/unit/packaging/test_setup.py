"""The first command on a new machine: an environment made once, and repaired when half-made."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
NEEDED = ("bash", "cat", "chmod", "cksum", "cp", "dirname", "env", "grep", "mkdir", "rm")

# Stands in for Python: writes down what it is asked to do, and makes what would be made.
PYTHON = """\
#!/usr/bin/env bash
case "$*" in
  --version) echo "Python ${PYTHON_VERSION:-3.11.9}" ;;
  "-c import sys"*) [ -z "${PYTHON_VERSION:-}" ] ;;
  "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo venv >>asked ;;
  "-m pip install"*) echo "pip $*" >>asked; exit "${PIP_ANSWER:-0}" ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    folder: Path
    programs: Path

    def set_up(self, what: str, **circumstances: str) -> "subprocess.CompletedProcess[str]":
        environment = {"PATH": str(self.programs), "HOME": str(self.folder), **circumstances}
        return subprocess.run(
            [str(self.folder / "packaging" / "setup.sh"), what],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self) -> list[str]:
        """Return what Python was asked to do since the last time."""
        path = self.folder / "asked"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path / "a new place", tmp_path / "bin")
    (made.folder / "packaging").mkdir(parents=True)
    for name in ("packaging/setup.sh", "constraints.txt", "pyproject.toml"):
        shutil.copy(PROJECT / name, made.folder / name)
    made.programs.mkdir()
    for name in NEEDED:
        (made.programs / name).symlink_to(shutil.which(name) or os.devnull)
    (made.programs / "python3").write_text(PYTHON, encoding="utf-8")
    (made.programs / "python3").chmod(0o755)
    return made


def test_the_environment_is_made_once(checkout: Checkout) -> None:
    first = checkout.set_up("run")
    assert first.returncode == 0, first.stderr
    assert "about 100 MB" in first.stdout
    assert checkout.asked()[0] == "venv"
    second = checkout.set_up("run")
    assert (second.returncode, second.stdout, checkout.asked()) == (0, "", [])


def test_only_pinned_versions_are_installed(checkout: Checkout) -> None:
    checkout.set_up("run")
    pip = [line for line in checkout.asked() if line.startswith("pip")]
    assert pip
    assert all("-c constraints.txt" in line for line in pip)
    assert pip[-1].endswith("-e .")


def test_the_checks_need_more_than_the_program_and_then_both_are_ready(checkout: Checkout) -> None:
    checkout.set_up("run")
    checkout.asked()
    checkout.set_up("dev")
    assert checkout.asked()[-1].endswith("-e .[dev]")
    checkout.set_up("run")
    assert checkout.asked() == []


def test_an_environment_left_half_made_is_made_again(checkout: Checkout) -> None:
    broken = checkout.set_up("run", PIP_ANSWER="1")
    assert broken.returncode == 1
    assert "run the same command again" in broken.stderr
    checkout.asked()
    assert checkout.set_up("run").returncode == 0
    assert checkout.asked()[0] == "venv"


def test_new_pins_are_installed_into_the_environment_that_is_there(checkout: Checkout) -> None:
    checkout.set_up("dev")
    checkout.asked()
    with (checkout.folder / "constraints.txt").open("a", encoding="utf-8") as pins:
        pins.write("another-part==1.0\n")
    checkout.set_up("run")
    asked = checkout.asked()
    assert "venv" not in asked
    assert asked[-1].endswith("-e .[dev]")


def test_a_checkout_that_was_moved_gets_a_new_environment(checkout: Checkout) -> None:
    checkout.set_up("run")
    checkout.asked()
    moved = Checkout(checkout.folder.rename(checkout.folder.with_name("moved")), checkout.programs)
    moved.set_up("run")
    assert moved.asked()[0] == "venv"


def test_an_unfit_python_is_named_and_nothing_is_made(checkout: Checkout) -> None:
    done = checkout.set_up("run", PYTHON_VERSION="3.14.0")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "needs Python 3.11, 3.12 or 3.13, and here is Python 3.14.0" in done.stderr
    assert not (checkout.folder / ".venv").exists()
