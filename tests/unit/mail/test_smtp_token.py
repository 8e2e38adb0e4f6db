"""Signing in to send with an access token: XOAUTH2, and what happens when the token ended."""

import ssl
from base64 import b64decode
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from bounce_assistant.mail.credentials import Token
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.problems import SignInRefusedError
from bounce_assistant.mail.smtp import SmtpMailer, connect_smtp
from tests.servers.certificates import Authority, Certificate
from tests.servers.ports import free_port
from tests.servers.submission import Submission
from tests.servers.tls import server_context

_REASONS = b'{"status":"401","schemes":"Bearer","scope":"https://mail.google.com/"}'


class _TokenServer:
    """Lets in whoever has the good token; says why not, as Google does."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.ends: list[bytes] = []
        self.taken = 0

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's own name
        first = b64decode(args[1])
        self.heard.append(first)
        if first.endswith(b"auth=Bearer good\1\1"):
            return AuthResult(success=True, auth_data=first)
        self.ends.append(bytes(await server.challenge_auth(_REASONS)))  # type: ignore[arg-type]  # bytes, or a mark for none
        return AuthResult(success=False, handled=False)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's own name
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        self.taken += 1
        return "250 OK"


@pytest.fixture
def server() -> _TokenServer:
    return _TokenServer()


@pytest.fixture
def port(server: _TokenServer, mail_certificate: Certificate) -> Iterator[int]:
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=server_context(mail_certificate),
        auth_require_tls=False,
        auth_exclude_mechanism=["PLAIN", "LOGIN"],
        ready_timeout=30,
    )
    controller.start()
    yield controller.port
    controller.stop()


def connect(port: int, authority: Authority, *tokens: str) -> SmtpMailer:
    given = iter(tokens)
    account = Submission(port, str(authority.ca), "tls").account(sign_in="browser")
    context = ssl.create_default_context(cafile=authority.ca)
    return connect_smtp(account, Token(lambda _renew: next(given)), Line(20), None, context)


def test_a_good_token_lets_us_send(server: _TokenServer, port: int, authority: Authority) -> None:
    mailer = connect(port, authority, "good")
    mailer.send("agent@example.com", ["b@example.net"], b"Subject: x\r\n\r\nx\r\n", lambda: None)
    mailer.close()
    assert server.taken == 1
    assert server.heard == [b"user=agent@example.com\1auth=Bearer good\1\1"]


def test_a_token_that_ended_is_renewed_once(
    server: _TokenServer, port: int, authority: Authority
) -> None:
    connect(port, authority, "ended", "good").close()
    assert len(server.heard) == 2
    assert server.ends == [b""]


def test_two_refusals_are_final_and_no_token_is_told(
    server: _TokenServer, port: int, authority: Authority
) -> None:
    with pytest.raises(SignInRefusedError, match="sign in to send") as told:
        connect(port, authority, "bad-one", "bad-two", "never asked")
    assert len(server.heard) == 2
    assert "bad-" not in str(told.value)
