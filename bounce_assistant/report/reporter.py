"""Who wrote a notice: by its own headers and standard text, never by where the recipient is."""

import re

from bounce_assistant.report.facts import Notice, ReportedBy
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords, Service
from bounce_assistant.report.words import domain_of

_HOST = re.compile(
    r"(?:program|mail system) at host ([\w.-]+)|qmail-send program at ([\w.-]+)", re.IGNORECASE
)


def find_reporter(
    message: Part, notice: Notice, reporting_mta: str, flat: str, words: NoticeWords
) -> ReportedBy:
    """Name the service and the host; the service is empty where no mark fits."""
    host = reporting_mta.partition(";")[2].strip() or reporting_mta.strip()
    host = host.partition(" ")[0].strip("()[];,").lower()
    named = _HOST.search(flat)
    if not host:
        host = (named[1] or named[2] or "").rstrip(".") if named else domain_of(notice.sender)
    for service in words.service:
        if _fits(service, message, notice, host, flat):
            return ReportedBy(service.name, host)
    return ReportedBy("", host)


def _fits(service: Service, message: Part, notice: Notice, host: str, flat: str) -> bool:
    sender = notice.sender.lower()
    if service.reporting_mta and host.endswith(tuple(service.reporting_mta)):
        return True
    if service.sender and sender.endswith(tuple(service.sender)):
        return True
    if service.message_id and notice.message_id.lower().endswith(tuple(service.message_id)):
        return True
    if any(message.has(name) for name in service.header):
        return True
    return any(phrase in flat for phrase in service.text)
