"""A submission server on loopback (aiosmtpd): TLS, sign-in, and every kind of bad day."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bounce_assistant.mail.accounts import Account, Security
from tests.servers.certificates import Authority, Certificate
from tests.servers.ports import free_port
from tests.servers.tls import server_context

PASSWORD = "secret"
logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns of its own ways
_DROP = "drop"  # hang up without a word
_SILENCE = "silence"  # never answer


@dataclass(slots=True)
class Received:
    """A message that the server took."""

    sender: str
    recipients: list[str]
    raw: bytes


@dataclass(slots=True)
class Mood:
    """How the server behaves; change it at any moment.

    ``replies`` has, for "mail", "rcpt" or "data", a reply; "drop" hangs up and "silence" says
    nothing any more. For "data" both come after the message was taken, unless ``takes`` is False.
    """

    replies: dict[str, str] = field(default_factory=dict)
    rcpt: dict[str, str] = field(default_factory=dict)  # address -> reply
    takes: bool = True
    once: bool = False  # each reply is given once, then all is well
    keep: Callable[[bytes], object] = len  # of a message that was taken; a provider fills Sent
    # Called at "connected", "mail", "rcpt", "data" (asked for), "taken", "answered" and "quit".
    watch: dict[str, Callable[[], object]] = field(default_factory=dict)

    def reached(self, moment: str) -> None:
        """Tell whoever watches."""
        self.watch.get(moment, lambda: None)()


@dataclass(slots=True)
class Submission:
    """A running server; ``received`` is all that it ever took."""

    port: int
    ca: str
    security: Security
    mood: Mood = field(default_factory=Mood)
    received: list[Received] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # who had another password
    arrived: threading.Event = field(default_factory=threading.Event)

    def account(self, email: str = "agent@example.com", **changes: Any) -> Account:
        """Return an account that sends through it; it reads from nowhere."""
        values: dict[str, Any] = {
            "id": 1,
            "email": email,
            "imap_host": "localhost",
            "imap_port": 1,
            "imap_security": "tls",
            "smtp_host": "localhost",
            "smtp_port": self.port,
            "smtp_security": self.security,
            "username": email,
        }
        return Account(**{**values, **changes})

    def ids(self) -> list[str]:
        """Return the Message-ID of each message taken, in order."""
        heads = [
            one.raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace") for one in self.received
        ]
        lines = [line for head in heads for line in head.split("\r\n")]
        return [line.partition(": ")[2] for line in lines if line.lower().startswith("message-id:")]


class _Handler:
    def __init__(self, server: Submission) -> None:
        self.server = server

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's own name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.server.mood.reached("mail")
        reply = await self._reply("mail", server)
        if not reply:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.server.mood.reached("rcpt")
        reply = self.server.mood.rcpt.get(address) or await self._reply("rcpt", server)
        if not reply or reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's own name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        mood = self.server.mood
        wanted = mood.replies.get("data", "")
        if mood.takes and not wanted.startswith(("4", "5")):
            raw = envelope.original_content or b""
            taken = Received(str(envelope.mail_from), list(envelope.rcpt_tos), raw)
            self.server.received.append(taken)
            mood.keep(raw)
        self.server.arrived.set()
        mood.reached("taken")
        asyncio.get_running_loop().call_later(0.0005, mood.reached, "answered")
        return await self._reply("data", server) or "250 2.0.0 OK queued"

    async def _reply(self, stage: str, server: SMTP) -> str:
        replies = self.server.mood.replies
        reply = replies.get(stage, "")
        if reply and self.server.mood.once:
            del replies[stage]
        if reply == _SILENCE:
            await asyncio.sleep(3600)
        if reply == _DROP:
            cast("asyncio.Transport", server.transport).abort()
            await asyncio.sleep(3600)
        return reply


class _Smtp(SMTP):
    """Says when it is asked for the message, which no handler of aiosmtpd's hears."""

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's own name
        self._mood.reached("connected")
        await super().smtp_EHLO(hostname)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's own name
        self._mood.reached("data")
        await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's own name
        self._mood.reached("quit")
        await super().smtp_QUIT(arg)

    @property
    def _mood(self) -> Mood:
        handler = cast("_Handler", self.event_handler)
        return handler.server.mood


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)


@contextmanager
def running_submission(
    certificate: Certificate,
    ca: str,
    *,
    security: Security = "tls",
    hides_starttls: bool = False,
    utf8: bool = True,
    size: int = 25_000_000,
) -> Iterator[Submission]:
    """Run a server until the block ends."""
    server = Submission(free_port(), ca, security)
    context = server_context(certificate)

    def authenticator(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        is_right = data.password == PASSWORD.encode()
        (server.signed_in if is_right else server.refused).append(data.login.decode())
        return AuthResult(success=is_right, handled=False)

    is_tls = security == "tls"
    controller = _Controller(
        _Handler(server),
        hostname="127.0.0.1",
        port=server.port,
        ssl_context=context if is_tls else None,
        ready_timeout=30,
        authenticator=authenticator,
        auth_require_tls=not is_tls,  # it knows of STARTTLS only
        tls_context=None if is_tls or hides_starttls else context,
        enable_SMTPUTF8=utf8,
        data_size_limit=size,
        timeout=3600,
        ident="ESMTP test",
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture(scope="session")
def mail_certificate(authority: Authority) -> Certificate:
    return authority.issue("submission")


@pytest.fixture
def submission(authority: Authority, mail_certificate: Certificate) -> Iterator[Submission]:
    with running_submission(mail_certificate, str(authority.ca)) as server:
        yield server
