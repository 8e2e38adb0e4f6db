"""Which mail a notice is about, by Message-ID (RFC 5322, section 3.6.4)."""

import re
from collections.abc import Iterable

from bounce_assistant.report.facts import BounceReport, MessageKind

# Services that put a Message-ID of their own over ours keep ours beside it.
_OWN = frozenset({
    "message-id", "x-google-original-message-id", "x-microsoft-original-message-id",
    "x-original-message-id",
})  # fmt: skip
_ANSWERED = frozenset({"in-reply-to", "references"})
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")
_MOST = 20
_Fields = Iterable[tuple[str, str]]


def ids_about(report: BounceReport) -> tuple[str, ...]:
    """Return the Message-IDs that a notice of failure may be about, its own references included."""
    if report.kind is not MessageKind.BOUNCE:
        return ()
    original = report.original
    fields = [*(original.headers if original else ()), *report.notice.headers]
    return _ids_in(fields, _OWN | _ANSWERED, report)


def ids_returned(report: BounceReport) -> tuple[str, ...]:
    """Return the Message-IDs of the mail that came back; its references are other people's mail.

    Where nothing of it came back, the notice's own references: Gmail and Exchange name it there.
    """
    original = report.original
    fields: _Fields = (("message-id", original.message_id), *original.headers) if original else ()
    returned = _ids_in(fields, _OWN, report)
    return returned or _ids_in(report.notice.headers, _ANSWERED, report)


def _ids_in(fields: _Fields, names: frozenset[str], report: BounceReport) -> tuple[str, ...]:
    own = report.notice.message_id.strip()
    values = (value for name, value in fields if name.lower() in names)
    found = (one for value in values for one in _MESSAGE_ID.findall(value))
    return tuple(dict.fromkeys(one for one in found if one != own))[:_MOST]
