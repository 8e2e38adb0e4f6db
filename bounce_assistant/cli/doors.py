"""What the command line may ask of the composition root above it; app.py fits this form."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bounce_assistant.services.desk import Desk


class Doors(Protocol):
    """Ways to the user's mail, to the sample mail, and to the window."""

    def open_desk(self) -> "Desk": ...

    def open_sample_desk(self) -> "Desk": ...

    def run_window(self, files: Sequence[str] = (), *, sample: bool = False) -> int: ...

    def write_report(self, desk: "Desk", path: Path, state: str | None) -> None: ...

    def draw_window(self, desk: "Desk", path: Path) -> None: ...
