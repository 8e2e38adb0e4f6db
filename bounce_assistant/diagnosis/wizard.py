"""The offline questions as a state machine: answers in, the two most likely causes out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.report.facts import BounceReport

UNKNOWN = "unknown"  # the choice "I don't know", part of every question
_SHOWN = 2  # causes in a result
_A_BATCH = 20  # people


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer and what it says for (or against) each cause."""

    id: str
    text: str
    because: str = ""
    words: tuple[str, ...] = ()
    weights: dict[CauseId, float] = {}


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question. several: more than one choice may be ticked."""

    id: str
    text: str
    choices: tuple[Choice, ...] = msgspec.field(name="choice")  # "I don't know" is the last one
    several: bool = False
    skip_when: dict[str, tuple[str, ...]] = {}


class Wizard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All questions of resources/wizard.toml."""

    enough: float
    lead: float
    dont_know: str
    no_reason: str
    start_scores: dict[CauseId, float] = msgspec.field(name="start")
    questions: tuple[Question, ...] = msgspec.field(name="question")

    def start(self, known: Mapping[str, str] | None = None) -> "WizardState":
        """Begin; known: question id -> choice id, or several joined by commas; odd ones ignored."""
        sure: dict[str, tuple[str, ...]] = {}
        for question in self.questions:
            given = (known or {}).get(question.id, "").split(",")
            ids = {choice.id for choice in question.choices} - {UNKNOWN}
            if kept := tuple(each for each in given if each in ids):
                sure[question.id] = kept if question.several else kept[:1]
        return WizardState(self, sure)

    @property
    def causes(self) -> frozenset[CauseId]:
        """Every cause that a result can name."""
        named = {c for q in self.questions for choice in q.choices for c in choice.weights}
        return frozenset(named | self.start_scores.keys())


@dataclass(frozen=True, slots=True)
class Likely:
    """A likely cause, and in one sentence why."""

    cause: CauseId
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class WizardState:
    """Where the questions stand: at the next question or at the result, never at both."""

    wizard: Wizard
    known: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # in the order given

    @property
    def question(self) -> Question | None:
        """The next question; None when the result is there."""
        return None if self._stands_out() else next(self._open_questions(), None)

    @property
    def result(self) -> tuple[Likely, ...] | None:
        """The two most likely causes, the likelier first; None while there is a question."""
        if self.question:
            return None
        scores = self._scores()
        order = sorted(scores, key=lambda cause: (-scores[cause], cause))[:_SHOWN]
        return tuple(Likely(cause, self._why(cause), scores[cause]) for cause in order)

    @property
    def number(self) -> int:
        """Which question this is, from 1."""
        return len(self.answers) + 1

    def answer(self, *choices: str) -> "WizardState":
        """Return the next state; ValueError for a choice the question does not have."""
        question = self.question
        if question is None:
            raise ValueError("there is no question to answer")
        ids = {choice.id for choice in question.choices}
        if strange := set(choices) - ids:
            raise ValueError(f"{question.id} has no choice {sorted(strange)}")
        if len(choices) > 1 and not question.several:
            raise ValueError(f"{question.id} takes one choice")
        return replace(self, answers={**self.answers, question.id: choices or (UNKNOWN,)})

    def back(self) -> "WizardState":
        """Return the state before the last answer; at the first question, this one."""
        kept = list(self.answers.items())[:-1]
        return replace(self, answers=dict(kept)) if self.answers else self

    def _open_questions(self) -> Iterator[Question]:
        said = {**self.known, **self.answers}
        for question in self.wizard.questions:
            skipped = any(
                set(said.get(other, ())) & set(choices)
                for other, choices in question.skip_when.items()
            )
            if question.id not in said and not skipped:
                yield question

    def _stands_out(self) -> bool:
        first, second = sorted(self._scores().values(), reverse=True)[:_SHOWN]
        return first >= self.wizard.enough and first - second >= self.wizard.lead

    def _given(self) -> Iterator[Choice]:
        said = {**self.known, **self.answers}
        for question in self.wizard.questions:
            for choice in question.choices:
                if choice.id in said.get(question.id, ()):
                    yield choice

    def _scores(self) -> dict[CauseId, float]:
        scores: defaultdict[CauseId, float] = defaultdict(float, self.wizard.start_scores)
        for choice in self._given():
            for cause, weight in choice.weights.items():
                scores[cause] += weight
        return scores

    def _why(self, cause: CauseId) -> str:
        """Build the sentence from the two answers that spoke loudest for the cause."""
        loudest = sorted(self._given(), key=lambda choice: -choice.weights.get(cause, 0))
        parts = [c.because for c in loudest if c.weights.get(cause, 0) > 0 and c.because][:_SHOWN]
        return f"Because {' and '.join(parts)}." if parts else self.wizard.no_reason


def parse_wizard(text: str) -> Wizard:
    """Read resources/wizard.toml; ValueError or msgspec.ValidationError says what is wrong."""
    wizard = msgspec.toml.decode(text, type=Wizard)
    if len(wizard.start_scores) < _SHOWN:
        raise ValueError("[start] must name at least two causes")
    ids = {question.id: {c.id for c in question.choices} for question in wizard.questions}
    if len(ids) != len(wizard.questions):
        raise ValueError("two questions share an id")
    for question in wizard.questions:
        if len(ids[question.id]) != len(question.choices):
            raise ValueError(f"two choices of {question.id} share an id")
        for other, choices in question.skip_when.items():
            if strange := set(choices) - ids.get(other, set()):
                raise ValueError(f"{question.id} is skipped for unknown {other}: {sorted(strange)}")
    dont_know = Choice(UNKNOWN, wizard.dont_know)
    questions = (
        msgspec.structs.replace(question, choices=(*question.choices, dont_know))
        for question in wizard.questions
    )
    return msgspec.structs.replace(wizard, questions=tuple(questions))


def known_answers(report: BounceReport, wizard: Wizard, count: int = 1) -> dict[str, str]:
    """Answer, for Wizard.start(), what a notice tells by itself; count: people in the batch."""
    known: dict[str, str] = {}
    if count >= _A_BATCH:
        known["how_many"] = "batch"
    sender = report.original.sender.lower() if report.original else ""
    if (
        sender.endswith(("@gmail.com", "@googlemail.com"))
        and "Google" in report.reported_by.service
    ):
        known["sent_from"] = "gmail"
    said = " ".join(each.diagnostic for each in report.recipients).lower()
    for question in wizard.questions:
        if found := ",".join(_spoken(question.choices, said)):
            known[question.id] = found
    return known


def _spoken(choices: Iterable[Choice], said: str) -> Iterator[str]:
    for choice in choices:
        if any(re.search(rf"\b{re.escape(word)}\b", said) for word in choice.words):
            yield choice.id
