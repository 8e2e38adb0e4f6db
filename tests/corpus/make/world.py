"""The cast: the servers, and the names and hosts of the far side for a set of mailings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from .dns_server import Records
from .mailings import Fate, Mailing, fill
from .network import MAILBOX_IP
from .servers import Server, courier, dovecot, exim, opensmtpd, postfix, sendmail, small
from .smtp_server import FarHost

_SUBMIT = ("sendmail", "-f{sender}")
SERVERS = (
    Server("postfix", "Postfix 3.7", "postfix", "192.0.2.10", "mail.sunrise-homes.example",
           "rosa@sunrise-homes.example", "Rosa Delgado", postfix.configure,
           hosts=("cedar-bank.example",)),
    Server("postfix-de", "Postfix 3.7, German texts", "postfix", "192.0.2.11",
           "post.seeblick-immobilien.example", "jana@seeblick-immobilien.example",
           "Jana Köhler", postfix.configure),
    Server("postfix-fr", "Postfix 3.7, French texts", "postfix", "192.0.2.12",
           "courrier.vieux-port-immo.example", "luc@vieux-port-immo.example",
           "Luc Fabre", postfix.configure),
    Server("postfix-es", "Postfix 3.7, Spanish texts", "postfix", "192.0.2.13",
           "correo.casas-del-sur.example", "marta@casas-del-sur.example",
           "Marta Ibáñez", postfix.configure),
    Server("postfix-ja", "Postfix 3.7, Japanese texts", "postfix", "192.0.2.14",
           "mail.sakura-fudosan.example", "tanaka@sakura-fudosan.example",
           "Tanaka Yuki", postfix.configure),
    Server("exim", "Exim 4.96", "exim", "192.0.2.20", "relay.lakeview-realty.example",
           "ben@lakeview-realty.example", "Ben Carter", exim.configure,
           hosts=("elm-office.example",)),
    Server("exim-plain", "Exim 4.96, own bounce text", "exim", "192.0.2.21",
           "out.ridgetop-homes.example", "amy@ridgetop-homes.example", "Amy Wong",
           exim.configure),
    Server("opensmtpd", "OpenSMTPD 6.8", "opensmtpd", "192.0.2.30", "smtp.harbor-estates.example",
           "carla@harbor-estates.example", "Carla Nunes", opensmtpd.configure,
           hosts=("pine-school.example",)),
    Server("sendmail", "Sendmail 8.17", "sendmail", "192.0.2.40",
           "mx1.oakridge-properties.example", "tom@oakridge-properties.example",
           "Tom Becker", sendmail.configure, hosts=("oak-clinic.example",)),
    Server("courier", "Courier 1.0", "courier", "192.0.2.50", "mail.pinecrest-homes.example",
           "nina@pinecrest-homes.example", "Nina Petrov", courier.configure, pipe=_SUBMIT),
    Server("nullmailer", "nullmailer 2.2", "nullmailer", "192.0.2.60",
           "web.bluebird-realty.example", "eva@bluebird-realty.example", "Eva Lindholm",
           small.configure_nullmailer, pipe=("nullmailer-inject", "-f", "{sender}")),
    Server("dma", "dma 0.13", "dma", "192.0.2.61", "box.foxglove-homes.example",
           "ian@foxglove-homes.example", "Ian Mercer", small.configure_dma, pipe=_SUBMIT),
    Server("dovecot", "Dovecot 2.3", "dovecot", "192.0.2.70", "store.willow-homes.example",
           "postmaster@willow-homes.example", "Postmaster", dovecot.configure,
           hosts=("willow-homes.example",), port=24),
)  # fmt: skip
BY_KEY = {server.key: server for server in SERVERS}
# Receivers whose MX is not the server that holds their mailboxes.
_MX = {"willow-homes.example": "postfix", "not-ours.example": "postfix",
       "not-oak.example": "sendmail", "not-elm.example": "exim",
       "loop.cedar-bank.example": "postfix"}  # fmt: skip
_SINK_IPS = [f"198.51.100.{n}" for n in range(1, 255)] + [f"203.0.113.{n}" for n in range(1, 127)]
_UNREACHABLE_IP = "203.0.113.200"
_PLAIN = ("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES")
_SMTPUTF8 = ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")


def filled(mailings: Iterable[Mailing]) -> list[Mailing]:
    """Return the mailings with every reply as it will be said on the wire."""
    done = []
    for mailing in mailings:
        server = BY_KEY[mailing.server]
        fates = tuple(fill(fate, ip=server.ip, sender=server.sender) for fate in mailing.to)
        done.append(replace(mailing, to=fates))
    return done


def far_side(mailings: Sequence[Mailing], inbox: Path) -> tuple[dict[str, Records], list[FarHost]]:
    """Return the DNS table and the scripted hosts that these mailings need."""
    table: dict[str, Records] = {}
    hosts: dict[str, FarHost] = {}
    for server in SERVERS:
        table[server.host] = {"A": [server.ip]}
        table[_reverse(server.ip)] = {"PTR": [server.host]}
        table.setdefault(server.domain, {"MX": ["10 inbox.agents.example"]})
        for domain in server.hosts:
            table[domain] = {"MX": [f"10 {server.host}"]}
    for domain, key in _MX.items():
        table[domain] = {"MX": [f"10 {BY_KEY[key].host}"]}
    table["inbox.agents.example"] = {"A": [MAILBOX_IP]}
    for listed in ("opensmtpd", "courier"):
        name = _reverse(BY_KEY[listed].ip).replace("in-addr.arpa", "dnsbl.example")
        table[name] = {"A": ["127.0.0.2"], "TXT": ["Seen sending unwanted mail"]}
    hosts["inbox.agents.example"] = FarHost(
        "inbox.agents.example", MAILBOX_IP, features=_SMTPUTF8, inbox=inbox
    )
    free = iter(_SINK_IPS)
    for fate in (fate for mailing in mailings for fate in mailing.to):
        if fate.domain in hosts:  # colleagues at one host
            replies = {**hosts[fate.domain].replies, f"rcpt {fate.address.lower()}": fate.reply}
            hosts[fate.domain] = replace(hosts[fate.domain], replies=replies)
        elif fate.domain not in table:
            table.update(_names(fate, ip := next(free)))
            if fate.trouble not in _NO_HOST:
                hosts[fate.domain] = _host(fate, ip)
    hosts["smarthost"] = FarHost(
        "smtp.provider.example", small.SMARTHOST_IP, _smarthost_replies(mailings), inbox=inbox
    )
    return table, list(hosts.values())


_NO_HOST = {"refused", "unreachable", "nxdomain", "nullmx", "servfail", "nomx"}


def _names(fate: Fate, ip: str) -> dict[str, Records]:
    mail = f"mail.{fate.domain}"
    if fate.trouble == "nxdomain":
        return {}
    if fate.trouble == "nullmx":
        return {fate.domain: {"MX": ["0 ."]}}
    if fate.trouble == "servfail":
        return {fate.domain: {"FAIL": []}}
    if fate.trouble == "nomx":
        return {fate.domain: {"TXT": ["v=spf1 -all"]}}
    address = _UNREACHABLE_IP if fate.trouble == "unreachable" else ip
    return {fate.domain: {"MX": [f"10 {mail}"]}, mail: {"A": [address]}}


def _host(fate: Fate, ip: str) -> FarHost:
    key = f"rcpt {fate.address.lower()}" if fate.stage == "rcpt" else fate.stage
    replies = {key: fate.reply} if fate.reply else {}
    if fate.trouble == "drop":
        replies = {"end": "drop"}
    features = _SMTPUTF8 if fate.utf8 else _PLAIN
    return FarHost(f"mail.{fate.domain}", ip, replies, features, silent=fate.trouble == "silent")


def _smarthost_replies(mailings: Iterable[Mailing]) -> dict[str, str]:
    """A smarthost answers at RCPT, whatever the stage at which the far server would."""
    fates = [fate for mailing in mailings if mailing.server == "nullmailer" for fate in mailing.to]
    return {f"rcpt {fate.address.lower()}": fate.reply for fate in fates}


def _reverse(ip: str) -> str:
    return ".".join(reversed(ip.split("."))) + ".in-addr.arpa"
