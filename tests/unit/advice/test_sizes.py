"""Sizes are said as people say them, and read back."""

import pytest

from bounce_assistant.advice.sizes import read_size, spoken_size

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (28 * MB, "28 MB"),
        (int(9.96 * MB), "10 MB"),
        (int(1.44 * MB), "1.4 MB"),
        (2 * MB, "2 MB"),
        (120 * 1024, "120 kB"),
        (3, "1 kB"),
    ],
)
def test_a_size_is_said(size: int, words: str) -> None:
    assert spoken_size(size) == words


@pytest.mark.parametrize(
    ("words", "size"),
    [("25 MB", 25 * MB), ("1.5 GB", 1536 * MB), ("900 kB", 900 * 1024), ("big", 0), ("", 0)],
)
def test_a_size_is_read(words: str, size: int) -> None:
    assert read_size(words) == size
