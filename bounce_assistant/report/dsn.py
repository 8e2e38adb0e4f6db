"""Reads delivery status parts (RFC 3464, RFC 6533), also bent and broken ones."""

import re
import sys

from msgspec.structs import replace

from bounce_assistant.report.facts import DsnAction, RecipientReport, StatusCode
from bounce_assistant.report.mime import Part, parse_fields
from bounce_assistant.report.replies import command_in, find_codes, tidy_diagnostic
from bounce_assistant.report.words import (
    clean_address,
    decode_words,
    first_address,
    is_masked,
    without_xtext,
)

STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
MAX_RECIPIENTS = 1000
_SURROGATES = (0xD800, 0xDFFF)
_LONGEST_TYPE = 20
_ADDRESSED = frozenset({"final-recipient", "original-recipient"})
_BLOCK_START = re.compile(r"^(?:original-recipient|final-recipient)[ \t]*:", re.MULTILINE)
_GROUP_GAP = re.compile(r"\n(?:[ \t]*\n)+")
_UNICODE = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_ACTIONS = {action.value: action for action in DsnAction}
_ACTIONS |= {"failure": DsnAction.FAILED, "fail": DsnAction.FAILED, "delay": DsnAction.DELAYED}
_ACTIONS |= {"deliverable": DsnAction.DELIVERED, "failed (relay)": DsnAction.FAILED}

Fields = dict[str, str]  # lower-case name -> its first value


class StatusPart:
    """The fields of one delivery status part: per message, and one record per recipient."""

    __slots__ = ("message_fields", "recipients")

    def __init__(self, message_fields: dict[str, str], recipients: list[RecipientReport]) -> None:
        self.message_fields = message_fields
        self.recipients = recipients


def find_status_part(message: Part) -> Part | None:
    """Return the delivery status part of a message, wherever it stands in the tree."""
    for part in message.walk():
        if part.content_type in STATUS_TYPES:
            return part
    for part in message.walk():
        if not part.parts and part.content_type.startswith(("text/plain", "application/octet")):
            head = part.decoded(4000)
            if _has_status_block(head.lower()):
                return part
    return None


def _has_status_block(lowered: bytes) -> bool:
    """Tell whether the lower-case beginning of a text part looks like a delivery status."""
    return (
        b"final-recipient" in lowered
        and (b"\naction:" in lowered or b"\nstatus:" in lowered)
        and _BLOCK_START.search(lowered.decode("latin-1")) is not None
    )


def read_status_part(text: str) -> StatusPart:
    """Read the groups of fields; those without a usable address are kept with an empty one."""
    message_fields: dict[str, str] = {}
    recipients: list[RecipientReport] = []
    for fields in _groups(text):
        if fields.keys() & {*_ADDRESSED, "action"} and len(recipients) < MAX_RECIPIENTS:
            recipients.append(_recipient(fields))
        for name in ("reporting-mta", "arrival-date", "original-envelope-id", "received-from-mta"):
            if name in fields:
                message_fields.setdefault(name, fields[name])
    return StatusPart(message_fields, _merged(recipients))


def _groups(text: str) -> list[Fields]:
    """Split into groups at blank lines, and at a second Final-Recipient inside one."""
    found: list[Fields] = []
    for block in _GROUP_GAP.split(text.strip("\n")):
        current: Fields = {}
        for written, value in parse_fields(block):
            name = written.lower()
            if name in _ADDRESSED and (
                name in current or ("action" in current and "final-recipient" in current)
            ):
                found.append(current)
                current = {}
            current.setdefault(name, value)
        if current:
            found.append(current)
    return _joined(found)


def _joined(groups: list[Fields]) -> list[Fields]:
    """Put a group without an address behind the one it belongs to: some servers add blank lines."""
    joined: list[Fields] = []
    for group in groups:
        is_addressed = not _ADDRESSED.isdisjoint(group)
        is_lone = not is_addressed and group.keys() & {"action", "status", "diagnostic-code"}
        before = joined[-1] if joined else {}
        if is_lone and not _ADDRESSED.isdisjoint(before) and before.keys().isdisjoint(group):
            before.update(group)
        else:
            joined.append(group)
    return joined


def _recipient(fields: dict[str, str]) -> RecipientReport:
    final = read_address(fields.get("final-recipient", ""))
    original = read_address(fields.get("original-recipient", ""))
    diagnostic = tidy_diagnostic(_untyped(decode_words(fields.get("diagnostic-code", ""))))
    codes = find_codes(diagnostic)
    remote = _untyped(fields.get("remote-mta", ""))
    recipient = original if "@" in original else final or original
    if final.replace('"', "") == original:
        recipient = final  # the same, with the quotes that it needs
    stated = StatusCode.parse(fields.get("status", ""))
    return RecipientReport(
        recipient=recipient,
        final_recipient="" if final.lower() == recipient.lower() else final,
        dsn_action=_action(fields.get("action", "")),
        status=better_status(codes.status, stated),
        reply_code=codes.reply_code,
        diagnostic=diagnostic,
        remote_mta=remote.partition(" ")[0].strip("()[];,"),
        smtp_command=command_in(diagnostic),
    )


def better_status(remote: StatusCode | None, stated: StatusCode | None) -> StatusCode | None:
    """Prefer the code in the server's own words; a bare x.0.0 there tells less than Status."""
    if remote is None:
        return stated
    if stated and (remote.subject, remote.detail) == (0, 0) and remote.class_ == stated.class_:
        return stated
    return remote


def _action(value: str) -> DsnAction | None:
    word = value.strip().lower()
    if word in _ACTIONS:
        return _ACTIONS[word]
    first = re.split(r"[^a-z]", word, maxsplit=1)[0]
    return _ACTIONS.get(first)


def _untyped(value: str) -> str:
    """Drop the type prefix of a field: 'dns; host', 'smtp; 550 ...'."""
    kind, semicolon, rest = value.partition(";")
    is_type = semicolon and len(kind) < _LONGEST_TYPE and " " not in kind.strip()
    return (rest if is_type else value).strip()


def read_address(value: str) -> str:
    """Return the address of a typed address field; xtext and utf-8 escapes undone."""
    kind, _, rest = value.partition(";")
    text = rest or kind
    if "\\x{" in text:
        text = _UNICODE.sub(_character, text)
    if "+" in text and "@" not in text:
        text = without_xtext(text)
    address = first_address(text) or clean_address(text.strip().partition(" ")[0])
    return "" if is_masked(address) else address


def _character(found: re.Match[str]) -> str:
    """Return the character of an escape; one that is no character stays as it is written."""
    number = int(found[1], 16)
    is_character = number <= sys.maxunicode and not _SURROGATES[0] <= number <= _SURROGATES[1]
    return chr(number) if is_character else found[0]


def _merged(recipients: list[RecipientReport]) -> list[RecipientReport]:
    """Fold groups that repeat one recipient with the same action; the one that says more stays."""
    merged: dict[tuple[str, DsnAction | None], RecipientReport] = {}
    for report in _members_apart(recipients) if len(recipients) > 1 else recipients:
        key = (report.recipient.lower(), report.dsn_action)
        known = merged.get(key)
        if known is None or len(report.diagnostic) > len(known.diagnostic):
            merged[key] = report
    return list(merged.values())


def _members_apart(recipients: list[RecipientReport]) -> list[RecipientReport]:
    """Name the members of an address that stands for several: each may have a fate of his own."""
    members: dict[str, set[str]] = {}
    for each in recipients:
        if "@" in each.final_recipient:
            members.setdefault(each.recipient.lower(), set()).add(each.final_recipient.lower())
    return [
        replace(each, recipient=each.final_recipient, final_recipient="")
        if each.final_recipient and len(members.get(each.recipient.lower(), ())) > 1
        else each
        for each in recipients
    ]
