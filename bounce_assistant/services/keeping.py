"""examination -> store: what the list shows of each case, and the mail itself."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import blake2b

from bounce_assistant.advice.advise import advise
from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import BounceReport
from bounce_assistant.report.message_ids import ids_about
from bounce_assistant.services.examine import (
    Examination,
    Yours,
    case_diagnoses,
    examine_message,
    examine_words,
    ids_to_look_for,
)
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.remembered import with_rules
from bounce_assistant.services.sources import is_mail
from bounce_assistant.store import Store
from bounce_assistant.store.cursors import FolderCursor
from bounce_assistant.store.messages import Kept, KeptMessage, Place
from bounce_assistant.store.rows import MessageId
from bounce_assistant.store.verdicts import Verdict

_REPLY = re.compile(r"^\s*((re|fwd?|aw|wg|tr|rv|sv|vs)(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_ADDRESSEES = frozenset({"to", "cc", "bcc"})
_FIRST_MAIL = datetime(1990, 1, 1, tzinfo=UTC)  # an older date was made up


def keep_examined(  # noqa: PLR0913 - what is kept, where it goes, and how far the folder is read
    raw: bytes,
    place: Place,
    examination: Examination,
    store: Store,
    knowledge: Knowledge,
    *,
    received: datetime | None = None,
    cursor: FolderCursor | None = None,
    size: int | None = None,
) -> Kept:
    """Keep a message with its cases and how far the folder is read, in one transaction.

    ``received`` (aware) is when the server took it in (INTERNALDATE, RFC 3501), for mail whose own
    date cannot be true; ``size`` as in ``Messages.keep``. Raises AppError when the disk is full or
    the store out of reach.
    """
    arrived = arrival(examination.report.notice.date, received or datetime.now(UTC))
    ruled = with_rules(examination, store.reason_rules.all())
    verdicts = verdicts_of(ruled, knowledge, arrived)
    return store.messages.keep(
        raw, place, arrived, verdicts, cursor, size,
        about=ids_about(examination.report),
        returned=ids_to_look_for(examination),
        fingerprint=fingerprint_of(examination.report),
        hidden=store.settings.load().hidden_causes,
    )  # fmt: skip


def fingerprint_of(report: BounceReport) -> str:
    """Return what a notice is known by, whole or in part; empty where it has no Message-ID.

    Its own Message-ID and date, and for whom it failed with which words.
    """
    notice = report.notice
    if not notice.message_id.strip():
        return ""
    parts = sorted(
        f"{each.recipient.lower()} {each.status} {each.reply_code} {each.diagnostic}"
        for each in report.recipients
    )
    text = "\n".join([notice.message_id.strip(), notice.date.strip(), *parts])
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def examine_kept(
    raw: bytes, place: Place, knowledge: Knowledge, yours: Yours, missing: int = 0
) -> Examination:
    """Diagnose what is kept: a message, or words that were pasted without one."""
    if place.uid or is_mail(raw):  # what an account gave is mail, however odd
        return examine_message(raw, knowledge, yours=yours, missing=missing)
    return examine_words(raw.decode("utf-8", "replace"), knowledge)


def yours_of(store: Store) -> Yours:
    """Return what the store knows of the person and of what they sent."""
    return Yours(store.own_addresses(), store.returned_ids.copy_of)


def examine_again(
    message: KeptMessage, store: Store, knowledge: Knowledge, yours: Yours | None = None
) -> Examination:
    """Diagnose a kept message with today's data, the person's own addresses, Sent and rules."""
    known = yours or yours_of(store)
    found = examine_kept(message.raw, message.place, knowledge, known, message.missing)
    return with_rules(found, store.reason_rules.all())


def diagnose_again(
    message_id: MessageId, store: Store, knowledge: Knowledge, yours: Yours | None = None
) -> bool:
    """Put a new diagnosis in place of the old one; return whether a case changed.

    What a person decided stays, and so do the ids of the cases.
    """
    message = store.messages.get(message_id)
    if message is None:
        return False
    examination = examine_again(message, store, knowledge, yours)
    verdicts = verdicts_of(examination, knowledge, message.arrived)
    returned = ids_to_look_for(examination)
    return store.messages.diagnose_again(message_id, verdicts, returned=returned)


def verdicts_of(
    examination: Examination, knowledge: Knowledge, arrived: datetime
) -> tuple[Verdict, ...]:
    """Return one verdict for each failed recipient, with the words of its list row."""
    report = examination.report
    diagnoses = case_diagnoses(examination)
    return tuple(_verdict(one, report, knowledge, len(diagnoses), arrived) for one in diagnoses)


def arrival(date: str, received: datetime) -> datetime:
    """Return when a notice was written; ``received`` where its Date cannot be true."""
    written = _read_date(date)
    if written is None or not _FIRST_MAIL < written <= received + timedelta(days=1):
        return received
    return written


def _verdict(
    diagnosis: Diagnosis, report: BounceReport, knowledge: Knowledge, count: int, arrived: datetime
) -> Verdict:
    advice = advise(diagnosis, report, knowledge.handbook, count=count)
    address = diagnosis.recipient.recipient
    original = report.original
    name = _name_beside(address, report)
    return Verdict(
        recipient=address,
        cause=diagnosis.cause,
        group=advice.group,
        title=advice.title,
        name=name if address else _writer(report),
        subject=original.subject if original else "" if address else report.notice.subject,
        mailing=_mailing(report, name, arrived) if address else None,
        reason=diagnosis.reason,
        bounce_type=str(diagnosis.bounce_type),
        certainty=str(diagnosis.certainty),
    )


def _name_beside(address: str, report: BounceReport) -> str:
    """Find the person's name beside the address in our own mail."""
    headers = report.original.headers if report.original else ()
    fields = [value for field, value in headers if field.lower() in _ADDRESSEES]
    for name, written in getaddresses(fields):
        if address and written.lower() == address.lower() and name and "@" not in name:
            last, comma, first = name.partition(",")
            return f"{first.strip()} {last.strip()}" if comma and first.strip() else name
    return ""


def _writer(report: BounceReport) -> str:
    """Name who wrote a mail that names nobody it failed for."""
    written = [value for field, value in report.notice.headers if field.lower() == "from"]
    named = next((name for name, _ in getaddresses(written) if name), "")
    return named or report.notice.sender or "Unknown sender"


def _mailing(report: BounceReport, name: str, arrived: datetime) -> int | None:
    """Return one number for all mails of one sender, one day and one subject."""
    original = report.original
    if original is None:
        return None
    subject = " ".join(_subject_words(original.subject, name))
    if not subject:
        return None
    sent = _read_date(original.date, keep_zone=True) or arrived
    key = f"{original.sender.lower()}\n{sent.date()}\n{subject}".encode("utf-8", "replace")
    return int.from_bytes(blake2b(key, digest_size=8).digest(), signed=True)


def _subject_words(subject: str, name: str) -> Iterator[str]:
    """Yield the words all copies of a mailing share: no Re:, not the reader's name."""
    named = set(_WORD.findall(name.casefold()))
    for word in _WORD.findall(_REPLY.sub("", subject).casefold()):
        if word not in named:
            yield word


def _read_date(text: str, *, keep_zone: bool = False) -> datetime | None:
    """Read a Date field (RFC 5322, section 3.3), in UTC unless the sender's zone is to stay."""
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware if keep_zone else aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
