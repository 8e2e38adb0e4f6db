"""Makes a message fit for a server without 8BITMIME (RFC 6152): its 8-bit parts become base64."""

import re
from base64 import encodebytes

from bounce_assistant.errors import AppError

_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*\n?", re.MULTILINE)
_BOUNDARY = re.compile(rb"boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;\"]+))", re.IGNORECASE)
_DEEPEST = 20


def make_seven_bit(raw: bytes) -> bytes:
    """Return the message in ASCII, with CRLF; what was ASCII already stays as it was.

    Raises AppError where that would break a signature (RFC 1847, section 2.1).
    """
    made = _converted(re.sub(rb"\r\n?", b"\n", raw), 0)
    return made.replace(b"\n", b"\r\n")


def _converted(part: bytes, depth: int) -> bytes:
    if part.isascii():
        return part
    head, gap, body = part.partition(b"\n\n")
    if part.startswith(b"\n"):
        head, gap, body = b"", b"\n", part[1:]
    kind = _value(head, b"content-type").lower()
    if kind.startswith(b"multipart/signed") or depth > _DEEPEST or not head.isascii():
        raise AppError(
            "This server can't send this email as it is.",
            "It has letters that the server doesn't know, and changing them would spoil it."
            " Nothing was sent.",
            "Send it from another account, or write it anew.",
        )
    boundary = _BOUNDARY.search(_value(head, b"content-type"))
    if kind.startswith(b"multipart/") and boundary:
        line = b"--" + (boundary[1] or boundary[2])
        pieces = re.split(
            rb"(^" + re.escape(line) + rb"(?:--)?[ \t]*\n?)", body, flags=re.MULTILINE
        )
        body = b"".join(
            _ascii_only(piece) if n == 0 else piece if n % 2 else _inner(piece, depth + 1)
            for n, piece in enumerate(pieces)
        )
        return _with_encoding(head, b"7bit") + gap + body
    if kind.startswith(b"message/"):
        return _with_encoding(head, b"7bit") + gap + _converted(body, depth + 1)
    return _with_encoding(head, b"base64") + (gap or b"\n\n") + _base64(body)


def _inner(piece: bytes, depth: int) -> bytes:
    """Convert a part; the line end before the next delimiter is not its own (RFC 2046, 5.1.1)."""
    end = b"\n" if piece.endswith(b"\n") else b""
    return _converted(piece.removesuffix(b"\n"), depth) + end


def _base64(body: bytes) -> bytes:
    return encodebytes(body.replace(b"\n", b"\r\n")).rstrip(b"\n")


def _ascii_only(preamble: bytes) -> bytes:
    return preamble.decode("ascii", "ignore").encode()


def _value(head: bytes, name: bytes) -> bytes:
    found = next((m[0] for m in _FIELD.finditer(head) if m[1].lower() == name), b"")
    return found.partition(b":")[2].replace(b"\n", b" ").strip()


def _with_encoding(head: bytes, encoding: bytes) -> bytes:
    name = b"content-transfer-encoding"
    kept = [m[0].rstrip(b"\n") for m in _FIELD.finditer(head) if m[1].lower() != name]
    return b"\n".join([*kept, b"Content-Transfer-Encoding: " + encoding])
