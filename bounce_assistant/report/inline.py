"""Finds the message that a mail program put into the text when somebody forwarded it."""

import re

import msgspec

from bounce_assistant.report.notice_words import ForwardedWords

_MOST_LINES = 60  # at the top, in which the forwarded message's header begins
_MOST_FIELDS = 12  # lines of that header, wrapped ones among them
_LONGEST_LINE = 500
# "> *From:* somebody": a label as mail programs show it, quoted or in bold.
_LABEL = re.compile(
    r"[>\s]{0,8}\*{0,2}([^\W\d_][^:：\n]{0,24}?)\s?\*{0,2}[:：]\*{0,2}[ \t\xa0]*(.*)"
)
_EMPTY = re.compile(r"[>\s]*")
# What stands above the header: a line drawn, or words between two.
_DRAWN = re.compile(r"^[>\s]*[-_=*]{2,80}(?:[^\n@]{0,60}[-_=*]{2,80})?[>\s]*$", re.MULTILINE)


class Forwarded(msgspec.Struct, frozen=True):
    """A message inside the text of another."""

    remark: str  # what the person wrote above it
    raw: bytes  # the message: the fields that the mail program showed, and its text


def find_forwarded(said: str, words: ForwardedWords) -> Forwarded | None:
    """Return the message that a text forwards, by the header above it; None if there is none.

    That header has a sender and a subject at least, in whichever language the program speaks.
    """
    lines = said.split("\n")
    for at, line in enumerate(lines[:_MOST_LINES]):
        if _field(line, words)[0] != "From":
            continue
        fields, end = _header(lines, at, words)
        if "Subject" in fields:
            head = "".join(f"{name}: {value}\n" for name, value in fields.items())
            body = "\n".join(map(_unquoted, lines[end:]))
            remark = _DRAWN.sub("", "\n".join(lines[:at])).strip(" \t\n>")
            return Forwarded(remark, f"{head}\n{body}".encode("utf-8", "replace"))
    return None


def _header(lines: list[str], at: int, words: ForwardedWords) -> tuple[dict[str, str], int]:
    """Read the labelled lines from a place on; return them by their standard names, and the end."""
    fields: dict[str, str] = {}
    last = ""
    for end in range(at, min(at + _MOST_FIELDS, len(lines))):
        name, value = _field(lines[end], words)
        if name:
            fields.setdefault(name, value)
            last = name
        elif _EMPTY.fullmatch(lines[end]):
            return fields, end + 1
        else:  # an address or a subject that was wrapped
            fields[last] += " " + _unquoted(lines[end]).strip()
    return fields, min(at + _MOST_FIELDS, len(lines))


def _field(line: str, words: ForwardedWords) -> tuple[str, str]:
    """Return the standard name and the value of a labelled line; two empty texts for others."""
    match = _LABEL.match(line[:_LONGEST_LINE])
    name = words.names.get(match[1].strip().lower(), "") if match else ""
    return (name, match[2].strip()) if match and name else ("", "")


def _unquoted(line: str) -> str:
    return line.removeprefix(">").removeprefix(" ") if line.startswith(">") else line
