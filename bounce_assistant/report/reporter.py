"""Who wrote a notice: by its own headers and standard text, never by where the recipient is."""

import re

from bounce_assistant.report.facts import Notice, ReportedBy
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords, Service, ServiceMarks
from bounce_assistant.report.words import domain_of

_HOST = re.compile(r"(?:program|mail system) at host ([\w.-]+)|qmail-send program at ([\w.-]+)")
_EXCHANGE_HOST = re.compile(r"generating server: ([\w.-]+)")


def find_reporter(
    message: Part, notice: Notice, reporting_mta: str, flat: str, words: NoticeWords
) -> ReportedBy:
    """Name the service and the host; the service is empty where no mark fits."""
    host = reporting_mta.partition(";")[2].strip() or reporting_mta.strip()
    host = host.partition(" ")[0].strip("()[];,").lower()
    if not host:
        named = _HOST.search(flat) if " at " in flat else None
        if not named and "generating server: " in flat:
            named = _EXCHANGE_HOST.search(flat)
        host = named[named.lastindex or 0].rstrip(".") if named else domain_of(notice.sender)
    marks = _marks(message, notice, host, flat, words.marks)
    for service in words.service if marks else ():
        if _fits(service, marks):
            return ReportedBy(service.name, host)
    return ReportedBy("", host)


def _marks(
    message: Part, notice: Notice, host: str, flat: str, known: ServiceMarks
) -> dict[str, object]:
    """Return what the notice has of the marks that any service is known by."""
    sender, message_id = notice.sender.lower(), notice.message_id.lower()
    headers = set(known.headers.intersection(message.names()))
    found = {
        "reporting_mta": host if host.endswith(known.reporting_mta) else "",
        "sender": sender if sender.endswith(known.senders) else "",
        "message_id": message_id if message_id.endswith(known.message_ids) else "",
        "header": headers,
        "text": known.texts.all_in(flat),
    }
    return {name: value for name, value in found.items() if value}


def _fits(service: Service, marks: dict[str, object]) -> bool:
    for name, value in marks.items():
        wanted: list[str] = getattr(service, name)
        if isinstance(value, str) and wanted and value.endswith(tuple(wanted)):
            return True
        if isinstance(value, set) and not value.isdisjoint(wanted):
            return True
    return False
