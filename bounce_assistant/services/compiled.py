"""Keeps what was made of data files, for reading TOML is half of a start.

The installed program brings it along; what it doesn't have is kept in the user's cache. Only a copy
of the very files that are here is taken: it is kept beside what was made of them, and compared.
What is kept is plain data that is checked as it is read, never code. A cache that is missing,
broken, not ours or not to be written costs time and nothing else.
"""

import os
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from bounce_assistant import __version__, paths
from bounce_assistant.resources import ROOT

T = TypeVar("T")
SHIPPED = ROOT / "compiled"  # made while the wheel is built; a checkout has none
_NO_CACHE = (OSError, RuntimeError, msgspec.MsgspecError, UnicodeError)  # no home is a RuntimeError
_BIGGEST = 16 * 1024 * 1024  # bytes
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
_FLAGS |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class _Kept(msgspec.Struct):
    made_of: dict[str, bytes]
    made: msgspec.Raw


def load_compiled(
    name: str,
    texts: Mapping[str, str],
    make: Callable[[], T],
    kind: type[T],
    *modules: str,
    only_in: Path | None = None,
) -> T:
    """Return ``make()``, or what it made of the same texts before.

    ``name`` tells this cache entry from others, ``kind`` is the type that is made (what msgspec
    reads), ``modules`` are those whose code makes it. ``only_in`` is a folder to be used in place
    of the program's own and the user's. Raises what ``make`` raises.
    """
    made_of = {
        "version": __version__.encode(),
        **{key: each.encode() for key, each in texts.items()},
    }
    made_of |= {module: _source_of(module) for module in modules}
    file = f"{name.replace('/', '-')}.msgpack"
    if only_in is None:
        with suppress(*_NO_CACHE):
            return _taken(_read_shipped(SHIPPED / file), made_of, kind)
    with suppress(*_NO_CACHE):
        return _taken(_read((only_in or paths.cache_dir()) / file), made_of, kind)
    made = make()
    with suppress(*_NO_CACHE):
        raw = msgspec.Raw(msgspec.msgpack.encode(made))
        folder = only_in or paths.cache_dir()
        _write(folder / file, msgspec.msgpack.encode(_Kept(made_of, raw)))
    return made


def _taken(raw: bytes, made_of: Mapping[str, bytes], kind: type[T]) -> T:
    """Return what was kept; ValidationError if it was made of something else."""
    kept = msgspec.msgpack.decode(raw, type=_Kept)
    if kept.made_of != made_of:
        raise msgspec.ValidationError("made of other files")
    return msgspec.msgpack.decode(kept.made, type=kind)


def _source_of(module: str) -> bytes:
    """Return a module's own text: in a checkout code changes without a new version."""
    try:
        return Path(sys.modules[module].__file__ or "").read_bytes()
    except OSError:  # a frozen program has none
        return b""


def _read_shipped(path: Path) -> bytes:
    """Read a part of the program, whoever installed it."""
    with path.open("rb") as stream:
        return stream.read(_BIGGEST)


def _read(path: Path) -> bytes:
    """Read a file of ours; OSError for anything else that may lie there, a pipe for instance."""
    descriptor = os.open(path, _FLAGS)
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or _may_be_anothers(found):
            raise OSError(path)
        return stream.read(_BIGGEST)


def _may_be_anothers(found: os.stat_result) -> bool:
    """Tell whether another user can have written a file; Windows keeps them out of the folder."""
    if sys.platform == "win32":
        return False
    return found.st_uid != os.getuid() or bool(found.st_mode & _OTHERS_MAY_WRITE)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; two programs may do so at once."""
    half = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(data)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise
