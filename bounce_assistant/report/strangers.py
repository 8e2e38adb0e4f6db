"""Tells a mail that leads its reader to a stranger who wants something of him; no notice does."""

import binascii
import re
from collections.abc import Iterable, Sequence

import msgspec

from bounce_assistant.report.facts import Notice, OriginalMessage, RecipientReport
from bounce_assistant.report.links import Link, find_links
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.words import domain_of

_SAID = 6000  # characters in which a mail has said what it wants
_NUMBERS = re.compile(r"[\d.]+")
_PAGE = re.compile(
    r"name\*?\s?=[^;]{1,200}\.(?:s?html?|svg|hta|js|url|lnk|one|iso|img)[\"'\s]{0,3}(?:;|$)",
    re.IGNORECASE,
)
# In domains such as example.co.uk the third word from the end is the company's.
_SECOND_LEVEL = frozenset({"co", "com", "net", "org", "gov", "gob", "ac", "edu", "ne", "or", "go"})
_COUNTRY = 2  # letters
_SHORTEST_NAME = 5  # letters of a company's name that no other has by chance


class Circle(msgspec.Struct, frozen=True):
    """The addresses that a notice has to do with: each one's house has pages of its own."""

    readers: frozenset[str]  # in lower case
    missed: frozenset[str]
    writers: frozenset[str]
    is_server: bool = False  # it says that a mail server wrote it

    @classmethod
    def of(
        cls, notice: Notice, missed: Sequence[RecipientReport], *, is_server: bool = False
    ) -> "Circle":
        """Gather them from a notice and from whom it says that mail did not reach."""
        return cls(
            frozenset(address.lower() for address in notice.to),
            frozenset(each.recipient for each in missed),
            frozenset((notice.sender, notice.return_path or "")),
            is_server,
        )


def wants_of_its_reader(
    circle: Circle,
    message: Part,
    said: str,
    original: OriginalMessage | None,
    words: NoticeWords,
) -> str:
    """Return what a mail wants of its reader as no notice does; '' if nothing.

    ``said``: its own words, without the mail that came back. A notice explains itself on pages of
    a mail company, of those it has to do with, or in the words of the server that refused.
    """
    beginning = f"{message.words('subject')}\n\n{said[:_SAID]}"
    if wanted := words.demands.made_by_itself(beginning):
        return wanted
    if original is not None and is_of(domain_of(original.sender), circle.readers):
        return ""  # his own mail came back with it
    links = [each for each in find_links(message, said) if _is_strange(each.host, circle, words)]
    links = [each for each in links if not is_of(each.host, circle.missed, by_name=True)]
    if any(_names_the_reader(link, circle.readers) for link in links):
        return "leads to a page that knows its reader"
    if _has_page(message):
        return "brings a page along that is to be opened"
    far = [each for each in links if not is_of(each.host, circle.writers, by_name=True)]
    is_forged = "dmarc=fail" in message.get("authentication-results").lower()
    if place := _strange_place(links, far, circle, words, is_forged=is_forged):
        return place
    kinds = {"home" if each.is_home and not each.words else "page" for each in far}
    kinds |= {"writer"} if len(far) < len(links) else set()
    on_links = [link.words for link in links if link.words]
    return words.demands.made_in(beginning, on_links, frozenset(kinds)) if links else ""


def _is_strange(host: str, circle: Circle, words: NoticeWords) -> bool:
    """Tell a host that is neither a mail company's nor of the reader's house."""
    is_known = words.is_help_host(host) and not words.demands.is_anyones(host)
    is_known = is_known or words.demands.is_of_footers(host)
    return not is_known and not is_of(host, circle.readers)


def _strange_place(
    links: Sequence[Link],
    far: Sequence[Link],
    circle: Circle,
    words: NoticeWords,
    *,
    is_forged: bool,
) -> str:
    """Return where links lead that no notice has outside of a server's reply; '' if nowhere.

    What the missed person's own server writes may link anywhere. Services have a page for each
    mail, which servers have not: theirs explain.
    """
    if far and is_forged:
        return "isn't from who it says, and leads to a stranger's page"
    if any(is_of(domain_of(each), circle.missed, by_name=True) for each in circle.writers if each):
        return ""
    hosts = {each.host for each in far if not each.is_in_reply}
    if any(words.demands.is_anyones(host) or _NUMBERS.fullmatch(host) for host in hosts):
        return "leads to a page that anybody may have put there"
    own = [each for each in links if not each.is_in_reply]
    if any(each.is_alone or each.words or not each.is_home for each in own if each.host in hosts):
        return "leads to a stranger's page"
    if circle.is_server and any(not (each.is_home or each.explains) for each in own):
        return "leads to a page that explains nothing"
    return ""


def _has_page(message: Part) -> bool:
    """Tell whether a file is attached that opens as a page; returned mail is no file."""
    return any(
        "attachment" in (place := part.get("content-disposition")).lower()
        and _PAGE.search(f"{part.get('content-type')};{place}") is not None
        for part in message.walk()
        if not part.parts
    )


def is_of(host: str, addresses: Iterable[str], *, by_name: bool = False) -> bool:
    """Tell whether a host is of the domain of one of these addresses.

    ``by_name``: also where only the end differs, as of example.com and example.net.
    """
    domains = {domain_of(address) for address in addresses if address}
    if any(host == each or host.endswith(f".{each}") for each in domains):
        return True
    return by_name and _company(host) in {_company(each) for each in domains}


def _company(host: str) -> str:
    """Return the word of a host's name that a company registered."""
    labels = host.split(".")
    is_below = len(labels) > _COUNTRY and labels[-2] in _SECOND_LEVEL
    at = 3 if is_below and len(labels[-1]) == _COUNTRY else 2
    return labels[-at] if len(labels) >= at else host


def _names_the_reader(link: Link, readers: Iterable[str]) -> bool:
    """Tell a link that carries its reader along, or whose host has his company's name."""
    told = link.rest.replace("%40", "@")
    host = f"-{link.host.rpartition('.')[0].replace('.', '-')}-"
    for address in readers:
        name = _company(domain_of(address))
        coded = binascii.b2a_base64(address.encode("utf-8", "replace")).decode().rstrip("=\n")
        is_named = len(name) >= _SHORTEST_NAME and f"-{name}-" in host
        if is_named or address in told or coded.lower() in link.rest:
            return True
    return False
