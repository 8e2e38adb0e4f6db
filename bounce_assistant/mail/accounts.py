"""An account and the servers behind it; passwords are never part of either."""

from dataclasses import dataclass
from typing import Literal

Security = Literal["tls", "starttls"]
SignInWay = Literal["password", "browser"]
FoundBy = Literal["known", "mx", "published", "directory", "srv", "guess", "hand"]
FolderRole = Literal["inbox", "spam"]
Login = Literal[
    "password", "app_password", "password_or_app_password", "oauth_only", "bridge_password"
]


@dataclass(frozen=True, slots=True)
class Server:
    """A host that speaks TLS from the first byte, or after STARTTLS. Never without."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """How to reach one address: what the account dialog shows and the account is made from."""

    email: str
    provider: str  # id of the provider's file; "" when set by hand
    name: str  # of the product: Gmail
    company: str  # of the firm, for sentences: Google
    login: Login
    is_confirmed: bool  # False: worth a try, but nothing of it may be said as a fact
    username: str
    imap: Server | None  # None: no way known to read this mailbox
    smtp: Server | None
    app_password_url: str = ""
    app_password_name: str = "app password"  # noqa: S105 - what the provider calls it
    app_password_shape: str = ""  # a sentence on what one looks like
    app_password_needs: str = ""  # a sentence for those whom that page turns away
    found: FoundBy = "known"  # by our own data, by the domain's MX, on its web page, ...
    imap_also: Server | None = None  # worth a try when the first doesn't answer

    @property
    def is_ours(self) -> bool:
        """Whether our own data, or the user, names the servers; else they are shown first."""
        return bool(self.provider) or self.found in ("known", "hand")


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox the user connected. ``id`` is 0 until it is stored."""

    id: int
    email: str
    imap_host: str
    imap_port: int
    imap_security: Security
    smtp_host: str
    smtp_port: int
    smtp_security: Security
    username: str
    name: str = ""  # the user's own name, for mail written in it
    provider: str = ""  # id of a file in resources/providers; "" when none fits
    sign_in: SignInWay = "password"  # "browser": by OAuth, with a token
    reads: tuple[FolderRole, ...] = ("inbox", "spam")  # what the user let us read
    since_days: int = 30  # how far back a first check looks

    @property
    def imap(self) -> Server:
        return Server(self.imap_host, self.imap_port, self.imap_security)

    @property
    def smtp(self) -> Server | None:
        """The server to send through; None when none is known."""
        if not self.smtp_host:
            return None
        return Server(self.smtp_host, self.smtp_port, self.smtp_security)


def domain_of(email: str) -> str:
    """Return the lower-case part after the last @; empty when there is none."""
    return email.rpartition("@")[2].strip().lower().rstrip(".") if "@" in email else ""


def settings_by_hand(email: str) -> ProviderSettings:
    """Return settings that say nothing but the address; the user fills in the rest."""
    return ProviderSettings(
        email=email,
        provider="",
        name="",
        company="",
        login="password",
        is_confirmed=False,
        username=email,
        imap=None,
        smtp=None,
        found="hand",
    )


def account_from(settings: ProviderSettings, *, name: str = "") -> Account:
    """Return the account, not yet stored, that these settings describe.

    Raises ValueError without a server to read from: ask ``settings.imap`` first.
    """
    if settings.imap is None:
        raise ValueError(settings.email)
    smtp = settings.smtp or Server("", 465, "tls")
    return Account(
        id=0,
        email=settings.email,
        imap_host=settings.imap.host,
        imap_port=settings.imap.port,
        imap_security=settings.imap.security,
        smtp_host=smtp.host,
        smtp_port=smtp.port,
        smtp_security=smtp.security,
        username=settings.username,
        name=name,
        provider=settings.provider,
    )
