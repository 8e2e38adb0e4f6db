"""The program driven from outside, by the words that a screen reader reads out."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.end2end.program import Program
from tests.ui.desks import write_bounces

pytest.importorskip("jeepney", reason="The accessibility bus is asked through jeepney.")

from tests.end2end.accessibility_tree import Part, Tree
from tests.end2end.desktop import NEEDS_DESKTOP, PATIENCE, session, until

__all__ = ["session"]  # a fixture

pytestmark = NEEDS_DESKTOP


@pytest.fixture
def tree(session: dict[str, str], tmp_path: Path) -> Iterator[Tree]:
    """The program with one bounce opened, and its windows as others see them."""
    (bounce,) = write_bounces(tmp_path, 1)
    program = Program(tmp_path / "home", tmp_path / "no.pem", session)
    program.home.mkdir()
    running = program.start(str(bounce))
    seen = Tree(session["DBUS_SESSION_BUS_ADDRESS"])
    yield seen
    seen.close()
    with suppress(ProcessLookupError):
        running.kill()
    running.communicate(timeout=PATIENCE)


def test_every_part_is_found_by_its_name(tree: Tree) -> None:
    until(lambda: [p for p in tree.find("Why we think so", "text") if p.is_showing])
    parts = {(part.name, part.role): part.is_showing for part in reversed(list(tree.parts()))}
    for name, role in {
        "Bounces": "list",
        "Views": "list",
        "Diagnosis": "panel",
        "Search": "text",
        "Check now": "push button",
        "Add bounce...": "push button",
        "Resolve": "button menu",
        "Fix the address...": "push button",
        "More ways": "button menu",
        "Choose a different reason...": "push button",
    }.items():
        assert parts.get((name, role)), name
    assert ("Progress", "progress bar") in parts
    assert ("Raw message", "text") in parts


def test_the_fix_is_walked_through_without_eyes_or_mouse(tree: Tree) -> None:
    start = until(lambda: [p for p in tree.find("Fix the address...") if p.is_showing])
    tree.press(start)
    field = until(lambda: [p for p in tree.find("Email address", "text") if p.is_showing])
    tree.write(field, "person@example.org")
    tree.press(until(lambda: [p for p in tree.find("Use this address") if p.is_showing]))
    reason = "Connect your email first: it is sent from your own account."
    until(lambda: [p for p in tree.find(reason) if p.is_showing])
    tree.press(tree.find("Cancel", "push button")[0])
    until(lambda: [p for p in tree.find("Diagnosis") if p.is_showing])
    assert not [p for p in tree.find("Use this address") if p.is_showing]


def test_each_bounce_is_read_out_as_a_sentence(tree: Tree) -> None:
    def rows() -> list[Part]:
        parts = [part for part in tree.parts() if part.role == "list item"]
        return [part for part in parts if part.name.endswith("1 of 1")]

    row = until(rows)
    assert row.name.startswith("person0@example.net, This address doesn't exist, ")
