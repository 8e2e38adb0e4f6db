"""Tells which addresses of a text stand in one list: their lines have one shape."""

import re
from collections.abc import Sequence

import msgspec

_NUMBER = re.compile(r"[ \t]*(?:\(?\d{1,3}[.):]|#\d{1,3}:?)[ \t]+")
# "Dana Smith <" before an address: up to five words, the first with a capital.
_NAME = re.compile(r"[\"'(]?[^\W\d_a-z][\w.'’-]{0,30}(?:,? [\w.'’()-]{1,30}){0,4}[\"')]? ?[<(\[]")
# The same at the end of a sentence's beginning: "Your message to Dana Smith <".
_NAME_LAST = re.compile(
    r" [\"'(]?[^\W\d_a-z][\w.'’-]{0,30}(?: [^\W\d_a-z][\w.'’-]{0,30}){0,3}[\"')]? ?[<(]$"
)
# What stands between two addresses of one enumeration, and no verb.
_AND = re.compile(
    r"[\s,;&<>()\"'/|]{0,80}(?:(?:and|or|nor|und|oder|noch|sowie|et|ou|ni|y|e|o|ed|en|of|og|och|eller|i|oraz|и|или)\s"
    r"(?:(?:to|for|an|für|à|pour|para|a|per|voor|til|till)\s)?)?[\s<(\"']{0,20}"
    r"(?:[^\W\d_a-z][\w.'’-]{0,30}(?: [^\W\d_a-z][\w.'’-]{0,30}){0,3}\"? ?[<(\[])?"
)
# What runs from the words of a row to its address: dots, wide space, a table's line, an arrow.
_LEADER = re.compile(
    r"[^\W\d_][.)\"']?(?: ?\.{3,} ?| ?\.{1,60} ?: ?| ?\t[ \t]*| {2,}| {0,60}\| ?| {0,60}[-=]+> ?)"
    r"[<\"'(\[]?$"
)
_EDGE = " \t<>\"'*-•·([{|=–—"
_DIGITS = re.compile(r"\d+")
_GAP = 600  # characters from one row to the next, with a server's reply between
_LONGEST_LEAD = 60  # characters before the address of a row
_LONGEST_LINE = 300


class Row(msgspec.Struct, frozen=True):
    """What the rows of a list have in common."""

    lead: str  # from the margin to the address
    has_words: bool  # behind the address


def plain_lead(before: str) -> str:
    """Return what stands before an address on its line, without the number of a row."""
    number = _NUMBER.match(before)
    return before[number.end() :] if number else before


def without_name(before: str) -> str:
    """Return what stands before an address on its line, without the name of whose it is."""
    return _NAME_LAST.sub("", before) if before.endswith(("<", "(")) else before


def is_name(lead: str) -> bool:
    """Tell whether only a person's name and a bracket stand before an address."""
    return _NAME.fullmatch(lead.strip(" \t*-•·–—")) is not None


def is_row_lead(before: str) -> bool:
    """Tell whether what stands before an address on its line belongs to that address alone.

    A bullet, a number, a name or a label ("Recipient:") does; the end of a sentence does not.
    """
    lead = plain_lead(before)
    return not lead.strip(_EDGE) or lead.rstrip(" \t<").endswith(":") or is_name(lead)


def leads_to(before: str) -> bool:
    """Tell whether the words before an address on its line are a column of their own."""
    return _LEADER.search(before) is not None


def is_joined(between: str) -> bool:
    """Tell whether two addresses with this text between them are of one enumeration."""
    return _AND.fullmatch(between) is not None


def find_lists(said: str, places: Sequence[tuple[int, int]]) -> list[tuple[Row, list[int]]]:
    """Return the lists among addresses at these places, in order: their rows, as indexes.

    A list has two rows at least, of one shape and near each other: as far from the margin, the
    same before the address (a bullet, a number, somebody's name, a label) and words behind it in
    all or in none.
    """
    lists: list[tuple[Row, list[int]]] = []
    last: dict[Row, list[int]] = {}
    for index, (start, end) in enumerate(places):
        row = _shape(said, start, end)
        if row is None:
            continue
        rows = last.get(row)
        if rows and start - places[rows[-1]][1] <= _GAP:
            rows.append(index)
        else:
            last[row] = [index]
            lists.append((row, last[row]))
    return [(row, rows) for row, rows in lists if len(rows) > 1]


def _shape(said: str, start: int, end: int) -> Row | None:
    """Return what the rows of a list have in common; None for a line that is no row."""
    line_start = max(said.rfind("\n", 0, start) + 1, start - _LONGEST_LINE)
    before = said[line_start:start]
    after = said[end : end + _LONGEST_LINE].partition("\n")[0]
    if "@" in before or "@" in after.partition("(")[0]:
        return None
    lead = plain_lead(before)
    if len(lead) > _LONGEST_LEAD:
        return None
    indent = before[: len(before) - len(before.lstrip())]
    if leads_to(before):
        shape = "a column"
    else:
        shape = "a name" if is_name(lead) else _DIGITS.sub("0", before.strip().lower())
    return Row(indent + shape, bool(after.strip(_EDGE + ">:;,)]}")))
