"""Notices as mail servers write them, for tests of what becomes of them."""

from datetime import UTC, datetime
from email.utils import format_datetime

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNKNOWN = "550 5.1.1 <{0}>: Recipient address rejected: User unknown"
FULL = "552 5.2.2 Mailbox full"
ORDINARY = (
    b"From: Una <una@example.net>\r\nTo: agent@example.com\r\nSubject: Lunch?\r\n\r\nAt noon?\r\n"
)


def bounce(
    *people: str,
    name: str = "",
    subject: str = "Open house on Saturday",
    diagnostic: str = UNKNOWN,
    sent: datetime = MONDAY,
    arrived: datetime | str = MONDAY,
) -> bytes:
    """Return a DSN (RFC 3464) of Postfix on one mail to some people."""
    recipients = people or ("dana@example.net",)
    date = arrived if isinstance(arrived, str) else format_datetime(arrived)
    to = ", ".join(f"{name} <{one}>" if name else one for one in recipients)
    groups = "".join(
        f"\nFinal-Recipient: rfc822; {one}\nAction: failed\n"
        f"Status: {diagnostic.split()[1]}\nRemote-MTA: dns; mx.example.net\n"
        f"Diagnostic-Code: smtp; {diagnostic.format(one)}\n"
        for one in recipients
    )
    text = f"""\
Return-Path: <>
From: MAILER-DAEMON@mail.example.com (Mail Delivery System)
To: agent@example.com
Date: {date}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

This is the mail system at host mail.example.com.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com
{groups}
--B
Content-Type: message/rfc822

From: Agent <agent@example.com>
To: {to}
Date: {format_datetime(sent)}
Subject: {subject}
Message-ID: <1@example.com>

See you there.
--B--
"""
    return text.replace("\n", "\r\n").encode()
