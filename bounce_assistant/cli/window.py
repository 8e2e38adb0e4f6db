"""Opening the window from the command line."""

import sys
from collections.abc import Sequence

from bounce_assistant.cli.demo import has_display
from bounce_assistant.errors import AppError


def run_window(files: Sequence[str]) -> int:
    """Open the window with files dropped in; without a display say what works instead."""
    if not has_display():
        raise AppError(
            "There's no display to open a window on.",
            next_step="Diagnose files here with: bounce-assistant diagnose FILE",
        )
    from bounce_assistant import app  # noqa: PLC0415 - brings the store and Qt along

    try:
        return app.run_window(files)
    except ImportError as problem:
        if (problem.name or "").startswith("bounce_assistant"):
            raise  # ours, and no library of the system
        library = str(problem).partition(":")[0]
        print(f"A system library for the window is missing: {library}.", file=sys.stderr)
        print("README.md names what to install.", file=sys.stderr)
        return 1
