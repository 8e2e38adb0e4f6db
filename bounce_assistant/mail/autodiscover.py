"""An address in, the settings to reach it out: what is known here, else what the network says."""

import threading
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import quote

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import (
    FoundBy,
    ProviderSettings,
    Security,
    Server,
    domain_of,
)
from bounce_assistant.mail.autoconfig import is_host, read_autoconfig
from bounce_assistant.mail.beside import first_of
from bounce_assistant.mail.providers import Provider, Providers

_SECONDS = 9.0  # for all ways together
_DIRECTORY = "https://autoconfig.thunderbird.net/v1.1/{domain}"
_OWN = (
    "https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={email}",
    "https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
)
_GUESSES = ("imap.{domain}", "mail.{domain}")
_SRV_FIELDS = 4  # priority, weight, port, target (RFC 2782)


class Outside(Protocol):
    """The network as far as it is needed here; each call blocks for some seconds at most.

    All raise OSError when the question could not be put or was not answered.
    """

    def records(self, name: str, kind: str) -> tuple[str, ...]:
        """Return the MX or SRV records of a name, as a zone file has them; empty if none."""

    def page(self, url: str) -> bytes | None:
        """Return what an https address holds; None when there is nothing of use."""

    def speaks_imap(self, host: str) -> bool:
        """Say whether a host is a mail server at port 993, with a certificate for its name."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What came of it. Without settings: say by hand, and ``gateway`` names a filter in front."""

    settings: ProviderSettings | None
    gateway: str = ""
    is_open_only: bool = False  # its servers are known, but speak without encryption


def settings_for(email: str, providers: Providers) -> ProviderSettings | None:
    """Return the settings of an address by its domain alone; nothing is asked of the network."""
    return providers.settings_for(email.strip())


def discover(
    email: str, providers: Providers, outside: Outside, stopped: threading.Event
) -> Discovery:
    """Look up where an address has its mail, all ways at once, and return the best answer.

    The order of trust: our own data by domain; a provider we know by where the domain's mail goes
    (a hoster's settings outlive a move to Google, so this comes before them); what the domain
    publishes over HTTPS; Mozilla's directory; SRV records; a provider nobody confirmed; servers
    that are named imap or mail. Settings never come over plain HTTP, where anybody on the way could
    name a server of his own. Takes seconds at most. Raises CancelledError once ``stopped`` is set,
    AppError when there is no way out.
    """
    email = email.strip()
    if known := settings_for(email, providers):
        return Discovery(known)
    search = _Search(email, _in_ascii(domain_of(email)), providers, outside)
    ways = [
        search.by_mx,
        *(lambda _enough, url=url: search.by_page(url, "published") for url in _OWN),
        lambda _enough: search.by_page(_DIRECTORY, "directory"),
        search.by_srv,
        search.by_unconfirmed_mx,
        *(lambda enough, host=host: search.by_guess(host, enough) for host in _GUESSES),
    ]
    found, problems = first_of(ways, stopped, _SECONDS)
    if found is None and len(problems) == len(ways):
        raise AppError(
            "You're offline, so we couldn't look up where your mail is.",
            "",
            "Check your connection and try again, or set it up by hand.",
        ) from next((one for one in problems if isinstance(one, OSError)), None)
    return Discovery(found, search.gateway, search.is_open_only and found is None)


class _Search:
    """The ways of one search, and what more than one of them needs."""

    def __init__(self, email: str, domain: str, providers: Providers, outside: Outside) -> None:
        self._email, self._domain = email, domain
        self._providers, self._outside = providers, outside
        self._asking = threading.Lock()
        self._hosts: tuple[str, ...] | None = None
        self.gateway = ""
        self.is_open_only = False

    def by_mx(self, _enough: threading.Event) -> ProviderSettings | None:
        """Ask where the domain's mail goes, and name a filter that stands there."""
        hosts = self._mail_hosts()
        self.gateway = self._providers.gateway_of(hosts)
        provider = self._providers.by_mx(hosts)
        return self._of(provider, "mx") if provider and provider.is_confirmed else None

    def by_unconfirmed_mx(self, _enough: threading.Event) -> ProviderSettings | None:
        provider = self._providers.by_mx(self._mail_hosts())
        return self._of(provider, "mx") if provider else None

    def by_page(self, url: str, found: FoundBy) -> ProviderSettings | None:
        """Read what a page says in Mozilla's format; the address itself goes to the domain only."""
        address = url.format(domain=self._domain, email=quote(self._email))
        xml = self._outside.page(address)
        said = read_autoconfig(xml, self._email) if xml else None
        if said is None:
            return None
        if said.imap is None:
            self.is_open_only = True
            return None
        settings = self._at(said.imap, said.smtp, found)
        if settings.provider:
            return settings
        login = settings.login if said.takes_passwords else "oauth_only"
        return replace(settings, username=said.username, login=login)

    def by_srv(self, _enough: threading.Event) -> ProviderSettings | None:
        """Ask for the services a domain names (RFC 6186; RFC 8314, section 5.1)."""
        imap = self._service("_imaps", "tls") or self._service("_imap", "starttls")
        if imap is None:
            return None
        smtp = self._service("_submissions", "tls") or self._service("_submission", "starttls")
        return self._at(imap, smtp, "srv")

    def by_guess(self, host: str, enough: threading.Event) -> ProviderSettings | None:
        name = host.format(domain=self._domain)
        if enough.is_set() or not is_host(name) or not self._outside.speaks_imap(name):
            return None
        return self._at(Server(name, 993, "tls"), Server(name, 465, "tls"), "guess")

    def _mail_hosts(self) -> tuple[str, ...]:
        with self._asking:
            if self._hosts is None:
                said = self._outside.records(self._domain, "MX")
                pairs = sorted(_preference(value) for value in said)
                self._hosts = tuple(host for _, host in pairs if host)
            return self._hosts

    def _service(self, name: str, security: Security) -> Server | None:
        said = self._outside.records(f"{name}._tcp.{self._domain}", "SRV")
        offers = [value.split() for value in said]
        numbers = [o for o in offers if len(o) == _SRV_FIELDS and all(p.isdigit() for p in o[:3])]
        numbers.sort(key=lambda offer: (int(offer[0]), -int(offer[1])))
        for _, _, port, target in numbers:
            host = target.lower().rstrip(".")
            if is_host(host) and 0 < int(port) < 1 << 16:
                return Server(host, int(port), security)
        return None  # also for the target ".", which says that there is no such service

    def _of(self, provider: Provider, found: FoundBy) -> ProviderSettings:
        return replace(self._providers.settings_of(provider, self._email), found=found)

    def _at(self, imap: Server, smtp: Server | None, found: FoundBy) -> ProviderSettings:
        """Return settings for servers that were named; a provider we know brings what we know."""
        if provider := self._providers.by_host(imap.host):
            return self._of(provider, found)
        return ProviderSettings(
            email=self._email,
            provider="",
            name=domain_of(self._email),
            company=domain_of(self._email),
            login="password",
            is_confirmed=False,
            username=self._email,
            imap=imap,
            smtp=smtp,
            found=found,
        )


def _in_ascii(domain: str) -> str:
    """Return a domain as name servers and certificates write it (RFC 5891): ``xn--...``."""
    if domain.isascii():
        return domain
    import idna  # noqa: PLC0415 - only for international names

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:  # no name at all: nobody will know it
        return domain


def _preference(value: str) -> tuple[int, str]:
    preference, _, host = value.partition(" ")
    return (int(preference) if preference.isdigit() else 0, host.strip().lower().rstrip("."))
