"""Someone on a bare machine gets what is missing, or the line to type for it."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[3] / "packaging" / "system_packages.py"


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("system_packages", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_without_a_display_the_demo_asks_for_no_display_libraries(script: ModuleType) -> None:
    assert "libxcb-cursor0" not in script.packages_for("demo", {})
    assert "libgl1" in script.packages_for("demo", {})


def test_with_a_display_the_demo_wants_what_the_window_needs(script: ModuleType) -> None:
    assert "libxcb-cursor0" in script.packages_for("demo", {"DISPLAY": ":0"})
    assert "libxcb-cursor0" in script.packages_for("demo", {"WAYLAND_DISPLAY": "wayland-0"})


def test_the_tests_want_servers_as_well(script: ModuleType) -> None:
    assert {"dovecot-imapd", "xvfb", "libgl1"} <= set(script.packages_for("test", {}))


@pytest.mark.parametrize("sign", ["libno-such-thing.so.9", "no-such-program", "/no/such/file"])
def test_what_is_not_there_is_noticed(script: ModuleType, sign: str) -> None:
    assert not script.is_there(sign)


@pytest.mark.skipif(sys.platform != "linux", reason="names Linux libraries")
@pytest.mark.parametrize("sign", ["libc.so.6", "sh", "/bin/sh"])
def test_what_is_there_is_not_asked_for(script: ModuleType, sign: str) -> None:
    assert script.is_there(sign)


@pytest.mark.skipif(sys.platform != "linux", reason="the script has nothing to do elsewhere")
def test_someone_who_is_not_root_gets_one_line_to_type(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "WINDOW", {"libmissing1": "libno-such-thing.so.9"})
    monkeypatch.setattr(script.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(script.shutil, "which", lambda name, **_: f"/usr/bin/{name}")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert (script.main("demo"), script.main("test")) == (0, 1)
    words = capsys.readouterr().out
    assert words.count("\n") == 2
    assert "the demo shows its table" in words
    assert "the tests cannot start" in words
    assert "sudo apt-get install --yes --no-install-recommends libmissing1" in words
