"""Small readers of header values: encoded words (RFC 2047), addresses, display names, times."""

import binascii
import re

_WORD = re.compile(r"=\?([A-Za-z0-9_.*-]+)\?([bBqQ])\?([^?\n]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")
ADDRESS = re.compile(
    r"(?:\"[^\"\n]{1,64}\"|[\w!#$%&'*+/=?^`{|}~.-]{1,64})@"
    r"(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.)+[^\W\d_][\w-]{1,62}|"
    r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}@\[[0-9A-Fa-f:.]{3,45}\]",
)
_TYPES = frozenset({"SMTP", "RFC822", "ORCPT", "TO", "RCPT", "EMAIL", "ADDRESS"})
_ANGLE = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_NAMED = re.compile(r"\s*\"?([^\"<>@,]*?)\"?\s*<\s*([^<>\s]*@[^<>\s]+)\s*>")


def decode_words(value: str) -> str:
    """Decode encoded words in a header value; what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    return _WORD.sub(_decode_word, _BETWEEN.sub(r"\1\2", value))


def _decode_word(match: re.Match[str]) -> str:
    charset, encoding, text = match.groups()
    try:
        if encoding in "bB":
            data = binascii.a2b_base64(text + "=" * (-len(text) % 4))
        else:
            data = binascii.a2b_qp(text, header=True)
        return data.decode(charset.partition("*")[0])
    except (binascii.Error, LookupError, UnicodeError, ValueError):
        return match[0]


def clean_address(text: str) -> str:
    """Return an address without brackets, quotes, type prefix or trailing punctuation."""
    text = text.strip().strip("<>'`;,:()").removeprefix("mailto:").removeprefix("MAILTO:")
    if "@[" not in text:  # the brackets of an address literal belong to it
        text = text.strip("[]")
    if not text.startswith('"') or '"@' not in text:  # a quoted local part keeps its quotes
        text = text.strip("\"'<>;,:")
    local, equals, rest = text.partition("=")
    if equals and local.upper() in _TYPES:
        text = rest
    return text.rstrip(".")


def first_address(text: str) -> str:
    """Return the first address in a header value, the one in angle brackets preferred."""
    match = _ANGLE.search(text)
    if match:
        return clean_address(match[1])
    match = ADDRESS.search(text)
    return clean_address(match[0]) if match else ""


def all_addresses(text: str) -> tuple[str, ...]:
    """Return every address of a header value once, in order."""
    return tuple(dict.fromkeys(clean_address(found) for found in ADDRESS.findall(text)))


def display_names(text: str) -> dict[str, str]:
    """Return lower-case address -> display name, for those that have one."""
    return {
        clean_address(address).lower(): name.strip()
        for name, address in _NAMED.findall(text)
        if name.strip()
    }


def domain_of(address: str) -> str:
    """Return the part after the last @, lower-case."""
    return address.rpartition("@")[2].lower().strip(".>")
