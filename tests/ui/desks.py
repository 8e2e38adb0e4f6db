"""Desks to test the window at: a real store in a folder of its own, passwords in memory."""

from pathlib import Path

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fixes.resend import Resend
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.services.people import People
from bounce_assistant.store import Store, open_store

BOUNCE = """\
From: MAILER-DAEMON@mail.example.org
To: agent@example.com
Subject: Undelivered Mail Returned to Sender
Date: Mon, 2 Mar 2026 09:00:00 +0000
Message-ID: <{number}@mail.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry, your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; person{number}@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user here

--b
Content-Type: message/rfc822

From: agent@example.com
To: person{number}@example.net
Subject: Open house {number}
Date: Mon, 2 Mar 2026 08:59:00 +0000
Message-ID: <sent{number}@example.com>

Hello
--b--
"""


def empty_desk(folder: Path, *emails: str) -> Desk:
    """Return a desk with these accounts and no mail."""
    knowledge = load_knowledge()
    store = open_store(folder / "bounces.sqlite3")
    accounts = Accounts(store.accounts, MemorySecrets())
    for email in emails:
        accounts.add(
            Account(0, email, "localhost", 993, "tls", "localhost", 465, "tls", email), "secret"
        )
    return desk_of(knowledge, store, accounts)


def desk_of(
    knowledge: Knowledge, store: Store, accounts: Accounts, *, is_sample: bool = False
) -> Desk:
    """Return a desk on a store, with what app.py puts on it."""
    cases = Cases(store, knowledge)
    outbox = Outbox(store, accounts)
    resend = Resend(cases, accounts, outbox, is_sample=is_sample)
    people = People(store)
    return Desk(knowledge, store, cases, accounts, outbox, resend, people, is_sample=is_sample)


def write_bounces(folder: Path, count: int) -> list[Path]:
    """Write saved bounces, of a different person each, and return their paths."""
    files = []
    for number in range(count):
        file = folder / f"bounce{number}.eml"
        file.write_text(BOUNCE.format(number=number))
        files.append(file)
    return files
