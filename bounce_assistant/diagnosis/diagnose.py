"""report -> diagnosis: weighs the server's words, then its codes, then the rest of the notice."""

from collections.abc import Sequence

from msgspec.structs import replace

from bounce_assistant.diagnosis.doubts import (
    CLEAR_LEAD,
    SURE,
    is_doubtful,
    is_thin,
    is_told_otherwise,
    likened_else,
    may_outweigh,
    outweighs,
    said_of,
)
from bounce_assistant.diagnosis.notice_text import NoticeText, without_header
from bounce_assistant.diagnosis.reasons import CLOSE, ENOUGH, LIKELY, Fit, ReasonBook, Words, ready
from bounce_assistant.diagnosis.verdict import (
    BounceType,
    CauseId,
    Certainty,
    Diagnosis,
    Evidence,
    ReasonId,
)
from bounce_assistant.report.facts import (
    ARRIVED,
    BounceReport,
    DsnAction,
    MessageKind,
    RecipientReport,
)

MAX_EVIDENCE = 3
_PADDING = 0.05  # words that the reporting server put around the reply tell a little less
_FAR = 0.12  # words elsewhere in the notice tell so much less
_TIE, _DOUBT = 0.42, 0.12  # what a rival takes off: as strong of the same sort, or of another
_GUESSED = 0.57  # at most, where only what the words are about is known, and no code agrees
# Log-odds by which a guess is ahead; 19 of 20 of those that are likely by it were right.
_LIKELY_LEAD = 20.0
_WORDS_LEAD = 5.0  # the same, beside a code that is given for whatever is refused
_DOUBTFUL = 0.80  # at most, where a code speaks against the words
_UNDEFINED = ReasonId("undefined")
_EXPIRED = ReasonId("expired")
_DELIVERED = ReasonId("delivered")
_BY_KIND = {
    MessageKind.FEEDBACK: ReasonId("feedback"),
    MessageKind.AUTO_REPLY: ReasonId("vacation"),
    MessageKind.DELIVERED: _DELIVERED,
}


def diagnose_recipient(
    recipient: RecipientReport,
    report: BounceReport,
    book: ReasonBook,
    text: NoticeText | None = None,
) -> Diagnosis:
    """Name the best supported reason for one recipient; odd reports are undefined, no error.

    ``text``: the report's, where it is judged for several recipients.
    """
    text = text or NoticeText(report)
    if report.kind is MessageKind.AUTO_REPLY:
        return _challenge(recipient, report, book, text) or _by_kind(recipient, report, book)
    if report.kind in _BY_KIND or recipient.dsn_action in ARRIVED:
        return _by_kind(recipient, report, book)
    return _judge(recipient, report, book, weigh(recipient, report, book, text), text)


def _challenge(
    recipient: RecipientReport, report: BounceReport, book: ReasonBook, text: NoticeText
) -> Diagnosis | None:
    """Recognise an automatic reply that holds our mail back until we answer it."""
    fits = tuple(fit for fit in book.fits(Words(ready(report.text))) if fit.rule.in_auto_reply)
    return _judge(recipient, report, book, fits, text) if fits else None


def _judge(
    recipient: RecipientReport,
    report: BounceReport,
    book: ReasonBook,
    fits: Sequence[Fit],
    text: NoticeText,
) -> Diagnosis:
    if not fits:
        return _undefined(recipient, report, book)
    fits = _reason_before_outcome(fits, is_over=report.kind is MessageKind.BOUNCE)
    best, score = fits[0], _score(fits)
    if score > _DOUBTFUL and _is_alone(best, score) and is_thin(best, recipient, text, book):
        score = _DOUBTFUL
    if may_outweigh(best, recipient, text) if best.words else score > _GUESSED:
        else_ = likened_else(best, recipient, text, book)
        if best.words and else_ and outweighs(else_, best, said_of(recipient, text), book):
            fits = (replace(else_, score=_GUESSED), *fits)
            best, score = fits[0], _score(fits)
        elif else_:
            score = min(score, _DOUBTFUL if best.words else _GUESSED)
    bounce_type = _bounce_type(best, recipient, report)
    if score > _DOUBTFUL and (
        is_doubtful(best, recipient, bounce_type, book)
        or (bounce_type is BounceType.HARD and is_told_otherwise(best, recipient, text, book))
    ):
        score = _DOUBTFUL
    if best.is_guessed and best.lead < _LIKELY_LEAD and not _has_code(best, fits):
        score = min(score, _GUESSED)
    twin = _twin(best, fits, book) if score >= LIKELY else None
    if twin:
        score = min(score, _GUESSED if _is_for_now(best, recipient) else _DOUBTFUL)
    certainty = _certainty(score)
    other = None
    if certainty is Certainty.NOT_SURE:
        other = twin or _second(best, fits, recipient, text, book)
    evidence = _evidence(best, recipient, text, fits, other)
    return Diagnosis(
        recipient=recipient,
        reason=ReasonId(best.reason.id),
        cause=CauseId(best.cause),
        bounce_type=bounce_type,
        certainty=certainty,
        score=round(score, 2),
        evidence=evidence,
        runner_up=CauseId(other.cause) if other else None,
    )


def _reason_before_outcome(fits: Sequence[Fit], *, is_over: bool) -> Sequence[Fit]:
    """Put another guess first where the first is but how long somebody tried: not why.

    ``is_over``: nobody tries any more; else only what comes first among the examples counts.
    """
    best = fits[0]
    if not (best.is_guessed and best.reason.id == _EXPIRED):
        return fits
    other = next((fit for fit in fits if fit.is_guessed and fit.reason.id != _EXPIRED), None)
    if other is None or not (is_over or other.lead):
        return fits
    return (replace(other, score=best.score, lead=0.0), *(fit for fit in fits if fit is not other))


def _second(
    best: Fit,
    fits: Sequence[Fit],
    recipient: RecipientReport,
    text: NoticeText,
    book: ReasonBook,
) -> Fit | None:
    """Return what else it may be: what fits next, or what all that is said is like."""
    said = Words(said_of(recipient, text))
    for others in (fits, () if best.lead else book.alike(said), book.nearest(said)):
        found = next((fit for fit in others if fit.cause != best.cause), None)
        if found:
            return found
    return None


def _is_alone(best: Fit, score: float) -> bool:
    """Tell whether neither a code nor another rule confirms some words."""
    return bool(best.words) and score <= best.score


def _twin(best: Fit, fits: Sequence[Fit], book: ReasonBook) -> Fit | None:
    """Return the other reason that the words may stand for, if no code tells which."""
    other = book.doubts.or_else(best.reason.id, best.words)
    if not other or _has_code(best, fits):
        return None
    return replace(best, reason=book.reasons[ReasonId(other)])


def _is_for_now(best: Fit, recipient: RecipientReport) -> bool:
    """Tell whether a dead address is told of by a server that asks to try again."""
    codes = recipient.reply_code[:1], str(recipient.status or "4")[:1]
    return best.bounce_type is BounceType.HARD and codes == ("4", "4")


def _has_code(best: Fit, fits: Sequence[Fit]) -> bool:
    """Tell whether a code that tells something says the same."""
    codes = (fit for fit in fits if not fit.words and fit.score >= LIKELY)
    return any(fit.reason.id == best.reason.id for fit in codes)


def _bounce_type(best: Fit, recipient: RecipientReport, report: BounceReport) -> BounceType:
    """Take no refusal for final that asks to try again (RFC 5321, section 4.2.1).

    A notice of failure is final all the same: whoever wrote it has tried for days.
    """
    if recipient.dsn_action is not None:
        return best.bounce_type
    classes = {recipient.reply_code[:1], str(recipient.status or "")[:1]} - {""}
    is_pasted = not report.notice.headers  # a reply by itself, not a notice that gave up
    if classes == {"4"} and (is_pasted or best.bounce_type is BounceType.HARD):
        return BounceType.SOFT
    return best.bounce_type


def weigh(
    recipient: RecipientReport, report: BounceReport, book: ReasonBook, text: NoticeText
) -> tuple[Fit, ...]:
    """Return the fits in the server's own words; in the whole notice where those say little."""
    words = Words(
        text=text.ready(recipient.diagnostic),
        status=str(recipient.status or ""),
        reply=recipient.reply_code,
        stage=recipient.smtp_command,
        service=report.reported_by.service,
    )
    fits = _fits_in_reply(words, book)
    if fits and fits[0].words and fits[0].score >= ENOUGH:
        return tuple(fits)
    around: Sequence[Fit] = [
        Fit(fit.reason, fit.rule, fit.words, fit.score - _FAR)
        for fit in book.telling_fits(
            Words(
                text.ready(text.about(recipient.recipient)),
                stage=words.stage,
                service=words.service,
            )
        )
        if fit.words
    ]
    if not fits and not around:  # of several people it may say the reason once, above them all
        lead = Words(text.ready(text.lead))
        around = [replace(fit, score=fit.score - _FAR) for fit in book.fits(lead)]
    if not _is_told(fits) and not _is_told(around):
        fits, around = _guessed(recipient, text, words, book, fits, around)
    near = [fit for fit in fits if fit.words]
    if around and (not near or around[0].score > near[0].score):
        merged = sorted([*fits, *around], key=lambda fit: fit.score, reverse=True)
        return tuple(merged)
    return tuple(fits)


def _is_told(fits: Sequence[Fit]) -> bool:
    """Tell whether words say more than that something was refused."""
    return any(fit.words and fit.score >= LIKELY - _FAR for fit in fits)


def _guessed(
    recipient: RecipientReport,
    text: NoticeText,
    words: Words,
    book: ReasonBook,
    fits: Sequence[Fit],
    around: Sequence[Fit],
) -> tuple[Sequence[Fit], Sequence[Fit]]:
    """Go by what is talked about and what that is like, where no known words stand."""
    about = text.about(recipient.recipient)
    is_told_by_code = any(not fit.words and fit.score >= LIKELY for fit in fits)
    if is_told_by_code and words.status in book.doubts.says_little:
        else_ = book.alike(Words(book.doubts.last_reply(words.text)))
        if else_ and else_[0].reason.id != fits[0].reason.id and else_[0].lead >= _WORDS_LEAD:
            first = replace(else_[0], score=fits[0].score)
            return (first, *(replace(fit, score=fit.score - _DOUBT) for fit in fits)), around
    said = text.ready(without_header(about))
    if recipient.reply_code:
        said = words.text  # a server answered: what the notice's writer says around it is no reason
    elif words.text not in said:
        said = f"{words.text}. {said}"
    alike = () if is_told_by_code else book.alike(Words(said))
    meant = book.meant(words)
    if meant and not _is_clearly_else(alike, meant, book):
        return sorted((*meant, *fits), key=lambda fit: fit.score, reverse=True), around
    further = (Words(text.ready(each), stage=words.stage) for each in (about, text.lead))
    found = next(filter(None, map(book.meant, further)), ())
    if found and not meant and not _is_clearly_else(alike, found, book):
        far = [replace(fit, score=fit.score - _FAR) for fit in found]
        return fits, sorted((*far, *around), key=lambda fit: fit.score, reverse=True)
    return fits, sorted((*alike, *around), key=lambda fit: fit.score, reverse=True)


def _is_clearly_else(alike: Sequence[Fit], meant: Sequence[Fit], book: ReasonBook) -> bool:
    """Tell whether a text is clearly like something that none of its sentences is about."""
    if not alike or alike[0].lead < CLEAR_LEAD:
        return False
    first = alike[0].reason.id
    return not any(book.doubts.are_kin(fit.reason.id, first) for fit in meant)


def _fits_in_reply(words: Words, book: ReasonBook) -> Sequence[Fit]:
    """Look at the remote server's reply first; what stands around it is padding."""
    at = book.doubts.reply_start(words.text)
    if at <= 0:
        return book.telling_fits(words)
    fits = book.telling_fits(replace(words, text=words.text[at:]))
    if fits and fits[0].words and fits[0].score >= ENOUGH:
        return fits
    whole = [replace(fit, score=fit.score - _PADDING) for fit in book.fits(words) if fit.words]
    return sorted([*fits, *whole], key=lambda fit: (fit.score, len(fit.words)), reverse=True)


def _score(fits: Sequence[Fit]) -> float:
    """Return how sure the first of some fits is, beside what else fits."""
    best = fits[0]
    rival = next((fit for fit in fits if fit.reason.id != best.reason.id), None)
    score = best.score
    supports = [fit for fit in fits[1:] if fit.reason.id == best.reason.id]
    if any(bool(fit.words) != bool(best.words) for fit in supports):
        score += 0.03  # words and code agree
    elif supports:
        score += 0.01
    if rival and rival.score > best.score - CLOSE:
        score -= _TIE if bool(rival.words) == bool(best.words) else _DOUBT
    return max(0.05, min(score, 0.99))


def _certainty(score: float) -> Certainty:
    if score >= SURE:
        return Certainty.ALMOST_CERTAIN
    return Certainty.LIKELY if score >= LIKELY else Certainty.NOT_SURE


def _evidence(
    best: Fit,
    recipient: RecipientReport,
    text: NoticeText,
    fits: Sequence[Fit],
    other: Fit | None,
) -> tuple[Evidence, ...]:
    """Collect the words that decided, each once, with where they stand in the notice.

    ``other`` is the fit that the verdict hesitates over: its words are shown as well.
    """
    found: dict[str, Evidence] = {}
    said: set[str] = set()
    same = [fit for fit in fits if fit.reason is best.reason and fit is not best]
    for fit in [best, *([other] if other else []), *same]:
        if fit.rule.says in said:
            continue
        words = fit.words or _code_text(fit, recipient)
        if words and not any(words in shown for shown in found):
            said.add(fit.rule.says)
            shown, start, end = text.quote(words, recipient.recipient)
            if fit is not other and any(
                each.start < end > start < each.end for each in found.values()
            ):
                continue  # marked already
            found.setdefault(shown.lower(), Evidence(shown, fit.rule.says, start, end))
        if len(found) == MAX_EVIDENCE:
            break
    return tuple(found.values())


def _code_text(fit: Fit, recipient: RecipientReport) -> str:
    return str(recipient.status) if fit.rule.status else recipient.reply_code


def _by_kind(recipient: RecipientReport, report: BounceReport, book: ReasonBook) -> Diagnosis:
    reason = book.reasons[_BY_KIND.get(report.kind, _DELIVERED)]
    # One of several whom the words of a notice say that the mail reached: no code confirms it.
    is_told = report.kind not in _BY_KIND and recipient.status is None
    return Diagnosis(
        recipient=recipient,
        reason=ReasonId(reason.id),
        cause=CauseId(reason.cause),
        bounce_type=reason.bounce_type,
        certainty=Certainty.LIKELY if is_told else Certainty.ALMOST_CERTAIN,
        score=0.8 if is_told else 0.95,
    )


def _undefined(recipient: RecipientReport, report: BounceReport, book: ReasonBook) -> Diagnosis:
    """Say that nothing is known; of a delay without a reason, that they keep trying."""
    is_delay = MessageKind.DELAY is report.kind or recipient.dsn_action is DsnAction.DELAYED
    reason = book.reasons[_EXPIRED if is_delay else _UNDEFINED]
    return Diagnosis(
        recipient=recipient,
        reason=ReasonId(reason.id),
        cause=CauseId(reason.cause),
        bounce_type=reason.bounce_type,
        certainty=Certainty.NOT_SURE,
        score=0.05,
    )
