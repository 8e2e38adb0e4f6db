"""How an account proves who it is to IMAP and SMTP servers: a password, or an access token."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from bounce_assistant.mail.accounts import Server

XOAUTH2, OAUTHBEARER = "XOAUTH2", "OAUTHBEARER"


@dataclass(frozen=True, slots=True)
class Password:
    """For LOGIN and PLAIN. Never part of a repr, so never of a log or a report."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """An OAuth 2 access token (RFC 6750), fetched at the moment it is sent: it lasts an hour.

    ``fetch(False)`` gives a token that should be good. When a server refuses it, call
    ``fetch(True)`` once for a new one and sign in again; a second refusal is final. ``fetch`` may
    ask the network; it raises AppError, as when the user took the permission back.
    """

    fetch: Callable[[bool], str] = field(repr=False)


# What mail/imap.py and mail/smtp.py sign in with; ``services.Accounts.credential`` makes it.
Credential = Password | Token


def plain(name: str, password: str) -> bytes:
    """Return the one message of SASL PLAIN (RFC 4616), not yet in base64."""
    return b"\0" + name.encode() + b"\0" + password.encode()


def token_mechanism(offered: Collection[str]) -> str:
    """Return the mechanism to send a token with, of those a server names; empty when it has none.

    Google and Microsoft document XOAUTH2; OAUTHBEARER (RFC 7628) is for servers with that alone.
    """
    names = {name.upper() for name in offered}
    return next((one for one in (XOAUTH2, OAUTHBEARER) if one in names), "")


def token_message(mechanism: str, name: str, token: str, server: Server) -> bytes:
    """Return the first message of XOAUTH2 or OAUTHBEARER (RFC 7628, 3.1), not yet in base64."""
    if mechanism == OAUTHBEARER:
        user = name.replace("=", "=3D").replace(",", "=2C")
        parts = [f"n,a={user},", f"host={server.host}", f"port={server.port}"]
        return "\1".join([*parts, f"auth=Bearer {token}", "", ""]).encode()
    return f"user={name}\1auth=Bearer {token}\1\1".encode()


def token_refused(mechanism: str) -> bytes:
    """Return what a client says to a server's reasons, so that the refusal can end."""
    return b"\1" if mechanism == OAUTHBEARER else b""
