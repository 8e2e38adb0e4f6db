"""Reads messages that are nothing but JSON: notices of mail services for programs."""

from bounce_assistant.report.facts import BounceReport, Notice
from bounce_assistant.report.fates import kind_of
from bounce_assistant.report.imitations import names_only_the_reader
from bounce_assistant.report.machines import is_by_machine
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.reporter import find_reporter
from bounce_assistant.report.sns import JsonNotice, read_json_notice


def read_in_json(
    message: Part, notice: Notice, said: str, words: NoticeWords
) -> BounceReport | None:
    """Return what a text in JSON says of the reader's mail; None for every other text."""
    begin = said.lstrip()[:1]
    if begin not in {"{", "["}:
        return None
    told = read_json_notice(said) or _events(message, notice, said, words)
    if told is None:
        return None
    kind, recipients, original = told
    return BounceReport(
        kind=kind,
        reported_by=find_reporter(message, notice, "", "", words),
        recipients=recipients,
        original=original,
        notice=notice,
        text=said.strip(),
        signs=("a notice in JSON",),
    )


def _events(message: Part, notice: Notice, said: str, words: NoticeWords) -> JsonNotice | None:
    """Read what a service reports of single mails, if it writes of others than its reader."""
    from bounce_assistant.report.events import read_events  # noqa: PLC0415 - few notices need it

    recipients = read_events(said) if is_by_machine(message, notice, words) else ()
    if not recipients or names_only_the_reader(recipients, notice):
        return None
    return kind_of(recipients), recipients, None
