"""Where the user's own data lives; platformdirs decides, so XDG_DATA_HOME and friends move it."""

from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("bounce-assistant", appauthor=False)


def data_dir() -> Path:
    """Return the folder of the database; made, and readable by its owner only."""
    return _private(_DIRS.user_data_path)


def config_dir() -> Path:
    """Return the folder of settings that a person may edit."""
    return _private(_DIRS.user_config_path)


def _private(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
