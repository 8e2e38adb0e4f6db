"""Mail that looks like bounces and is none: list notices, receipts, reports, talk about bounces."""

import base64
import random
from collections.abc import Callable
from email.message import EmailMessage

_ROSA = "rosa@sunrise-homes.example"
_TALK = (
    "Re: Undeliverable: Showing on Saturday",
    "Fwd: Delivery Status Notification (Failure)",
    "Your email bounced back?",
    "Re: Mail delivery failed: returning message to sender",
    "My offer was rejected",
    "Failure of the water heater",
    "We could not be happier",
    "Unable to attend the open house",
)


def look_alike(chance: random.Random) -> EmailMessage:
    """Return one message of any of the kinds; it has no Date and no Message-ID yet."""
    message = EmailMessage()
    message["To"] = f"Rosa Lind <{_ROSA}>"
    chance.choice(_KINDS)(chance, message)
    return message


def _list_bounce(chance: random.Random, message: EmailMessage) -> None:
    """Mailman tells a list's owner about a member whose mail bounces."""
    message["From"] = "mailman@lists.realtors.example"
    message["Return-Path"] = "<mailman-bounces@lists.realtors.example>"
    message["Subject"] = "Bounce action notification"
    message["Precedence"] = "bulk"
    message["List-Id"] = "<mailman.lists.realtors.example>"
    message.set_content(
        "This is a Mailman mailing list bounce action notice:\n\n"
        f"    List:       Realtors\n    Member:     member{chance.randrange(999)}@corp.example\n"
        "    Action:     Subscription disabled.\n    Reason:     Excessive or fatal bounces.\n"
    )


def _read_receipt(chance: random.Random, message: EmailMessage) -> None:
    """Somebody opened a mail (RFC 8098)."""
    address = f"client{chance.randrange(999)}@home.example"
    message["From"] = f"Client <{address}>"
    message["Return-Path"] = "<>"
    message["Subject"] = "Read: Offer on 12 Elm Street"
    message["Auto-Submitted"] = "auto-replied"
    message.set_content("Your message was read.\n")
    message.add_attachment(
        f"Reporting-UA: home.example\nFinal-Recipient: rfc822;{address}\n"
        "Disposition: automatic-action/MDN-sent-automatically; displayed\n".encode(),
        maintype="message",
        subtype="x-disposition-notification",
    )
    raw = message["Content-Type"]
    message.replace_header(
        "Content-Type",
        str(raw).replace(
            "multipart/mixed", "multipart/report; report-type=disposition-notification"
        ),
    )


def _talk(chance: random.Random, message: EmailMessage) -> None:
    address = f"client{chance.randrange(999)}@home.example"
    message["From"] = f"Client <{address}>"
    message["Return-Path"] = f"<{address}>"
    message["Subject"] = chance.choice(_TALK)
    if message["Subject"].startswith("Re:"):
        message["In-Reply-To"] = f"<{chance.getrandbits(64):x}@sunrise-homes.example>"
    body = "Hi Rosa, did you get my mail? It said something about a full inbox.\n"
    message.set_content(body * chance.randint(1, 30))
    if chance.random() < 0.5:
        message.add_alternative(f"<p>{body * chance.randint(5, 90)}</p>", subtype="html")
    if chance.random() < 0.2:
        scan = base64.b64encode(chance.randbytes(chance.randint(5_000, 90_000)))
        message.add_attachment(scan, maintype="image", subtype="png", filename="screen.png")


def _dmarc_report(chance: random.Random, message: EmailMessage) -> None:
    message["From"] = "postmaster@corp.example"
    message["Return-Path"] = "<postmaster@corp.example>"
    message["Subject"] = "Report Domain: sunrise-homes.example Submitter: corp.example"
    message.set_content("This is an aggregate report.\n")
    data = chance.randbytes(chance.randint(900, 12_000))
    message.add_attachment(data, maintype="application", subtype="gzip", filename="report.xml.gz")


def _digest(chance: random.Random, message: EmailMessage) -> None:
    """A spam filter lists what it held back."""
    message["From"] = "postmaster@mail-gateway.example"
    message["Return-Path"] = "<>"
    message["Subject"] = "Quarantine summary: 7 messages"
    message["Auto-Submitted"] = "auto-generated"
    row = "<tr><td>win@prize.example</td><td>You won</td><td>Release</td></tr>"
    message.set_content("See the HTML part.\n")
    message.add_alternative(
        f"<table>{row * chance.randint(60, 400)}</table>", subtype="html", cte="quoted-printable"
    )


def _invitation_answer(chance: random.Random, message: EmailMessage) -> None:
    address = f"client{chance.randrange(999)}@home.example"
    message["From"] = f"Client <{address}>"
    message["Return-Path"] = "<>"
    message["Subject"] = "Accepted: Showing of 12 Elm Street"
    message.set_content("Client has accepted this invitation.\n")
    body = "<p>Client has accepted this invitation to the showing.</p>" * chance.randint(20, 200)
    message.add_alternative(body, subtype="html", cte="quoted-printable")
    calendar = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"
    message.add_attachment(calendar, maintype="text", subtype="calendar", filename="invite.ics")


def _away(chance: random.Random, message: EmailMessage) -> None:
    address = f"client{chance.randrange(999)}@home.example"
    message["From"] = f"Client <{address}>"
    message["Return-Path"] = "<>"
    message["Subject"] = "Automatic reply: Showing of 12 Elm Street"
    message["Auto-Submitted"] = "auto-replied"
    logo = "<td style='font-family:Calibri'>Client, Home Loans Inc., 14 Main Street</td>"
    message.set_content("I'm out of the office until Monday.\n")
    message.add_alternative(
        f"<table>{logo * chance.randint(5, 300)}</table>", subtype="html", cte="quoted-printable"
    )


def _lure(chance: random.Random, message: EmailMessage) -> None:
    """A phishing mail dressed as a bounce."""
    message["From"] = "Mail Delivery System <mailer-daemon@secure-storage.example>"
    message["Return-Path"] = "<x@secure-storage.example>"
    message["Subject"] = f"[{chance.randrange(2, 19)}] messages could not be delivered"
    message.set_content(
        "Your mailbox is 98% full. Release your pending messages:\n"
        f"http://secure-storage.example/login?{chance.randrange(10**9)}\n" * 3
    )


_KINDS: tuple[Callable[[random.Random, EmailMessage], None], ...] = (
    _list_bounce,
    _read_receipt,
    *[_talk] * 3,
    _dmarc_report,
    _digest,
    *[_invitation_answer] * 2,
    *[_away] * 2,
    _lure,
)
