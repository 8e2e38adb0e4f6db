"""Writes the delivery status (RFC 3464) that Outlook took apart into properties of a report."""

import re

from bounce_assistant.report.words import first_address
from bounce_assistant.services.outlook_file import MsgProperties

MAX_RECIPIENTS = 2000
_REPORT = re.compile(r"REPORT\..*\.(NDR|DR|DELAYED)", re.IGNORECASE)
_ACTIONS = {"NDR": "failed", "DR": "delivered", "DELAYED": "delayed"}
_CLASSES = {"failed": "5", "delivered": "2", "delayed": "4"}
# X.411 diagnostic codes as Outlook keeps them, in the terms of RFC 3463.
_DIAGNOSTICS = {0: "1.1", 1: "1.4", 2: "4.5", 3: "4.6", 5: "4.7", 7: "3.4", 13: "3.4", 16: "5.3"}
_CODE = re.compile(r"(?<![\d.])[245]\.\d{1,2}\.\d{1,3}(?![\d.]*\d)")
_SERVER_WORDS = re.compile(r"\b(?:smtp|esmtp|lmtp)\s*;", re.IGNORECASE)
_HOST = re.compile(r"<\s*([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\s+#")
_MOST_WORDS = 4000
_DIGITS = range(200, 600)

CLASS, SUBJECT, REPORTING_MTA = 0x001A, 0x0037, 0x6820
REPORT_TEXT, SUPPLEMENTARY = 0x1001, 0x0C1B
STATUS_CODE, DIAG_CODE, REMOTE_MTA = 0x0C20, 0x0C05, 0x0C21
NAME, EMAIL, SMTP = 0x3001, 0x3003, 0x39FE
ORIGINAL = {0x0049: "Subject", 0x0074: "To", 0x1046: "Message-ID"}


def report_action(message: MsgProperties) -> str:
    """Return what a report says was done ('failed', ...), or '' for a message that is none."""
    match = _REPORT.fullmatch(message.words(CLASS))
    return _ACTIONS[match[1].upper()] if match else ""


def delivery_status(message: MsgProperties, action: str) -> str:
    """Return the fields of a message/delivery-status part, one group for each recipient."""
    reporting = message.words(REPORTING_MTA) or "outlook.invalid"
    groups = [f"Reporting-MTA: dns; {reporting}"]
    for number, person in enumerate(message.recipients()):
        if number == MAX_RECIPIENTS:
            break
        groups.append(_group(person, action))
    return "\n\n".join(groups) + "\n"


def report_words(message: MsgProperties) -> str:
    """Return what Outlook shows of a report that has no text of its own."""
    paragraphs: list[str] = []
    for number, person in enumerate(message.recipients()):
        if number == MAX_RECIPIENTS:
            break
        told = (person.words(NAME), address_of(person), person.text(REPORT_TEXT).strip())
        said = person.words(SUPPLEMENTARY)
        paragraphs.append("\n".join(dict.fromkeys(line for line in (*told, said) if line)))
    return "\n\n".join(paragraphs)


def original_header(message: MsgProperties, sender: str) -> str:
    """Return the fields that a report keeps of the mail it is about."""
    known = {name: message.words(pid) for pid, name in ORIGINAL.items()}
    if not known["Subject"] and not known["Message-ID"]:
        return ""
    if "@" not in known["To"]:
        people = filter(None, map(address_of, message.recipients()))
        known["To"] = ", ".join(list(people)[:MAX_RECIPIENTS])
    known["From"] = sender
    return "".join(f"{name}: {value}\n" for name, value in known.items() if value)


def address_of(person: MsgProperties) -> str:
    """Return the e-mail address of a recipient; '' where there is only Exchange's own name."""
    for pid in (SMTP, EMAIL, NAME):
        address = first_address(person.words(pid))
        if address:
            return address
    return ""


def _group(person: MsgProperties, action: str) -> str:
    address = address_of(person)
    said = person.words(SUPPLEMENTARY) or " ".join(person.words(REPORT_TEXT).split())
    host = _HOST.search(said)
    remote = person.words(REMOTE_MTA) or (host[1] if host else "")
    fields = {
        "Final-Recipient": f"rfc822; {address}" if address else "",
        "Action": action,
        "Status": _status(person, said, action),
        "Remote-MTA": f"dns; {remote}" if remote else "",
        "Diagnostic-Code": _diagnostic(said),
    }
    return "\n".join(f"{name}: {value}" for name, value in fields.items() if value)


def _status(person: MsgProperties, said: str, action: str) -> str:
    """Return the status code: the server's, else the one kept as a number, else a general one."""
    spoken = _CODE.search(said)
    number = person.number(STATUS_CODE) or 0
    if spoken:
        return spoken[0]
    if number in _DIGITS:  # 511 is 5.1.1
        return ".".join(str(number))
    diagnostic = person.number(DIAG_CODE)
    detail = "0.0" if diagnostic is None else _DIAGNOSTICS.get(diagnostic, "0.0")
    return f"{_CLASSES[action]}.{detail}"


def _diagnostic(said: str) -> str:
    """Return the server's reply inside '<host #5.1.1 smtp;550 5.1.1 ...>', else all the words."""
    reply = _SERVER_WORDS.search(said)
    words = said[reply.end() :].strip() if reply else said
    if reply and "<" in said[: reply.start()]:
        words = words.removesuffix(">")
    return f"{'smtp' if reply else 'x-outlook'}; {words[:_MOST_WORDS]}" if words else ""
