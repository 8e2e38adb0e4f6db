"""Blocking calls made beside the thread that waits for them: bounded in time, and Stop is heard."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from bounce_assistant.errors import CancelledError
from bounce_assistant.mail.line import NoAnswerError

T = TypeVar("T")
Way = Callable[[threading.Event], T | None]
_GLANCE = 0.1  # seconds between looks whether the user has had enough


def begin(work: Callable[[], T]) -> Callable[[threading.Event, float], T]:
    """Start ``work`` beside the caller; what is returned waits for its answer, as ``in_time``.

    The thread is a daemon, and ``work`` ends by time limits of its own.
    """
    answers: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except Exception as problem:  # noqa: BLE001 - raised again where it is waited for
            answers.put((None, problem))

    def wait(stopped: threading.Event, seconds: float) -> T:
        answer = _next(answers, stopped, time.monotonic() + seconds)
        if answer is None:
            raise NoAnswerError
        value, problem = answer
        if problem is not None:
            raise problem
        return value  # type: ignore[return-value]  # None only where T is

    threading.Thread(target=run, daemon=True).start()
    return wait


def in_time(work: Callable[[], T], stopped: threading.Event, seconds: float) -> T:
    """Return what ``work`` returns, or raise what it raises.

    Raises NoAnswerError after so many seconds and CancelledError soon after ``stopped`` is set.
    """
    return begin(work)(stopped, seconds)


def first_of(
    ways: Sequence[Way[T]], stopped: threading.Event, seconds: float
) -> tuple[T | None, list[Exception]]:
    """Try all ways at once; return what the best one found, and what was in the way of others.

    The best comes first in ``ways``: its answer is waited for as long as the time lasts, a lesser
    one counts once all before it came back with None or raised. Each way is given an event that is
    set when it is no longer needed; NoAnswerError stands for one that was silent to the end. Raises
    CancelledError soon after ``stopped`` is set.
    """
    enough = threading.Event()
    answers: queue.SimpleQueue[tuple[int, T | None, Exception | None]] = queue.SimpleQueue()

    def run(number: int, way: Way[T]) -> None:
        try:
            answers.put((number, way(enough), None))
        except Exception as problem:  # noqa: BLE001 - one way that breaks is one less
            answers.put((number, None, problem))

    for number, way in enumerate(ways):
        threading.Thread(target=run, args=(number, way), daemon=True).start()
    found: dict[int, T | None] = {}
    problems: list[Exception] = []
    until = time.monotonic() + seconds
    try:
        while len(found) < len(ways):
            answer = _next(answers, stopped, until)
            if answer is None:
                problems += [NoAnswerError() for _ in range(len(ways) - len(found))]
                break
            number, value, problem = answer
            found[number] = value
            if problem is not None:
                problems.append(problem)
            if (best := _settled(found, len(ways))) is not None:
                return best, problems
    finally:
        enough.set()
    return next((found[n] for n in sorted(found) if found[n] is not None), None), problems


def _next(answers: "queue.SimpleQueue[T]", stopped: threading.Event, until: float) -> T | None:
    """Return the next answer; None when the time is over."""
    while True:
        if stopped.is_set():
            raise CancelledError
        try:
            return answers.get(timeout=_GLANCE)
        except queue.Empty:
            if time.monotonic() > until:
                return None


def _settled(found: dict[int, T | None], ways: int) -> T | None:
    """Return the answer that no way still under way could better."""
    for number in range(ways):
        if number not in found:
            return None
        if (value := found[number]) is not None:
            return value
    return None
