"""Tells what is wrong with the patterns of data files: broken, or without a bound."""

import re
from collections.abc import Iterable

# A repeat without an end: time could grow with the square of the text.
_UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\})")


def pattern_problems(patterns: Iterable[str]) -> list[str]:
    """Return a sentence for each pattern that can't be used."""
    problems = []
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as problem:
            problems.append(f"the pattern {pattern} is broken: {problem}.")
            continue
        if re.search(r"(?<!\\)[A-Z]", pattern):
            problems.append(f"the pattern {pattern} has capitals; write it in lower case.")
        if _UNBOUNDED.search(pattern):
            problems.append(f"the pattern {pattern} has no bound; write .{{0,40}} or \\S{{1,40}}.")
    return problems
