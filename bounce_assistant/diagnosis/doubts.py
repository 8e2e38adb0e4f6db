"""What speaks against the best fit: a code beside the words, or what all the words are like."""

import re

from bounce_assistant.diagnosis.notice_text import NoticeText, without_header
from bounce_assistant.diagnosis.reasons import LIKELY, Fit, ReasonBook, Words
from bounce_assistant.diagnosis.verdict import BounceType
from bounce_assistant.report.facts import RecipientReport

CLEAR_LEAD = 12.0  # log-odds by which a guess is ahead
SURE = 0.84
_WORD = re.compile(r"[^\W\d_]{2,}")
_TELLING = 4  # words left over, that may tell something else
_KNOWN = 0.9  # strength of words that are enough in prose, where no code stands
_MANY = 6  # words beside them that are too many
_OTHERWISE = 5.0  # the same, of a reply that says one thing in known words and is like another
_FEW = 3  # words that by themselves may mean something else in plain prose
_PROSE = 6  # more words, at least, that say something else around them
_NEAR = 150  # characters around them


def is_doubtful(
    best: Fit, recipient: RecipientReport, bounce_type: BounceType, book: ReasonBook
) -> bool:
    """Tell whether the code or the stage speaks against words that are clear by themselves."""
    reason = best.reason
    is_for_now = recipient.reply_code.startswith("4") and bounce_type is BounceType.HARD
    if is_for_now or recipient.smtp_command in reason.doubted_at:
        return True
    status = str(recipient.status or "")
    return status in reason.doubted_by or _code_says_otherwise(best, status, book)


def _code_says_otherwise(best: Fit, status: str, book: ReasonBook) -> bool:
    """Tell whether the enhanced code means another sort of trouble than the words, and only that.

    The words count for more; but nobody is almost certain where a standard code contradicts them.
    """
    told = book.told_by(status) if best.words and status not in book.doubts.says_little else ()
    if best.rule.status or any(
        fit.reason.id == best.reason.id or fit.cause == best.cause for fit in told
    ):
        return False
    sure = [fit for fit in told if fit.score >= LIKELY]
    return bool(sure) and all(fit.bounce_type != best.bounce_type for fit in sure)


def is_thin(best: Fit, recipient: RecipientReport, text: NoticeText, book: ReasonBook) -> bool:
    """Tell whether known words, which no code and no other rule confirms, prove too little.

    They do where they stand in what another server put around the reply, as one of two things, or
    beside much prose without a code; and where all of the reply is like another reason. Of
    notices by strangers a fifth to a tenth of such verdicts were wrong, of the rest one in a
    hundred.
    """
    said = book.doubts.last_reply(text.ready(recipient.diagnostic))
    if best.words not in said or book.doubts.is_choice(said, best.words):
        return True
    if not (recipient.reply_code or recipient.status):
        return best.score < _KNOWN or _left_over(said, best, book) >= _MANY
    if not _WORD.search(best.words):
        return True
    alike = book.alike(Words(said))
    return bool(alike) and not book.doubts.are_kin(alike[0].reason.id, best.reason.id)


def _left_over(said: str, best: Fit, book: ReasonBook) -> int:
    """Count the words beside known ones, less what servers say in any case."""
    count = len(_WORD.findall(said.replace(best.words, " ")))
    if count < _MANY:
        return count
    return len(_WORD.findall(book.doubts.without_usual(said).replace(best.words, " ")))


def said_of(recipient: RecipientReport, text: NoticeText) -> str:
    """Return the ready words about somebody, less what looks like the header of a mail."""
    return text.ready(without_header(text.about(recipient.recipient) or recipient.diagnostic))


def likened_else(
    best: Fit, recipient: RecipientReport, text: NoticeText, book: ReasonBook
) -> Fit | None:
    """Return what plain prose around some words is like, if that is not what they say.

    Known words beside a server's code are its own; then nothing is asked. Where it has but the
    code, the words beside that may tell something else.
    """
    if best.is_guessed or best.score < LIKELY:
        return None
    if not best.words:
        reply = text.ready(recipient.diagnostic)
        alike = book.alike(Words(book.doubts.last_reply(reply))) or book.alike(Words(reply))
    elif recipient.reply_code or recipient.status:
        return None
    else:
        said = said_of(recipient, text)
        at = max(0, said.find(best.words))
        alike = book.alike(Words(said[max(0, at - _NEAR) : at + _NEAR]))
    if alike and not book.doubts.are_kin(alike[0].reason.id, best.reason.id):
        return alike[0]
    return None


def is_told_otherwise(
    best: Fit, recipient: RecipientReport, text: NoticeText, book: ReasonBook
) -> bool:
    """Tell whether a server's reply, or what it says beside known words, is like another reason."""
    said = book.doubts.last_reply(text.ready(recipient.diagnostic))
    known = len(best.words.split())
    if known > _FEW or len(_WORD.findall(said)) < _TELLING:
        return False
    reply = book.doubts.without_usual(said)
    beside = reply.replace(best.words, " ") if best.words else reply
    if len(_WORD.findall(beside)) < _TELLING:
        return False
    for each in (reply, beside):
        alike = book.alike(Words(each))
        if (
            alike
            and alike[0].lead >= _OTHERWISE
            and not book.doubts.are_kin(alike[0].reason.id, best.reason.id)
        ):
            return True
    return False


def may_outweigh(best: Fit, recipient: RecipientReport, text: NoticeText) -> bool:
    """Tell whether all that is said in prose may say something else than a few words of it."""
    is_weak = best.score < SURE or len(best.words.split()) <= _FEW
    is_answer = text.ready(recipient.diagnostic).startswith(best.words)
    return is_weak and not (is_answer or recipient.reply_code or recipient.status)


def outweighs(other: Fit, best: Fit, said: str, book: ReasonBook) -> bool:
    """Tell whether all that is said is clearly like something else than a few words of it."""
    words = len(best.words.split())
    alike = book.alike(Words(said)) if len(said.split()) > words + _PROSE else ()
    is_clear = bool(alike) and min(alike[0].lead, other.lead) >= CLEAR_LEAD
    return is_clear and alike[0].reason.id == other.reason.id
