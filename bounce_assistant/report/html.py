"""HTML to the words a person would read. Linear on any input; nothing is fetched or run."""

import re

_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d|/table|/ul|hr|/pre)\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_BLANKS = re.compile(r"[ \t\xa0\u200b]+")
_LINES = re.compile(r"\n[ \n]+")
_MAX = 400_000
_UNSEEN = (("<style", "</style"), ("<script", "</script"), ("<head", "</head"), ("<!--", "-->"))


def html_to_text(html: str) -> str:
    """Return readable text, one line per block; at most 400,000 characters are looked at."""
    html = html[:_MAX]
    if "<" in html:
        lowered = html.lower()
        for opening, closing in _UNSEEN:
            if opening in lowered:
                html = _without(html, lowered, opening, closing)
                lowered = html.lower()
        if "<pre" not in html:
            html = html.replace("\n", " ")
        html = _TAG.sub("", _CELL.sub(" ", _BREAK.sub("\n", html)))
    if "&" in html:
        from html import unescape  # noqa: PLC0415 - its long table is not read for plain mail

        html = unescape(html)
    text = _BLANKS.sub(" ", html.replace("\xad", ""))
    return _LINES.sub(_one_gap, text).strip()


def _one_gap(match: re.Match[str]) -> str:
    return "\n" if match[0].count("\n") == 1 else "\n\n"


def _without(html: str, lowered: str, opening: str, closing: str) -> str:
    """Cut out each stretch from an opening to its closing; one that is never closed stays."""
    begin = lowered.find(opening)
    kept, after = [], 0
    while begin >= 0:
        end = lowered.find(closing, begin)
        if end < 0:
            break
        kept.append(html[after:begin])
        after = lowered.find(">", end) + 1 or len(html)
        begin = lowered.find(opening, after)
    return "".join((*kept, html[after:]))
