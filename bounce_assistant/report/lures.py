"""Recognises mail that imitates a notice so that somebody presses its link."""

import re

from bounce_assistant.report.kinds import flatten
from bounce_assistant.report.notice_words import NoticeWords

MAX_LINKS = 50
_LINK = re.compile(r"https?://(?:[^\s/@<>\"']{1,100}@)?([\w.-]{3,100})", re.IGNORECASE)
_LOOKED_AT = 100_000  # characters


def link_hosts(text: str) -> tuple[str, ...]:
    """Return the hosts that a text or HTML source links to, each once, lower case."""
    hosts: dict[str, None] = {}
    for match in _LINK.finditer(text[:_LOOKED_AT]):
        hosts[match[1].lower().rstrip(".")] = None
        if len(hosts) == MAX_LINKS:
            break
    return tuple(hosts)


def is_lure(said: str, hosts: tuple[str, ...], words: NoticeWords) -> bool:
    """Tell whether words urge to press a link that does not lead to a mail company's own pages.

    Notices link too, to pages that explain. The writer's own domain is no excuse: who imitates a
    notice writes from the place that the link leads to.
    """
    is_strange = any(not host.endswith(tuple(words.help_hosts)) for host in hosts)
    return is_strange and words.luring.any_in(flatten(said[:20_000]))
