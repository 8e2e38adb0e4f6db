"""Finds where a machine says, in any words, that the reader's own mail came back."""

import re
from collections.abc import Iterator

from bounce_assistant.report.facts import Notice
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.phrase_set import flatten
from bounce_assistant.report.words import find_addresses

BEGINNING = 2000  # characters in which a notice has said what it is about
SUBJECT_BEGINNING = 24  # characters in which a notice's subject says so; others say so later
_GREETING = 40  # characters of a paragraph that may be no more than that
_MOST_PARAGRAPHS = 8
_BESIDE = 40  # characters between "your message" and whom it was for
_BEFORE = 160  # the same with its subject between
_BOUNCE = re.compile(r"\bbounc|\brebond|\brebot|\brimbalz|\bdevoluç|\brückläuf")
_GAP = re.compile(r"\n[ \t]*\n")
_PROGRAMS: tuple[str, ...] = ("noreply", "no-reply", "no_reply", "donotreply", "do-not-reply")
_PROGRAMS += ("notif", "notice", "alert", "forward", "system", "robot", "mailer", "bounce")
_BY_HAND = ("user-agent", "in-reply-to", "x-mailer")


def is_by_program(message: Part, notice: Notice) -> bool:
    """Tell a service's own mail by the names it writes under; people answer, programs don't."""
    local = notice.sender.partition("@")[0].lower()
    path = (notice.return_path or "").lower()
    is_named = local.startswith(_PROGRAMS) or path.startswith(("bounce", "msprvs", "prvs"))
    return is_named and not any(message.has(name) for name in _BY_HAND)


def says_it_came_back(said: str, others: frozenset[str], words: NoticeWords) -> tuple[bool, bool]:
    """Tell whether a paragraph says so, and whether it, or one beside it, names somebody.

    ``others`` are the lower-case addresses of the notice's writer and reader.
    """
    paragraphs = _paragraphs(said)
    for at, paragraph in enumerate(paragraphs):
        flat = f" {flatten(paragraph)}"
        is_own = words.of_own_mail.any_in(flat) or words.listed.any_in(flat)
        if is_own and words.did_not_arrive.any_in(flat):
            near = "\n".join(paragraphs[max(at - 1, 0) : at + 2])
            return True, any(True for _ in _strangers(near, others))
    return False, False


def says_of_whom(subject: str, said: str, others: frozenset[str], words: NoticeWords) -> bool:
    """Tell whether it says of the reader's mail to somebody it names that it did not arrive.

    It must come to that at once, in its subject (lower case) or its first paragraph: others quote
    notices further down, or name them in the middle of their subject.
    """
    is_told = words.bounce.in_subject.any_in(subject[:SUBJECT_BEGINNING]) or any(
        True for _ in _strangers(subject, others)
    )
    if not is_told and words.bounce.in_subject.any_in(subject):
        return False
    paragraphs = [each for each in _paragraphs(said) if len(each) > _GREETING]
    if not is_told and not (paragraphs and _BOUNCE.search(f"{subject} {paragraphs[0].lower()}")):
        return False
    for paragraph in paragraphs:
        flat = f" {flatten(paragraph)}"
        for start in _strangers(flat, others):
            if _is_whom_it_was_for(flat[max(0, start - _BEFORE) : start], words):
                told = f"{subject} {flat}"
                return words.did_not_arrive.any_in(told) or words.bounce.in_text.any_in(told)
    return False


def _is_whom_it_was_for(before: str, words: NoticeWords) -> bool:
    """Tell an address by the words before it: your message, or your message "Offer", to ..."""
    if words.of_own_mail.any_in(before[-_BESIDE:]):
        return True
    return words.before_recipient.end(before.strip(" <(")) and words.of_own_mail.any_in(before)


def _paragraphs(said: str) -> list[str]:
    return _GAP.split(said[:BEGINNING].strip())[:_MOST_PARAGRAPHS]


def _strangers(text: str, others: frozenset[str]) -> Iterator[int]:
    """Yield where each address begins that is neither the writer's nor the reader's."""
    for start, end in find_addresses(text):
        if text[start:end].strip("<>'\"").lower() not in others:
            yield start
