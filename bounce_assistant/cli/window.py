"""Opening the window from the command line."""

import os
import sys
from collections.abc import Sequence

from bounce_assistant.cli.doors import Doors
from bounce_assistant.errors import AppError


def has_display() -> bool:
    """Tell whether a window can be shown here."""
    if sys.platform.startswith(("win", "darwin")):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "") in {"offscreen", "minimal"}:
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run_window(files: Sequence[str], doors: Doors) -> int:
    """Open the window with files dropped in; without a display say what works instead."""
    if not has_display():
        raise AppError(
            "There's no display to open a window on.",
            next_step="Diagnose files here with: bounce-assistant diagnose FILE",
        )
    try:
        return doors.run_window(files)
    except ImportError as problem:
        if (problem.name or "").startswith("bounce_assistant"):
            raise  # ours, and no library of the system
        library = str(problem).partition(":")[0]
        print(f"A system library for the window is missing: {library}.", file=sys.stderr)
        print("README.md names what to install.", file=sys.stderr)
        return 1
