"""Whoever publishes the program can trust the two lists of what it is made of."""

import re
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).parents[3]
RUNTIME, WITH_TOOLS = "", "dev"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def parts(extra: str) -> set[str]:
    """Return what bounce-assistant needs, and what that needs, as far as it is installed here."""
    found: set[str] = set()
    open_ends = [("bounce-assistant", extra)]
    while open_ends:
        name, wanted_extra = open_ends.pop()
        for line in metadata.distribution(name).requires or []:
            need = normal(re.split(r"[ ;<>=!~\[(]", line, maxsplit=1)[0])
            if "extra ==" in line and not (wanted_extra and f"'{wanted_extra}'" in line):
                continue
            if need not in found and is_installed(need):
                found.add(need)
                open_ends.append((need, ""))
    return found - {"setuptools", "pip"}


def is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def test_every_part_that_is_handed_out_has_its_licence_listed() -> None:
    listed = (PROJECT / "packaging" / "licences.md").read_text(encoding="utf-8")
    assert {part for part in parts(RUNTIME) if part not in listed} == set()


def test_every_part_of_the_environment_is_pinned() -> None:
    text = (PROJECT / "constraints.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))
    assert parts(WITH_TOOLS) - pinned == set()
    assert {"pyside6-essentials", "pytest", "ruff"} <= parts(WITH_TOOLS)


def test_the_pins_name_no_place_to_fetch_from() -> None:
    text = (PROJECT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|^-", text, re.MULTILINE)
