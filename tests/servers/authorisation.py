"""A server on loopback that grants, refuses, expires and revokes (RFC 6749, RFC 7636)."""

import hashlib
import http.server
import json
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.servers.certificates import Authority, Certificate
from tests.servers.running import running
from tests.servers.tls import WebServer, server_context

CLIENT_ID = "bounce-assistant-test"


@dataclass(slots=True)
class _Asked:
    """What came with a code, to be shown again when it is changed for a token."""

    challenge: str
    redirect: str


@dataclass(slots=True)
class Authorisation:
    """The state of the server. ``heard`` holds the form of every token request, in order."""

    user: str = "rosa"
    denies: bool = False  # the user presses No on the page
    answer: bytes | None = None  # of the token endpoint, instead of the right one
    lifetime: int = 3600  # seconds, as told with each token
    rotates: bool = False  # each refresh gives a new refresh token
    is_silent: threading.Event = field(default_factory=threading.Event)  # token requests wait
    heard: list[dict[str, str]] = field(default_factory=list)
    port: int = 0  # TLS
    introspection_port: int = 0  # plain, for Dovecot
    _codes: dict[str, _Asked] = field(default_factory=dict)
    _refresh: set[str] = field(default_factory=set)
    _access: set[str] = field(default_factory=set)

    @property
    def authorize(self) -> str:
        return f"https://localhost:{self.port}/authorize"

    @property
    def token(self) -> str:
        return f"https://localhost:{self.port}/token"

    @property
    def introspection(self) -> str:
        return f"http://127.0.0.1:{self.introspection_port}/introspect"

    def expire(self) -> None:
        """Make every access token given so far worthless."""
        self._access.clear()

    def revoke(self) -> None:
        """Take back every permission given so far."""
        self._access.clear()
        self._refresh.clear()

    def grant_access(self) -> str:
        """Return an access token that is good now."""
        token = f"access-{secrets.token_hex(8)}"
        self._access.add(token)
        return token

    def on_page(self, asked: dict[str, str]) -> str:
        """Return where the browser is sent after the sign-in page."""
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        if self.denies:
            answer = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_hex(8)
            self._codes[code] = _Asked(asked["code_challenge"], asked["redirect_uri"])
            answer = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def on_token(self, form: dict[str, str]) -> tuple[int, bytes]:
        """Answer a request for tokens."""
        self.heard.append(form)
        if self.is_silent.is_set():
            threading.Event().wait(20)
        if self.answer is not None:
            return 200, self.answer
        if form.get("grant_type") == "refresh_token":
            if form.get("refresh_token") not in self._refresh:
                return 400, b'{"error": "invalid_grant"}'
            return 200, self._tokens(with_refresh=self.rotates)
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        if not asked or asked.challenge != challenge or asked.redirect != form.get("redirect_uri"):
            return 400, b'{"error": "invalid_grant"}'
        return 200, self._tokens(with_refresh=True)

    def on_introspect(self, token: str) -> bytes:
        if token not in self._access:
            return b'{"active": false}'
        return json.dumps({"active": True, "username": self.user}).encode()

    def _tokens(self, *, with_refresh: bool) -> bytes:
        said: dict[str, str | int] = {
            "access_token": self.grant_access(),
            "token_type": "Bearer",
            "expires_in": self.lifetime,
        }
        if with_refresh:
            said["refresh_token"] = f"refresh-{secrets.token_hex(8)}"
            self._refresh.add(str(said["refresh_token"]))
        return json.dumps(said).encode()


@contextmanager
def running_authorisation(certificate: Certificate) -> Iterator[Authorisation]:
    """Run the server: pages and tokens over TLS, introspection over plain HTTP."""
    state = Authorisation()
    context = server_context(certificate)
    with (
        running(WebServer(_handler(state), context)) as over_tls,
        running(WebServer(_handler(state), None)) as plain,
    ):
        state.port, state.introspection_port = over_tls.server_port, plain.server_port
        yield state


def _handler(state: Authorisation) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {
                name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()
            }
            self.send_response(302)
            self.send_header("Location", state.on_page(asked))
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if self.path == "/introspect":
                status, answer = 200, state.on_introspect(form.get("token", ""))
            else:
                status, answer = state.on_token(form)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing; tests look at the state."""

    return Handler


@pytest.fixture
def authorisation(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authorisation]:
    """Sign-in pages and a token service on this computer, whose certificate is believed."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    with running_authorisation(authority.issue("sign-in-page")) as state:
        yield state
