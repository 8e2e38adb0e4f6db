"""``demo``: the window on sample mail; without a display, a table and a picture of the window."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bounce_assistant.cli.doors import Doors
from bounce_assistant.cli.table import printable
from bounce_assistant.cli.window import has_display

if TYPE_CHECKING:
    from bounce_assistant.services.desk import Desk

PICTURE = "demo-window.png"
_NAME, _TITLE = 28, 44


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``demo``."""
    parser.add_argument("--table", action="store_true", help="print the table even with a display")
    parser.add_argument(
        "--picture", type=Path, default=Path(PICTURE), metavar="FILE", help="where the picture goes"
    )


def run(options: argparse.Namespace, doors: Doors) -> int:
    """Show the sample mailbox; the table comes in any case, the picture where Qt can draw."""
    if not options.table and has_display():
        return doors.run_window(sample=True)
    desk = doors.open_sample_desk()
    try:
        print_table(desk)
        return _draw(desk, options.picture, doors)
    finally:
        desk.store.close()


def print_table(desk: "Desk") -> None:
    """Print the cases as the list of the window shows them."""
    from bounce_assistant.store.rows import CaseQuery  # noqa: PLC0415 - the window shows before

    keys = desk.cases.keys(CaseQuery(state=None))
    rows = desk.cases.rows(keys)
    print(f"{'Person':<{_NAME}}{'What happened':<{_TITLE}}Email")
    for key in keys:
        row = rows[key]
        who = f"{row.count} people" if row.count > 1 else row.name
        print(f"{_cell(who, _NAME)}{_cell(row.title, _TITLE)}{printable(row.subject)[:50]}")
    print(f"{sum(row.count for row in rows.values())} bounces in {len(keys)} rows.")


def _cell(text: str, width: int) -> str:
    clean = printable(text)
    return f"{clean[: width - 2]:<{width}}"


def _draw(desk: "Desk", picture: Path, doors: Doors) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        doors.draw_window(desk, picture)
    except ImportError as problem:
        if (problem.name or "").startswith("bounce_assistant"):
            raise  # ours, and no library of the system
        library = str(problem).partition(":")[0]
        print(
            f"No picture: a system library is missing ({library}). See README.md.", file=sys.stderr
        )
        return 0
    except OSError as problem:
        print(f"No picture: {picture} can't be written ({problem}).", file=sys.stderr)
        return 1
    print(f"A picture of the window: {picture.resolve()}")
    return 0
