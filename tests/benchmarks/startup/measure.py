"""How long the window takes to show, against an empty PySide6 window; each in its own process.

Run: python tests/benchmarks/startup/measure.py [ROUNDS]. Prints medians and their ratios; the
promise is a window on screen within 1.5 times an empty one. Rounds alternate, so that a busy
machine slows all alike.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
EMPTY = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
app.processEvents()
"""
SHOWN = """
import bounce_assistant.app, bounce_assistant.cli.window
from bounce_assistant.cli.starting import nothing_to_collect
with nothing_to_collect():  # as app.py does
    from bounce_assistant.ui.window import Showing, application
app = application()
showing = Showing(None, None)
"""
FILLED = f"""{SHOWN}
showing.start(bounce_assistant.app.open_sample_desk)
app.processEvents()
while showing.content._tasks.is_busy:
    app.processEvents()
app.processEvents()
"""
# The clock starts in the parent, so that Python's own start counts.
_CLOCK = """
import os, sys, time
print(time.clock_gettime(time.CLOCK_MONOTONIC) - float(sys.argv[1]), flush=True)
os._exit(0)
"""


def seconds(program: str, home: str) -> float:
    """Run a program until its window is drawn; return the seconds since its process started."""
    places = {f"XDG_{name}_HOME": home for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    environment = os.environ | places | {"PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    began = time.clock_gettime(time.CLOCK_MONOTONIC)
    done = subprocess.run(
        [sys.executable, "-c", program + _CLOCK, str(began)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return float(done.stdout)


def main() -> None:
    """Measure an empty window, ours on screen, and ours with a case opened."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    programs = (EMPTY, SHOWN, FILLED)
    with tempfile.TemporaryDirectory() as home:
        for program in programs:  # warms the disk
            seconds(program, home)
        measured = [[seconds(program, home) for program in programs] for _ in range(rounds)]
    empty, shown, filled = (statistics.median(column) for column in zip(*measured, strict=True))
    sys.stdout.write(
        f"empty window {empty:.3f} s\n"
        f"ours on screen {shown:.3f} s, {shown / empty:.2f} times\n"
        f"ours with a bounce of the sample mail read {filled:.3f} s, {filled / empty:.2f} times\n"
    )


if __name__ == "__main__":
    main()
