"""The bytes of our own mail inside a notice, and whether all of it came back."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bounce_assistant.report.mime import Part, parse_message
from bounce_assistant.report.original import RETURNED_TYPES, header_start

_WHOLE_TYPES = frozenset({"message/rfc822", "message/global"})
_MAX_BYTES = 60 * 1024 * 1024  # of a copy in base64; larger ones are looked for in Sent
_NESTING = 3  # a notice that was forwarded as an attachment
_CUT_WORDS = re.compile(
    rb"(?:message|body|text|mail) (?:was |has been |is )?truncated"
    rb"|\[?-{0,6} ?truncated ?-{0,6}\]?\s*$"
    rb"|rest of (?:the )?message|remainder of (?:the )?(?:message|body)"
    rb"|only the first \S{1,12}\s{1,4}(?:or so )?(?:are|is|bytes|lines|kb?)"
    rb"|message (?:is )?too (?:large|long) to (?:be )?return"
    rb"|\d (?:more )?(?:lines|bytes|characters) (?:were |have been )?(?:omitted|cut|removed)",
    re.IGNORECASE,
)
_NEAR_THE_END = 600  # bytes of a copy in which a server says that it cut it
_BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;\"]+))", re.IGNORECASE)


class Came(StrEnum):
    """How much of our own mail a notice brings back."""

    WHOLE = "whole"
    CUT = "cut"  # its beginning, or something says that a part is missing
    HEADER = "header"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Returned:
    """Our own mail as far as it came back. Line ends are LF; what stands between is untouched."""

    raw: bytes = b""
    came: Came = Came.NOTHING


def returned_copy(notice: bytes, message_id: str = "") -> Returned:
    """Return the copy of our mail in a notice; of several the one with that Message-ID.

    Any bytes give an answer. WHOLE only where nothing speaks against it: half a message must
    never be sent as if it were all.
    """
    message = parse_message(notice)
    found = [_of_part(part, outer) for part, outer in _returned_parts(message, message, 0)]
    if not found:
        found = [copy] if (copy := _in_text(message)) else []
    wanted = message_id.strip("<> ").encode("utf-8", "replace")
    same = [one for one in found if wanted and wanted in one.raw]
    whole = [one for one in same or found if one.came is Came.WHOLE]
    return next(iter(whole or same or found), Returned())


def is_whole_message(raw: bytes) -> bool:
    """Tell whether a message ends where it should: parts closed, no encoding cut short."""
    return _how_much(raw.replace(b"\r\n", b"\n")) is Came.WHOLE


def _returned_parts(part: Part, outer: Part, depth: int) -> list[tuple[Part, Part]]:
    """Return the parts that carry our mail, each with the multipart it stands in."""
    found: list[tuple[Part, Part]] = []
    for inner in part.parts:
        if inner.content_type in RETURNED_TYPES:
            nested = _notice_inside(inner, depth)
            found += nested or [(inner, part)]
        else:
            found += _returned_parts(inner, outer, depth)
    return found


def _notice_inside(part: Part, depth: int) -> list[tuple[Part, Part]]:
    """Look into a forwarded notice for the copy that it carries itself."""
    if depth >= _NESTING or part.content_type not in _WHOLE_TYPES:
        return []
    inside = parse_message(_bytes_of(part))
    if "delivery-status" not in inside.get("content-type").lower():
        return []
    return _returned_parts(inside, inside, depth + 1)


def _of_part(part: Part, outer: Part) -> Returned:
    raw = _bytes_of(part)
    if part.content_type not in _WHOLE_TYPES:
        return Returned(raw, Came.HEADER if raw.strip() else Came.NOTHING)
    if not raw.strip():
        return Returned()
    came = _how_much(raw)
    if came is Came.WHOLE and not _is_closed(outer):
        came = Came.CUT  # the notice itself ends too early
    return Returned(raw, came)


def _bytes_of(part: Part) -> bytes:
    """Return the carried message; RFC 2046 forbids encoding it, some servers do all the same."""
    if part.get("content-transfer-encoding").strip().lower() in {"base64", "quoted-printable"}:
        return part.decoded(limit=_MAX_BYTES).replace(b"\r\n", b"\n")
    return part.body


def _how_much(raw: bytes) -> Came:
    head, gap, body = raw.partition(b"\n\n")
    if not gap or not body.strip() or not re.match(rb"[!-9;-~]{1,100}[ \t]*:", head.lstrip()):
        return Came.HEADER if head.strip() else Came.NOTHING
    message = parse_message(raw)
    if _CUT_WORDS.search(raw[-_NEAR_THE_END:]) or not _is_complete(message):
        return Came.CUT
    return Came.WHOLE


def _is_complete(message: Part) -> bool:
    """Tell whether nothing is missing at the end; of plain text nobody can tell."""
    if message.content_type.startswith("multipart/"):
        return all(_is_closed(part) for part in message.walk() if _is_multipart(part))
    if message.get("content-transfer-encoding").strip().lower() == "base64":
        return len(re.sub(rb"\s", b"", message.body)) % 4 == 0
    if message.content_type == "text/html":
        text = message.decoded(limit=_MAX_BYTES).lower()
        return b"<html" not in text or b"</html" in text
    return True


def _is_multipart(part: Part) -> bool:
    return part.content_type.startswith("multipart/")


def _is_closed(part: Part) -> bool:
    """Tell whether a multipart has the delimiter that ends it (RFC 2046, section 5.1.1)."""
    match = _BOUNDARY.search(part.get("content-type"))
    boundary = (match[1] or match[2]).strip().encode("utf-8", "replace") if match else b""
    end = b"--" + boundary + b"--"
    return bool(boundary) and (b"\n" + end in part.body or part.body.startswith(end))


def _in_text(message: Part) -> Returned | None:
    """Find a copy that is plainly part of a notice's text, as qmail and old Exim write it."""
    encoding = message.get("content-transfer-encoding").strip().lower()
    if message.parts or encoding in {"base64", "quoted-printable"}:
        return None
    # One byte is one letter here, so that a place in the text is a place in the bytes.
    start = header_start(message.body.decode("latin-1"))
    if start < 0 or message.body[start : start + 1] == b">":
        return None
    copy = message.body[start:]
    came = _how_much(copy)
    if came is Came.WHOLE and _CUT_WORDS.search(message.body[max(0, start - 2000) : start]):
        came = Came.CUT
    return Returned(copy, came)
