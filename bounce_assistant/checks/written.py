"""How an address is written: wrapping taken off, plain slips mended, RFC 5321's rules kept."""

import re
import unicodedata
from dataclasses import dataclass

from bounce_assistant.advice.findings import Finding, FindingId

_LONGEST = 1000  # characters typed that are looked at
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_IN_BRACKETS = re.compile(r"<([^<>]{1,400})>")
_WRAPPING = " \t\r\n\u00a0<>\"'“”„‘’«»()[]"
_TRAILING = ".,;:!?"
_AT = re.compile(r"\s{0,9}(?:\(at\)|\[at\]|\{at\}|\s+at\s+|@{2,5})\s{0,9}", re.IGNORECASE)
_DOT = re.compile(r"\s{0,9}(?:\(dot\)|\[dot\]|\{dot\}|\s+dot\s+)\s{0,9}", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_DOTS = re.compile(r"\.{2,}")
_STAND_IN = "example.com"  # judged in place of a name set aside, which the library refuses
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"})


@dataclass(frozen=True, slots=True)
class Written:
    """An address as it was typed, and as it can be used."""

    address: str  # tidied; the part after the @ in lower case
    is_usable: bool  # False: no mail program would send to it
    findings: tuple[Finding, ...]


def read_address(typed: str) -> Written:
    """Tidy and judge an address without asking anybody; any text gives an answer."""
    tidied = _unwrapped(typed)
    mended = _mended(tidied)
    findings = []
    if mended != tidied:
        findings.append(Finding(FindingId.MENDED, suggestion=_lower_domain(mended)))
    elif tidied != typed.strip():
        findings.append(Finding(FindingId.TIDIED))
    address = _lower_domain(mended)
    because = what_is_wrong(address)
    if because:
        findings = [Finding(FindingId.INCOMPLETE, (("because", because),))]
        return Written(address, is_usable=False, findings=tuple(findings))
    if not address.rpartition("@")[0].isascii():
        findings.append(Finding(FindingId.INTERNATIONAL))
    if _mixes_alphabets(address):
        findings.append(Finding(FindingId.LOOKALIKE))
    return Written(unicodedata.normalize("NFC", address), is_usable=True, findings=tuple(findings))


def what_is_wrong(address: str) -> str:
    """Return a sentence on why no mail can be sent to an address as written; "" if it can.

    Judged by email-validator (RFC 5321, 5322 and 6531); quoted names and numbers in brackets are
    legal, but nobody has such an address.
    """
    if problem := _plain_problem(address):
        return problem
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - takes a while

    name, _, domain = address.rpartition("@")
    try:
        validate_email(
            f"{name}@{_judged(domain)}",
            check_deliverability=False,
            test_environment=True,
            strict=True,
        )
    except EmailNotValidError:
        odd = _odd_letters(name)
        if odd:
            return f"An address can't have {odd} in it."
        return "Something in it can't be part of an email address."
    return ""


def _plain_problem(address: str) -> str:
    name, at, domain = address.rpartition("@")
    ending = domain.rpartition(".")[2]
    checks = (
        (not address, "There's nothing here yet."),
        (not at, "The @ is missing."),
        ("@" in name, "There is more than one @ in it."),
        (not name, "The part before the @ is missing."),
        (not domain, "The part after the @ is missing."),
        (" " in address, "There is a space in it."),
        ("," in address, "There is a comma in it."),
        (".." in address, "There are two dots in a row."),
        (name.startswith(".") or name.endswith("."), "The name begins or ends with a dot."),
        ("." not in domain, "The ending is missing, such as .com."),
        (ending.isdigit() or domain.startswith("["), "The part after the @ is a number."),
    )
    return next((sentence for is_so, sentence in checks if is_so), "")


def _judged(domain: str) -> str:
    """Return the domain, or another one where the library would refuse a name set aside."""
    from email_validator import SPECIAL_USE_DOMAIN_NAMES  # noqa: PLC0415 - see above

    is_special = any(
        domain == name or domain.endswith(f".{name}") for name in SPECIAL_USE_DOMAIN_NAMES
    )
    return f"{domain}.{_STAND_IN}" if is_special else domain


def _unwrapped(typed: str) -> str:
    text = _INVISIBLE.sub("", typed[:_LONGEST])
    bracketed = _IN_BRACKETS.findall(text)
    text = next((part for part in bracketed if "@" in part), text).strip(_WRAPPING)
    if text.lower().startswith("mailto:"):
        text = text[len("mailto:") :].partition("?")[0]
    return text.strip(_WRAPPING).rstrip(_TRAILING).strip(_WRAPPING)


def _mended(text: str) -> str:
    """Put right what people type for an @ or a dot; nothing that could be meant otherwise."""
    text = _DOT.sub(".", _AT.sub("@", text))
    text = _SPACES.sub("", text) if text.count("@") == 1 else text
    name, at, domain = text.rpartition("@")
    if not at or "@" in name:
        return text
    if name.lower().startswith("www."):
        name = name[len("www.") :]
    return f"{name}@{_DOTS.sub('.', domain.replace(',', '.').replace(';', '.')).strip('.')}"


def _lower_domain(address: str) -> str:
    name, at, domain = address.rpartition("@")
    return f"{name}{at}{domain.lower()}" if at else address


def _odd_letters(name: str) -> str:
    odd = [letter for letter in name if letter in '()<>[]:;\\"' or not letter.isprintable()]
    return f'"{odd[0]}"' if odd and odd[0].isprintable() else ""


def _mixes_alphabets(address: str) -> bool:
    """Tell whether one word mixes alphabets whose letters look alike (Unicode TR 39)."""
    for word in re.split(r"[@.]", address):
        used = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
        if len(used & _ALPHABETS) > 1:
            return True
    return False
