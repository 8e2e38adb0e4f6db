"""Lets a real Postfix bounce a hundred emails, sends each again, and compares what arrives.

python -m tests.campaigns.fidelity [LETTERS] [sent]

With "sent" Postfix returns headings only, and the emails are found in Sent (Dovecot). Compared are
the fields of each part, and its bytes as they are written. Signatures are verified.
"""

import smtplib
import ssl
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.mailer import Mailer
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.mail.smtp import connect_smtp
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.fixes.resend import Order, Resend
from bounce_assistant.services.intake import add_sources
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.services.sources import Source
from bounce_assistant.store import Store, open_store
from tests.campaigns.letters import Letter, letters
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.ports import free_port
from tests.servers.postfix import running_postfix
from tests.servers.submission import PASSWORD, Submission, running_submission

_WAIT = 60
_KEPT = ("subject", "reply-to", "in-reply-to", "references", "mime-version")
_GONE = (
    "received", "dkim-signature", "authentication-results", "return-path", "cc", "bcc",
    "x-mailer", "x-campaign-id", "list-unsubscribe", "delivered-to",
)  # fmt: skip
_NEW = ("date", "message-id")


@dataclass(slots=True)
class Fidelity:
    """What a campaign counted."""

    letters: int = 0
    parts: int = 0
    changed: list[str] = field(default_factory=list)  # letter, part, what
    headers: list[str] = field(default_factory=list)  # letter, field, what
    refused: list[str] = field(default_factory=list)  # letter, why it was not sent
    same_bytes: int = 0  # bodies that are the same, byte for byte
    signatures: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        lines = [
            f"{self.letters} letters, {self.parts} parts compared, {len(self.changed)} changed",
            f"bodies the same byte for byte: {self.same_bytes}",
            f"header fields that are not as they should be: {len(self.headers)}",
            f"not sent, with a reason: {len(self.refused)}",
            f"S/MIME signatures: {dict(self.signatures)}",
        ]
        return "\n".join([*lines, *self.changed, *self.headers, *self.refused])


class _Refusing:
    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, _server: SMTP, _session: Session, _envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        return f"552 5.2.2 <{address}> Mailbox full"


class _Inbox:
    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.arrived = threading.Condition()

    async def handle_DATA(  # noqa: N802 - aiosmtpd's own name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        with self.arrived:
            self.got.append(envelope.original_content or b"")
            self.arrived.notify_all()
        return "250 OK"


def compare(some: Sequence[Letter], *, from_sent: bool = False) -> Fidelity:
    """Have each letter bounced by Postfix, sent again by the program, and compared."""
    told = Fidelity()
    with tempfile.TemporaryDirectory(prefix="bounce-assistant-fidelity-") as home:
        folder = Path(home)
        authority = Authority(folder)
        certificate = authority.issue("submission")
        with (
            _bounced(some, bounce_size=1 if from_sent else 10_000_000) as notices,
            running_submission(certificate, str(authority.ca)) as server,
            running_dovecot(authority, certificate) as dovecot,
            open_store(folder / "bounces.sqlite3") as store,
        ):
            program = _Program(store, server, dovecot, load_knowledge())
            for _, raw in some if from_sent else ():
                dovecot.put("agent", raw, datetime.now(UTC), folder="Sent")
            for (name, old), notice in zip(some, notices, strict=True):
                told.letters += 1
                new = program.send_again(notice)
                if isinstance(new, str):
                    told.refused.append(f"{name}: {new}")
                else:
                    compare_one(name, old, new, told)
    return told


@contextmanager
def _bounced(some: Sequence[Letter], bounce_size: int) -> Iterator[list[bytes]]:
    """Give the notice of each letter, in order."""
    far, near, inbox = free_port(), free_port(), _Inbox()
    refusing = Controller(_Refusing(), hostname="127.0.0.1", port=far, enable_SMTPUTF8=True)
    taking = Controller(
        inbox, hostname="127.0.0.1", port=near, enable_SMTPUTF8=True, data_size_limit=50_000_000
    )
    refusing.start()
    taking.start()
    try:
        with running_postfix(far, near, bounce_size=bounce_size) as postfix:
            for number, (_, raw) in enumerate(some):
                with smtplib.SMTP("127.0.0.1", postfix.port, "localhost", _WAIT) as smtp:
                    options = ["BODY=8BITMIME"]
                    smtp.sendmail("agent@example.com", [f"p{number}@far.example"], raw, options)
            with inbox.arrived:
                assert inbox.arrived.wait_for(lambda: len(inbox.got) >= len(some), _WAIT)
            yield [_notice_for(f"p{n}@far.example", inbox.got) for n in range(len(some))]
    finally:
        refusing.stop()
        taking.stop()


def _notice_for(address: str, notices: Sequence[bytes]) -> bytes:
    return next(one for one in notices if f"rfc822; {address}\r\n".encode() in one)


class _Program:
    """The program's own services, on a clock that lets no pace stand in the way."""

    def __init__(
        self, store: Store, server: Submission, dovecot: Dovecot, knowledge: Knowledge
    ) -> None:
        self._store, self._server, self._knowledge = store, server, knowledge
        self._time = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
        context = ssl.create_default_context(cafile=server.ca)

        def read(account: Account, known: Credential, line: Line, who: Provider | None) -> Mailbox:
            return connect_imap(account, known, line, who, context)

        accounts = Accounts(store.accounts, MemorySecrets(), connect=read)
        port, who = dovecot.tls_port, "gmail"  # which fills Sent itself
        mine = server.account(id=0, imap_port=port, username="agent", provider=who)
        accounts.add(mine, PASSWORD)
        cases = Cases(store, knowledge)

        def post(
            account: Account, credential: Credential, line: Line, provider: Provider | None
        ) -> Mailer:
            return connect_smtp(account, credential, line, provider, context)

        self._outbox = Outbox(store, accounts, now=self._now, undo_seconds=0, post=post)
        self._resend = Resend(cases, accounts, self._outbox)

    def _now(self) -> datetime:
        return self._time

    def send_again(self, notice: bytes) -> bytes | str:
        """Return what the server got, or why nothing was sent."""
        self._time += timedelta(minutes=10)
        source = Source("notice.eml", notice)
        (case,) = add_sources([source], self._store, self._knowledge, Job()).cases
        letter = self._resend.find(case, Job())
        review = self._resend.review(Order(case, letter=letter))
        if not review.can_be_sent:
            return review.locked
        (message,) = self._resend.send([review])
        before = len(self._server.received)
        self._outbox.run(Job())
        if len(self._server.received) == before:
            found = self._outbox.get(message)
            return found.problem if found else "gone"
        return self._server.received[-1].raw


def compare_one(name: str, old: bytes, new: bytes, told: Fidelity) -> None:
    """Compare what was sent first with what arrived, and note what differs."""
    before, after = (message_from_bytes(raw, policy=compat32) for raw in (old, new))
    told.same_bytes += _body(old) == _body(new)
    parts, others = list(before.walk()), list(after.walk())
    told.parts += len(parts)
    if len(parts) != len(others):
        told.changed.append(f"{name}: {len(parts)} parts became {len(others)}")
        return
    for number, (part, other) in enumerate(zip(parts, others, strict=True)):
        for what, was, is_now in _differences(part, other, is_top=number == 0):
            told.changed.append(f"{name}, part {number}, {what}: {was[:60]!r} != {is_now[:60]!r}")
    _compare_headers(name, before, after, told)
    if "pkcs7-signature" in str(before.get("content-type")):
        told.signatures["good" if _is_signature_good(new) else "broken"] += 1


def _differences(
    part: "Message[Any, Any]", other: "Message[Any, Any]", *, is_top: bool
) -> Iterator[tuple[str, str, str]]:
    if is_top:
        names = [n.lower() for n in part if n.lower().startswith("content-")]
        yield from _differing(part, other, names)
    else:
        was, is_now = str(part.items()), str(other.items())
        if was != is_now:
            yield "fields", was, is_now
    if not part.is_multipart():
        was, is_now = (
            str(part.get_payload()).rstrip("\r\n"),
            str(other.get_payload()).rstrip("\r\n"),
        )
        if was != is_now:
            yield "bytes", was, is_now


def _differing(
    part: "Message[Any, Any]", other: "Message[Any, Any]", names: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    for name in names:
        was, is_now = _text(part, name), _text(other, name)
        if was != is_now:
            yield name, was, is_now


def _compare_headers(
    name: str, before: "Message[Any, Any]", after: "Message[Any, Any]", told: Fidelity
) -> None:
    for what, was, is_now in _differing(before, after, _KEPT):
        told.headers.append(f"{name}, {what}: {was[:80]!r} != {is_now[:80]!r}")
    for gone in _GONE:
        if after[gone] is not None:
            told.headers.append(f"{name}, {gone} is still there")
    for new in _NEW:
        if after[new] is None or after[new] == before[new]:
            told.headers.append(f"{name}, {new} isn't new")


def _text(message: "Message[Any, Any]", name: str) -> str:
    found = (value for key, value in message.raw_items() if key.lower() == name)
    raw = str(next(found, "")).encode("ascii", "surrogateescape").decode("utf-8", "replace")
    return " ".join(str(make_header(decode_header(raw))).split())


def _body(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[2].rstrip(b"\r\n")


def _is_signature_good(raw: bytes) -> bool:
    command = ["openssl", "smime", "-verify", "-noverify", "-nochain"]
    done = subprocess.run(command, input=raw, capture_output=True, check=False, timeout=_WAIT)
    if done.returncode and b"nochain" in done.stderr:
        done = subprocess.run(
            command[:-1], input=raw, capture_output=True, check=False, timeout=_WAIT
        )
    return done.returncode == 0


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    told = compare(letters(count), from_sent="sent" in sys.argv[2:])
    print(told)
    sys.exit(1 if told.changed or told.headers else 0)


if __name__ == "__main__":
    main()
