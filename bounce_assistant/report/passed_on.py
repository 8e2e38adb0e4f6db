"""Reads a notice inside a message that only passes it on."""

import re
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from bounce_assistant.report.facts import BounceReport, MessageKind, Notice
from bounce_assistant.report.kinds import FORWARDED
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.parts import Sorted, is_saved_message

REMARK_LIMIT = 24  # characters; who passes a notice on and says more, writes a mail of their own
_NOTE_LIMIT = 120  # characters of a program that passes one on
_MOST_PASSED_ON = 16  # messages put into one that may be notices
_BY_PROGRAM = re.compile(
    r"^[- ]*(?:begin )?forwarded message[-: ]*$|"
    r"^.{0,40}\b(?:automatically forwarded|forwarded automatically|auto-?forwarded)\b.{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_WHOLE_TYPES = frozenset({"message/rfc822", "message/global"})
_DAEMONS = frozenset({"mailer-daemon", "postmaster"})
_MISSED = frozenset({MessageKind.BOUNCE, MessageKind.DELAY})


def read_passed_on(  # noqa: PLR0913 - all that a message says of the one inside it
    notice: Notice,
    sorted_parts: Sorted,
    said: str,
    copy: str,
    words: NoticeWords,
    *,
    by_machine: bool,
    read: Callable[[bytes], BounceReport],
) -> BounceReport | None:
    """Return the report of the notice inside; None for a letter about a bounce.

    What a colleague passes on is a letter about somebody else's bounce. Who sends one to another
    mailbox of his own, with a few words at most, and a server that wraps what it sends on, do not
    write letters.
    """
    is_own = _is_to_oneself(notice)
    from bounce_assistant.report.inline import find_forwarded  # noqa: PLC0415 - few mails need it

    is_titled = notice.subject.lower().startswith(FORWARDED)
    if not (is_own or by_machine):
        return None
    inside = find_forwarded(f"{said}\n{copy}", words.forwarded) if is_titled else None
    if inside and len(_remark(inside.remark)) <= (REMARK_LIMIT if is_own else _NOTE_LIMIT):
        inner = read(inside.raw)
        if inner.kind in _MISSED and (is_own or _is_for_same(inner, notice)):
            return inner
    remark = _remark(said)
    if len(remark) > (REMARK_LIMIT if is_own else 0):
        is_note = len(remark) <= _NOTE_LIMIT
        return _handed_on(notice, sorted_parts, read, is_note=is_note) if by_machine else None
    if is_titled:
        inner = read(_dequoted(copy))
        if inner.kind in _MISSED:
            return inner
    return next(_notices(sorted_parts, read), None)


def _is_for_same(inner: BounceReport, notice: Notice) -> bool:
    """Tell whether a notice was sent to the one who reads it now; it may not say to whom."""
    to = {address.lower() for address in inner.notice.to}
    return not to or not to.isdisjoint(address.lower() for address in notice.to)


def read_enclosed(
    report: BounceReport, sorted_parts: Sorted, read: Callable[[bytes], BounceReport]
) -> BounceReport | None:
    """Return the report with what the notice that it encloses says of the same people.

    A list's program writes whom mail did not reach, and lets the server's own notice say why.
    """
    sender = report.original.sender.partition("@")[0].lower() if report.original else ""
    if sender not in _DAEMONS or any(each.reply_code or each.status for each in report.recipients):
        return None
    named = {each.recipient.lower() for each in report.recipients}
    for inner in _notices(sorted_parts, read):
        if {each.recipient.lower() for each in inner.recipients} == named:
            text = f"{report.text}\n\n{inner.text}"
            return replace(report, recipients=inner.recipients, text=text, original=inner.original)
    return None


def _remark(said: str) -> str:
    """Return what a person wrote himself."""
    return _BY_PROGRAM.sub("", said).strip()


def _handed_on(
    notice: Notice,
    sorted_parts: Sorted,
    read: Callable[[bytes], BounceReport],
    *,
    is_note: bool,
) -> BounceReport | None:
    """Read a notice that a server hands on with words of its own to the one it concerns.

    Others attach notices too, help desks and monitors among them; those are of other people's mail.
    ``is_note``: its words are few.
    """
    readers = {address.lower() for address in notice.to}
    for inner in _notices(sorted_parts, read):
        is_same = {address.lower() for address in inner.notice.to} == readers
        is_of_reader = inner.original is not None and inner.original.sender.lower() in readers
        if is_of_reader or (is_same and (notice.return_path == "" or is_note)):
            return inner
    return None


def _notices(sorted_parts: Sorted, read: Callable[[bytes], BounceReport]) -> Iterator[BounceReport]:
    for part in sorted_parts.returned[:_MOST_PASSED_ON]:
        if part.content_type in _WHOLE_TYPES or is_saved_message(part):
            inner = read(part.decoded())
            if inner.kind in _MISSED:
                yield inner


def _is_to_oneself(notice: Notice) -> bool:
    """Tell whether sender and reader have one name before the @; it may be, if none is known."""
    local = notice.sender.partition("@")[0].lower()
    return not notice.to or any(address.partition("@")[0].lower() == local for address in notice.to)


def _dequoted(copy: str) -> bytes:
    """Take the quote marks off a message that was passed on inside the text."""
    lines = (line.removeprefix("> ").removeprefix(">") for line in copy.split("\n"))
    return "\n".join(lines).encode("utf-8", "replace")
