"""Finds where a machine speaks, in any words, of somebody whom the reader wrote to."""

import re
from collections.abc import Iterator

import msgspec

from bounce_assistant.report.facts import Notice
from bounce_assistant.report.machines import is_named_as_machine, writes_by_itself
from bounce_assistant.report.meanings import Sentence
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.phrase_set import flatten
from bounce_assistant.report.statements import SUBJECT_BEGINNING, of_a_board
from bounce_assistant.report.words import clean_address, find_addresses

_SAID = 2000  # characters in which a notice says whom it is about
_MOST_PARAGRAPHS = 12
_GREETING = 24  # characters of a paragraph that may be no more than that
_PLEASE = re.compile(r"\b(?:please|bitte|por favor|veuillez|merci de|si prega|gelieve)\b[^.!]*$")
_LEAD = 60  # characters before an address that tell whose it is
# What follows the address of one who wrote to the reader.
_WROTE = (
    " sent you ",
    "> sent you ",
    ") sent you ",
    " hat ihnen ",
    " vous a ",
    " le envi",
    " te envi",
)
_FORM = re.compile(
    r"^[ \t]*(?:your |full |first )?(?:name|nom|nombre|nome|naam|phone|telefon)\s?:", re.MULTILINE
)
_FORM_TEXT = re.compile(
    r"^[ \t]*(?:your )?(?:message|text|comments?|questions?|nachricht|mensaje|mensagem|"
    r"messaggio|bericht)\s?:",
    re.MULTILINE,
)
_GAP = re.compile(r"\n[ \t]*\n")
_REPLY = re.compile(r"[^\w@]{1,4}(?:[^\d@]{0,40}[\"'\u201c\u00ab])?[45]\d\d[ -][^\W\d]")
TROUBLE = frozenset({"not", "back", "trouble", "wait"})
_OVER = frozenset({"back", "over"})
_MAIL_WORDS = frozenset({"mail", "box", "place"})
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,2}\.\d{1,3}(?![\d.])")  # RFC 3463
_HARM = frozenset({"not", "back", "trouble"})


class _Beside(msgspec.Struct, frozen=True):
    """An address and the words around it."""

    address: str
    lead: str
    rest: str


class Told(msgspec.Struct, frozen=True):
    """What a paragraph that names somebody says; those beside it count too."""

    is_own: bool  # it is about the reader's mail, or about mail to somebody
    has_trouble: bool  # where it names him, something went wrong, or has to wait
    is_missed: bool  # mail is back, or did not arrive
    is_of_mail: bool  # it names one alone, and a sentence speaks of mail and of trouble
    has_reply: bool  # a server's code stands beside the name


def speaks_of_somebody(
    message: Part, notice: Notice, said: str, words: NoticeWords, *, has_reply: bool
) -> bool:
    """Tell whether a server or a service says of somebody it names that mail went wrong.

    ``has_reply``: it has a server's reply, which says so too.
    """
    if not writes_by_itself(message, notice):
        return False
    is_servers = notice.return_path == ""  # nobody may answer it: RFC 5321, section 4.5.5
    is_persons = not is_servers or message.get("auto-submitted").lower().startswith("auto-repl")
    if is_persons and not is_named_as_machine(message, notice, words):
        return False  # as far as one can tell: somebody is away, or writes through a service
    told = what_is_told(said, notice, words, at_once=not is_servers)
    has_reply = has_reply or (told is not None and told.has_reply)
    if told is None or not (told.has_trouble or has_reply):
        return False
    subject = f" {notice.subject.lower()}"
    has_code = is_servers and (has_reply or _STATUS.search(said[:_SAID]) is not None)
    if _is_no_notice(subject, said, words, has_code=has_code):
        return False
    is_own = told.is_own or tells_of_own(subject, words)
    begins = subject.strip()[:SUBJECT_BEGINNING]
    is_titled = tells_of_missed(subject, words) or words.bounce.in_subject.any_in(begins)
    is_missed = told.is_missed or is_titled or has_reply
    if is_servers:
        return is_own or is_missed or told.is_of_mail
    return (is_own or is_titled) and is_missed and not of_a_board(subject)


def _is_no_notice(subject: str, said: str, words: NoticeWords, *, has_code: bool) -> bool:
    """Tell that somebody is away, that a mail was received, or that it is about no mail at all."""
    flat = flatten(said[:5000])
    is_of_mail = has_code or tells_of_mail(f"{subject}. {flat[:_SAID]}", words)
    if is_form(said) or not is_of_mail:
        return True
    return tells_of_absence(subject, flat, words) or tells_of_arrival(flat[:_SAID], words)


def tells_of_absence(subject: str, flat: str, words: NoticeWords) -> bool:
    """Tell whether a subject or flat words say that somebody is away."""
    away = words.auto_reply
    return away.in_subject.any_in(subject.lower()) or away.in_text.any_in(flat)


def what_is_told(
    said: str, notice: Notice, words: NoticeWords, *, at_once: bool = False
) -> Told | None:
    """Return what is told where a stranger is named: neither the writer nor the reader.

    ``at_once``: after a greeting and a paragraph at most; others quote notices further down.
    """
    known = {address.lower() for address in (notice.sender, *notice.to)}
    paragraphs = _GAP.split(said[:_SAID].strip())[:_MOST_PARAGRAPHS]
    if at_once:
        paragraphs = [each for each in paragraphs if len(each) > _GREETING][:2]
    flat = ["", *(f" {flatten(each)}" for each in paragraphs), ""]
    found = [
        _told_in("".join(flat[at - 1 : at + 2]), beside, words)
        for at in range(1, len(flat) - 1)
        if (beside := list(_beside(flat[at], known, words)))
    ]
    return max(found, key=_weight, default=None)


def names_whom_it_missed(said: str, notice: Notice, words: NoticeWords) -> bool:
    """Tell whether a text names a stranger who isn't told of as a writer, or to be turned to."""
    known = {address.lower() for address in (notice.sender, *notice.to)}
    return any(True for _ in _beside(f" {flatten(said)}", known, words))


def is_form(said: str) -> bool:
    """Tell what a visitor of a web site wrote into a form, by the names of its fields."""
    low = said[:_SAID].lower()
    return _FORM.search(low) is not None and _FORM_TEXT.search(low) is not None


def tells_of_mail(flat: str, words: NoticeWords) -> bool:
    """Tell whether flat words speak of mail, or of whom it is for, at all."""
    return words.of_own_mail.any_in(flat) or any(
        not _MAIL_WORDS.isdisjoint(each.places) for each in words.statements.sentences(flat)
    )


def tells_of_own(flat: str, words: NoticeWords) -> bool:
    """Tell whether flat words are about the reader's mail."""
    return words.of_own_mail.any_in(flat) or tells_of_yours(flat, words)


def tells_of_yours(flat: str, words: NoticeWords) -> bool:
    """Tell whether a sentence speaks of mail and of the reader."""
    return any(
        "yours" in sentence.places and _is_of_mail(sentence)
        for sentence in words.statements.sentences(flat)
    )


def tells_of_trouble(flat: str, words: NoticeWords) -> bool:
    """Tell whether a sentence says that something went wrong, or has to wait."""
    return any(_is_of_trouble(each) for each in words.statements.sentences(flat))


def tells_of_arrival(flat: str, words: NoticeWords) -> bool:
    """Tell whether a sentence says of a mail that it was received, and none that it was not."""
    sentences = list(words.statements.sentences(flat))
    return any(
        "done" in each.places and "mail" in each.places and _HARM.isdisjoint(each.places)
        for each in sentences
    ) and not any(is_missed(each) and "general" not in each.places for each in sentences)


def tells_of_waiting(flat: str, words: NoticeWords, *, has_reply: bool) -> bool:
    """Tell whether a sentence says that mail has to wait, and none that it is over.

    ``has_reply``: a server's reply puts it off, so that nothing else needs to.
    """
    sentences = [each for each in words.statements.sentences(flat) if "aside" not in each.places]
    return (has_reply or any("wait" in each.places for each in sentences)) and not any(
        not _OVER.isdisjoint(each.places)
        or ("trouble" in each.places and "wait" not in each.places)
        for each in sentences
    )


def _is_of_mail(sentence: Sentence) -> bool:
    """Tell a sentence about mail; a mailbox is none."""
    places = sentence.places
    return "mail" in places and ("box" not in places or places["mail"][0] != places["box"][0])


def tells_of_missed(flat: str, words: NoticeWords) -> bool:
    """Tell whether flat words say of mail that it is back, or did not arrive."""
    sentences = words.statements.sentences(flat)
    return words.did_not_arrive.any_in(flat) or any(is_missed(each) for each in sentences)


def _is_of_trouble(sentence: Sentence) -> bool:
    return "aside" not in sentence.places and not TROUBLE.isdisjoint(sentence.places)


def is_missed(sentence: Sentence) -> bool:
    """Tell a sentence that says of mail that it is back, or did not arrive."""
    groups = sentence.places.keys()
    return "aside" not in groups and ("back" in groups or {"not", "arrive"} <= groups)


def _told_in(flat: str, beside: list[_Beside], words: NoticeWords) -> Told:
    sentences = list(words.statements.sentences(flat))
    here = [each for each in sentences if any(one.address in each.text for one in beside)]
    is_addressed = any(map(_is_of_mail, here)) and any(
        words.before_recipient.end(one.lead) for one in beside
    )
    return Told(
        is_own=is_addressed or tells_of_own(flat, words),
        has_trouble=any(map(_is_of_trouble, sentences if is_addressed else here)),
        is_missed=any(map(is_missed, sentences)),
        is_of_mail=len(beside) == 1
        and any(_is_of_mail(each) and _is_of_trouble(each) for each in here),
        has_reply=any(_REPLY.match(one.rest) for one in beside),
    )


def _weight(told: Told) -> int:
    return sum((told.is_own, told.has_trouble, told.is_missed, told.is_of_mail, told.has_reply))


def _beside(flat: str, known: set[str], words: NoticeWords) -> Iterator[_Beside]:
    """Yield the addresses that are a stranger's, and nobody's to turn to."""
    for start, end in find_addresses(flat):
        lead = flat[max(0, start - _LEAD) : start].strip(' <("')
        if _PLEASE.search(lead):
            continue
        address = clean_address(flat[start:end])
        is_others = words.before_other.end(lead) and not words.before_owner.end(lead)
        is_others = is_others or flat.startswith(_WROTE, end)
        if address not in known and not is_others:
            yield _Beside(address, lead, flat[end : end + _LEAD])
