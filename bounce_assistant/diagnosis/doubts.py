"""What speaks against the best fit: a code beside the words, or what all the words are like."""

import re
from functools import lru_cache

from bounce_assistant.diagnosis.examples import are_kin
from bounce_assistant.diagnosis.notice_text import NoticeText, without_header
from bounce_assistant.diagnosis.reasons import LIKELY, Fit, ReasonBook, Words
from bounce_assistant.diagnosis.verdict import BounceType
from bounce_assistant.report.facts import RecipientReport

CLEAR_LEAD = 12.0  # log-odds by which a guess is ahead
SURE = 0.84
# What servers put around their reasons: Postfix, Sendmail, qmail, Exchange, the large companies.
_USUAL = re.compile(
    r"recipient (address )?rejected|requested (mail )?action (aborted|not taken)|"
    r"in (virtual|local|relay)( \w{1,12})? table|\(?in reply to .{0,40} command\)?|"
    r"giving up on \S{1,60}|(smtp )?error from remote( mail)? server( after \S{1,12})?|"
    r"(for more|learn more|see|visit|please|go to)\b.{0,200}|https?://\S{1,200}|"
    r"this is a permanent error|sorry|"
    r"[\w.-]{1,60}\.(com|net|org|example|de|uk|fr|it|es|nl|ch|at|jp)\b"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_TELLING = 4  # words left over, that may tell something else
_OTHERWISE = 5.0  # the same, of a reply that says one thing in known words and is like another
_FEW = 3  # words that by themselves may mean something else in plain prose
_PROSE = 6  # more words, at least, that say something else around them
_NEAR = 150  # characters around them
SAYS_LITTLE = frozenset({"5.1.1", "4.1.1"})  # servers give it for whatever they refuse
_SAID = (
    " said: ",
    "returned was: ",
    "response was: ",
    "server responded: ",
    "error was: ",
    "with: ",
)
# They asked for the sender's address elsewhere: what was said there is not about the recipient.
_SENDER_CHECKED = "sender address rejected", "sender verif"
_REPLY = re.compile(r"[45](?<![\d.].)\d\d[- ](?:[45]\.\d|[a-z<(\['\"])")


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
    told = book.told_by(status) if best.words and status not in SAYS_LITTLE else ()
    if best.rule.status or any(
        fit.reason.id == best.reason.id or fit.cause == best.cause for fit in told
    ):
        return False
    sure = [fit for fit in told if fit.score >= LIKELY]
    return bool(sure) and all(fit.bounce_type != best.bounce_type for fit in sure)


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
        alike = book.alike(Words(reply[max(0, reply_start(reply)) :])) or book.alike(Words(reply))
    elif recipient.reply_code or recipient.status:
        return None
    else:
        said = said_of(recipient, text)
        at = max(0, said.find(best.words))
        alike = book.alike(Words(said[max(0, at - _NEAR) : at + _NEAR]))
    return alike[0] if alike and not are_kin(alike[0].reason.id, best.reason.id) else None


def is_told_otherwise(
    best: Fit, recipient: RecipientReport, text: NoticeText, book: ReasonBook
) -> bool:
    """Tell whether a server's reply, or what it says beside known words, is like another reason."""
    reply = text.ready(recipient.diagnostic)
    reply = _USUAL.sub(" ", reply[max(0, reply_start(reply)) :])
    beside = reply.replace(best.words, " ") if best.words else reply
    if len(_WORD.findall(beside)) < _TELLING or len(best.words.split()) > _FEW:
        return False
    for said in (reply, beside):
        alike = book.alike(Words(said))
        if (
            alike
            and alike[0].lead >= _OTHERWISE
            and not are_kin(alike[0].reason.id, best.reason.id)
        ):
            return True
    return False


def outweighs(other: Fit, best: Fit, said: str, book: ReasonBook) -> bool:
    """Tell whether all that is said is clearly like something else than a few words of it."""
    words = len(best.words.split())
    if best.score >= SURE and words > _FEW:
        return False
    alike = book.alike(Words(said)) if len(said.split()) > words + _PROSE else ()
    is_clear = bool(alike) and min(alike[0].lead, other.lead) >= CLEAR_LEAD
    return is_clear and alike[0].reason.id == other.reason.id


@lru_cache(maxsize=8)  # the people of a notice often share their words
def reply_start(text: str) -> int:
    """Return where the last server's reply begins in ready words, or -1."""
    for cue in _SENDER_CHECKED:
        text = text.partition(cue)[0]
    said = max(text.rfind(cue) for cue in _SAID)
    match = _REPLY.search(text, max(said, 0))
    if match:
        return match.start()
    return said
