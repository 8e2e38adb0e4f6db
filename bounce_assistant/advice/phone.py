"""Links that dial or open a text message, for a number that somebody typed; never a guessed one."""

import re
from dataclasses import dataclass

_FEWEST, _MOST = 7, 15  # digits of a number (ITU-T E.164)
_LONGEST = 40  # characters typed
_MOST_WORDS = 1000  # characters of a text message
_EXTENSION = re.compile(r"(?:ext\.?|extension|x|#)\s{0,3}(\d{1,6})$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015\u00a0]+")
_NUMBER = re.compile(r"\+?\d+")
_PLAIN = re.compile(rb"[A-Za-z0-9._~-]")


@dataclass(frozen=True, slots=True)
class PhoneLinks:
    """A number as it was typed, with what the computer opens for it."""

    shown: str
    tel: str  # RFC 3966
    sms: str  # RFC 5724, with the words in it; "" for a number with an extension


def phone_links(typed: str, words: str = "") -> PhoneLinks | None:
    """Return the links for a number; None for text that is no number.

    A number without a country's code stays without one: it is dialled from here as it stands.
    """
    shown = " ".join(typed[:_LONGEST].split())
    extension = _EXTENSION.search(shown)
    number = _SEPARATORS.sub("", shown[: extension.start()] if extension else shown)
    if len(typed) > _LONGEST or not (number.isascii() and _NUMBER.fullmatch(number)):
        return None
    if not _FEWEST <= len(number.lstrip("+")) <= _MOST:
        return None
    if extension:
        return PhoneLinks(shown, f"tel:{number};ext={extension[1]}", "")
    body = f"?body={_quoted(words[:_MOST_WORDS])}" if words else ""
    return PhoneLinks(shown, f"tel:{number}", f"sms:{number}{body}")


def _quoted(words: str) -> str:
    """Return words as a link holds them (RFC 3986, section 2.1)."""
    letters = (bytes([number]) for number in words.encode("utf-8", "replace"))
    return "".join(
        each.decode("ascii") if _PLAIN.fullmatch(each) else f"%{each[0]:02X}" for each in letters
    )
