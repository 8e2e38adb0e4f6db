"""What the part after the @ answers: does it take mail? Never asks the mail server itself."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from bounce_assistant.advice.findings import Finding, FindingId
from bounce_assistant.checks.resolver import Answer, Heard, Names, Stop

_MOST_SERVERS = 4  # mail servers of a domain that are looked at
_NULL = "."
# Not documentation networks: whoever sets up a test network uses those.
_INSIDE = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
    )
)


def check_domain(domain: str, names: Names, stop: Stop, parked: Sequence[str] = ()) -> Finding:
    """Say whether a domain takes mail (RFC 5321, section 5.1; RFC 7505), as one finding.

    ``parked`` are beginnings of names of servers that stand for an unused domain. A question that
    was not answered gives COULD_NOT_CHECK, never more. Raises only CancelledError.
    """
    answer = names.ask(domain, "MX", stop)
    if answer.heard is Heard.RECORDS:
        return _judge_servers(_by_preference(answer), names, stop, parked)
    if answer.heard is Heard.NO_RECORDS:
        return _without_mail_servers(domain, names, stop)
    if answer.heard is Heard.NO_NAME:
        return Finding(FindingId.NO_DOMAIN)
    return _could_not_check(answer)


def _could_not_check(answer: Answer) -> Finding:
    return Finding(FindingId.COULD_NOT_CHECK, (("because", answer.why),))


def _judge_servers(servers: list[str], names: Names, stop: Stop, parked: Sequence[str]) -> Finding:
    if servers == [_NULL]:
        return Finding(FindingId.NULL_MX)
    if any(server.startswith(tuple(parked)) for server in servers):
        return Finding(FindingId.PARKED)
    facts = (("server", servers[0].rstrip(".")),)
    reached = [_is_reachable(server, names, stop) for server in servers[:_MOST_SERVERS]]
    if len(servers) <= _MOST_SERVERS and all(one is False for one in reached):
        return Finding(FindingId.UNREACHABLE_MAIL, facts)
    return Finding(FindingId.TAKES_MAIL, facts)


def _by_preference(answer: Answer) -> list[str]:
    """Return the mail servers, lower case, the one to try first in front."""
    found = []
    for value in answer.values:
        preference, _, server = value.partition(" ")
        found.append((int(preference), server.lower()))
    return [server for _, server in sorted(found)]


def _without_mail_servers(domain: str, names: Names, stop: Stop) -> Finding:
    """Without MX records mail goes to the name itself, if that has an address."""
    answers = []
    for kind in ("A", "AAAA"):
        answer = names.ask(domain, kind, stop)
        if any(map(_is_outside, answer.values)):
            return Finding(FindingId.ONLY_A_SERVER)
        answers.append(answer)
    unheard = next((each for each in answers if each.heard is Heard.NOTHING), None)
    return _could_not_check(unheard) if unheard else Finding(FindingId.NO_MAIL)


def _is_reachable(server: str, names: Names, stop: Stop) -> bool | None:
    """Tell whether a mail server has an address on the internet; None: could not check.

    Only its address is looked up. It is never connected to.
    """
    if server == _NULL or server.rstrip(".") == "localhost":
        return False
    unheard = False
    for kind in ("A", "AAAA"):
        answer = names.ask(server, kind, stop)
        if any(map(_is_outside, answer.values)):
            return True
        unheard = unheard or answer.heard is Heard.NOTHING
    return None if unheard else False


def _is_outside(text: str) -> bool:
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    is_local = address.is_loopback or address.is_link_local or address.is_unspecified
    return not (is_local or any(address in network for network in _INSIDE))
