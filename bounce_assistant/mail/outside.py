"""The network as far as finding an address's servers needs it: names, pages, a greeting."""

import ssl
from typing import TYPE_CHECKING

from bounce_assistant.mail import web
from bounce_assistant.mail.autoconfig import MOST_BYTES
from bounce_assistant.mail.line import Line, NoAnswerError

if TYPE_CHECKING:
    import dns.resolver

_DNS_SECONDS = 6.0  # for one question, repeats and all name servers included
_GREETING_SECONDS = 5.0
_IMAPS = 993
_MOST_RECORDS = 50
_REDIRECTS = 3
_OK = 200


class Network:
    """The real one. Each call blocks for some seconds at most and raises OSError if unanswered."""

    def __init__(
        self,
        resolver: "dns.resolver.Resolver | None" = None,
        context: ssl.SSLContext | None = None,
        imaps_port: int = _IMAPS,
    ) -> None:
        """Take other name servers or certificates than the system's, as tests do."""
        self._resolver, self._context, self._port = resolver, context, imaps_port

    def records(self, name: str, kind: str) -> tuple[str, ...]:
        """Return the MX or SRV records of a name; empty when there are none."""
        import dns.exception  # noqa: PLC0415 - costs start-up time
        import dns.resolver  # noqa: PLC0415

        try:
            resolver = self._resolver or dns.resolver.Resolver()
            answer = resolver.resolve(name, kind, lifetime=_DNS_SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, UnicodeError, ValueError):
            raise NoAnswerError from None
        return tuple(record.to_text() for record in answer)[:_MOST_RECORDS]

    def page(self, url: str) -> bytes | None:
        """Return what an https address holds; None when there is nothing of use."""
        try:
            reply = web.ask(url, most_bytes=MOST_BYTES, redirects=_REDIRECTS, context=self._context)
        except web.OddAnswerError:
            return None
        return reply.body if reply.status == _OK else None

    def speaks_imap(self, host: str) -> bool:
        """Say whether a host greets as IMAP does, behind a certificate of its own name."""
        context = self._context or ssl.create_default_context()
        line = Line(_GREETING_SECONDS)
        try:
            sock = line.dial(host, self._port)
            with sock, context.wrap_socket(sock, server_hostname=host) as secured:
                return secured.recv(4).startswith(b"* ")
        finally:
            line.close()
