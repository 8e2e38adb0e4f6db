"""Where the shipped files live: inside the installed package, or beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOTS = (_PACKAGE / "_resources", _PACKAGE.parent / "resources")  # installed, checkout
ROOT = next(root for root in _ROOTS if root.is_dir())


def read_text(name: str) -> str:
    """Return the text of a shipped file, named from the resources folder with forward slashes."""
    return (ROOT / name).read_text(encoding="utf-8")


def read_texts(folder: str, suffix: str = ".toml") -> dict[str, str]:
    """Return every file of a resources folder: name without suffix -> text, in name order."""
    paths = sorted((ROOT / folder).glob(f"*{suffix}"))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}
