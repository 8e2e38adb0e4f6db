"""Tells of a notice in words whether mail failed, is late or arrived."""

import re

from bounce_assistant.report.facts import MessageKind, Notice
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.phrase_set import PhraseSet, flatten
from bounce_assistant.report.told import tells_of_arrival, tells_of_waiting

_REFUSED = re.compile(r"(?<![\w.-])5[0-7]\d[ -][^\W\d]|(?<![\w.])5\.\d\.\d")
_PUT_OFF = re.compile(r"(?<![\w.-])4[0-7]\d[ -](?:4\.\d\.\d|[^\W\d])")


def kind_of_prose(notice: Notice, said: str, words: NoticeWords) -> MessageKind:
    """Tell a warning that delivery is late from a notice that it failed, or that it arrived."""
    kind = kind_by_phrases(notice, said, words)
    flat = flatten(said[:20_000])
    if kind is not MessageKind.BOUNCE or _has_happened(words.bounce.in_text, flat, words):
        return kind
    subject = notice.subject.lower()
    if words.delivered.in_subject.any_in(subject) and tells_of_arrival(flat, words):
        return MessageKind.DELIVERED
    if has_given_up(f"{subject} {flat}", words) or _REFUSED.search(flat):
        return kind
    # Whoever gives up at last repeats what put him off; the subject says that he did.
    is_put_off = _PUT_OFF.search(flat) and not words.bounce.in_subject.any_in(subject)
    return MessageKind.DELAY if tells_of_waiting(flat, words, has_reply=bool(is_put_off)) else kind


def kind_by_phrases(notice: Notice, said: str, words: NoticeWords) -> MessageKind:
    """Tell the same by the phrases that notices have for it; of a reply alone, no more is known."""
    flat = flatten(said[:20_000])
    subject = notice.subject.lower()
    is_late = words.delay.in_text.any_in(flat) or words.delay.in_subject.any_in(subject)
    if is_late and not has_given_up(f"{subject} {flat}", words):
        return MessageKind.DELAY
    if words.delivered.in_text.any_in(flat) and not words.bounce.in_text.any_in(flat):
        return MessageKind.DELIVERED
    return MessageKind.BOUNCE


def has_given_up(flat: str, words: NoticeWords) -> bool:
    """Tell whether flattened text says that nobody tries any longer, not that it may come to it."""
    return _has_happened(words.given_up, flat, words)


def _has_happened(phrases: PhraseSet, flat: str, words: NoticeWords) -> bool:
    return phrases.any_in(flat) and phrases.any_in(words.not_yet.sub("", flat))
