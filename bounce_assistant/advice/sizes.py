"""Sizes as people say them."""

import re

_MEGABYTE = 1024 * 1024
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?([KMG])B", re.IGNORECASE)
_UNITS = {"K": 1024, "M": _MEGABYTE, "G": 1024 * _MEGABYTE}


def spoken_size(size: int) -> str:
    """Return bytes as "28 MB", "1.4 MB" or "120 kB"."""
    megabytes = size / _MEGABYTE
    if megabytes >= 10:  # noqa: PLR2004 - from there on the tenths say nothing
        return f"{megabytes:.0f} MB"
    if megabytes >= 1:
        return f"{megabytes:.1f} MB".replace(".0 MB", " MB")
    return f"{max(1, round(size / 1024))} kB"


def read_size(words: str) -> int:
    """Return the bytes of "25 MB"; 0 when there is no size in it."""
    match = _SIZE.search(words)
    return int(float(match[1]) * _UNITS[match[2].upper()]) if match else 0
