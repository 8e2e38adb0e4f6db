"""Small readers of header values: encoded words (RFC 2047), addresses."""

import binascii
import re
from collections.abc import Iterator

from bounce_assistant.report.charsets import decode_bytes

_WORD = re.compile(r"=\?([A-Za-z0-9_.*-]+)\?([bBqQ])\?([^?\n]*)\?=")
_WORDS = re.compile(r"(?:=\?[A-Za-z0-9_.*-]+\?[bBqQ]\?[^?\n]*\?=)+")
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?)")
# The part before an @ is read backwards from it: forwards, every letter of a text could begin one.
_LOCAL_BACKWARDS = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}")
_QUOTED_BACKWARDS = re.compile(r"\"[^\"\n]{1,64}\"")
_DOMAIN = re.compile(
    r"(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.){1,20}[^\W\d_][\w-]{0,62}|\[[0-9A-Fa-f:.]{3,45}\]"
)
_WRAPPED = re.compile(
    r"<(?=[^<>\s]{1,120}\n)(?=[^<>@]{1,80}@[^<>@]{3,100}>)"
    r"([^<>\s]{1,120})\n[>|]?[ \t]{0,12}([^<>\s]{1,120})>"
)
_LONGEST_LOCAL = 66
_MOST_SIGNS = 6000  # places with an @ in a text that are looked at
_NO_LOCAL = "@ \t\n<>()[],;:"  # no character that stands right before the @ of an address
_PLAIN_LOCAL = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}"
_PLAIN_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,40}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,20}"
_CLEAN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,99}[A-Za-z0-9]")
# What most fields hold: one plain address, after a name that is no address.
_SIMPLE = re.compile(
    rf"[^<>@\"\n]{{0,200}}<({_PLAIN_LOCAL}@{_PLAIN_DOMAIN})>|({_PLAIN_LOCAL}@{_PLAIN_DOMAIN})"
)
_LONGEST_FIELD = 100_000  # characters of a header field that are decoded or searched
_TYPES = frozenset({"SMTP", "RFC822", "ORCPT", "TO", "RCPT", "EMAIL", "ADDRESS"})
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_ANGLE = re.compile(r"<\s*([^<>\s]+)\s*>")


def lowered(text: str) -> str:
    """Return text in lower case with each character in its place; only İ would become two."""
    return text.replace("\u0130", "i").lower()


def decode_words(value: str) -> str:
    """Decode encoded words in a header value; what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    return _WORDS.sub(_decode_run, _BETWEEN.sub("", value[:_LONGEST_FIELD]))


def _decode_run(run: re.Match[str]) -> str:
    """Decode words that follow each other: some writers cut a character in two between them."""
    said = ""
    data, charset = b"", ""
    for match in _WORD.finditer(run[0]):
        more = _bytes_of(match)
        if more is None or match[1].lower() != charset:
            said += _decoded(data, charset)
            data, charset = b"", match[1].lower()
        said += match[0] if more is None else ""
        data += more or b""
    return said + _decoded(data, charset)


def _bytes_of(word: re.Match[str]) -> bytes | None:
    text = word[3]
    try:
        if word[2] in "bB":
            data = binascii.a2b_base64(text + "=" * (-len(text) % 4))
        else:
            data = binascii.a2b_qp(text, header=True)
    except (binascii.Error, ValueError):
        return None
    return data if data or not text else None


def _decoded(data: bytes, charset: str) -> str:
    return decode_bytes(data, charset.partition("*")[0]) if data else ""


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each address of a text begins and ends, in order."""
    done, at = 0, text.find("@")
    for _ in range(_MOST_SIGNS):
        if at < 0:
            return
        if text[at - 1 : at] in _NO_LOCAL:
            at = text.find("@", at + 1)
            continue
        before = text[max(done, at - _LONGEST_LOCAL) : at][::-1]
        part = _QUOTED_BACKWARDS if before.startswith('"') else _LOCAL_BACKWARDS
        local = part.match(before)
        domain = _DOMAIN.match(text, at + 1) if local else None
        if local and domain:
            if not text.startswith("//", at - local.end()):  # part of a link
                yield at - local.end(), domain.end()
            done = domain.end()
        at = text.find("@", max(done, at + 1))


def unwrapped(text: str) -> str:
    """Return the text with each address whole that stands in angle brackets across two lines."""
    return _WRAPPED.sub(r"<\1\2>", text) if "@" in text else text


def replace_addresses(text: str, stand_in: str, *, but: str = "") -> str:
    """Return the text with every address replaced, but those that begin so (lower case)."""
    pieces: list[str] = []
    done = 0
    for start, end in find_addresses(text):
        if but and text[start : start + len(but)].lower() == but:
            continue
        pieces += (text[done:start], stand_in)
        done = end
    return "".join((*pieces, text[done:])) if pieces else text


def clean_address(text: str) -> str:
    """Return an address without brackets, quotes, type prefix or trailing punctuation."""
    if _CLEAN.fullmatch(text):
        return text
    text = text.strip().strip("<>'`;,:()").removeprefix("mailto:").removeprefix("MAILTO:")
    if "@[" not in text:  # the brackets of an address literal belong to it
        text = text.strip("[]")
    if not text.startswith('"') or '"@' not in text:  # a quoted local part keeps its quotes
        text = text.strip("\"'<>;,:")
    local, equals, rest = text.partition("=")
    if equals and local.upper() in _TYPES:
        text = rest
    return text.rstrip(".")


def without_xtext(text: str) -> str:
    """Undo the escapes that an address travels with between servers (RFC 3461, section 4)."""
    return _XTEXT.sub(lambda found: chr(int(found[1], 16)), text)


def is_masked(address: str) -> bool:
    """Tell an address whose end before the @ was left out for privacy: ``david...@example.com``."""
    return "...@" in address


def first_address(text: str) -> str:
    """Return the first address in a header value, the one in angle brackets preferred."""
    if simple := _SIMPLE.fullmatch(text):
        return simple[1] or simple[2]
    text = text[:_LONGEST_FIELD]
    for match in _ANGLE.finditer(text):
        if "@" in match[1][1:-1]:
            return clean_address(match[1])
    span = next(find_addresses(text), None)
    return clean_address(text[span[0] : span[1]]) if span else ""


def all_addresses(text: str) -> tuple[str, ...]:
    """Return every address of a header value once, in order."""
    if simple := _SIMPLE.fullmatch(text):
        return (simple[1] or simple[2],)
    text = text[:_LONGEST_FIELD]
    return tuple(
        dict.fromkeys(clean_address(text[start:end]) for start, end in find_addresses(text))
    )


def domain_of(address: str) -> str:
    """Return the part after the last @, lower-case."""
    return address.rpartition("@")[2].lower().strip(".>")
