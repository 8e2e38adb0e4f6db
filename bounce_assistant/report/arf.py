"""Reads feedback reports, the spam complaints that mail companies pass on (RFC 5965, 6591)."""

from bounce_assistant.report.facts import DsnAction, RecipientReport
from bounce_assistant.report.mime import Part, parse_fields
from bounce_assistant.report.words import first_address

_ADDRESS_FIELDS = (
    "original-rcpt-to",
    "removal-recipient",
    "x-original-to",
    "x-hmxmroriginalrecipient",
    "redacted-address",
)


def find_feedback_part(message: Part) -> Part | None:
    """Return the message/feedback-report part, or the message itself in Microsoft's JMRP form."""
    for part in message.walk():
        if part.content_type == "message/feedback-report":
            return part
    return None


def find_complaint(message: Part) -> Part | None:
    """Return the reported mail of a complaint without a report part, as Microsoft sends it.

    https://substrate.office.com/ip-domain-management-snds: the field names who complained.
    """
    for part in message.walk():
        if part.content_type == "message/rfc822" and not part.parts:
            head = part.body[:20_000].lower()
            if b"x-hmxmroriginalrecipient:" in head:
                return part
    return None


def read_feedback(part: Part, message: Part) -> tuple[RecipientReport, ...]:
    """Return one record per person who complained; an empty address where it was withheld."""
    fields = parse_fields(part.text())
    feedback_type = next((value for name, value in fields if name.lower() == "feedback-type"), "")
    addresses: list[str] = []
    for wanted in _ADDRESS_FIELDS:
        addresses += [
            first_address(value) or value.strip("<> ")
            for name, value in fields
            if name.lower() == wanted
        ]
        if addresses:
            break
    if not any(addresses):
        addresses = [
            _from_original(message) if part is not message else first_address(message.get("from"))
        ]
    return tuple(
        RecipientReport(
            recipient=address,
            dsn_action=DsnAction.DELIVERED,
            diagnostic=f"Feedback-Type: {feedback_type}" if feedback_type else "",
        )
        for address in dict.fromkeys(addresses)
    )


def _from_original(message: Part) -> str:
    """Return the address the reported mail went to, where the report itself withholds it."""
    for part in message.walk():
        if part.content_type.startswith(("message/rfc822", "text/rfc822-header")):
            fields = {name.lower(): value for name, value in reversed(parse_fields(part.text()))}
            for name in ("x-hmxmroriginalrecipient", "to", "x-original-to", "delivered-to"):
                address = first_address(fields.get(name, ""))
                if address:
                    return address
    return ""
