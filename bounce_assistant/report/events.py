"""Reads what sending services report as JSON of single events: to whom, what became of it, and why.

SendGrid, Mailgun, Postmark, SparkPost, Mailjet, Brevo and Resend write so to a page of their
customer, and a copy may come by mail. Each has names of its own for the same three things.
"""

import re
from collections.abc import Iterator
from typing import Any

from bounce_assistant.report.facts import DsnAction, RecipientReport, StatusCode
from bounce_assistant.report.replies import command_in, find_codes, tidy_diagnostic
from bounce_assistant.report.words import all_addresses

_WHOM: tuple[str, ...] = (
    "rcptto",
    "rcpt",
    "recipient",
    "recipients",
    "email",
    "emailaddress",
    "to",
    "address",
)
_WHOM += ("addr", "destination")
_EVENT = ("event", "type", "status", "outcome", "result", "state", "recordtype", "action")
_WHY: tuple[str, ...] = (
    "diagnosticcode",
    "diagnostic",
    "smtpresponse",
    "rawreason",
    "response",
    "reason",
)
_WHY += ("description", "details", "detail", "explanation", "error", "message", "text", "note")
# Enough to know an event of the mail; a payment that failed has an address, too.
_OF_MAIL = re.compile(r"bounc|undeliver|deliver|defer|mail|message|suppress|dropped")
_FATES = (
    (DsnAction.FAILED, re.compile(r"bounc|undeliv|fail|reject|refus|drop|suppress|skip|block")),
    (DsnAction.DELAYED, re.compile(r"defer|delay|retry|queued")),
    (DsnAction.DELIVERED, re.compile(r"deliver|accept|sent\b|\bok\b")),
)
_NO_LETTER = re.compile(r"[^a-z]")
_LONGEST = 400_000  # characters
_MOST = 2000  # objects that are looked at
_DEEPEST = 6


def read_events(said: str) -> tuple[RecipientReport, ...]:
    """Return whom the events of a text name, each once, if mail to one of them went wrong."""
    told = _json(said)
    found: dict[str, RecipientReport] = {}
    is_of_mail = False
    for event, name in _events(told, "", 0) if told is not None else ():
        fate = next((fate for fate, words in _FATES if words.search(name)), None)
        report = _report(event, fate) if fate else None
        if report is not None:
            known = found.get(report.recipient.lower())
            if known is None or known.dsn_action is not report.dsn_action:
                found[report.recipient.lower()] = report  # a later event is the better known
            is_of_mail |= bool(_OF_MAIL.search(name) or report.reply_code or report.status)
    fates = [each.dsn_action for each in found.values()]
    missed = sum(fate in {DsnAction.FAILED, DsnAction.DELAYED} for fate in fates)
    is_log = len(fates) - missed > missed  # of an hour or a day: most of it went well
    return tuple(found.values()) if missed and is_of_mail and not is_log else ()


def _json(text: str) -> Any:
    text = text[:_LONGEST].lstrip()
    if text[:1] not in {"{", "["} or "@" not in text:
        return None
    import json  # noqa: PLC0415 - few notices need it

    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _events(told: Any, outer: str, depth: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each object with its event's name, which may stand on the object around it."""
    for each in (told if isinstance(told, list) else [told])[:_MOST]:
        if isinstance(each, dict) and depth < _DEEPEST:
            plain = _plain(each)
            named = (str(plain[key]).lower() for key in _EVENT if isinstance(plain.get(key), str))
            name = " ".join(named) or outer
            yield plain, name
            for value in plain.values():
                if isinstance(value, (dict, list)):
                    yield from _events(value, name, depth + 1)


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    """Return an object with its keys in lower-case letters alone."""
    return {_NO_LETTER.sub("", str(key).lower()): value for key, value in told.items()}


def _report(event: dict[str, Any], fate: DsnAction) -> RecipientReport | None:
    """Return whom an event is about, and why; None if it names nobody."""
    named = (all_addresses(str(event[key])[:1000]) for key in _WHOM if key in event)
    address = next((first for first, *_ in filter(None, named)), "")
    if not address:
        return None
    words = tidy_diagnostic(" ".join(_texts(event))[:4000])
    codes = find_codes(words)
    return RecipientReport(
        recipient=address,
        dsn_action=fate,
        status=codes.status or StatusCode.parse(str(event.get("status", ""))[:20]),
        reply_code=codes.reply_code,
        diagnostic=words,
        smtp_command=command_in(words),
    )


def _texts(event: dict[str, Any]) -> Iterator[str]:
    """Yield the first of the words that say why, of the event itself or of what it holds."""
    inside = [_plain(value) for value in event.values() if isinstance(value, dict)][:5]
    for one in (event, *inside):
        for key in _WHY:
            value = one.get(key)
            if isinstance(value, str) and " " in value.strip():
                yield value
                return
