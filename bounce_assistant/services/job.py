"""A running piece of work: progress goes out, cancellation comes in."""

import threading
from collections.abc import Callable

from bounce_assistant.errors import CancelledError


class Job:
    """Passed last to every service; knows nothing of Qt."""

    def __init__(self, progress: Callable[[int, int, str], None] | None = None) -> None:
        self.progress = progress
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._hang_ups: list[Callable[[], object]] = []

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def step(self, done: int, total: int, words: str = "") -> None:
        """Report progress; raise CancelledError once the user has had enough. Call per message."""
        if self.is_cancelled:
            raise CancelledError
        if self.progress:
            self.progress(done, total, words)

    def on_cancel(self, hang_up: Callable[[], object]) -> None:
        """Have ``hang_up`` called when the user stops, to free a blocked read."""
        with self._lock:
            if not self.is_cancelled:
                self._hang_ups.append(hang_up)
                return
        hang_up()

    def cancel(self, *_: object) -> None:
        """Stop the work: at its next step, or at once where it registered a hang-up."""
        with self._lock:
            self._cancelled.set()
            hang_ups, self._hang_ups = self._hang_ups, []
        for hang_up in hang_ups:
            hang_up()
