"""What a publisher hands out works without the checkout it was built from."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
UNKNOWN_USER = "550 5.1.1 <dana@example.com>: user unknown"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], PROJECT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone; the libraries it names are lent by the environment of the tests."""
    home = tmp_path_factory.mktemp("installed") / "a place"
    run([sys.executable, "-m", "venv", "--without-pip", str(home)], PROJECT)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    run([*pip, "--no-index", "--no-deps", str(wheel)], PROJECT)
    places = {key: str(home) for key in ("base", "platbase")}
    site_packages = Path(sysconfig.get_path("purelib", "venv", places))
    (site_packages / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return home / "bin" / "bounce-assistant"


def run(command: list[str], folder: Path, words: str = "") -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    done = subprocess.run(
        command,
        cwd=folder,
        input=words,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_carries_every_shipped_file(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    resources = (path for path in (PROJECT / "resources").rglob("*") if path.is_file())
    for path in resources:
        assert f"bounce_assistant/_resources/{path.relative_to(PROJECT / 'resources')}" in names
    for path in (PROJECT / "bounce_assistant").rglob("*.sql"):
        assert str(path.relative_to(PROJECT)) in names
    assert any(name.endswith(".sql") for name in names)


def test_the_wheel_carries_nothing_of_the_workshop(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"bounce_assistant", next(top for top in tops if top.endswith(".dist-info"))}


def test_the_installed_program_diagnoses_with_its_own_files(program: Path, tmp_path: Path) -> None:
    python = program.with_name("python")
    where = run(
        [str(python), "-c", "import bounce_assistant.resources as r; print(r.ROOT)"], tmp_path
    )
    assert Path(where.strip()).is_relative_to(program.parents[1])
    assert "dana@example.com" in run([str(program), "explain", UNKNOWN_USER], tmp_path)


def test_the_installed_program_brings_along_what_is_made_of_its_files(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for words in ("550 5.1.1 <dana@example.com>: user unknown", "kein Zutritt fuer diesen Brief"):
        run([str(program), "explain", words], tmp_path)
    knows = "from bounce_assistant.services.knowledge import keep_all; keep_all()"
    run([str(program.with_name("python")), "-c", knows], tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_installed_program_proves_its_own_rules(program: Path, tmp_path: Path) -> None:
    assert run([str(program), "check-rules"], tmp_path)
