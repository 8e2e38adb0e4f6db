"""HTML to the words a person would read. Linear on any input; nothing is fetched or run."""

import re
from html import unescape

_HIDDEN = re.compile(r"<(style|script|head|title)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d|/table|/ul|hr|/pre)\b[^>]*>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_BLANKS = re.compile(r"[ \t\xa0\u200b]+")
_LINES = re.compile(r" ?\n[ \n]*\n")
_MAX = 400_000


def html_to_text(html: str) -> str:
    """Return readable text, one line per block; at most 400,000 characters are looked at."""
    html = html[:_MAX]
    if "<" in html:
        lowered = html.lower()
        if "</script" in lowered or "</style" in lowered or "</head" in lowered:
            html = _HIDDEN.sub(" ", html)
        if "<!--" in html:
            html = _COMMENT.sub("", html)
        html = html.replace("\n", " ") if "<pre" not in lowered else html
        html = _TAG.sub("", _CELL.sub(" ", _BREAK.sub("\n", html)))
    text = _BLANKS.sub(" ", unescape(html))
    return _LINES.sub("\n\n", text).replace("\n ", "\n").strip()
