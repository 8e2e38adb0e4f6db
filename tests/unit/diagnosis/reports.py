"""Reports made by hand, and the shipped knowledge they are judged by."""

from bounce_assistant.diagnosis.diagnose import diagnose_recipient
from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import (
    BounceReport,
    DsnAction,
    MessageKind,
    Notice,
    OriginalMessage,
    RecipientReport,
    ReportedBy,
    StatusCode,
)
from bounce_assistant.report.replies import command_in, find_codes
from bounce_assistant.services.knowledge import load_knowledge

KNOWLEDGE = load_knowledge()
BOOK = KNOWLEDGE.reasons
DANA = "dana@larkspur.example"


def recipient_of(
    words: str, *, address: str = DANA, status: str = "", action: DsnAction | None = None
) -> RecipientReport:
    """Return what a notice says of one person, codes read from the server's words."""
    codes = find_codes(words)
    return RecipientReport(
        recipient=address,
        dsn_action=action,
        status=StatusCode.parse(status) or codes.status,
        reply_code=codes.reply_code,
        diagnostic=words,
        smtp_command=command_in(words),
    )


def report_of(
    *recipients: RecipientReport,
    text: str | None = None,
    kind: MessageKind = MessageKind.BOUNCE,
    service: str = "",
    original: OriginalMessage | None = None,
) -> BounceReport:
    """Return a notice about these people; its text repeats their servers' words."""
    said = "\n".join(f"<{each.recipient}>: {each.diagnostic}" for each in recipients)
    return BounceReport(
        kind=kind,
        reported_by=ReportedBy(service, "mx.example" if service else ""),
        recipients=recipients,
        original=original,
        notice=Notice(to=("agent@oakfield.example",)),
        text=said if text is None else text,
    )


def diagnose(words: str, *, status: str = "", text: str | None = None) -> Diagnosis:
    recipient = recipient_of(words, status=status)
    return diagnose_recipient(recipient, report_of(recipient, text=text), BOOK)
