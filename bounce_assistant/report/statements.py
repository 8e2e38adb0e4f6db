"""Finds where a machine says, in any words, that the reader's own mail came back."""

import re
from collections.abc import Iterator

from bounce_assistant.report.facts import Notice
from bounce_assistant.report.machines import is_named_as_machine
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.phrase_set import flatten
from bounce_assistant.report.words import find_addresses

BEGINNING = 2000  # characters in which a notice has said what it is about
_SUBJECT = 40  # characters of a subject in which a service says so
_QUOTES = frozenset('"“”„«»')
SUBJECT_BEGINNING = 24  # characters in which a notice's subject says so; others say so later
_GREETING = 40  # characters of a paragraph that may be no more than that
_MOST_PARAGRAPHS = 8
_BESIDE = 40  # characters between "your message" and whom it was for
_BEFORE = 160  # the same with its subject between
_IN_GENERAL = re.compile(r"[wWiI](?<!\w.)(?i:hen|henever|f) (?i:your)\b")
_BOUNCE = re.compile(r"\bbounc|\brebond|\brebot|\brimbalz|\bdevoluç|\brückläuf")
_GAP = re.compile(r"\n[ \t]*\n")
# What boards, trackers and shared papers say, in which colleagues quote notices. It is compiled
# when first asked for: that takes longer than to read a message.
_OF_A_BOARD = (
    r"\b(?:comment|task|card|board|thread|topic|assign|due|reminder|digest|issue|merge|ticket|document|"
    r"doc|note|page|shared|invit|mention|react|answer|solved|question|channel|chat|post|discussion|"
    r"campaign|new (?:direct )?messages?|\d{1,6} (?:sent|bounced)|"
    r"sent (?:you )?a message|messaged you|"
    r"meeting|summary|resolved|incident|outage|transcript|update|status|project|team|workspace|"
    r"(?<!^your )repl(?:y|ied))"
)
_PROGRAMS = (
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "notif",
    "notice",
    "alert",
    "forward",
    "system",
    "robot",
    "mailer",
    "bounce",
)
# What people and lists send has these.
_BY_OTHERS = ("user-agent", "in-reply-to", "x-mailer", "list-id", "list-post", "list-unsubscribe")


def is_by_program(message: Part, notice: Notice) -> bool:
    """Tell a service's own mail by the names it writes under; people answer, programs don't."""
    is_named = notice.sender.lower().startswith(_PROGRAMS) or _waits_for_bounces(notice)
    return is_named and not any(message.has(name) for name in _BY_OTHERS)


def is_through_service(message: Part, notice: Notice, words: NoticeWords) -> bool:
    """Tell what a person writes through a service, as far as its header says."""
    if message.has("auto-submitted") or notice.sender.lower().startswith(_PROGRAMS):
        return False
    return not is_named_as_machine(message, notice, words)


def of_a_board(subject: str) -> bool:
    """Tell by a subject in lower case what boards, trackers and shared papers send."""
    return re.search(_OF_A_BOARD, subject) is not None


def _waits_for_bounces(notice: Notice) -> bool:
    """Tell a return path that a sending service makes for each mail, to know what comes back."""
    path = (notice.return_path or "").lower()
    return path.startswith("msprvs") or "bounce" in path


def says_it_came_back(said: str, notice: Notice, words: NoticeWords) -> tuple[bool, bool]:
    """Tell whether a paragraph says so, and whether it, or one beside it, names somebody."""
    paragraphs = [each for each in _paragraphs(said) if not _IN_GENERAL.match(each)]
    for at, paragraph in enumerate(paragraphs):
        flat = f" {flatten(paragraph)}"
        after = f" {flatten(paragraphs[at + 1])}" if at + 1 < len(paragraphs) else ""
        is_own = _is_of_own_mail(flat, notice, words)
        is_said = is_own and words.did_not_arrive.any_in(flat + after)
        if is_said or _states_it(flat, words, is_own=is_own):
            near = "\n".join(paragraphs[max(at - 1, 0) : at + 2])
            return True, any(True for _ in _strangers(near, _known(notice)))
    return False, False


def says_of_whom(subject: str, said: str, notice: Notice, words: NoticeWords) -> bool:
    """Tell whether it says of the reader's mail to somebody it names that it did not arrive.

    It must come to that at once, in its subject (lower case) or its first paragraph: others quote
    notices further down, or name them in the middle of their subject.
    """
    known = _known(notice)
    is_told = words.did_not_arrive.any_in(subject) and any(True for _ in _strangers(subject, known))
    told_in = SUBJECT_BEGINNING if _waits_for_bounces(notice) else 0
    if of_a_board(subject) and not words.bounce.in_subject.any_in(subject[:told_in]):
        return False
    is_told = is_told or (
        words.bounce.in_subject.any_in(subject[:_SUBJECT]) and _QUOTES.isdisjoint(subject)
    )
    if not is_told and words.bounce.in_subject.any_in(subject):
        return False
    paragraphs = [each for each in _paragraphs(said) if len(each) > _GREETING]
    if not is_told and not (paragraphs and _BOUNCE.search(f"{subject} {paragraphs[0].lower()}")):
        return False
    paragraphs = [each for each in paragraphs if not _IN_GENERAL.search(each)]
    for paragraph in paragraphs if _waits_for_bounces(notice) else paragraphs[:1]:
        flat = f" {flatten(paragraph)}"
        for start in _strangers(flat, known):
            if _is_whom_it_was_for(flat[max(0, start - _BEFORE) : start], words):
                told = f"{subject} {flat}"
                return words.did_not_arrive.any_in(told) or words.bounce.in_text.any_in(told)
    return (
        is_told
        and _waits_for_bounces(notice)
        and all(says_it_came_back("\n\n".join(paragraphs), notice, words))
    )


def _states_it(flat: str, words: NoticeWords, *, is_own: bool) -> bool:
    """Tell whether a sentence says of the reader's mail that it is back, or did not arrive."""
    for sentence in words.statements.sentences(flat):
        groups = sentence.places.keys()
        if "aside" in groups:
            continue
        is_of_mail = "mail" in groups and (is_own or "yours" in groups)
        if is_of_mail and ("back" in groups or {"not", "arrive"} <= groups):
            return True
    return False


def _is_of_own_mail(flat: str, notice: Notice, words: NoticeWords) -> bool:
    """Tell a paragraph about the reader's mail: yours, a list of people, or a mail from him.

    At a first look nobody knows the reader; then a mail from anybody counts.
    """
    if words.of_own_mail.any_in(flat) or words.listed.any_in(flat):
        return True
    readers = {address.lower() for address in notice.to}
    return any(
        words.before_other.end(flat[max(0, start - _BESIDE) : start].strip(" <("))
        for start, end in find_addresses(flat)
        if not readers or flat[start:end].strip("<>'\"") in readers
    )


def _is_whom_it_was_for(before: str, words: NoticeWords) -> bool:
    """Tell an address by the words before it: your message, or your message "Offer", to ..."""
    if words.of_own_mail.any_in(before[-_BESIDE:]):
        return True
    return words.before_recipient.end(before.strip(" <(")) and words.of_own_mail.any_in(before)


def _known(notice: Notice) -> frozenset[str]:
    """Return the addresses of the notice's writer and reader."""
    return frozenset(address.lower() for address in (notice.sender, *notice.to))


def _paragraphs(said: str) -> list[str]:
    return _GAP.split(said[:BEGINNING].strip())[:_MOST_PARAGRAPHS]


def _strangers(text: str, known: frozenset[str]) -> Iterator[int]:
    """Yield where each address begins that is neither the writer's nor the reader's."""
    for start, end in find_addresses(text):
        if text[start:end].strip("<>'\"").lower() not in known:
            yield start
