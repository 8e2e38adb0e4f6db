"""Which parts of a large message are fetched, and how they are put together again (RFC 2046).

What the reader of notices uses is kept byte for byte: the header, what the notice says, the machine
part, and of the mail that came back its header and the beginning of its text. Pictures and other
attachments stay on the server; their own headers show where they were.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_PARTS = 60
_DEEPEST = 8
_SAID = 200_000  # bytes of a text or machine part
_RETURNED = 60_000  # bytes of a message that came back
_SMALL = 20_000  # bytes; a part no larger is fetched whatever it is


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a multipart message."""

    section: str  # RFC 9051, section 6.4.5: 2.1
    limit: int  # bytes of it to fetch; 0: its own header alone
    boundary: bytes = b""  # of a multipart: what stands between the parts in it
    parts: tuple["Piece", ...] = ()

    def all(self) -> Iterator["Piece"]:
        """Yield this piece and those in it."""
        yield self
        for part in self.parts:
            yield from part.all()


def plan_parts(structure: Any) -> Piece | None:
    """Return the pieces of a message; None where it has no parts or is too odd to be cut.

    ``structure`` is IMAPClient's BODYSTRUCTURE, whose boundary stands in its extension data.
    """
    try:
        whole = _plan(structure, "", 0)
    except (TypeError, ValueError, LookupError, AttributeError):
        return None
    return whole if whole.parts and sum(1 for _ in whole.all()) <= MOST_PARTS else None


def part_types(structure: Any) -> frozenset[str]:
    """Return the types of all parts, in lower case; of an odd structure what can be told."""
    found: set[str] = set()
    _collect(structure, found, 0)
    return frozenset(found)


def encoding_fields(structure: Any) -> bytes:
    """Return what a message's own header says of its type and encoding, less the boundary."""
    try:
        if structure.is_multipart:
            return b"Content-Type: multipart/%b\r\n" % _token(structure[1])
        kind, subtype, parameters, encoding = structure[0], structure[1], structure[2], structure[5]
        pairs = parameters or ()
        named = {pairs[i].lower(): pairs[i + 1] for i in range(0, len(pairs), 2)}
        charset = _token(named.get(b"charset", b"us-ascii"))
        return (b"Content-Type: %b/%b; charset=%b\r\nContent-Transfer-Encoding: %b\r\n") % (
            _token(kind),
            _token(subtype),
            charset,
            _token(encoding),
        )
    except (TypeError, ValueError, LookupError, AttributeError):
        return b""


def assemble(piece: Piece, heads: Mapping[str, bytes], bodies: Mapping[str, bytes]) -> bytes:
    """Put a message together; ``heads`` by section end with an empty line, the whole has ''."""
    head = heads.get(piece.section, b"")
    if not piece.parts:
        return head + bodies.get(piece.section, b"")
    inside = b"".join(
        b"--%b\r\n%b\r\n" % (piece.boundary, assemble(part, heads, bodies)) for part in piece.parts
    )
    return head + inside + b"--%b--\r\n" % piece.boundary


def _plan(structure: Any, section: str, depth: int) -> Piece:
    if depth > _DEEPEST:
        raise ValueError(section)
    if not structure.is_multipart:
        return Piece(section, _limit(structure))
    inside = tuple(
        _plan(part, f"{section}.{number}" if section else str(number), depth + 1)
        for number, part in enumerate(structure[0], start=1)
    )
    parameters = structure[2]
    pairs = {parameters[i].lower(): parameters[i + 1] for i in range(0, len(parameters), 2)}
    boundary: bytes = pairs[b"boundary"]
    if not boundary:
        raise ValueError(section)
    return Piece(section, 0, boundary, inside)


def _limit(part: Any) -> int:
    kind, subtype, size = part[0].lower(), part[1].lower(), part[6]
    disposition = part[8] if kind == b"text" and len(part) > 8 else None  # noqa: PLR2004 - RFC 9051, 7.5.2
    if kind == b"message" and subtype in {b"rfc822", b"global"}:
        return _RETURNED
    if kind == b"message" or (kind == b"text" and subtype.startswith(b"rfc822")):
        return _SAID
    if kind == b"text" and not (disposition and disposition[0].lower() == b"attachment"):
        return _SAID
    return _SMALL if isinstance(size, int) and size <= _SMALL else 0


def _token(value: bytes) -> bytes:
    """Return a name without what could end its line; servers pass on what senders write."""
    return re.sub(rb"[^!-~]", b"", value)[:100]


def _collect(structure: Any, found: set[str], depth: int) -> None:
    try:
        if structure.is_multipart and depth <= _DEEPEST:
            for part in structure[0]:
                _collect(part, found, depth + 1)
        else:
            found.add(f"{structure[0].decode()}/{structure[1].decode()}".lower())
    except (TypeError, ValueError, LookupError, AttributeError):
        return
