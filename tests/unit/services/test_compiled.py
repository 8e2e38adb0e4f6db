"""What was made of data files is kept, and never stands in the way."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from platformdirs import PlatformDirs

from bounce_assistant import paths
from bounce_assistant.services import compiled
from bounce_assistant.services.compiled import load_compiled

MODULE = compiled.__name__
TEXTS = {"a": "one", "b": "two"}


class Maker:
    """Makes a list of numbers, and counts how often it had to."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> list[int]:
        self.times += 1
        return [1, 2, self.times]

    def load(self, texts: dict[str, str] = TEXTS) -> list[int]:
        return load_compiled("numbers", texts, self, list[int], MODULE)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "bounce-assistant" / "numbers.msgpack"


def test_the_same_files_are_read_once(cache: Path) -> None:
    make = Maker()
    assert make.load() == make.load() == [1, 2, 1]
    assert make.times == 1
    assert cache.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]


@pytest.mark.parametrize(
    "texts", [{"a": "one", "b": "Two"}, {"a": "one"}, {**TEXTS, "c": ""}, {"a": "two", "b": "one"}]
)
def test_a_changed_file_counts_at_once(texts: dict[str, str]) -> None:
    make = Maker()
    make.load()
    assert make.load(texts) == [1, 2, 2]


def test_changed_code_counts_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker()
    make.load()
    (tmp_path / "changed.py").write_text("x = 1", encoding="utf-8")
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "changed.py"))
    assert make.load() == [1, 2, 2]


def test_another_version_counts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker()
    make.load()
    monkeypatch.setattr(compiled, "__version__", "99")
    assert make.load() == [1, 2, 2]


def test_a_frozen_program_has_no_source_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "__file__", "/nowhere/compiled.py")
    make = Maker()
    assert make.load() == make.load() == [1, 2, 1]


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def of_another_kind(file: Path) -> None:
    kept = msgspec.msgpack.decode(file.read_bytes())
    file.write_bytes(msgspec.msgpack.encode({**kept, "made": "no list"}))


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_link(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def writable_by_others(file: Path) -> None:
    file.chmod(0o666)


def somebody_elses(file: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(file, 12345, 12345)


@pytest.mark.parametrize(
    "spoil",
    [cut_off, of_another_kind, a_pipe, a_link, a_folder, writable_by_others, somebody_elses],
)
def test_what_is_not_ours_or_not_whole_is_not_read(
    spoil: Callable[[Path], None], cache: Path
) -> None:
    make = Maker()
    make.load()
    spoil(cache)
    assert make.load() == [1, 2, 2]
    if spoil is not a_folder:
        assert make.load() == [1, 2, 2]  # and is made good


@pytest.fixture
def shipped(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put what was made once where the program brings it along; nothing is kept beside it."""
    make = Maker()
    make.load()
    folder = tmp_path / "program"
    folder.mkdir()
    monkeypatch.setattr(compiled, "SHIPPED", folder)
    return cache.rename(folder / cache.name)


def test_what_the_program_brings_along_is_not_made(shipped: Path, cache: Path) -> None:
    make = Maker()
    assert make.load() == [1, 2, 1]
    assert (make.times, cache.exists()) == (0, False)


def test_what_the_program_brings_along_may_be_its_installers(shipped: Path) -> None:
    shipped.chmod(0o664)
    make = Maker()
    make.load()
    assert make.times == 0


@pytest.mark.parametrize("spoil", [cut_off, of_another_kind, a_folder])
def test_what_is_brought_along_broken_is_made_and_kept(
    spoil: Callable[[Path], None], shipped: Path, cache: Path
) -> None:
    spoil(shipped)
    make = Maker()
    assert make.load() == make.load() == [1, 2, 1]
    assert (make.times, cache.exists()) == (1, True)


def test_what_is_brought_along_never_speaks_for_changed_files(shipped: Path) -> None:
    make = Maker()
    changed = {**TEXTS, "b": "three"}
    assert make.load(changed) == make.load(changed) == [1, 2, 1]
    assert make.times == 1


def test_no_place_to_keep_it_costs_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    make = Maker()
    assert make.load() == [1, 2, 1]
    assert make.load() == [1, 2, 2]


def test_what_a_killed_program_left_half_written_is_no_hindrance(cache: Path) -> None:
    cache.parent.mkdir()
    cache.with_name(f"{cache.name}.{os.getpid()}").write_bytes(b"half")
    make = Maker()
    make.load()
    make.load()
    assert make.load() == [1, 2, 2]


def test_the_cache_lies_where_platformdirs_says() -> None:
    assert paths.cache_dir() == PlatformDirs("bounce-assistant", appauthor=False).user_cache_path


def test_a_broken_file_raises_as_ever() -> None:
    def refuse() -> list[int]:
        raise ValueError("no number")

    with pytest.raises(ValueError, match="no number"):
        load_compiled("numbers", TEXTS, refuse, list[int])
