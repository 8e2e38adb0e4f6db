"""The agent's own mail, in the shapes that people send: short, so that the notices stay short."""

from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, formataddr, localtime

from .mailings import Mailing
from .servers import Server

_TEXTS = (
    ("Open house on Saturday", "The open house at 14 Cedar Lane is on Saturday from 10 to 12."),
    ("Your offer on 22 Bay Street", "The sellers have read your offer and would like to talk."),
    ("Inspection report", "Here is what the inspector found. Nothing to worry about."),
    ("Three new homes for you", "Three homes came up this week that match your list."),
    ("Closing date", "We are set to close on the 30th. Please bring a photo ID."),
    ("Price change: 9 Mill Road", "The price came down by 10,000 this morning."),
)
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def write_letter(mailing: Mailing, server: Server, number: int) -> bytes:
    """Return the message as it is handed to the server, CRLF line ends."""
    subject, text = _TEXTS[number % len(_TEXTS)]
    mail = EmailMessage(policy=SMTPUTF8 if mailing.letter == "eai" else SMTP)
    mail["From"] = formataddr((server.sender_name, server.sender))
    mail["To"] = ", ".join(fate.address for fate in mailing.to)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{number:05}.{mailing.id}@{server.host}>"
    body = f"Hello,\n\n{text}\n\nBest regards\n{server.sender_name}\n"
    if mailing.letter == "utf8":
        mail.replace_header("Subject", f"{subject} – Grüße aus Málaga")
        body = body.replace("Best regards", "Viele Grüße, à bientôt")
    mail.set_content(body, cte="8bit" if mailing.letter == "eai" else None)
    _shape(mail, mailing, text, body)
    return mail.as_bytes()


def _shape(mail: EmailMessage, mailing: Mailing, text: str, body: str) -> None:
    if mailing.letter == "html":
        mail.add_alternative(f"<html><body><p>{text}</p></body></html>\n", subtype="html")
    elif mailing.letter == "attachment":
        mail.add_attachment(_PDF, maintype="application", subtype="pdf", filename="listing.pdf")
    elif mailing.letter == "list":
        domain = mail["Message-ID"].rpartition("@")[2].rstrip(">")
        mail["List-Id"] = f"Weekly homes <weekly.{domain}>"
        mail["List-Unsubscribe"] = f"<https://{domain}/leave>"
        mail["Precedence"] = "bulk"
    elif mailing.letter == "eai":
        mail.replace_header("Subject", "内覧のご案内")
    elif mailing.letter == "casino":
        mail.set_content(f"{body}\nP.S. Ask me about the casino bonus next door.\n")
    elif mailing.letter == "big":  # over the 12,000 bytes that cedar-bank.example takes
        mail.set_content(body + "Lot 1, two rooms, garden, garage, quiet street.\n" * 300)
