"""A notice that brings back a mail with an attachment of many megabytes."""

import base64
import random

MEGABYTES_25 = 25_000_000  # what Gmail and Microsoft 365 let people send, about


def scan(size: int) -> bytes:
    """Return so many bytes of a picture in base64, the same ones in every run."""
    chance = random.Random(size)  # noqa: S311 - no secret
    return base64.encodebytes(chance.randbytes(size * 3 // 4)).replace(b"\n", b"\r\n")


def returned_mail(size: int = MEGABYTES_25) -> bytes:
    """Return a mail whose attachment alone has ``size`` bytes."""
    return (
        b"Message-ID: <big@rosa.example>\r\nSubject: Floor plan\r\nFrom: rosa@rosa.example\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nThe floor plan.\r\n"
        b"--b\r\nContent-Type: image/jpeg\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + scan(size) + b"--b--\r\n"
    )


def large_notice(size: int = MEGABYTES_25, recipient: str = "dana@example.com") -> bytes:
    """Return the notice about ``returned_mail``, as Postfix writes one."""
    return (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.org\r\nTo: rosa@rosa.example\r\n"
        b"Message-ID: <20260302090000.4F2A1@mx.example.org>\r\n"
        b"Date: Mon, 2 Mar 2026 09:00:00 +0000\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        b"--r\r\nContent-Type: text/plain\r\n\r\nToo big.\r\n"
        b"--r\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.example.org\r\n\r\n"
        b"Final-Recipient: rfc822; "
        + recipient.encode()
        + b"\r\nAction: failed\r\nStatus: 5.3.4\r\n"
        b"Diagnostic-Code: smtp; 552 5.3.4 Message size exceeds fixed limit\r\n\r\n"
        b"--r\r\nContent-Type: message/rfc822\r\n\r\n" + returned_mail(size) + b"\r\n--r--\r\n"
    )
