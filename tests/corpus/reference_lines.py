"""The lines of the field's reference tables, as words that a server could say."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 60  # wordings of one pattern
_OF_CLASS = {op.CATEGORY_DIGIT: "0", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "a"}


@dataclass(frozen=True, slots=True)
class Line:
    """One wording of a reference line, and what the line says that it means."""

    name: str
    words: str
    kind: str  # hard, soft or block
    about: str


def google_lines(table: Path) -> Iterator[Line]:
    """Yield each code and fragment of Google's table as one reply."""
    with table.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            for reply in row["smtp"].split("|"):
                for status in row["enhanced"].split("|"):
                    for words in row["match"].split("|"):
                        said = f"{reply} {status} {words}".strip()
                        yield Line(f"{reply} {status}", said, row["kind"], row["about"])


def pattern_lines(table: Path) -> Iterator[Line]:
    """Yield wordings that the patterns of a table of rejections stand for."""
    for row in tomllib.loads(table.read_text(encoding="utf-8"))["rejection"]:
        for words in wordings(row["regex"]):
            yield Line(row["id"], words, row["kind"], row["about"])


def status_lines(table: Path) -> Iterator[Line]:
    """Yield each standard code that reports trouble as a reply of its code alone."""
    with table.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["kind"] == "ok":
                continue
            for reply, class_ in (("550", "5"), ("450", "4")):
                said = f"{reply} {class_}{row['code'][1:]}"
                yield Line(row["code"], said, row["kind"], row["about"])


def wordings(pattern: str) -> list[str]:
    """Return shortest texts that a pattern matches, one for each of its choices."""
    return _texts(_parser.parse(pattern))


def _texts(tokens: Any) -> list[str]:
    found = [""]
    for token, value in tokens:
        found = [head + tail for head in found for tail in _texts_of(token, value)][:_MOST]
    return found


def _texts_of(token: Any, value: Any) -> list[str]:
    if token is op.SUBPATTERN:
        return _texts(value[3])
    if token is op.BRANCH:
        return [text for choice in value[1] for text in _texts(choice)]
    if token in {op.MAX_REPEAT, op.MIN_REPEAT}:
        return _repeated(*value)
    if token is op.IN:
        token, value = value[0]
    return [_character(token, value)]


def _character(token: Any, value: Any) -> str:
    """Return one character that a token stands for; none for word ends and the like."""
    if token is op.LITERAL:
        return chr(value)
    if token is op.RANGE:
        return chr(value[0])
    if token is op.CATEGORY:
        return _OF_CLASS.get(value, "x")
    return "'" if token is op.ANY else ""


def _repeated(least: int, most: Any, tokens: Any) -> list[str]:
    if least:
        return [text * least for text in _texts(tokens)]
    return [" "] if tokens[0][0] is op.ANY else ["", *_texts(tokens)[:2]]
