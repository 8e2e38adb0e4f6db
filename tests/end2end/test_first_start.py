"""The first start keeps what it made; wherever it can't, the answer is the same."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
WORDS = "We looked for her letterbox high and low, yet nothing under that name lives here"
LIMIT = 60  # seconds


def begin(cache: str, before: Callable[[], None] | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bounce_assistant", "explain", WORDS],
        cwd=PROJECT,
        env=os.environ | {"XDG_CACHE_HOME": cache},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=before,  # noqa: PLW1509 - no threads here
    )


@contextmanager
def ended(process: "subprocess.Popen[str]") -> Iterator[str]:
    """Give what a program told, once it ended well."""
    with process:
        told, _ = process.communicate(timeout=LIMIT)
        assert process.returncode == 0, told
        yield told


def told(cache: str, before: Callable[[], None] | None = None) -> str:
    with ended(begin(cache, before)) as words:
        return words


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> str:
    return told(str(tmp_path_factory.mktemp("cache")))


def no_room() -> None:
    """Have every write of more than a page into a file end as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def test_a_full_disk_costs_time_only(usual: str, tmp_path: Path) -> None:
    assert told(str(tmp_path), no_room) == usual
    assert [path.name for path in tmp_path.rglob("*.msgpack*") if path.stat().st_size > 4095] == []
    assert told(str(tmp_path)) == usual


def test_a_home_that_nobody_may_write_to_costs_time_only(usual: str) -> None:
    assert told("/proc/no-home-here") == usual


def test_programs_that_start_at_once_tell_the_same(usual: str, tmp_path: Path) -> None:
    all_at_once = [begin(str(tmp_path)) for _ in range(4)]
    for process in all_at_once:
        with ended(process) as words:
            assert words == usual
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in kept} == {".msgpack"}
    assert "examples.msgpack" in {path.name for path in kept}


@pytest.mark.parametrize("spoiled", [b"", b"\xff" * 4096])
def test_a_cache_of_rubbish_is_made_good(spoiled: bytes, usual: str, tmp_path: Path) -> None:
    told(str(tmp_path))
    kept = list(tmp_path.rglob("*.msgpack"))
    sizes = [path.stat().st_size for path in kept]
    for path in kept:
        path.write_bytes(spoiled)
    assert told(str(tmp_path)) == usual
    assert [path.stat().st_size for path in kept] == sizes
