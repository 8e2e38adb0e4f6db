"""A domain's own mail settings as XML, in Mozilla's format (draft-ietf-mailmaint-autoconfig)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bounce_assistant.mail.accounts import Security, Server, domain_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_BYTES = 65_536  # the longest one that Mozilla has takes 12 kB
_SECURITY: dict[str, Security] = {"SSL": "tls", "STARTTLS": "starttls"}
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LONGEST_HOST, _LONGEST_NAME = 253, 320
_PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class Published:
    """What a domain says of itself. Without ``imap`` there is no encrypted way to read its mail."""

    imap: Server | None
    smtp: Server | None
    username: str
    takes_passwords: bool  # False: its own sign-in page only


def read_autoconfig(xml: bytes, email: str) -> Published | None:
    """Return what an XML text from the network says; None when it is no such text.

    Takes any bytes. Texts with a document type are refused, as entities could make them huge or
    reach for files. Servers without encryption are passed over, as are names that are no hosts.
    """
    root = _parse(xml)
    if root is None or root.tag != "clientConfig":
        return None
    incoming = list(_servers(root.iterfind("emailProvider/incomingServer"), "imap"))
    outgoing = list(_servers(root.iterfind("emailProvider/outgoingServer"), "smtp"))
    if not incoming and root.find("emailProvider") is None:
        return None
    imap, element = _best(incoming, email)
    ways = (
        [(way.text or "").strip() for way in element.iterfind("authentication")] if element else []
    )
    return Published(
        imap=imap,
        smtp=_best(outgoing, email)[0],
        username=_username(element, email),
        takes_passwords=not ways or any(way.startswith("password-") for way in ways),
    )


def is_host(name: str) -> bool:
    """Say whether a name is a full host name, as certificates are for (RFC 1123, section 2.1)."""
    labels = name.split(".")
    fits = all(_LABEL.fullmatch(label) for label in labels)
    return fits and len(labels) > 1 and len(name) <= _LONGEST_HOST and not labels[-1].isdigit()


def _parse(xml: bytes) -> "Element | None":
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - the exception only

    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - hardly ever wanted
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    if len(xml) > MOST_BYTES:
        return None
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    return root


def _servers(found: "Iterable[Element]", kind: Literal["imap", "smtp"]) -> "Iterable[Element]":
    return (element for element in found if element.get("type") == kind)


def _best(elements: "list[Element]", email: str) -> "tuple[Server | None, Element | None]":
    """Return the first server that speaks TLS from the start, else the first with STARTTLS."""
    servers = [(server, element) for element in elements if (server := _server(element, email))]
    servers.sort(key=lambda pair: pair[0].security != "tls")  # keeps their order otherwise
    return servers[0] if servers else (None, None)


def _server(element: "Element", email: str) -> Server | None:
    host = _filled(element.findtext("hostname", ""), email).lower().rstrip(".")
    port = element.findtext("port", "").strip()
    security = _SECURITY.get(element.findtext("socketType", "").strip().upper())
    if security is None or not is_host(host):
        return None
    if not (port.isascii() and port.isdigit() and len(port) < 6 and int(port) in _PORTS):  # noqa: PLR2004 - 65535
        return None
    return Server(host, int(port), security)


def _username(element: "Element | None", email: str) -> str:
    name = _filled(element.findtext("username", ""), email) if element is not None else ""
    return name if name.isprintable() and 0 < len(name) <= _LONGEST_NAME else email


def _filled(text: str, email: str) -> str:
    local = email.rpartition("@")[0]
    for mark, value in (
        ("%EMAILADDRESS%", email),
        ("%EMAILLOCALPART%", local),
        ("%EMAILDOMAIN%", domain_of(email)),
    ):
        text = text.replace(mark, value)
    return text.strip()
