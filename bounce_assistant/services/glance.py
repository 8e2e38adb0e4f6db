"""Judges a message by its first words and the types of its parts, before the rest is fetched."""

from bounce_assistant.mail.mailbox import Look
from bounce_assistant.report.mime import parse_message
from bounce_assistant.report.parts import sort_parts
from bounce_assistant.services.examine import examine_message
from bounce_assistant.services.knowledge import Knowledge

FIRST_WORDS = 640  # bytes of a message's body that usually decide
MORE_WORDS = 6_000  # bytes, where the first ones say nothing yet, as in HTML
_ENOUGH = 60  # characters that a person would read
_RETURNED = ("message/", "text/rfc822-header")  # what only notices and forwarded mail carry
_BY_MACHINE = b"Return-Path: <>\r\n"  # few fields were fetched: those may speak for it
_RECEIPT = frozenset({"message/disposition-notification", "message/x-disposition-notification"})


def is_worth_fetching(look: Look, knowledge: Knowledge) -> bool:
    """Say whether the header and the first words read like a notice; ``look`` holds both."""
    if any(kind.startswith(_RETURNED) for kind in look.types - _RECEIPT):
        return True
    return examine_message(_BY_MACHINE + _seen(look), knowledge).is_trouble


def says_nothing_yet(look: Look) -> bool:
    """Say whether too little of a message was seen to judge it."""
    if len(look.header) + len(look.beginning) >= look.size:
        return False
    if len(look.types) > 1 and "text/html" not in look.types:
        return False  # a short text, then what nobody reads
    return len(sort_parts(parse_message(_seen(look))).said.strip()) < _ENOUGH


def _seen(look: Look) -> bytes:
    return look.header + look.beginning
