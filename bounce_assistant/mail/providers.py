"""Mail providers as data: which servers an address has and how its owner signs in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from bounce_assistant import resources
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Login, ProviderSettings, Security, Server, domain_of


class ServerEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One server; ``{domain}`` in the host stands for the part after the @."""

    host: str
    port: int
    security: Security

    def at(self, domain: str) -> Server:
        return Server(self.host.replace("{domain}", domain), self.port, self.security)


class OAuthEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where signing in by browser happens (RFC 6749)."""

    app: str  # whose app id it takes: providers of one firm share it
    authorize: str
    token: str
    scopes: list[str]
    redirect_host: Literal["127.0.0.1", "localhost"] = "127.0.0.1"  # as the firm registers it
    gives_secret: bool = True  # with an app id; no real secret in a desktop program
    also: dict[str, str] = {}  # what else its page wants to be asked


class LimitsEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much is sent for one account; 0: not known."""

    a_day: int = 0  # messages in any 24 hours
    a_minute: int = 0
    source: str = ""


class SizeEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The biggest message a provider takes, as it travels: files grow by about a third."""

    message_mb: float
    source: str


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of resources/providers."""

    id: str
    name: str
    company: str
    login: Login
    is_confirmed: bool
    source: str
    domains: list[str] = []
    mx: list[str] = []
    imap_username: Literal["email", "local_part"] = "email"
    smtp_username: Literal["email", "local_part"] = "email"
    sent_folders: list[str] = []
    app_password_url: str = ""
    app_password_path: str = ""  # clicks from that page on
    app_password_name: str = "app password"  # noqa: S105 - what it is called
    app_password_shape: str = ""
    app_password_needs: str = ""  # a sentence for those whom the page turns away
    imap_url: str = ""  # the provider's page on turning IMAP on
    imap_path: str = ""  # clicks in its own settings, said as a guess: such places move
    imap_example: str = ""  # the host is the customer's own: what it looks like
    smtp_example: str = ""
    note: str = ""  # for us; never shown
    imap: ServerEntry | None = None
    smtp: ServerEntry | None = None
    imap_also: ServerEntry | None = None  # a second choice, for autodiscovery
    smtp_also: ServerEntry | None = None
    oauth: OAuthEntry | None = None
    saves_sent: bool = False  # puts what is sent over SMTP into Sent by itself
    limits: LimitsEntry | None = None
    size: SizeEntry | None = None


class Gateway(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A filter or forwarder in front of mailboxes that are elsewhere."""

    name: str
    mx: list[str]


class _Gateways(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    gateway: list[Gateway]


@dataclass(frozen=True, slots=True)
class Providers:
    """All providers, found by domain of an address or by the host that an account uses."""

    all: tuple[Provider, ...]
    gateways: tuple[Gateway, ...] = ()

    def by_domain(self, domain: str) -> Provider | None:
        """Return who serves a domain or, as for ``nyc.rr.com``, the one above it."""
        for candidate in _itself_and_parents(domain):
            for provider in self.all:
                if candidate in provider.domains:
                    return provider
        return None

    def by_id(self, name: str) -> Provider | None:
        """Return the provider of a file name; None when there is none by it any more."""
        return next((provider for provider in self.all if provider.id == name), None)

    def by_host(self, host: str) -> Provider | None:
        """Return whose IMAP server a host is; the first in file order where several share it."""
        entries = ((provider, provider.imap) for provider in self.all)
        return next((p for p, imap in entries if imap and imap.host == host.lower()), None)

    def settings_for(self, email: str) -> ProviderSettings | None:
        """Return how to reach an address, by its domain alone; None if nobody here serves it."""
        domain = domain_of(email)
        provider = self.by_domain(domain)
        return _settings(provider, email, domain) if provider else None

    def settings_of(self, provider: Provider, email: str) -> ProviderSettings:
        """Return how to reach an address that a provider looks after, whatever its domain."""
        return _settings(provider, email, domain_of(email))

    def by_mx(self, hosts: Sequence[str]) -> Provider | None:
        """Return who takes in a domain's mail, from its MX hosts, the preferred one first.

        An entry that begins with a dot fits every host below it; the longest fitting one decides.
        """
        for host in hosts:
            fitting = [
                (len(entry), provider)
                for provider in self.all
                for entry in provider.mx
                if _is_below(host, entry)
            ]
            if fitting:
                return max(fitting, key=lambda pair: pair[0])[1]
        return None

    def gateway_of(self, hosts: Sequence[str]) -> str:
        """Return the name of the filter that stands before a domain's mailboxes; "" for none."""
        names = (
            g.name for host in hosts for g in self.gateways for e in g.mx if _is_below(host, e)
        )
        return next(names, "")


def parse_providers(texts: Mapping[str, str], gateways: str = "gateway = []") -> Providers:
    """Build the providers from TOML, file name -> text. AppError names the file that is broken."""
    providers = []
    for name, text in texts.items():
        try:
            provider = msgspec.toml.decode(text, type=Provider)
        except msgspec.DecodeError as error:
            raise AppError(f"We can't use providers/{name}.toml.", f"{error}.") from error
        if provider.id != name:
            raise AppError(f"We can't use providers/{name}.toml.", f"Its id is {provider.id}.")
        _refuse_open_sign_in(provider)
        providers.append(provider)
    _refuse_shared_domains(providers)
    try:
        known = msgspec.toml.decode(gateways, type=_Gateways).gateway
    except msgspec.DecodeError as error:
        raise AppError("We can't use gateways.toml.", f"{error}.") from error
    return Providers(tuple(providers), tuple(known))


@cache
def load_providers() -> Providers:
    """Read resources/providers and resources/gateways.toml."""
    return parse_providers(resources.read_texts("providers"), resources.read_text("gateways.toml"))


def _settings(provider: Provider, email: str, domain: str) -> ProviderSettings:
    is_local = provider.imap_username == "local_part"
    return ProviderSettings(
        email=email,
        provider=provider.id,
        name=provider.name,
        company=provider.company,
        login=provider.login,
        is_confirmed=provider.is_confirmed,
        username=email.rpartition("@")[0] if is_local else email,
        imap=provider.imap.at(domain) if provider.imap else None,
        smtp=provider.smtp.at(domain) if provider.smtp else None,
        app_password_url=provider.app_password_url,
        app_password_name=provider.app_password_name,
        app_password_shape=provider.app_password_shape,
        app_password_needs=provider.app_password_needs,
        imap_also=provider.imap_also.at(domain) if provider.imap_also else None,
    )


def _is_below(host: str, entry: str) -> bool:
    return host.endswith(entry) if entry.startswith(".") else host == entry


def _itself_and_parents(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def _refuse_open_sign_in(provider: Provider) -> None:
    entry = provider.oauth
    addresses = (entry.authorize, entry.token) if entry else ()
    if not all(address.startswith("https://") for address in addresses):
        raise AppError(
            f"We can't use providers/{provider.id}.toml.", "Its sign-in page isn't https."
        )


def _refuse_shared_domains(providers: Sequence[Provider]) -> None:
    owners: dict[str, str] = {}
    for provider in providers:
        for domain in provider.domains:
            if owners.setdefault(domain, provider.id) != provider.id:
                raise AppError(
                    f"We can't use providers/{provider.id}.toml.",
                    f"{domain} belongs to {owners[domain]} already.",
                )
