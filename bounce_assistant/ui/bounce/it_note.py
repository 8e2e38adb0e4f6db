"""What to tell the person who looks after the mail servers, with all codes, ready to paste."""

from bounce_assistant.advice.playbooks import Advice
from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import BounceReport
from bounce_assistant.ui.widgets.plain import displayable


def it_note(report: BounceReport, diagnosis: Diagnosis, advice: Advice) -> str:
    """Return lines of "what: value"; a value that is not known leaves its line out."""
    original = report.original
    one = diagnosis.recipient
    facts = [
        ("To", one.recipient),
        ("Forwarded to", one.final_recipient),
        ("From", original.sender if original else ""),
        ("Subject", original.subject if original else ""),
        ("Sent", original.date if original else ""),
        ("Message-ID", original.message_id if original else ""),
        ("Status code", str(one.status or "")),
        ("Reply code", one.reply_code),
        ("The server's words", one.diagnostic),
        ("Refusing server", one.remote_mta),
        ("At the command", one.smtp_command),
        ("Reported by", " ".join(filter(None, (report.reported_by.service, _host(report))))),
        ("Notice dated", report.notice.date),
    ]
    lines = ["An email I sent came back. Could you have a look?", ""]
    lines += [f"{name}: {displayable(value).strip()}" for name, value in facts if value.strip()]
    lines += ["", f"Bounce Assistant reads it as: {advice.title} ({diagnosis.certainty})"]
    lines += [f"Technical reason: {diagnosis.reason}"]
    return "\n".join(lines) + "\n"


def _host(report: BounceReport) -> str:
    return f"({report.reported_by.host})" if report.reported_by.host else ""
