"""Finds where a mail's links lead, however they are written or wrapped, and in whose words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice

import msgspec

from bounce_assistant.report.lures import LOOKED_AT
from bounce_assistant.report.mime import Part
from bounce_assistant.report.phrase_set import flatten

_AS = r"(?:[^\s/@<>\"']{1,100}@)?"  # a user name before the host, which may look like one
_PLAIN = re.compile(
    rf"(?:\bh(?:tt|xx)ps?://{_AS}|\b(?=www\.)|(?<![^\s(<])(?=[\w.-]{{3,80}}\.[a-z]{{2,12}}/[a-z]))"
    r"((?:[\w-]|\[?\.\]?){3,120})([^\s<>\"']{0,600})",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\.(?:[A-Za-z]{2,12}/[A-Za-z]|[A-Za-z\d](?<=\b[Ww][Ww][Ww]..))"
)  # without scheme
_IN_HTML = re.compile(
    rf"\b(?:href|action)\s?=\s?[\"']?\s?(?:https?:)?//{_AS}([\w.-]{{3,120}})([^\s<>\"']{{0,600}})"
    r"([^<>]{0,300}>(?:[^<>]{0,200}<(?!/a)[^<>]{0,200}>){0,3}[^<>]{0,120})?",
    re.IGNORECASE,
)
# A link inside another's: companies that look at links before one opens them write it so.
_INSIDE = re.compile(r"https?(?:-3a__|(?::|%3a)(?:/|%2f){2})([\w.-]{3,120})", re.IGNORECASE)
_MOST = 200  # links that are looked at
_MARGIN = 12  # characters beside a link that tell whether it has its line to itself
_TAG = re.compile(r"<[^<>]{0,200}>")
_PARAGRAPH = re.compile(r"\n[ \t>]{0,20}\n")
_REPLY = re.compile(r"(?<![\d.])[45]\d\d[ -]")
_NEXT = re.compile(r"\n(?=[^\W\d_a-z])")  # what begins a line like a sentence is the notice's own
_HOME = frozenset({"", "/", ".", ",", ")", "/."})
_EXPLAINS = re.compile(
    r"help|hilfe|aide|ayuda|ajuda|aiuto|support|assist|faq|kb\b|know|docs?\b|article|wiki|learn|status|"
    r"error|bounce|fehler|erreur|postmaster|policy|policies|terms|about|contact|kontakt|imprint|impressum|blog"
)


class Link(msgspec.Struct, frozen=True):
    """Where a link leads, and where it stands."""

    host: str  # in lower case
    rest: str  # what follows the host, in lower case
    words: str = ""  # on the link, in HTML
    is_in_reply: bool = False  # a server's reply stands in the same paragraph
    is_alone: bool = False  # on its line

    @property
    def is_home(self) -> bool:
        """Whether it leads to the first page of a site, as links to a company do."""
        return self.rest in _HOME

    @property
    def explains(self) -> bool:
        """Whether its name is one of pages that explain, and want nothing."""
        return _EXPLAINS.search(f"{self.host}{self.rest[:80]}") is not None


def find_links(message: Part, said: str) -> tuple[Link, ...]:
    """Return the links of what a mail says and of its HTML, also where that is an alternative."""
    found = dict.fromkeys(islice(_in_text(said[:LOOKED_AT]), _MOST))
    replies = {link.host for link in found if link.is_in_reply}
    for part in message.walk():
        if part.content_type == "text/html":
            for link in _in_html(part.text()[:LOOKED_AT]):
                is_in_reply = link.host in replies
                found[Link(link.host, link.rest, link.words, is_in_reply)] = None
        if len(found) > _MOST:
            break
    return tuple(found)[:_MOST]


def _in_text(said: str) -> Iterator[Link]:
    if "://" not in said and not _BARE.search(said):
        return
    for paragraph in _PARAGRAPH.split(said):
        if "://" not in paragraph and not _BARE.search(paragraph):
            continue
        matches = list(islice(_PLAIN.finditer(paragraph), _MOST))
        codes = [match.end() for match in _REPLY.finditer(paragraph)] if matches else []
        ends = [match.start() for match in _NEXT.finditer(paragraph)] if codes else []
        for match in matches:
            code = bisect_right(codes, match.start()) - 1
            is_in_reply = code >= 0 and (
                bisect_left(ends, codes[code]) == bisect_left(ends, match.start())
            )
            line = paragraph[max(0, match.start() - _MARGIN) : match.start()].rpartition("\n")[2]
            after = paragraph[match.end() : match.end() + _MARGIN].strip(" \t>)")
            is_alone = not line.strip(" \t<>*-") and after[:1] in {"", "\n"}
            yield from _leading(match, "", is_in_reply=is_in_reply, is_alone=is_alone)


def _in_html(source: str) -> Iterator[Link]:
    if "&#" in source:
        from html import unescape  # noqa: PLC0415 - its long table is not read for plain mail

        source = unescape(source)
    for match in islice(_IN_HTML.finditer(source), _MOST):
        words = (match[3] or "").partition(">")[2]
        yield from _leading(match, flatten(_TAG.sub(" ", words)))


def _leading(
    match: re.Match[str], words: str, *, is_in_reply: bool = False, is_alone: bool = False
) -> Iterator[Link]:
    """Yield a link, or the one that it hands its reader on to."""
    host, rest = match[1], match[2]
    inside = _INSIDE.search(rest)
    host = inside[1] if inside else re.sub(r"[\[\]]", "", host)
    rest = rest[inside.end() :] if inside else rest
    host = host.lower().strip(".-_")
    if "." in host:
        yield Link(host, rest.lower(), words, is_in_reply, is_alone)
