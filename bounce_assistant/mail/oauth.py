"""Signing in on the provider's own page in the browser (RFC 6749, RFC 7636, RFC 8252)."""

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

from bounce_assistant.errors import AppError
from bounce_assistant.mail import web
from bounce_assistant.mail.beside import in_time
from bounce_assistant.mail.line import NoAnswerError
from bounce_assistant.mail.loopback import LoopbackPort, SignInTimeoutError
from bounce_assistant.mail.providers import OAuthEntry, Provider
from bounce_assistant.mail.sign_in_problems import explain_sign_in_again

if TYPE_CHECKING:
    import ssl

    from oauthlib.oauth2 import WebApplicationClient

_PATIENCE = 600.0  # seconds for the person to get through the provider's pages
_EXCHANGE = 20.0  # seconds for a token
_EARLY = 60.0  # seconds before its end that a token counts as ended
_USUAL_LIFE = 3600.0  # seconds, where the server doesn't say
_VERIFIER = 64  # characters; 43 to 128 are allowed
_ENDED = frozenset({"invalid_grant", "interaction_required", "login_required"})


@dataclass(frozen=True, slots=True)
class AppId:
    """What a provider knows this program by. A desktop program's secret is none, but is kept so."""

    client_id: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in gave: the lasting token, and one for the next hour."""

    refresh_token: str = field(repr=False)
    access_token: str = field(repr=False)
    good_until: float  # time.monotonic()

    @property
    def is_good(self) -> bool:
        return bool(self.access_token) and time.monotonic() < self.good_until


class BrowserSignIn:
    """One try: ``url`` is for the browser, ``finish`` waits until it comes back."""

    def __init__(
        self,
        provider: Provider,
        app: AppId,
        email: str,
        *,
        context: "ssl.SSLContext | None" = None,
        patience: float = _PATIENCE,
    ) -> None:
        """Open the port to come back to; nothing is asked of the network."""
        self._oauth, self._company = _oauth_of(provider), provider.company
        self._app, self._context, self._patience = app, context, patience
        self._client = _client(app)
        self._port = LoopbackPort()
        self._redirect = f"http://{self._oauth.redirect_host}:{self._port.number}/"
        self._state = self._client.state_generator() + self._client.state_generator()
        verifier = self._client.create_code_verifier(_VERIFIER)
        self.url: str = self._client.prepare_request_uri(
            self._oauth.authorize,
            redirect_uri=self._redirect,
            scope=self._oauth.scopes,
            state=self._state,
            code_challenge=self._client.create_code_challenge(verifier, "S256"),
            code_challenge_method="S256",
            login_hint=email,
            **self._oauth.also,
        )
        self._verifier = verifier

    def finish(self, stopped: threading.Event) -> Grant:
        """Wait for the browser, then change its code for tokens; the port is closed after.

        Raises AppError when the user said no, took too long or the provider wouldn't; and
        CancelledError once ``stopped`` is set.
        """
        try:
            target = self._port.wait(self._is_ours, stopped, self._patience)
        except SignInTimeoutError:
            raise AppError(
                f"Nobody came back from {self._company}'s sign-in page.",
                "",
                "Press the button again and sign in on the page that opens.",
            ) from None
        said = dict(parse_qsl(urlsplit(target).query))
        if "code" not in said:
            self._refuse(said.get("error", ""))
        body = self._client.prepare_request_body(
            code=said["code"],
            redirect_uri=self._redirect,
            code_verifier=self._verifier,
            **_secret(self._app),
        )
        grant = _ask(self._oauth, self._company, self._client, body, stopped, self._context)
        if not grant.refresh_token:
            raise AppError(
                f"{self._company} let us in for an hour only.",
                "It gave no lasting permission.",
                "Sign in once more; if it stays so, use an app password.",
            )
        return grant

    def close(self) -> None:
        """Give the port back without waiting."""
        self._port.close()

    def _is_ours(self, target: str) -> bool:
        """Say whether a request carries our state: nobody else on this computer knows it."""
        parts = urlsplit(target)
        said = dict(parse_qsl(parts.query))
        return (
            parts.path == "/"
            and said.get("state") == self._state
            and bool(said.get("code") or said.get("error"))
        )

    def _refuse(self, why: str) -> NoReturn:
        if why == "access_denied":
            raise AppError(
                f"{self._company} didn't get your permission, so nothing was connected.",
                "If its page asked for an administrator, only your IT person can allow it.",
                "Press the button again, and choose Allow on the page that opens.",
            )
        raise AppError(
            f"{self._company}'s sign-in page sent you back without letting us in.",
            f'It said: "{_printable(why)}".',
            "Try again, or ask your IT person about the app id in Settings.",
        )


def refresh(
    provider: Provider,
    app: AppId,
    refresh_token: str,
    stopped: threading.Event,
    *,
    context: "ssl.SSLContext | None" = None,
) -> Grant:
    """Return a new access token, with the refresh token that holds from now on.

    Raises SignInRefusedError when the permission ended or was taken back; AppError when the
    provider can't be asked; CancelledError once ``stopped`` is set.
    """
    client = _client(app)
    body = client.prepare_refresh_body(refresh_token=refresh_token, **_id(app), **_secret(app))
    grant = _ask(_oauth_of(provider), provider.company, client, body, stopped, context)
    kept = grant.refresh_token or refresh_token  # most providers give a new one only at times
    return Grant(kept, grant.access_token, grant.good_until)


def _ask(
    oauth: OAuthEntry,
    company: str,
    client: "WebApplicationClient",
    body: str,
    stopped: threading.Event,
    context: "ssl.SSLContext | None",
) -> Grant:
    form = dict(parse_qsl(body))
    try:
        reply = in_time(
            lambda: web.ask(oauth.token, form=form, context=context), stopped, _EXCHANGE
        )
    except NoAnswerError:
        raise AppError(
            f"{company}'s sign-in service doesn't answer.", "", "Try again in a few minutes."
        ) from None
    except OSError as error:
        raise AppError(
            f"Can't reach {company}'s sign-in service.",
            "",
            "Check your connection; saved emails still work.",
        ) from error
    except web.OddAnswerError:
        raise _odd(company) from None
    return _grant(client, reply, company)


def _grant(client: "WebApplicationClient", reply: web.Reply, company: str) -> Grant:
    """Read what the token endpoint said; nothing of it gets into what is raised."""
    from oauthlib.oauth2 import OAuth2Error  # noqa: PLC0415 - costs start-up time

    said: dict[str, Any] | None = None
    refusal = ""
    try:
        said = client.parse_request_body_response(reply.body.decode())
    except OAuth2Error as error:
        refusal = error.error or "unknown"
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        refusal = ""
    if said is None:
        raise _refused(refusal, company) if refusal else _odd(company)
    access, again = said.get("access_token"), said.get("refresh_token") or ""
    if not isinstance(access, str) or not isinstance(again, str) or not _is_plain(access + again):
        raise _odd(company)
    life = said.get("expires_in")
    seconds = float(life) if isinstance(life, int | float) else _USUAL_LIFE
    return Grant(again, access, time.monotonic() + max(seconds - _EARLY, 0))


def _refused(why: str, company: str) -> AppError:
    if why in _ENDED:
        return explain_sign_in_again(company)
    if why in ("invalid_client", "unauthorized_client"):
        return AppError(
            f"{company} doesn't know this program's app id.",
            "",
            "Ask whoever gave you the app id, or sign in with an app password.",
        )
    if why in ("missing_token", "unknown"):
        return _odd(company)
    return AppError(
        f"{company} wouldn't let us in.", f'It said: "{_printable(why)}".', "Sign in again."
    )


def _odd(company: str) -> AppError:
    return AppError(
        f"{company}'s sign-in service answered in a way we don't understand.",
        "",
        "Try again in a few minutes, or sign in with an app password.",
    )


def _client(app: AppId) -> "WebApplicationClient":
    from oauthlib.oauth2 import WebApplicationClient  # noqa: PLC0415 - costs start-up time

    return WebApplicationClient(app.client_id)


def _oauth_of(provider: Provider) -> OAuthEntry:
    if provider.oauth is None:
        raise ValueError(provider.id)
    return provider.oauth


def _id(app: AppId) -> dict[str, str]:
    return {"client_id": app.client_id}


def _secret(app: AppId) -> dict[str, str]:
    return {"client_secret": app.client_secret} if app.client_secret else {}


def _is_plain(token: str) -> bool:
    """Say whether a token is what RFC 6749, appendix A, allows: it is put into a SASL message."""
    return token.isascii() and token.isprintable()


def _printable(words: str) -> str:
    return "".join(c if c.isprintable() else " " for c in words)[:80]
