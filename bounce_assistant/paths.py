"""Where the user's own data lives; platformdirs decides, so XDG_DATA_HOME and friends move it."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

_NAME = "bounce-assistant"
_IS_LINUX = sys.platform == "linux"


def data_dir() -> Path:
    """Return the folder of the database. ``store.open_store`` makes it, and says if it can't."""
    return _dirs().user_data_path


def config_dir() -> Path:
    """Return the folder of settings that a person may edit; made where that is possible."""
    return _private(_dirs().user_config_path)


def cache_dir() -> Path:
    """Return the folder of what can be made again, readable by its owner only; as above."""
    if _IS_LINUX:  # platformdirs says the same, and takes 5 ms of each start
        above = os.environ.get("XDG_CACHE_HOME", "").strip()
        return _private(Path(above or "~/.cache").expanduser() / _NAME)
    return _private(_dirs().user_cache_path)


def _dirs() -> "PlatformDirs":
    from platformdirs import PlatformDirs  # noqa: PLC0415 - slow to import

    return PlatformDirs(_NAME, appauthor=False)


def _private(folder: Path) -> Path:
    with suppress(OSError):  # whoever writes there is told; what is read there just isn't
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
