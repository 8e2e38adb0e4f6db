"""reason -> cause: what the user is told follows from the reason plus what surrounds it."""

import re
from functools import cached_property, lru_cache
from typing import Protocol

import msgspec
from msgspec.structs import replace

from bounce_assistant.diagnosis.blocklists import Blocklist, find_named_list
from bounce_assistant.diagnosis.context import SentFrom
from bounce_assistant.diagnosis.typos import AddressData
from bounce_assistant.diagnosis.verdict import BounceType, CauseId, Certainty, Diagnosis
from bounce_assistant.report.facts import ARRIVED, BounceReport, DsnAction, MessageKind
from bounce_assistant.report.words import all_addresses, domain_of

_IP = re.compile(
    r"(?<![\d.])((?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3})(?![\d.])"
)
_SIZE = re.compile(
    r"(?:limit|maximum|max|exceeds?|than|allowed)\D{0,40}?"
    r"(\d[\d,.]{0,12})\s?(bytes|kb|kib|mb|mib|gb|k|m)?\b",
    re.IGNORECASE,
)
# The same the other way round: "5000 KB is the maximum".
_SIZE_FIRST = re.compile(
    r"(\d[\d,.]{0,12})\s?(bytes|kb|kib|mb|mib|gb|k|m)\b.{0,12}(?:maximum|max\b|limit|at most)",
    re.IGNORECASE,
)
# Written so that a search can begin at digits; it is the quicker for it.
_DAYS = re.compile(r"(\d\d?\d?) ?days?\b", re.IGNORECASE)
_LONG = re.compile(r"(\d\d{1,5}) ?(hour|minute|second)", re.IGNORECASE)
_LIKE_IP = re.compile(r"\d\.\d{1,3}\.\d{1,3}\.\d")
_NEW_ADDRESS = re.compile(
    r"(?:new (?:e-?mail )?address|\b(?:try|use|update)\b|changed to|moved to|now (?:at|is)|is now|"
    r"instead|neue adresse|nueva direcci|nouvelle adresse|novo endere|nuovo indirizzo|"
    r"nieuwe adres)",
    re.IGNORECASE,
)
_BATCH_PAGE = "69585"  # the number of Gmail's page
_DOMAIN_REASONS = frozenset({"hostunknown", "notaccept"})
_MAYBE_DOMAIN = frozenset({"expired", "networkerror"})
_LISTED_CAUSES = frozenset({"listed", "refused_554", "reputation"})
_OWN_SIZE = re.compile(r"(?:size|length)[ (:=]{1,3}(\d{7,10})\b.{0,20}exceed", re.IGNORECASE)
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_SMALLEST, _BIGGEST = 0.01, 1000  # megabytes; anything else is no size limit
_UNITS = {
    "k": 1024,
    "kb": 1024,
    "kib": 1024,
    "m": 1024**2,
    "mb": 1024**2,
    "mib": 1024**2,
    "gb": 1024**3,
}


class Lists(Protocol):
    """The lists that causes look things up in; each is loaded when first asked for."""

    @property
    def blocklists(self) -> tuple[Blocklist, ...]: ...

    @property
    def addresses(self) -> AddressData: ...


class Surroundings(msgspec.Struct, frozen=True, dict=True):
    """What the causes need beside the verdict, made once for all the people of a notice."""

    report: BounceReport
    sent: SentFrom
    known: Lists

    @cached_property
    def missed(self) -> frozenset[str]:
        """The lower-case addresses that mail did not reach."""
        people = self.report.recipients
        return frozenset(
            each.recipient.lower() for each in people if each.dsn_action not in ARRIVED
        )

    @cached_property
    def days(self) -> tuple[tuple[str, str], ...]:
        """For how long the notice says that its writer tries."""
        return _days(self.report.text)

    @cached_property
    def is_of_a_batch(self) -> bool:
        """Whether the notice names Gmail's page on mail that looks unsolicited."""
        return _BATCH_PAGE in self.report.text


def fit_cause(diagnosis: Diagnosis, around: Surroundings) -> Diagnosis:
    """Return the diagnosis with its cause fitted to the context, and the facts for its sentence."""
    kind = around.report.kind
    if kind not in {MessageKind.BOUNCE, MessageKind.DELAY}:
        return _of_feedback(diagnosis, around) if kind is MessageKind.FEEDBACK else diagnosis
    if kind is MessageKind.BOUNCE and around.sent.by_you == "no":
        return _with(diagnosis, "forged", BounceType.BLOCKED)
    if diagnosis.recipient.dsn_action in ARRIVED:
        return diagnosis
    if kind is MessageKind.DELAY or diagnosis.recipient.dsn_action is DsnAction.DELAYED:
        cause = "asked_to_wait" if diagnosis.cause == "asked_to_wait" else "still_trying"
        return _with(diagnosis, cause, BounceType.SOFT, around.days)
    for fit in (_typo, _well_formed, _gmail, _named_list, _partly):
        fitted = fit(diagnosis, around)
        if fitted is not None:
            return fitted
    return _with(diagnosis, diagnosis.cause, None, _facts(diagnosis, around))


def _of_feedback(diagnosis: Diagnosis, around: Surroundings) -> Diagnosis:
    """Tell reports that nobody's spam button made: a failed check of who sent it (RFC 6591)."""
    told = diagnosis.recipient.diagnostic.lower()
    if told.endswith("auth-failure"):
        cause = "forged" if around.sent.by_you == "no" else "sender_records"
        return _with(diagnosis, cause, BounceType.BLOCKED)
    return _with(diagnosis, "delivered_note", None) if told.endswith("not-spam") else diagnosis


def _with(
    diagnosis: Diagnosis,
    cause: str,
    bounce_type: BounceType | None,
    slots: tuple[tuple[str, str], ...] = (),
) -> Diagnosis:
    if cause == diagnosis.cause and bounce_type is None and not slots:
        return diagnosis
    return replace(
        diagnosis,
        cause=CauseId(cause),
        runner_up=None if diagnosis.runner_up == cause else diagnosis.runner_up,
        bounce_type=bounce_type or diagnosis.bounce_type,
        slots=(*diagnosis.slots, *slots),
    )


def _typo(diagnosis: Diagnosis, around: Surroundings) -> Diagnosis | None:
    """Name the domain that was meant, where the written one takes no mail."""
    domain = domain_of(diagnosis.recipient.recipient)
    surely = diagnosis.reason in _DOMAIN_REASONS
    maybe = diagnosis.reason in _MAYBE_DOMAIN and around.known.addresses.is_slip(domain)
    if not domain or not (surely or maybe):
        return None
    suggestion = around.known.addresses.suggest(domain)
    return (
        _with(diagnosis, "typo", BounceType.HARD, (("suggestion", suggestion),))
        if suggestion
        else None
    )


def _well_formed(diagnosis: Diagnosis, around: Surroundings) -> Diagnosis | None:  # noqa: ARG001
    """Take back that an address can't be one, where it plainly can: then nobody is there."""
    address = diagnosis.recipient.recipient
    is_said = diagnosis.certainty is Certainty.ALMOST_CERTAIN  # in words, not by a code alone
    if diagnosis.cause != "bad_format" or is_said or not _PLAIN_ADDRESS.fullmatch(address):
        return None
    return _with(diagnosis, "user_unknown", None)


def _gmail(diagnosis: Diagnosis, around: Surroundings) -> Diagnosis | None:
    """Tell what is different about mail from a personal Gmail address."""
    if not around.sent.is_gmail:
        return None
    by_google = around.report.reported_by.service == "Google"
    if (
        diagnosis.reason == "spamdetected"
        and by_google
        and (_BATCH_PAGE in diagnosis.recipient.diagnostic or around.is_of_a_batch)
    ):
        return _with(diagnosis, "batch_blocked", None)
    if diagnosis.reason == "authfailure" and not by_google:
        service = around.sent.service or around.report.reported_by.service
        return _with(diagnosis, "dmarc_gmail", None, (("service", service),) if service else ())
    return None


def _named_list(diagnosis: Diagnosis, around: Surroundings) -> Diagnosis | None:
    """Name the block list and the server's number, where the words do."""
    if diagnosis.cause not in _LISTED_CAUSES:
        return None
    words = diagnosis.recipient.diagnostic or around.report.text[:4000]
    ip = _ip_in(words)
    slots: tuple[tuple[str, str], ...] = (("ip", ip[1]),) if ip else ()
    named = find_named_list(words, around.known.blocklists)
    if named is None:
        return _with(diagnosis, diagnosis.cause, None, slots)
    slots += (("list", named.blocklist.name), ("list_id", named.blocklist.id))
    cause = diagnosis.cause if diagnosis.reason == "badreputation" else "listed"
    return _with(diagnosis, cause, None, slots)


def _partly(diagnosis: Diagnosis, around: Surroundings) -> Diagnosis | None:
    """Say that only some were missed, where nothing better is known."""
    original = around.report.original
    if diagnosis.cause != "unsure" or original is None:
        return None
    missed = around.missed
    others = [address for address in original.to if address.lower() not in missed]
    if not others or len(original.to) - len(others) != len(missed):
        return None
    told = _with(diagnosis, "partly", None, (("n", str(len(missed))),))
    return replace(told, certainty=Certainty.LIKELY)  # who was missed is plain, only why is not


def _facts(diagnosis: Diagnosis, around: Surroundings) -> tuple[tuple[str, str], ...]:
    words = diagnosis.recipient.diagnostic or around.report.text[:4000]
    if diagnosis.cause == "too_big":
        whole = around.report.text[:4000]
        return (_limit(words) or _limit(whole)) + (_size(words) or _size(whole))
    if diagnosis.cause == "gave_up":
        return _days(words) or _days(around.report.text[:4000])
    if diagnosis.cause == "moved":
        return _new_address(words, diagnosis.recipient.recipient)
    ip = _ip_in(words)
    return (("ip", ip[1]),) if ip else ()


def size_limit(words: str) -> int:
    """Return the biggest message a server's words allow, in bytes; 0 when they don't say."""
    match = _SIZE.search(words) or _SIZE_FIRST.search(words)
    if not match:
        return 0
    digits = match[1].replace(",", "").rstrip(".")
    number = float(digits) if digits.count(".") <= 1 else 0
    size = number * _UNITS.get((match[2] or "").lower(), 1)
    return int(size) if _SMALLEST <= size / 1024**2 <= _BIGGEST else 0


@lru_cache(maxsize=8)  # the people of a notice often share their words
def _ip_in(words: str) -> re.Match[str] | None:
    return _IP.search(words) if _LIKE_IP.search(words) else None


def _limit(words: str) -> tuple[tuple[str, str], ...]:
    size = size_limit(words)
    if not size:
        return ()
    megabytes = size / 1024**2
    return (("limit", f"{megabytes:.0f} MB" if megabytes >= 1 else f"{size / 1024:.0f} kB"),)


def _size(words: str) -> tuple[tuple[str, str], ...]:
    """Return how big the refused message was, where the server says so."""
    match = _OWN_SIZE.search(words)
    megabytes = int(match[1]) / 1024**2 if match else 0
    return (("size", f"{megabytes:.0f} MB"),) if 1 <= megabytes <= _BIGGEST else ()


def _days(words: str) -> tuple[tuple[str, str], ...]:
    match = _DAYS.search(words)
    if match:
        return (("days", match[1]),)
    long = _LONG.search(words)
    if not long:
        return ()
    unit = {"h": 24, "m": 1440, "s": 86400}[long[2][0].lower()]
    days = int(long[1]) // unit
    return (("days", str(days)),) if days else ()


def _new_address(words: str, old: str) -> tuple[tuple[str, str], ...]:
    cue = _NEW_ADDRESS.search(words)
    found = all_addresses(words[cue.end() :] if cue else "")
    new = next((each for each in found if each.lower() != old.lower()), "")
    return (("new_address", new),) if new else ()
