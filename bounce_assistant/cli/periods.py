"""Spans of time as people type them after an option."""

import argparse
import re

_HOURS = {"min": 1 / 60, "h": 1, "d": 24, "w": 24 * 7}
_SPAN = re.compile(r"(\d{1,4}) ?(min|h|d|w)")
_LONGEST = 24 * 366


def hours_of(text: str) -> float:
    """Return the hours of ``30min``, ``4h``, ``2d`` or ``1w``; argparse tells what isn't one."""
    match = _SPAN.fullmatch(text.strip().lower())
    if not match:
        raise argparse.ArgumentTypeError(f'"{text}" isn\'t a time: write 30min, 4h, 2d or 1w')
    return min(int(match[1]) * _HOURS[match[2]], _LONGEST)
