"""report -> diagnosis: weighs the server's words, then its codes, then the rest of the notice."""

import re
from dataclasses import dataclass

from bounce_assistant.diagnosis.reasons import Fit, ReasonBook, Words, ready
from bounce_assistant.diagnosis.verdict import (
    BounceType,
    CauseId,
    Certainty,
    Diagnosis,
    Evidence,
    ReasonId,
)
from bounce_assistant.report.facts import BounceReport, MessageKind, RecipientReport

MAX_EVIDENCE = 3
_ENOUGH = 0.80  # a fit this strong in the server's own words needs no look at the rest
_FAR = 0.12  # words elsewhere in the notice tell so much less
_CLOSE = 0.09  # two reasons this close are a doubt
_SURE, _LIKELY = 0.84, 0.58
_UNDEFINED = ReasonId("undefined")
_BY_KIND = {
    MessageKind.FEEDBACK: ReasonId("feedback"),
    MessageKind.AUTO_REPLY: ReasonId("vacation"),
    MessageKind.DELIVERED: ReasonId("delivered"),
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """The fits of one recipient's words, best first, and how far apart the best two reasons are."""

    fits: tuple[Fit, ...]
    in_diagnostic: bool


def diagnose_recipient(
    recipient: RecipientReport, report: BounceReport, book: ReasonBook
) -> Diagnosis:
    """Name the best supported reason for one recipient. Odd reports are undefined, never an error."""
    if report.kind in _BY_KIND:
        return _by_kind(recipient, report, book)
    weighed = weigh(recipient, report, book)
    if not weighed.fits:
        return _undefined(recipient, book)
    best = weighed.fits[0]
    rival = next((fit for fit in weighed.fits if fit.reason.id != best.reason.id), None)
    score = _score(best, rival, weighed)
    certainty = _certainty(score)
    evidence = _evidence(best, recipient, report, weighed)
    return Diagnosis(
        recipient=recipient,
        reason=ReasonId(best.reason.id),
        cause=CauseId(best.cause),
        bounce_type=BounceType(best.bounce_type),
        certainty=certainty,
        score=round(score, 2),
        evidence=evidence,
        runner_up=CauseId(rival.cause) if rival and certainty is Certainty.NOT_SURE else None,
    )


def weigh(recipient: RecipientReport, report: BounceReport, book: ReasonBook) -> Weighed:
    """Return the fits in the server's own words; in the whole notice where those say little."""
    words = Words(
        text=ready(recipient.diagnostic),
        status=str(recipient.status or ""),
        reply=recipient.reply_code,
        stage=recipient.smtp_command,
        service=report.reported_by.service,
    )
    fits = book.fits(words)
    if fits and fits[0].words and fits[0].score >= _ENOUGH:
        return Weighed(tuple(fits), in_diagnostic=True)
    around = [
        Fit(fit.reason, fit.rule, fit.words, fit.score - _FAR)
        for fit in book.fits(
            Words(ready(_around(recipient, report)), stage=words.stage, service=words.service)
        )
        if fit.words
    ]
    near = [fit for fit in fits if fit.words]
    if around and (not near or around[0].score > near[0].score):
        merged = sorted([*fits, *around], key=lambda fit: fit.score, reverse=True)
        return Weighed(tuple(merged), in_diagnostic=False)
    return Weighed(tuple(fits), in_diagnostic=True)


def _around(recipient: RecipientReport, report: BounceReport) -> str:
    """Return the words of the notice about this recipient: all of it, if it has one recipient."""
    text = report.text[:6000]
    if len(report.recipients) > 1 and recipient.recipient:
        at = text.lower().find(recipient.recipient.lower())
        if at >= 0:
            text = text[max(0, at - 100) : at + 700]
    return f"{report.notice.subject}\n{text}"


def _score(best: Fit, rival: Fit | None, weighed: Weighed) -> float:
    score = best.score
    supports = [fit for fit in weighed.fits[1:] if fit.reason.id == best.reason.id]
    if any(bool(fit.words) != bool(best.words) for fit in supports):
        score += 0.03  # words and code agree
    elif supports:
        score += 0.01
    if rival and rival.score > best.score - _CLOSE:
        score -= 0.30 if bool(rival.words) == bool(best.words) else 0.12
    return max(0.05, min(score, 0.99))


def _certainty(score: float) -> Certainty:
    if score >= _SURE:
        return Certainty.ALMOST_CERTAIN
    return Certainty.LIKELY if score >= _LIKELY else Certainty.NOT_SURE


def _evidence(
    best: Fit, recipient: RecipientReport, report: BounceReport, weighed: Weighed
) -> tuple[Evidence, ...]:
    """Collect the words that decided, each once, with where they stand in the notice."""
    found: dict[str, Evidence] = {}
    same = [fit for fit in weighed.fits if fit.reason.id == best.reason.id]
    for fit in [best, *same]:
        words = fit.words or _code_text(fit, recipient)
        if words and fit.rule.says not in {each.says for each in found.values()}:
            start, end = locate(words, report.text, recipient.recipient)
            shown = report.text[start:end] if start >= 0 else words
            found.setdefault(shown.lower(), Evidence(shown, fit.rule.says, start, end))
        if len(found) == MAX_EVIDENCE:
            break
    return tuple(found.values())


def _code_text(fit: Fit, recipient: RecipientReport) -> str:
    return str(recipient.status) if fit.rule.status else recipient.reply_code


def locate(words: str, text: str, near: str = "") -> tuple[int, int]:
    """Return where matched words stand in a notice, white space and addresses aside; (-1, -1) if not."""
    pieces = [re.escape(piece).replace("<>", r"\S{1,200}?") for piece in words.split()]
    if not pieces:
        return -1, -1
    pattern = re.compile(
        r"\s{1,40}(?:[45]\d\d[- ])?(?:[45]\.\d\.\d+\s)?".join(pieces), re.IGNORECASE
    )
    text = text[:60_000].replace("\u2019", "'")
    begin = max(0, text.lower().find(near.lower()) - 200) if near else 0
    match = pattern.search(text, begin) or pattern.search(text)
    return match.span() if match else (-1, -1)


def _by_kind(recipient: RecipientReport, report: BounceReport, book: ReasonBook) -> Diagnosis:
    reason = book.reasons[_BY_KIND[report.kind]]
    return Diagnosis(
        recipient=recipient,
        reason=ReasonId(reason.id),
        cause=CauseId(reason.cause),
        bounce_type=BounceType(reason.bounce_type),
        certainty=Certainty.ALMOST_CERTAIN,
        score=0.95,
    )


def _undefined(recipient: RecipientReport, book: ReasonBook) -> Diagnosis:
    reason = book.reasons[_UNDEFINED]
    return Diagnosis(
        recipient=recipient,
        reason=_UNDEFINED,
        cause=CauseId(reason.cause),
        bounce_type=BounceType(reason.bounce_type),
        certainty=Certainty.NOT_SURE,
        score=0.05,
    )
