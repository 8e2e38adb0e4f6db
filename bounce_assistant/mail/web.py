"""Questions over HTTPS with verified certificates: bounded in size, time and redirects."""

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from bounce_assistant.mail.line import NoAnswerError

_SECONDS = 8.0  # for a connection, or for silence within it
_MOST_SECONDS = 15.0  # for one question with all its redirects


class OddAnswerError(ValueError):
    """What came back is too long, leads nowhere safe, or isn't HTTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a web server answered. The body may hold secrets: it is no part of the repr."""

    status: int
    body: bytes = field(repr=False)


def ask(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    most_bytes: int = 65_536,
    redirects: int = 0,
    context: ssl.SSLContext | None = None,
) -> Reply:
    """Get a page, or post a form to it. Raises OSError (offline, TLS, silence) or OddAnswerError.

    Redirects are followed for a page only, as often as allowed and to HTTPS alone. Nothing of the
    question or the answer is part of what is raised. ``context`` is the system's by default.
    """
    import httpx  # noqa: PLC0415 - costs start-up time

    until = time.monotonic() + _MOST_SECONDS
    verify = context or ssl.create_default_context()
    headers = {"Accept-Encoding": "identity"}  # what is small on the wire is small unpacked
    method = "GET" if form is None else "POST"
    problem: Exception
    try:
        with httpx.Client(verify=verify, timeout=_SECONDS, headers=headers) as client:
            for _ in range(redirects + 1):
                if urlsplit(url).scheme != "https":
                    raise OddAnswerError("not a secure address")
                with client.stream(method, url, data=form) as answer:
                    if form is not None or not answer.is_redirect:
                        body = _body(answer.iter_raw(), most_bytes, until)
                        return Reply(answer.status_code, body)
                    url = urljoin(url, answer.headers.get("location", ""))
            raise OddAnswerError("too many redirects")
    except httpx.TransportError as error:
        odd = NoAnswerError() if isinstance(error, httpx.TimeoutException) else OddAnswerError()
        problem = _system_error(error) or odd
    except (httpx.InvalidURL, httpx.StreamError, UnicodeError):
        problem = OddAnswerError("not an address")
    raise problem  # outside, so that it carries no question along


def _body(chunks: Iterator[bytes], most_bytes: int, until: float) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most_bytes:
            raise OddAnswerError("too long")
        if time.monotonic() > until:
            raise NoAnswerError
    return bytes(body)


def _system_error(error: BaseException) -> OSError | None:
    """Return what the system raised below the library, which says more than the library does."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError):
            return inner.with_traceback(None)
        inner = inner.__cause__ or inner.__context__
    return None
