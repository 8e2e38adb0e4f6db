"""Reasons and the rules that recognise them: resources/reasons, one file per reason."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Literal
from unicodedata import normalize

import msgspec

from bounce_assistant.diagnosis.doubt_words import DoubtData, DoubtWords
from bounce_assistant.diagnosis.needles import Texts, is_plain, needs_of
from bounce_assistant.diagnosis.phrases import AnyOf, PhraseIndex, longest
from bounce_assistant.diagnosis.verdict import BounceType, ReasonId
from bounce_assistant.report.meanings import MeaningIndex, Meanings
from bounce_assistant.report.words import replace_addresses

# "550-5.7.1 " at the beginning of a reply's further lines, as in transcripts
_CONTINUED = re.compile(r"\s(?:<<< ?|>>> ?)?[45]\d\d-(?:[245]\.\d{1,2}\.\d{1,3} )?")
_HYPHENED = re.compile(r"[45]\d\d-")  # quick to look for, and few replies have it
# Sendmail's own line below the reply that it got, for any 550 to a recipient (srvrsmtp.c).
_GOT, _OWN_LINE = "<<< ", "<>... user unknown"
_BELOW_REPLY = re.compile(
    r"(<<< [45]\d\d[ -](?:(?!<<<|>>>).){1,300}?) [45]\d\d (?:[45]\.\d\.\d )?<>\.\.\. user unknown"
)
_ACCENTS = re.compile("[\u0300-\u036f]+")
# Not their words, but the stage at which they fell: Postfix. Others mean the sender by them.
_AT_MAIL_FROM = re.compile(r" ?\(in reply to mail from command\)?")
_PLACEHOLDER = re.compile(r"<{2,5}>{2,5}")
_OF_A_LIST = "abuse"  # who keeps a list has such an address, and some are known by it
WORDS_LIMIT = 4000
_REMEMBERED = 512

ENOUGH = 0.80  # a fit this strong in the server's own words needs no look at the rest
LIKELY = 0.58  # a fit from here on tells something by itself
CLOSE = 0.09  # two reasons this close are a doubt
_Which = Literal["every", "telling", "meant", "alike", "nearest"]
Strength = Literal["certain", "strong", "likely", "hint"]
TEXT_SCORES: Mapping[str, float] = {"certain": 0.97, "strong": 0.86, "likely": 0.70, "hint": 0.40}
# Codes are used for everything: by themselves they tell less than words of the same strength.
CODE_SCORES: Mapping[str, float] = {"certain": 0.84, "strong": 0.80, "likely": 0.62, "hint": 0.32}


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to recognise a reason. All the conditions that it names must hold."""

    strength: Strength
    says: str  # the gloss beside the words it marks
    source: str
    hits: list[str]
    misses: list[str]
    text: list[str] = []  # patterns; one must stand in the server's words, lower case
    unless: list[str] = []  # patterns; none may
    meaning: list[str] = []  # groups of resources/meanings.toml; a sentence must have all of them
    no_meaning: list[str] = []  # groups; that sentence may have none of them
    status: list[str] = []  # enhanced codes
    reply: list[str] = []  # reply codes
    service: list[str] = []  # who wrote the notice
    stage: list[str] = []  # the SMTP command refused
    in_auto_reply: bool = False  # it also counts in automatic replies of people
    cause: str = ""  # where it differs from the reason's
    bounce_type: BounceType | None = None  # where it differs from the reason's

    @property
    def score(self) -> float:
        """How much the rule tells when it fits, 0 to 1."""
        return (TEXT_SCORES if self.text or self.meaning else CODE_SCORES)[self.strength]


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A technical verdict, in Sisimai's vocabulary."""

    id: str
    bounce_type: BounceType
    cause: str
    doubted_by: list[str] = []  # enhanced codes that speak against its words: no more than likely
    doubted_at: list[str] = []  # SMTP commands at which its words are no more than likely
    rule: list[Rule] = []


class Words(msgspec.Struct, frozen=True):
    """What rules look at: one server's words, ready for search, with the codes beside them."""

    text: str
    status: str = ""
    reply: str = ""
    stage: str = ""
    service: str = ""


class Fit(msgspec.Struct, frozen=True):
    """A rule that fits, and the words that made it fit ('' for codes)."""

    reason: Reason
    rule: Rule
    words: str
    score: float
    is_guessed: bool = False  # by what the words are about or like, not by words that are known
    lead: float = 0.0  # of a guess by examples: log-odds by which it is ahead of the next

    @property
    def cause(self) -> str:
        return self.rule.cause or self.reason.cause

    @property
    def bounce_type(self) -> BounceType:
        return self.rule.bounce_type or self.reason.bounce_type


def fold(text: str) -> str:
    """Take the accents off letters; many servers write Spanish or French without them."""
    if text.isascii():
        return text
    apart = normalize("NFD", text)
    return normalize("NFC", _ACCENTS.sub("", apart))


def ready(text: str) -> str:
    """Make text ready for search: lower case, single blanks, no accents, addresses as ``<>``."""
    text = replace_addresses(text[:WORDS_LIMIT], "<>", but=_OF_A_LIST)
    if _HYPHENED.search(text):
        text = _CONTINUED.sub(" ", text)
    text = fold(" ".join(text.split()).replace("\u2019", "'").lower())
    if "in reply to mail" in text:
        text = _AT_MAIL_FROM.sub("", text)
    if "<<" not in text:
        return text
    text = _PLACEHOLDER.sub("<>", text)
    return _BELOW_REPLY.sub(r"\1", text) if _GOT in text and _OWN_LINE in text else text


def _no_meanings() -> MeaningIndex:
    return MeaningIndex(Meanings())


def _no_fits(_words: Words, _every: bool) -> tuple[Fit, ...]:  # noqa: FBT001
    return ()


class ReasonBook:
    """All reasons, indexed for search. Rules are tried in no order: the strongest fit wins."""

    def __init__(
        self,
        reasons: Iterable[Reason],
        needs: Mapping[str, tuple[Texts, ...]] | None = None,
        meanings: Callable[[], MeaningIndex] = _no_meanings,
        likened: Callable[[Words, bool], tuple[Fit, ...]] = _no_fits,
        doubts: DoubtData | None = None,
    ) -> None:
        """Index the reasons.

        ``needs`` may hold those of their patterns, which spares time; ``meanings`` and ``likened``
        are asked when words are met that no pattern knows: what they are about, and what examples
        they are like (or, for True, a little like). ``doubts``: resources/doubts.toml.
        """
        self.doubts = DoubtWords(doubts or DoubtData())
        self._meanings, self._likened = meanings, likened
        self.reasons: dict[ReasonId, Reason] = {ReasonId(each.id): each for each in reasons}
        self._rules = [(reason, rule) for reason in self.reasons.values() for rule in reason.rule]
        self._phrases = PhraseIndex(needs)
        self._scores = [rule.score for _, rule in self._rules]
        self._vetoes: dict[int, AnyOf] = {}
        self._known: dict[tuple[Words, _Which], tuple[Fit, ...]] = {}
        self._by_code: dict[str, list[int]] = {}
        self._by_status: dict[str, tuple[Fit, ...]] = {}
        for number, (_, rule) in enumerate(self._rules):
            for pattern in rule.text:
                self._phrases.add(pattern, number)
            if not rule.text and not rule.meaning:
                for code in rule.status or rule.reply:
                    self._by_code.setdefault(code, []).append(number)

    def prepare(self) -> None:
        """Make ready for many words; for a few it takes longer than it spares."""
        self._phrases.prepare()

    def fits(self, words: Words) -> tuple[Fit, ...]:
        """Return every rule that fits the words, strongest first; the same words come often."""
        return self._remembered(words, "every")

    def told_by(self, status: str) -> tuple[Fit, ...]:
        """Return what an enhanced code says by itself, strongest first."""
        told = self._by_status.get(status)
        if told is None:
            if status not in self._by_code:
                return ()
            told = self._by_status[status] = self._find(Words("", status), is_telling=False)
        return told

    def telling_fits(self, words: Words) -> tuple[Fit, ...]:
        """Return the fits that can decide, strongest first: fewer patterns are tried for them.

        Where words fit one reason surely and no other nearly as well, what fits others less is
        left out.
        """
        return self._remembered(words, "telling")

    def _remembered(self, words: Words, which: _Which) -> tuple[Fit, ...]:
        known = self._known.get((words, which))
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            if which == "meant":
                known = self._find_meant(words)
            elif which in {"alike", "nearest"}:
                known = self._likened(words, which == "nearest")
            else:
                known = self._find(words, is_telling=which == "telling")
            self._known[words, which] = known
        return known

    def meant(self, words: Words) -> tuple[Fit, ...]:
        """Return the rules that fit by what a sentence is about, strongest first.

        Of a reason only its best fit: its rules overlap, and none supports another.
        """
        return self._remembered(words, "meant")

    def alike(self, words: Words) -> tuple[Fit, ...]:
        """Return what the words are most like of resources/examples, and what else they may be."""
        return self._remembered(words, "alike")

    def nearest(self, words: Words) -> tuple[Fit, ...]:
        """Return all that the words are like, also a little, the likest first."""
        return self._remembered(words, "nearest")

    def _find_meant(self, words: Words) -> tuple[Fit, ...]:
        best: dict[str, Fit] = {}
        for sentence in self._meaning_index.sentences(words.text):
            for number, wanted, unwanted in self._by_meaning:
                told = sentence.tells(wanted, unwanted)
                if not told:
                    continue
                reason, rule = self._rules[number]
                known = best.get(reason.id)
                if (
                    (known is None or rule.score > known.score)
                    and _holds(rule, words)
                    and not self._steps_back(number, sentence.text)
                ):
                    best[reason.id] = Fit(reason, rule, told, rule.score, is_guessed=True)
        return tuple(
            sorted(best.values(), key=lambda fit: (fit.score, fit.reason.id), reverse=True)
        )

    @cached_property
    def _meaning_index(self) -> MeaningIndex:
        return self._meanings()

    @cached_property
    def _by_meaning(self) -> list[tuple[int, frozenset[str], frozenset[str]]]:
        return [
            (number, frozenset(rule.meaning), frozenset(rule.no_meaning))
            for number, (_, rule) in enumerate(self._rules)
            if rule.meaning
        ]

    def forget(self) -> None:
        """Drop what is remembered of earlier words, as a measurement needs it."""
        self._known.clear()
        self.doubts.forget()

    def _find(self, words: Words, *, is_telling: bool) -> tuple[Fit, ...]:
        candidates = self._phrases.candidates(words.text)
        for code in (words.status, words.reply):
            for number in self._by_code.get(code, ()):
                candidates[number] = "", []
        found: list[Fit] = []
        leader: Fit | None = None
        is_contested = not is_telling
        for number in sorted(candidates, key=self._scores.__getitem__, reverse=True):
            reason, rule = self._rules[number]
            if leader and not is_contested and self._is_far(number, leader):
                continue
            if not _holds(rule, words):
                continue
            matched = longest(words.text, *candidates[number]) if rule.text else ""
            if (rule.text and not matched) or self._steps_back(number, words.text):
                continue
            fit = Fit(reason, rule, matched, self._scores[number])
            found.append(fit)
            leader = leader or fit
            if reason is not leader.reason or not leader.words or leader.score < ENOUGH:
                is_contested = True
        found.sort(key=lambda fit: (fit.score, len(fit.words), fit.reason.id), reverse=True)
        return tuple(found)

    def _is_far(self, number: int, leader: Fit) -> bool:
        """Tell whether a rule speaks for another reason than the best fit, and far less."""
        is_less = self._scores[number] <= leader.score - CLOSE
        return is_less and self._rules[number][0] is not leader.reason

    def _steps_back(self, number: int, text: str) -> bool:
        """Tell whether one of the patterns that a rule must not match stands in the text."""
        if number not in self._vetoes:
            self._vetoes[number] = AnyOf(self._rules[number][1].unless)
        return self._vetoes[number].stands_in(text)


def _holds(rule: Rule, words: Words) -> bool:
    """Check the circumstances that a rule asks for beside its text."""
    return (
        (not rule.status or words.status in rule.status)
        and (not rule.reply or words.reply in rule.reply)
        and (not rule.stage or words.stage in rule.stage)
        and (not rule.service or words.service in rule.service)
    )


def needs_in(reasons: Iterable[Reason]) -> dict[str, tuple[Texts, ...]]:
    """Return what every match of each pattern that is more than plain text must have."""
    patterns = {pattern for reason in reasons for rule in reason.rule for pattern in rule.text}
    return {pattern: needs_of(pattern) for pattern in patterns if not is_plain(pattern)}


def parse_meanings(text: str) -> Meanings:
    """Read resources/meanings.toml; an unknown or missing key raises ValidationError."""
    return msgspec.toml.decode(fold(text), type=Meanings)


def parse_reason(text: str) -> Reason:
    """Read one file of resources/reasons; an unknown or missing key raises ValidationError.

    Its patterns lose their accents, as the words do that they are looked for in.
    """
    return msgspec.toml.decode(fold(text), type=Reason)
