"""Small notices to read, made of the parts that a test is about."""

from bounce_assistant.report.facts import BounceReport
from bounce_assistant.report.notice_words import parse_notice_words
from bounce_assistant.report.read import read_report
from bounce_assistant.resources import read_text

WORDS = parse_notice_words(read_text("notices.toml"))
DAEMON = "Mail Delivery System <MAILER-DAEMON@mail.oakfield.example>"
UNA = "Una Reed <una@example.net>"
DSN_TYPE = 'multipart/report; report-type=delivery-status; boundary="=_b1"'
ORIGINAL = """\
Received: from desk.oakfield.example (192.0.2.9)
Message-ID: <1@oakfield.example>
From: Agent <agent@oakfield.example>
To: dana@larkspur.example
Subject: 12 Elm Street
Date: Mon, 2 Mar 2026 08:59:00 +0000

Hello Dana
"""


def read(raw: str | bytes) -> BounceReport:
    return read_report(raw if isinstance(raw, bytes) else raw.encode(), WORDS)


def mail(
    body: str,
    *fields: str,
    sender: str = DAEMON,
    subject: str = "Undelivered Mail Returned to Sender",
    return_path: str | None = "<>",
) -> str:
    """Return a message to agent@oakfield.example with further header fields."""
    path = [] if return_path is None else [f"Return-Path: {return_path}"]
    head = [*path, f"From: {sender}", "To: agent@oakfield.example", f"Subject: {subject}", *fields]
    return "\n".join([*head, "", body])


def dsn(
    groups: str,
    *,
    said: str = "It could not be delivered.",
    message_fields: str = "Reporting-MTA: dns; mail.oakfield.example",
    original: str = ORIGINAL,
) -> str:
    """Return a delivery status notification (RFC 3464) with these groups of recipient fields."""
    return mail(
        f"""\
--=_b1
Content-Type: text/plain

{said}
--=_b1
Content-Type: message/delivery-status

{message_fields}

{groups}
--=_b1
Content-Type: message/rfc822

{original}
--=_b1--
""",
        "MIME-Version: 1.0",
        f"Content-Type: {DSN_TYPE}",
    )


def recipients(raw: str | bytes) -> list[str]:
    """Return the addresses a message reports on, in order."""
    return [each.recipient for each in read(raw).recipients]
