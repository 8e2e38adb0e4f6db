"""Reads the notices that Amazon's mail service sends as JSON through its notification service.

https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

import re
from typing import Any

from bounce_assistant.report.facts import (
    DsnAction,
    MessageKind,
    OriginalMessage,
    RecipientReport,
    StatusCode,
)
from bounce_assistant.report.replies import command_in, find_codes, tidy_diagnostic
from bounce_assistant.report.words import clean_address, first_address

_LONGEST = 400_000  # characters
_MOST = 2000  # recipients
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_KINDS = {
    "bounce": (MessageKind.BOUNCE, DsnAction.FAILED),
    "complaint": (MessageKind.FEEDBACK, DsnAction.DELIVERED),
    "delivery": (MessageKind.DELIVERED, DsnAction.DELIVERED),
    "deliverydelay": (MessageKind.DELAY, DsnAction.DELAYED),
}
_LISTS = ("bouncedRecipients", "complainedRecipients", "delayedRecipients", "recipients")

JsonNotice = tuple[MessageKind, tuple[RecipientReport, ...], OriginalMessage | None]


def read_json_notice(said: str) -> JsonNotice | None:
    """Return what a text says that is such a notice; None for every other text."""
    told = _json(said)
    if told is not None and isinstance(told.get("Message"), str):
        told = _json(told["Message"])
    if told is None:
        return None
    name = str(told.get("notificationType") or told.get("eventType") or "")
    kind = _KINDS.get(name.lower())
    event = told.get(name[:1].lower() + name[1:])
    mail = told.get("mail")
    if kind is None or not isinstance(event, dict) or not isinstance(mail, dict):
        return None
    recipients = tuple(
        _recipient(each, event, kind[1]) for each in _recipients(event)[:_MOST]
    ) or tuple(
        _recipient({"emailAddress": each}, event, kind[1]) for each in _texts(mail, "destination")
    )
    return (kind[0], recipients, _original(mail)) if recipients else None


def _json(text: str) -> dict[str, Any] | None:
    text = text[:_LONGEST].lstrip()
    if not text.startswith("{"):
        return None
    import json  # noqa: PLC0415 - few notices need it

    try:
        told, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _recipients(event: dict[str, Any]) -> list[dict[str, Any]]:
    for name in _LISTS:
        listed = event.get(name)
        if isinstance(listed, list):
            return [each if isinstance(each, dict) else {"emailAddress": each} for each in listed]
    return []


def _recipient(told: dict[str, Any], event: dict[str, Any], action: DsnAction) -> RecipientReport:
    words = str(told.get("diagnosticCode") or event.get("smtpResponse") or "")
    kind, _, rest = words.partition(";")
    diagnostic = tidy_diagnostic(rest if kind.strip().lower() == "smtp" else words)
    if not diagnostic:
        diagnostic = " ".join(_spelled(event, "bounceType", "bounceSubType", "delayType"))
    codes = find_codes(diagnostic)
    return RecipientReport(
        recipient=clean_address(str(told.get("emailAddress", ""))[:320]),
        dsn_action=action,
        status=codes.status or StatusCode.parse(str(told.get("status", ""))),
        reply_code=codes.reply_code,
        diagnostic=diagnostic,
        smtp_command=command_in(diagnostic),
    )


def _spelled(event: dict[str, Any], *names: str) -> list[str]:
    """Return names such as ``MailboxFull`` as words."""
    return [_CAPITAL.sub(" ", str(event[name]))[:100] for name in names if event.get(name)]


def _texts(told: dict[str, Any], name: str) -> list[str]:
    found = told.get(name)
    return [str(each) for each in found[:_MOST]] if isinstance(found, list) else []


def _original(mail: dict[str, Any]) -> OriginalMessage:
    """Return our own mail, of which such a notice has the header at most."""
    headers = mail.get("headers")
    fields = tuple(
        (str(each.get("name", ""))[:100], str(each.get("value", ""))[:2000])
        for each in (headers[:200] if isinstance(headers, list) else [])
        if isinstance(each, dict)
    )
    first = {name.lower(): value for name, value in reversed(fields)}
    return OriginalMessage(
        message_id=first.get("message-id", "")[:500],
        subject=first.get("subject", "")[:1000],
        sender=first_address(first.get("from", "") or str(mail.get("source", "")))[:320],
        to=tuple(clean_address(each) for each in _texts(mail, "destination")[:200]),
        date=(first.get("date", "") or str(mail.get("timestamp", "")))[:100],
        headers=fields,
    )
