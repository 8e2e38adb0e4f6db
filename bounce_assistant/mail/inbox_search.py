"""Tells likely notices from other mail by a few header fields; the words are data."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from enum import IntEnum
from functools import cache
from typing import Any

import msgspec

from bounce_assistant import resources
from bounce_assistant.errors import AppError

FIELDS = (
    "From",
    "Subject",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Return-Path",
    "Auto-Submitted",
    "X-Failed-Recipients",
    "X-Apple-Unsubscribe",
    "Precedence",
    "List-Id",
    "List-Unsubscribe-Post",
    "In-Reply-To",
)
# What is left to know of a message that the server's search chose already.
CHOSEN_FIELDS = ("From", "Subject", "Auto-Submitted")


class Promise(IntEnum):
    """What the header makes of a message."""

    NONE = 0  # no notice
    MAYBE = 1  # its first words have to be looked at
    SURE = 2  # worth fetching


class Subjects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parts of subjects; ``other`` needs a server that searches in UTF-8."""

    always: list[str]
    ascii: list[str]
    other: list[str]


class Gmail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for in Gmail's own search language."""

    search: str


class Newsletter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields whose presence, and precedences whose value, mark mail to many."""

    fields: list[str]
    precedence: list[str]


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Usual names of a folder, where the server doesn't mark it."""

    names: list[str]

    def is_name(self, name: str, delimiter: str) -> bool:
        """Say whether the last part of a folder's name is one of them."""
        last = name.rpartition(delimiter)[2] if delimiter else name
        return last.lower() in self.names


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parts of what servers say when they refuse a sign-in."""

    imap_off: list[str]
    mailbox_closed: list[str]
    app_password_needed: list[str]
    passwords_off: list[str]
    browser_first: list[str]
    busy: list[str]


class InboxSearch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """resources/inbox_search.toml."""

    senders: list[str]
    offices: list[str]
    fields: dict[str, list[str]]
    machine_fields: dict[str, list[str]]
    receipt_fields: dict[str, list[str]]
    subjects: Subjects
    gmail: Gmail
    newsletter: Newsletter
    spam: Named
    sent: Named
    sign_in: SignIn

    def promise(self, header: bytes) -> Promise:
        """Say whether a message is worth fetching; ``header`` holds FIELDS only."""
        message = message_from_bytes(header, policy=policy.compat32)
        sender = decode_field(message.get("From", "")).lower()
        is_receipt = _has_any(message, self.receipt_fields)
        if any(part in sender for part in self.senders):
            return Promise.SURE
        if _has_any(message, self.fields) and not is_receipt:
            return Promise.SURE
        is_machine = is_receipt or _has_any(message, self.machine_fields)
        # Mail without From is never a person's.
        if is_machine or not sender or any(part in sender for part in self.offices):
            return Promise.MAYBE
        subject = decode_field(message.get("Subject", "")).lower()
        if any(word in subject for word in self.subjects.always):
            return Promise.MAYBE
        words = (*self.subjects.ascii, *self.subjects.other)
        is_telling = any(word.lower() in subject for word in words)
        return Promise.MAYBE if is_telling and not self._is_newsletter(message) else Promise.NONE

    def _is_newsletter(self, message: "Message[Any, Any]") -> bool:
        precedence = str(message.get("Precedence", "")).strip().lower()
        has_field = any(message.get(field) is not None for field in self.newsletter.fields)
        return has_field or precedence in self.newsletter.precedence


def parse_inbox_search(text: str) -> InboxSearch:
    """Build the word lists from TOML; AppError when the file is broken."""
    try:
        return msgspec.toml.decode(text, type=InboxSearch)
    except msgspec.DecodeError as error:
        raise AppError("We can't use inbox_search.toml.", f"{error}.") from error


@cache
def load_inbox_search() -> InboxSearch:
    """Read resources/inbox_search.toml."""
    return parse_inbox_search(resources.read_text("inbox_search.toml"))


def _has_any(message: "Message[Any, Any]", fields: dict[str, list[str]]) -> bool:
    for field, parts in fields.items():
        values = [decode_field(value).lower() for value in message.get_all(field, [])]
        if any(part.lower() in value for value in values for part in parts):
            return True
    return False


def decode_field(value: object) -> str:
    """Return a field's text with its encoded words read (RFC 2047); odd ones stay as they are."""
    text = " ".join(str(value).split())
    if "=?" not in text:
        return text
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError):
        return text
