"""Who wrote a notice: by its own headers and standard text, never by where the recipient is."""

import re

from bounce_assistant.report.facts import Notice, ReportedBy
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
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
    known = words.marks
    numbers = known.reporting_mta.services_of(host)
    numbers += known.senders.services_of(notice.sender.lower())
    numbers += known.message_ids.services_of(notice.message_id.lower())
    numbers += [known.headers[name] for name in known.headers.keys() & message.names()]
    numbers += [known.texts[phrase] for phrase in known.in_text.all_in(flat)]
    return ReportedBy(words.service[min(numbers)].name if numbers else "", host)
