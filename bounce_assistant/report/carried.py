"""Tells a notice by what it brings along: the reader's own mail, by somebody it was not for."""

import re
from collections.abc import Sequence

import msgspec

from bounce_assistant.report.facts import Notice, OriginalMessage
from bounce_assistant.report.machines import is_by_machine
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.original import plain_copy, plain_header_start
from bounce_assistant.report.phrase_set import flatten
from bounce_assistant.report.told import (
    tells_of_absence,
    tells_of_arrival,
    tells_of_missed,
    tells_of_trouble,
)
from bounce_assistant.report.words import all_addresses

_SAID = 2000  # characters in which a notice says what became of the mail
_SHORTEST_NAME = 4  # letters before the @ that name somebody where they stand alone
_RULE = "-=*_#~"  # what lines are drawn with


class Carried(msgspec.Struct, frozen=True):
    """The reader's own mail in what a machine wrote, and what it says above it."""

    said: str
    original: OriginalMessage
    named: tuple[str, ...]  # whom of its addressees it names, as the mail itself writes them


def find_carried(
    message: Part,
    notice: Notice,
    said: str,
    copy: str,
    original: OriginalMessage | None,
    words: NoticeWords,
) -> Carried | None:
    """Return the reader's mail that a machine brings back, if it says what became of it.

    ``original`` and ``copy`` are what was found of it already: as a part of its own, or in the
    text. None if no machine wrote it, or nobody is named whom the mail was for.
    """
    if original is None:
        start = plain_header_start(said)
        if start >= 0:
            original, said = plain_copy(said, start), said[:start]
        elif (start := plain_header_start(copy)) >= 0:
            original = plain_copy(copy, start)
        said = without_announcement(said)
    if original is None or not is_by_machine(message, notice, words):
        return None
    named = named_in(said, own_addressees(notice, original))
    flat = flatten(said[:_SAID])
    if not named or not tells_of_trouble(flat, words):
        return None
    if len(named) == 1 and tells_of_arrival(flat, words):
        return None
    is_other = words.coming_in.any_in(flat) or tells_of_absence(notice.subject, flat, words)
    if is_other and not tells_of_missed(flat, words):
        return None
    return Carried(said, original, named)


def own_addressees(notice: Notice, original: OriginalMessage | None) -> tuple[str, ...]:
    """Return whom the reader's own mail was for, if the writer is not one of them.

    Empty if what came along is somebody else's mail, or the writer's answer to it.
    """
    readers = {address.lower() for address in notice.to}
    if original is None or original.sender.lower() not in readers:
        return ()
    if notice.sender.lower() in {address.lower() for address in original.to}:
        return ()
    return tuple(address for address in original.to if address.lower() not in readers)


def named_in(said: str, addressees: Sequence[str]) -> tuple[str, ...]:
    """Return those whom a text names, by the whole address, or else by what is before the @."""
    flat = flatten(said[:_SAID]) if addressees else ""
    known = {address.lower() for address in all_addresses(flat)}
    named = tuple(address for address in addressees if address.lower() in known)
    return named or tuple(address for address in addressees if _is_name_in(flat, address))


def _is_name_in(flat: str, address: str) -> bool:
    name = address.partition("@")[0].lower()
    is_long = len(name) >= _SHORTEST_NAME
    return is_long and re.search(rf"(?<!\w){re.escape(name)}(?![\w@])", flat) is not None


def without_announcement(said: str) -> str:
    """Leave out the line that announces a copy below: "--- Your message ---", "Headers:"."""
    said = said.rstrip("> \t\n")
    above, _, last = said.rpartition("\n")
    is_one = last.endswith(":") or (last[:1] in _RULE and last[-1:] in _RULE)
    return above.rstrip() if is_one and "@" not in last else said
