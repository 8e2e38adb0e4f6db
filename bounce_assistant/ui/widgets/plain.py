"""Text from strangers made safe to show: nothing hidden, nothing reordered, nothing too wide."""

import re
from collections.abc import Callable
from html import escape
from unicodedata import bidirectional
from urllib.parse import urlsplit

REPLACED = "\ufffd"  # what a hidden character is shown as
_SOFT_BREAK = "\u200b"  # a place to wrap that takes no room
_LONGEST_WORD = 32  # characters; a longer run would push a pane wider than the window
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but tab and line ends
    "\u2028\u2029"  # separators that end a paragraph unseen
    "\u202a-\u202e\u2066-\u2069"  # overrides that turn "gpj.exe" around
    "\ufff9-\ufffb\ud800-\udfff]"  # annotations, halves of characters
)
_JOINT = re.compile(r"(?<=[@./_=-])(?=\w)")  # where an address may be broken with good grace
_RUN = re.compile(r"\S{8,}")
_SPACES = re.compile(r"\s+")


def displayable(text: str) -> str:
    """Return text of the same length in which every hidden character shows as a mark."""
    return _HIDDEN.sub(REPLACED, text)


def runs_leftwards(text: str) -> bool:
    """Say whether a text runs from right to left, by its first letter (UAX #9, rules P2 and P3)."""
    strong = (bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in strong if kind in {"L", "R", "AL"}), False)


def isolated(text: str) -> str:
    """Return a text that runs as its own letters do, whatever it stands in (UAX #9, FSI)."""
    return f"\u2068{text}\u2069"


def one_line(text: str, limit: int = 300) -> str:
    """Return text fit for a label: shown honestly, on one line, at most ``limit`` characters."""
    line = _SPACES.sub(" ", displayable(text[: limit * 4])).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"


def as_shown(text: str) -> str:
    """Return text for a tooltip. Qt takes words for HTML by their looks, and loads its pictures."""
    return "<qt>" + escape(displayable(text)).replace("\n", "<br>") + "</qt>"


def breakable(text: str, measure: Callable[[str], int] = len, longest: int = _LONGEST_WORD) -> str:
    """Let very long words wrap, such as an address of 200 characters.

    ``measure`` says how wide a word is; no part of one will be wider than ``longest``.
    """

    def cut(run: re.Match[str]) -> str:
        width = measure(run[0])
        if width <= longest:
            return run[0]
        parts = _JOINT.split(run[0])
        if len(parts) > 1:
            return _SOFT_BREAK.join(_RUN.sub(cut, part) for part in parts)
        step = max(1, len(run[0]) * longest // width)
        return _SOFT_BREAK.join(run[0][at : at + step] for at in range(0, len(run[0]), step))

    return _RUN.sub(cut, text)


def button_text(text: str) -> str:
    """Return text for a button or menu, where a lone ``&`` would become a mnemonic."""
    return one_line(text, 90).replace("&", "&&")


def host_of(address: str) -> str:
    """Return the host that a web address leads to, ``""`` if it is none we would open."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"https", "http"} else ""
