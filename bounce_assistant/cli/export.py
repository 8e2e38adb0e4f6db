"""``export``: what is stored as a table for a spreadsheet, or as a report of one page."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bounce_assistant.cli.doors import Doors
from bounce_assistant.errors import AppError

if TYPE_CHECKING:
    from bounce_assistant.services.desk import Desk


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``export``."""
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument("--csv", type=Path, metavar="FILE", help="the list, one bounce a line")
    form.add_argument("--pdf", type=Path, metavar="FILE", help="a report of one page")
    parser.add_argument(
        "--state", choices=["needs-you", "waiting", "done"], help="only these (default: all)"
    )


def run(options: argparse.Namespace, doors: Doors) -> int:
    """Write the file and say so."""
    desk = doors.open_desk()
    try:
        return _write(options, desk, doors)
    finally:
        desk.store.close()


def _write(options: argparse.Namespace, desk: "Desk", doors: Doors) -> int:
    from bounce_assistant.services.export import write_csv  # noqa: PLC0415 - not before it is asked
    from bounce_assistant.store.rows import CaseQuery, CaseState  # noqa: PLC0415

    desk.cases.wake()
    state = CaseState(options.state.replace("-", " ")) if options.state else None
    keys = desk.cases.listed(CaseQuery(state=state))
    path: Path = options.csv or options.pdf
    if options.csv:
        write_csv(path, desk.cases, keys, desk.knowledge)
    else:
        _write_pdf(path, desk, state, doors)
    bounces = "1 bounce" if len(keys) == 1 else f"{len(keys):,} bounces"
    print(f"{bounces} in {path}.")
    return 0


def _write_pdf(path: Path, desk: "Desk", state: str | None, doors: Doors) -> None:
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # paper needs no screen
    try:
        doors.write_report(desk, path, state)
    except ImportError as problem:
        if (problem.name or "").startswith("bounce_assistant"):
            raise  # ours, and no library of the system
        raise AppError(
            "A PDF needs a system library that is missing here.",
            str(problem).partition(":")[0],
            "README.md names what to install; --csv works without it.",
        ) from problem
