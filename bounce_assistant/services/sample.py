"""The sample mailbox: made-up mail of resources/sample, dated so that it always looks fresh."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email.utils import format_datetime

import msgspec

from bounce_assistant.resources import ROOT, read_text

_FOLDER = "sample"
_RETRIED_FOR = timedelta(days=2)  # what a delay notice promises
_AWAY_FOR = timedelta(days=7)
_NOT_MAIL = "unreadable"


@dataclass(frozen=True, slots=True)
class SampleMail:
    """One made-up message, and what a good diagnosis says about it."""

    file: str  # a name to show; unique
    raw: bytes
    kind: str  # a MessageKind value, or "unreadable"
    causes: tuple[str, ...]  # in order, without repeats


class _Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    file: str
    kind: str
    causes: tuple[str, ...]
    days_ago: int
    sent_at: str
    minutes_later: int
    people: tuple[tuple[str, str], ...] = (("", ""),)


class _Index(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    addresses: tuple[str, ...]
    mail: tuple[_Mail, ...]


def sample_addresses() -> frozenset[str]:
    """Return the made-up agent's own addresses."""
    return frozenset(_index().addresses)


def sample_messages(now: datetime) -> list[SampleMail]:
    """Return the sample mailbox, newest last; the same `now` (aware) gives the same bytes."""
    mails = sorted(_index().mail, key=lambda mail: _sent_and_came(mail, now)[1])
    return [message for mail in mails for message in _messages(mail, now)]


def _index() -> _Index:
    return msgspec.toml.decode(read_text(f"{_FOLDER}/index.toml"), type=_Index)


def _messages(mail: _Mail, now: datetime) -> Iterator[SampleMail]:
    """Make one message, or one for each person of a mailing."""
    template = (ROOT / _FOLDER / mail.file).read_bytes()
    stem, _, ending = mail.file.rpartition(".")
    for number, (name, address) in enumerate(mail.people, 1):
        file = f"{stem}-{number:02}.{ending}" if len(mail.people) > 1 else mail.file
        values = {"name": name, "address": address, "n": f"{number:02}", **_dates(mail, now)}
        raw = template
        for key, value in values.items():
            raw = raw.replace(f"@@{key}@@".encode(), value.encode())
        if mail.kind != _NOT_MAIL:
            raw = raw.replace(b"\n", b"\r\n")
        yield SampleMail(file, raw, mail.kind, mail.causes)


def _dates(mail: _Mail, now: datetime) -> dict[str, str]:
    sent, came = _sent_and_came(mail, now)
    return {
        "sent": format_datetime(sent),
        "came": format_datetime(came),
        "later": format_datetime(came + _RETRIED_FOR),
        "back": " ".join(format_datetime(now + _AWAY_FOR).split()[1:3]),
    }


def _sent_and_came(mail: _Mail, now: datetime) -> tuple[datetime, datetime]:
    day = (now - timedelta(days=mail.days_ago)).date()
    sent = datetime.combine(day, time.fromisoformat(mail.sent_at), now.tzinfo)
    return sent, sent + timedelta(minutes=mail.minutes_later)
