"""Every DNS question: with a time limit, stoppable, and honest about what was not answered."""

import contextlib
import errno
import itertools
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bounce_assistant.errors import CancelledError

if TYPE_CHECKING:  # dnspython takes a tenth of a second to load
    import dns.message

SECONDS = 6.0  # for one question, all name servers and repeats together
_PATIENCE = (1.0, 2.0, 3.0)  # seconds to wait for a name server, round by round
_GLANCE = 0.2  # seconds between looks whether the user has had enough
_MOST_VALUES = 100  # records of one answer that are read
_MOST_ALIASES = 8
_MOST_BYTES = 65_535
_PREFIX = 2  # bytes that say how long a message over TCP is
_UNDER_WAY = frozenset(
    {0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)}
)
_ODD = "the answer made no sense"
_CIRCLES = "the answer goes in circles"
Stop = Callable[[], bool]


class Heard(StrEnum):
    """What came back for one question."""

    RECORDS = "records"  # here they are
    NO_RECORDS = "no records"  # the name is there, but has none of this type
    NO_NAME = "no name"  # the name is not there (NXDOMAIN): certain
    NOTHING = "nothing"  # no answer, or one that settles nothing: could not check


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question. ``NOTHING`` never says anything about the name."""

    name: str
    kind: str  # "MX", "A", "AAAA", "TXT", ...
    heard: Heard
    values: tuple[str, ...] = ()  # as in a zone file; an MX is "10 mail.example.com."
    why: str = ""  # for NOTHING: what was in the way, as the end of "We couldn't check: ..."


class Names(Protocol):
    """Who answers questions about names."""

    def ask(self, name: str, kind: str, stop: Stop) -> Answer:
        """Ask for one name's records of one type; raise CancelledError once ``stop()`` is true."""


@dataclass(frozen=True, slots=True)
class _Alias:
    """A name that stands for another, which has to be asked for."""

    leads_to: str


class _NoSenseError(Exception):
    """A name server answered something that settles nothing."""


class Resolver:
    """Asks name servers over UDP, and over TCP when an answer is too long for it (RFC 7766).

    Names are asked as they stand: no search list, no file of hosts. An answer that belongs to
    another question is passed over, so that nobody can slip one in.
    """

    def __init__(self, servers: Sequence[str], *, port: int = 53, seconds: float = SECONDS) -> None:
        """``servers`` are IP addresses; ``seconds`` bounds one question, whatever happens."""
        self._servers = tuple(servers)
        self.port = port
        self._seconds = seconds

    def ask(self, name: str, kind: str, stop: Stop = lambda: False) -> Answer:
        """Return the answer to one question; the name may be international (IDNA 2008).

        Aliases are followed. Never raises for the network or for hostile answers, only
        CancelledError.
        """
        until = time.monotonic() + self._seconds
        asked = name
        try:
            for _ in range(_MOST_ALIASES):
                answer = _read(name, kind, self._reply(asked, kind, until, stop))
                if not isinstance(answer, _Alias):
                    return answer
                asked = answer.leads_to
        except _NoSenseError as problem:
            return Answer(name, kind, Heard.NOTHING, why=str(problem))
        return Answer(name, kind, Heard.NOTHING, why=_CIRCLES)

    def _reply(self, name: str, kind: str, until: float, stop: Stop) -> "dns.message.QueryMessage":
        """Return the first reply that settles something; _NoSenseError says why there is none."""
        query = _question(name, kind)
        why = "this computer names no server that could be asked"
        for patience in _PATIENCE:
            for server in self._servers:
                left = until - time.monotonic()
                if left <= 0:
                    break
                try:
                    reply = _exchange(query, (server, self.port), min(patience, left), stop)
                    return _settling(reply)
                except (TimeoutError, ConnectionRefusedError):
                    why = "nobody answered in time"
                except _NoSenseError as problem:
                    why = str(problem)
                except OSError:
                    why = "this computer isn't connected"
        raise _NoSenseError(why)


def system_resolver() -> Resolver:
    """Return a resolver that asks the name servers this computer is set up with."""
    import dns.resolver  # noqa: PLC0415 - see above

    try:
        servers = [str(one) for one in dns.resolver.Resolver(configure=True).nameservers]
    except (dns.resolver.NoResolverConfiguration, OSError):
        servers = []
    return Resolver([one for one in servers if "://" not in one])


def _question(name: str, kind: str) -> "dns.message.QueryMessage":
    import dns.exception  # noqa: PLC0415 - see above
    import dns.message  # noqa: PLC0415

    try:
        return dns.message.make_query(_absolute(name), kind, use_edns=0, payload=1232)
    except (dns.exception.DNSException, ValueError) as problem:
        raise _NoSenseError("the name can't be asked for") from problem


def _absolute(name: str) -> str:
    """Return the name in ASCII, with its final dot; ValueError when there is no such form."""
    if not name.isascii():
        import idna  # noqa: PLC0415 - only for international names

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError as problem:
            raise ValueError(name) from problem
    return name.rstrip(".") + "."


def _exchange(
    query: "dns.message.QueryMessage", where: tuple[str, int], seconds: float, stop: Stop
) -> "dns.message.QueryMessage":
    """Ask one name server; raise TimeoutError, OSError or _NoSenseError if that leads nowhere."""
    import dns.flags  # noqa: PLC0415 - see above

    until = time.monotonic() + seconds
    with _connected(where, socket.SOCK_DGRAM, until, stop) as sock:
        sock.send(query.to_wire())
        reply = None
        while reply is None or not query.is_response(reply):
            reply = _parsed(_received(sock, until, stop))
    if not reply.flags & dns.flags.TC:
        return reply
    with _connected(where, socket.SOCK_STREAM, until, stop) as sock:
        wire = query.to_wire()
        sock.sendall(len(wire).to_bytes(2, "big") + wire)
        reply = _parsed(_received_whole(sock, until, stop))
    if reply is None or not query.is_response(reply):
        raise _NoSenseError(_ODD)
    return reply


def _received_whole(sock: socket.socket, until: float, stop: Stop) -> bytes:
    """Read one message off a TCP connection: its length, then itself (RFC 1035, 4.2.2)."""
    raw = b""
    while len(raw) < _PREFIX or len(raw) < _PREFIX + int.from_bytes(raw[:_PREFIX], "big"):
        more = _received(sock, until, stop)
        if not more:
            raise _NoSenseError(_ODD)
        raw += more
    return raw[_PREFIX : _PREFIX + int.from_bytes(raw[:_PREFIX], "big")]


def _received(sock: socket.socket, until: float, stop: Stop) -> bytes:
    while True:
        _go_on(until, stop)
        with contextlib.suppress(TimeoutError):
            return sock.recv(_MOST_BYTES)


@contextlib.contextmanager
def _connected(
    where: tuple[str, int], kind: socket.SocketKind, until: float, stop: Stop
) -> Iterator[socket.socket]:
    """Give a socket that hears this server alone and never blocks for longer than a glance."""
    family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
    with socket.socket(family, kind) as sock, selectors.DefaultSelector() as selector:
        sock.settimeout(0)
        if sock.connect_ex(where) not in _UNDER_WAY:
            raise ConnectionError
        selector.register(sock, selectors.EVENT_WRITE)
        while not selector.select(_GLANCE):
            _go_on(until, stop)
        if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise ConnectionRefusedError
        sock.settimeout(_GLANCE)
        yield sock


def _go_on(until: float, stop: Stop) -> None:
    """Raise TimeoutError when the time is up, CancelledError when the user has had enough."""
    if stop():
        raise CancelledError
    if time.monotonic() > until:
        raise TimeoutError


def _parsed(raw: bytes) -> "dns.message.QueryMessage | None":
    """Read a message off the line; None for bytes that are none, however odd."""
    import dns.exception  # noqa: PLC0415 - see above
    import dns.message  # noqa: PLC0415

    try:
        reply = dns.message.from_wire(raw, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError, IndexError, OverflowError):
        return None
    return reply if isinstance(reply, dns.message.QueryMessage) else None


def _settling(reply: "dns.message.QueryMessage") -> "dns.message.QueryMessage":
    """Return a reply that says something about the name; a refusal or a referral says nothing."""
    import dns.flags  # noqa: PLC0415 - see above
    import dns.rcode  # noqa: PLC0415

    if reply.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        raise _NoSenseError("the servers in charge of the name have a problem")
    if not reply.flags & (dns.flags.AA | dns.flags.RA):
        raise _NoSenseError("the server that was asked doesn't know")
    return reply


def _read(name: str, kind: str, reply: "dns.message.QueryMessage") -> "Answer | _Alias":
    """Say what a reply means (RFC 1034, section 3.6.2; RFC 2308 for names that are not there)."""
    import dns.exception  # noqa: PLC0415 - see above
    import dns.rcode  # noqa: PLC0415

    try:
        found = reply.resolve_chaining()
    except dns.exception.DNSException as problem:
        raise _NoSenseError(_CIRCLES) from problem
    if found.answer:
        values = tuple(str(one) for one in itertools.islice(found.answer, _MOST_VALUES))
        return Answer(name, kind, Heard.RECORDS, values)
    if reply.rcode() == dns.rcode.NXDOMAIN:
        return Answer(name, kind, Heard.NO_NAME)
    if found.cnames and not reply.authority:  # the server knows the alias, not where it leads
        return _Alias(str(found.canonical_name))
    return Answer(name, kind, Heard.NO_RECORDS)
