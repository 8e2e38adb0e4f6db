"""Tells a likely notice from other mail by a few header fields; the words are data."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from functools import cache
from typing import Any

import msgspec

from bounce_assistant import resources
from bounce_assistant.errors import AppError

FIELDS = (
    "From",
    "Subject",
    "Content-Type",
    "Return-Path",
    "Auto-Submitted",
    "X-Failed-Recipients",
    "Precedence",
    "List-Id",
    "List-Unsubscribe-Post",
)


class Subjects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parts of subjects; ``other`` needs a server that searches in UTF-8."""

    ascii: list[str]
    other: list[str]


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
    headers: dict[str, list[str]]
    subjects: Subjects
    newsletter: Newsletter
    spam: Named
    sent: Named
    sign_in: SignIn

    def is_likely_notice(self, header: bytes) -> bool:
        """Say whether a message is worth fetching whole; ``header`` holds FIELDS only."""
        message = message_from_bytes(header, policy=policy.compat32)
        return self._has_machine_field(message) or self._has_telling_words(message)

    def _has_machine_field(self, message: "Message[Any, Any]") -> bool:
        for field, parts in self.headers.items():
            values = [decode_field(value).lower() for value in message.get_all(field, [])]
            if any(part.lower() in value for value in values for part in parts):
                return True
        return False

    def _has_telling_words(self, message: "Message[Any, Any]") -> bool:
        sender = decode_field(message.get("From", "")).lower()
        if not sender or any(part in sender for part in self.senders):
            return True  # mail without From is never a person's
        subject = decode_field(message.get("Subject", "")).lower()
        words = (*self.subjects.ascii, *self.subjects.other)
        return any(word.lower() in subject for word in words) and not self._is_newsletter(message)

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


def decode_field(value: object) -> str:
    """Return a field's text with its encoded words read (RFC 2047); odd ones stay as they are."""
    text = " ".join(str(value).split())
    if "=?" not in text:
        return text
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError):
        return text
