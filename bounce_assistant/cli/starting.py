"""Spares a command's start what it does not need."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

_SLOW = "typing_extensions"


def load_command(name: str) -> ModuleType:
    """Return the module of a command, ``check-rules`` for one."""
    with nothing_to_collect():
        _import_msgspec()
        return import_module(f"bounce_assistant.cli.{name.replace('-', '_')}")


@contextmanager
def nothing_to_collect() -> Iterator[None]:
    """Have Python look for no garbage meanwhile, nor later among what was made: it is all in use.

    To look through what loading makes, again and again as it grows, took a tenth of a start.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def _import_msgspec() -> None:
    """Import msgspec without typing_extensions, which takes 8 ms and imports half of inspect.

    WORKAROUND: msgspec (to 0.22) prefers it to typing, which has had the same since Python 3.11. To
    an import, a module that is None isn't there (https://docs.python.org/3/reference/import.html).
    """
    if _SLOW in sys.modules or "msgspec" in sys.modules:
        return
    sys.modules[_SLOW] = None  # type: ignore[assignment]
    try:
        import_module("msgspec")
    finally:
        del sys.modules[_SLOW]
