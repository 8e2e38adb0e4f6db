"""Recognises mail that imitates a notice so that somebody presses its link."""

import re
from collections.abc import Iterator

from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.phrase_set import flatten

MAX_LINKS = 50
_AS = r"(?:[^\s/@<>\"']{1,100}@)?"  # a user name before the host, which may look like one
# What follows "http://".
_HOST = re.compile(rf"{_AS}([\w.-]{{3,100}})")
LOOKED_AT = 100_000  # characters
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,300}?href\s?=\s?[\"']?https?://"
    rf"{_AS}([\w.-]{{3,100}})[^<>]{{0,1000}}>([^<>]{{1,80}})<",
    re.IGNORECASE,
)
_LINK_LINE = re.compile(
    r"^[ \t>*-]{0,6}([A-Za-z][^\n:/]{2,80})[:\n <]{0,4}https?://([\w.-]{3,100})", re.MULTILINE
)
# A notice may say so of a page that explains; it has no button for anything else.
_ANY_LINK = ("click", "cliq", "clic", "haga", "klik", "クリック", "点击", "點擊")


def _links(text: str) -> Iterator[re.Match[str]]:
    """Yield what stands behind the "https://" of each link."""
    at = text.find("://")
    while at >= 0:
        is_web = text[max(0, at - 5) : at].lower().endswith(("http", "https"))
        match = _HOST.match(text, at + 3) if is_web else None
        if match:
            yield match
        at = text.find("://", match.end() if match else at + 3)


def link_hosts(text: str) -> tuple[str, ...]:
    """Return the hosts that a text or HTML source links to, each once, lower case."""
    hosts: dict[str, None] = {}
    for match in _links(text[:LOOKED_AT]):
        hosts[match[1].lower().rstrip(".")] = None
        if len(hosts) == MAX_LINKS:
            break
    return tuple(hosts)


def buttons(html: str) -> tuple[tuple[str, str], ...]:
    """Return the links of an HTML source: the host each leads to, and the words on it."""
    found = _ANCHOR.findall(html[:LOOKED_AT])
    return tuple((host.lower().rstrip("."), words) for host, words in found[:MAX_LINKS])


def has_lure(links: tuple[tuple[str, str], ...], said: str, words: NoticeWords) -> bool:
    """Tell whether a button, or a line that is one, says what only imitations have buttons for."""
    on_buttons = (flatten(text) for host, text in links if not words.is_help_host(host))
    if any(
        not lure.startswith(_ANY_LINK) for text in on_buttons for lure in words.luring.all_in(text)
    ):
        return True
    if "://" not in said:
        return False
    begins = tuple(words.lure_lines)
    return any(
        flatten(line).startswith(begins) and not words.is_help_host(host.lower())
        for line, host in _LINK_LINE.findall(said[:LOOKED_AT])
    )


def is_lure(said: str, hosts: tuple[str, ...], words: NoticeWords) -> bool:
    """Tell whether words urge to press a link that does not lead to a mail company's own pages.

    Notices link too, to pages that explain. The writer's own domain is no excuse: who imitates a
    notice writes from the place that the link leads to.
    """
    is_strange = any(not words.is_help_host(host) for host in hosts)
    return is_strange and words.luring.any_in(flatten(said[:20_000]))
