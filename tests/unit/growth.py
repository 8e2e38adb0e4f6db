"""How time grows with size, as a ratio within one run: never a number of seconds."""

from collections.abc import Callable
from time import process_time
from typing import TypeVar

T = TypeVar("T")
STEPS = 3  # doublings
LIMIT = 3.0**STEPS  # doubling the input may triple the time, and no more
_ENOUGH = 0.002  # seconds; what is quicker than this is measured on more


def growth(work: Callable[[T], object], make: Callable[[int], T], size: int) -> float:
    """Return how many times longer ``work`` takes on eight times the input, at best of five.

    ``make`` gives the input of a size; work that is too quick to measure gets a bigger one.
    """
    while seconds(work, make(size)) < _ENOUGH and size < 100_000:
        size *= 2
    small, big = make(size), make(size * 2**STEPS)
    return min(seconds(work, big) for _ in range(3)) / max(
        min(seconds(work, small) for _ in range(5)), 1e-6
    )


def seconds(work: Callable[[T], object], made: T) -> float:
    """Return the processor time of one run."""
    began = process_time()
    work(made)
    return process_time() - began
