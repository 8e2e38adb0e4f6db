"""bytes -> message -> report -> diagnosis: one message, offline, in bounded time."""

from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from bounce_assistant.diagnosis.causes import Surroundings, fit_cause
from bounce_assistant.diagnosis.context import read_sent_from
from bounce_assistant.diagnosis.diagnose import diagnose_recipient
from bounce_assistant.diagnosis.follow_up_boss import Answer, seen_by_follow_up_boss
from bounce_assistant.diagnosis.notice_text import NoticeText
from bounce_assistant.diagnosis.verdict import (
    BounceType,
    CauseId,
    Certainty,
    Diagnosis,
    ReasonId,
)
from bounce_assistant.report.facts import (
    ARRIVED,
    BounceReport,
    MessageKind,
    Notice,
    RecipientReport,
)
from bounce_assistant.report.message_ids import ids_returned
from bounce_assistant.report.outcomes import kind_by_phrases
from bounce_assistant.report.read import read_report
from bounce_assistant.services.knowledge import Knowledge

__all__ = ["Answer", "Examination", "case_diagnoses", "examine_message", "examine_words"]
_AWAY = ReasonId("vacation")
_NOT_A_BOUNCE = CauseId("not_a_bounce")


_TELLING = frozenset({MessageKind.BOUNCE, MessageKind.DELAY, MessageKind.FEEDBACK})


class Yours(msgspec.Struct, frozen=True):
    """What is known of the person whose bounces these are."""

    addresses: frozenset[str] = frozenset()  # lower case; empty where no account is known
    # By Message-ID, the folder with a copy of sent mail; "": sent by this program, None: no copy
    copy_of: Callable[[Sequence[str]], str | None] | None = None


NOBODY = Yours()


class Examination(msgspec.Struct, frozen=True):
    """What a message says, and what that means for each person it names."""

    report: BounceReport
    diagnoses: tuple[Diagnosis, ...]
    seen_by_follow_up_boss: Answer
    sent_by_you: str  # yes, no or unknown
    copy_in: str | None = None  # as in ``Yours``, where the returned mail itself didn't say yes

    @property
    def is_trouble(self) -> bool:
        """Whether a check keeps it: mail did not arrive, or an automatic reply holds it back."""
        if self.report.kind is MessageKind.AUTO_REPLY:
            return any(each.reason != _AWAY for each in self.diagnoses)
        return self.report.kind in _TELLING


def examine_message(
    raw: bytes,
    knowledge: Knowledge,
    *,
    yours: Yours = NOBODY,
    missing: int = 0,
) -> Examination:
    """Read and diagnose a message. Never raises for odd mail.

    ``missing``: bytes of it that were not fetched, which are of the mail that came back.
    """
    report = read_report(raw, knowledge.words, knowledge.likens)
    if missing and report.original:
        original = replace(report.original, size=report.original.size + missing)
        report = replace(report, original=original)
    return examine_report(report, knowledge, yours)


def examine_report(
    report: BounceReport, knowledge: Knowledge, yours: Yours = NOBODY
) -> Examination:
    """Diagnose what was read already. A copy in Sent says more than any marks of a mail."""
    sent, copy_in = read_sent_from(report, yours.addresses), None
    if yours.copy_of and sent.by_you != "yes" and report.kind in _TELLING:
        copy_in = yours.copy_of(ids_returned(report))
        sent = replace(sent, by_you="yes") if copy_in is not None else sent
    diagnoses: tuple[Diagnosis, ...] = ()
    if report.kind is not MessageKind.NOT_A_BOUNCE:
        around = Surroundings(report, sent, knowledge)
        text = NoticeText(report)
        diagnoses = tuple(
            fit_cause(diagnose_recipient(each, report, knowledge.reasons, text), around)
            for each in report.recipients
        )
    seen = seen_by_follow_up_boss(report, sent)
    return Examination(report, diagnoses, seen, sent.by_you, copy_in)


def ids_to_look_for(examination: Examination) -> tuple[str, ...]:
    """Return the Message-IDs by which Sent tells what the returned mail itself doesn't."""
    by_itself = examination.sent_by_you == "yes" and examination.copy_in is None
    if by_itself or examination.report.kind not in _TELLING:
        return ()
    return ids_returned(examination.report)


def examine_words(words: str, knowledge: Knowledge) -> Examination:
    """Diagnose pasted server words that are no message: whom they list, else one person."""
    return examine_report(report_of_words(words, knowledge), knowledge)


def report_of_words(words: str, knowledge: Knowledge) -> BounceReport:
    """Wrap server words as the report of a notice that holds nothing else."""
    from bounce_assistant.report.prose import read_words  # noqa: PLC0415 - only `explain` needs it

    recipients = read_words(words, knowledge.words)
    is_late = kind_by_phrases(Notice(), words, knowledge.words) is MessageKind.DELAY
    kind = MessageKind.DELAY if is_late else MessageKind.BOUNCE
    return BounceReport(kind, recipients=recipients, text=words.strip())


def case_diagnoses(examination: Examination) -> tuple[Diagnosis, ...]:
    """Return what the list shows: who was missed; for ordinary mail, one row that says so."""
    diagnoses = examination.diagnoses
    missed = tuple(each for each in diagnoses if each.recipient.dsn_action not in ARRIVED)
    if diagnoses:
        return missed or diagnoses
    return (
        Diagnosis(
            recipient=RecipientReport(recipient=""),
            reason=ReasonId("undefined"),
            cause=_NOT_A_BOUNCE,
            bounce_type=BounceType.SOFT,
            certainty=Certainty.LIKELY,
            score=0.9,
        ),
    )
