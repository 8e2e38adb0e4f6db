"""The JSON that commands print: resources/schema/diagnosis.schema.json describes it."""

from typing import Any

from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import BounceReport
from bounce_assistant.services.examine import Examination
from bounce_assistant.services.knowledge import Knowledge

SCHEMA = 1


def describe(file: str, examination: Examination, knowledge: Knowledge) -> dict[str, Any]:
    """Return one message's object, keys in the documented order."""
    report = examination.report
    return {
        "schema": SCHEMA,
        "file": file,
        "kind": report.kind.value,
        "reported_by": {"service": report.reported_by.service, "host": report.reported_by.host},
        "seen_by_follow_up_boss": {
            "answer": examination.seen_by_follow_up_boss.answer,
            "because": examination.seen_by_follow_up_boss.because,
        },
        "original": _original(report),
        "sent_by_you": examination.sent_by_you,
        "deliveries": [_delivery(each, knowledge) for each in examination.diagnoses],
    }


def describe_problem(file: str, problem: str) -> dict[str, Any]:
    """Return the object of a file that could not be read."""
    return {"schema": SCHEMA, "file": file, "error": problem}


def _original(report: BounceReport) -> dict[str, Any] | None:
    original = report.original
    if original is None:
        return None
    return {
        "message_id": original.message_id,
        "subject": original.subject,
        "from": original.sender,
        "to": list(original.to),
        "date": original.date,
    }


def _delivery(diagnosis: Diagnosis, knowledge: Knowledge) -> dict[str, Any]:
    recipient = diagnosis.recipient
    doubt = {"runner_up": diagnosis.runner_up} if diagnosis.runner_up else {}
    return {
        "recipient": recipient.recipient,
        "reason": diagnosis.reason,
        "cause": diagnosis.cause,
        "bounce_type": diagnosis.bounce_type.value,
        "certainty": diagnosis.certainty.value,
        "who_acts": knowledge.who_acts(diagnosis.cause),
        "status": str(recipient.status or ""),
        "reply_code": recipient.reply_code,
        "diagnostic": recipient.diagnostic,
        "remote_mta": recipient.remote_mta,
        "evidence": [{"text": each.text, "says": each.says} for each in diagnosis.evidence],
        **doubt,
    }
