"""Ordinary mail of a real-estate agent, varied and always the same: what an inbox is full of."""

import base64
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

_FIRST = ("Ana", "Ben", "Chloé", "Dmitri", "Eun-ji", "Farid", "Grace", "Hiro", "João", "Kavya")
_LAST = ("Abbott", "Brandt", "Castillo", "Dubois", "Ek", "Greco", "Haas", "Ito", "Kim", "Müller")
_HOMES = ("12 Elm Street", "the Oak Lane condo", "4 Harbor View", "the corner lot", "unit 7B")
_LINES = (
    "Could we see {home} on Saturday around ten?",
    "The inspection of {home} went well, the report is attached.",
    "My lender asked whether the delivery of the appraisal could not be sooner.",
    "We were unable to reach the seller; she returned my call only today.",
    "Please find the counter-offer for {home}; it expires on Friday.",
    "The mailbox at {home} is full of flyers, could somebody empty it?",
)
_SUBJECTS = (
    "Showing of {home}",
    "Re: Offer on {home}",
    "Fwd: Inspection of {home}",
    "Keys for {home}",
    "Question",
    "Closing date",
    "=?utf-8?Q?Besichtigung_f=C3=BCr_Samstag?=",
    "Re: failure of the dishwasher at {home}",
    "Delivery of the staging furniture",
)


def ordinary_mail(number: int, now: datetime) -> Iterator[tuple[bytes, datetime]]:
    """Yield ``number`` messages of the last 28 days with when they arrived, oldest first."""
    chance = random.Random(number)  # noqa: S311 - the same mail in every run
    kinds: list[Callable[[random.Random, EmailMessage], None]] = [
        *[_letter] * 6,
        *[_newsletter] * 3,
        _shop,
        _invitation,
        _with_attachment,
        _away,
        _question_about_bounces,
    ]
    for place in range(number):
        when = now - timedelta(days=28) + timedelta(days=27) * place / number
        message = EmailMessage()
        message["Date"] = format_datetime(when)
        message["Message-ID"] = f"<{place}.{chance.getrandbits(64):x}@mail.example>"
        message["To"] = "Rosa Lind <rosa@sunrise-homes.example>"
        chance.choice(kinds)(chance, message)
        yield message.as_bytes(), when


def _person(chance: random.Random) -> tuple[str, str]:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    return f"{first} {last}", f"p{chance.randrange(400)}@{chance.choice(('corp', 'home'))}.example"


def _text(chance: random.Random) -> str:
    home = chance.choice(_HOMES)
    lines = chance.choices(_LINES, k=chance.randint(1, 12))
    return "\n\n".join(line.format(home=home) for line in lines) + "\n"


def _from_person(chance: random.Random, message: EmailMessage) -> None:
    name, address = _person(chance)
    message["From"] = f"{name} <{address}>"
    message["Return-Path"] = f"<{address}>"


def _answer(chance: random.Random, message: EmailMessage) -> None:
    """Say which mail is answered, as every mail program does (RFC 5322, section 3.6.4)."""
    if message["Subject"].startswith("Re:"):
        message["In-Reply-To"] = f"<{chance.getrandbits(64):x}@sunrise-homes.example>"


def _letter(chance: random.Random, message: EmailMessage) -> None:
    _from_person(chance, message)
    message["Subject"] = chance.choice(_SUBJECTS).format(home=chance.choice(_HOMES))
    _answer(chance, message)
    message.set_content(_text(chance))
    if chance.random() < 0.5:
        message.add_alternative(f"<p>{_text(chance)}</p>", subtype="html")


def _newsletter(chance: random.Random, message: EmailMessage) -> None:
    message["From"] = f"Market News <news{chance.randrange(9)}@lists.example>"
    message["Return-Path"] = "<news-return@lists.example>"
    message["Subject"] = chance.choice(("Your delivery of listings", "Rates rejected?", "5 tips"))
    message["List-Id"] = "<news.lists.example>"
    message["List-Unsubscribe"] = "<https://lists.example/u>"
    message["Precedence"] = "bulk"
    message.set_content(_text(chance) * 3)
    message.add_alternative(f"<html><body>{_text(chance) * 9}</body></html>", subtype="html")


def _shop(chance: random.Random, message: EmailMessage) -> None:
    message["From"] = "Paper & Signs <orders@shop.example>"
    message["Return-Path"] = "<orders@shop.example>"
    message["Subject"] = f"Order {chance.randrange(10**6)}: out for delivery"
    message.set_content("Your yard signs are out for delivery.\n" + _text(chance))


def _invitation(chance: random.Random, message: EmailMessage) -> None:
    _from_person(chance, message)
    message["Subject"] = "Invitation: showing"
    message.set_content(_text(chance))
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    message.add_attachment(calendar, subtype="calendar", filename="invite.ics")


def _with_attachment(chance: random.Random, message: EmailMessage) -> None:
    _from_person(chance, message)
    message["Subject"] = "Contract"
    message.set_content(_text(chance))
    scan = base64.b64encode(chance.randbytes(chance.randint(5_000, 90_000)))
    message.add_attachment(scan, maintype="application", subtype="pdf", filename="contract.pdf")


def _away(chance: random.Random, message: EmailMessage) -> None:
    _from_person(chance, message)
    message["Subject"] = "Automatic reply: Showing"
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content("I'm out of the office until Monday and will answer when I'm back.\n")


def _question_about_bounces(chance: random.Random, message: EmailMessage) -> None:
    _from_person(chance, message)
    message["Subject"] = "Re: Undeliverable: what does this mean?"
    _answer(chance, message)
    message.set_content(
        "Hi Rosa, my email to you came back yesterday, something about a full inbox.\n"
        "Did you get it in the end?\n" + _text(chance)
    )
