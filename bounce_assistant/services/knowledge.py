"""Everything the program knows, loaded from the shipped files, each part when first asked for."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from bounce_assistant.diagnosis import doubt_words, needles, reasons
from bounce_assistant.diagnosis.blocklists import Blocklist, parse_blocklists
from bounce_assistant.diagnosis.notice_text import without_header
from bounce_assistant.diagnosis.reasons import (
    Reason,
    ReasonBook,
    needs_in,
    parse_meanings,
    parse_reason,
    ready,
)
from bounce_assistant.diagnosis.typos import AddressData, parse_address_data
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import broken_data_file
from bounce_assistant.report.meanings import MeaningIndex, Meanings
from bounce_assistant.report.notice_words import NoticeWords, parse_notice_words
from bounce_assistant.resources import read_text, read_texts
from bounce_assistant.services.compiled import load_compiled

if TYPE_CHECKING:
    from bounce_assistant.advice.address import AddressRules
    from bounce_assistant.advice.handbook import Handbook
    from bounce_assistant.diagnosis.classifier import Classifier, Weights
    from bounce_assistant.diagnosis.examples import ExampleBook

T = TypeVar("T")
_EXAMPLES = ("english", "beside", "western", "further")  # folders, so that no file is endless
NO_REASON = "nothing"  # examples of sentences that give no reason
_UNSURE = "playbooks/unsure.toml"  # stands in for a cause without a playbook


class _Who(msgspec.Struct):
    who_acts: str


class _Rules(msgspec.Struct):
    doubts: doubt_words.DoubtData
    reasons: list[Reason]
    needs: dict[str, tuple[tuple[str, ...], ...]]


class Knowledge:
    """Rules, words and ways out. Safe to share between threads: a part loaded twice is the same."""

    def __init__(self, kept_in: Path | None = None) -> None:
        """Take what was made of the files before from a folder, or from where it usually is."""
        self._kept_in = kept_in

    def prepare(self) -> None:
        """Load now what nearly every message needs, where many of them are to be read."""
        _ = self.words
        self.reasons.prepare()

    @cached_property
    def words(self) -> NoticeWords:
        return self._load("notices.toml", parse_notice_words, NoticeWords)

    @cached_property
    def reasons(self) -> ReasonBook:
        texts, doubts = read_texts("reasons"), read_text("doubts.toml")
        rules = self._compiled(
            "reasons",
            texts | {"doubts": doubts},
            partial(_rules, texts, doubts),
            _Rules,
            reasons.__name__,
            needles.__name__,
            doubt_words.__name__,
        )
        return ReasonBook(
            rules.reasons,
            rules.needs,
            lambda: self.meaning_index,
            lambda words, every: self.examples.fits(words, every=every),  # loads them, so not yet
            rules.doubts,
        )

    @cached_property
    def meanings(self) -> Meanings:
        return self._load("meanings.toml", parse_meanings, Meanings)

    @cached_property
    def meaning_index(self) -> MeaningIndex:
        return MeaningIndex(self.meanings)

    @cached_property
    def classifier(self) -> "Classifier":
        from bounce_assistant.diagnosis import classifier  # noqa: PLC0415 - rare

        texts = _example_texts()
        weights = self._compiled(
            "examples",
            texts | {"meanings": read_text("meanings.toml")},
            partial(_learn, self.meaning_index),
            classifier.Weights,
            classifier.__name__,
            reasons.__name__,
        )
        return classifier.Classifier(weights, self.meaning_index, NO_REASON)

    def likens(self, text: str) -> float:
        """Tell how much speaks for a text to give a reason why mail did not arrive (log-odds)."""
        found = self.classifier.classify(ready(without_header(text)))
        return found[0].strength if found else 0.0

    @cached_property
    def examples(self) -> "ExampleBook":
        """Reasons by likeness, for words that no rule knows."""
        from bounce_assistant.diagnosis.examples import ExampleBook, parse_glosses  # noqa: PLC0415

        glosses = self._load("examples/glosses.toml", parse_glosses, dict[str, str])
        return ExampleBook(self.reasons.reasons.values(), glosses, self.classifier)

    @cached_property
    def blocklists(self) -> tuple[Blocklist, ...]:
        return self._load("blocklists.toml", parse_blocklists, tuple[Blocklist, ...])

    @cached_property
    def addresses(self) -> AddressData:
        return self._load("address_data.toml", parse_address_data, AddressData)

    @cached_property
    def address_rules(self) -> "AddressRules":
        from bounce_assistant.advice.address import parse_address_rules  # noqa: PLC0415 - rare

        return _parsed("address_checks.toml", read_text("address_checks.toml"), parse_address_rules)

    @cached_property
    def handbook(self) -> "Handbook":
        from bounce_assistant.advice import handbook  # noqa: PLC0415 - see who_acts

        playbooks, templates = read_texts("playbooks"), read_texts("templates", ".txt")
        lists, companies = read_text("blocklists.toml"), read_text("companies.toml")
        texts = {
            **{f"playbooks/{name}": text for name, text in playbooks.items()},
            **{f"templates/{name}": text for name, text in templates.items()},
            "blocklists": lists,
            "companies": companies,
        }
        return self._compiled(
            "handbook",
            texts,
            lambda: handbook.build_handbook(playbooks, templates, self.blocklists, companies),
            handbook.Handbook,
            *handbook.MADE_BY,
        )

    def who_acts(self, cause: CauseId) -> str:
        """Return who has to act, by the cause's playbook alone: the whole handbook takes longer."""
        if cause not in self._who_acts:
            try:
                who = self._load(f"playbooks/{cause}.toml", _parse_who, _Who)
            except FileNotFoundError:
                who = self._load(_UNSURE, _parse_who, _Who)
            self._who_acts[cause] = who.who_acts
        return self._who_acts[cause]

    def _load(self, name: str, parse: Callable[[str], T], kind: type[T]) -> T:
        text = read_text(name)
        make = partial(_parsed, name, text, parse)
        return self._compiled(name, {name: text}, make, kind, parse.__module__)

    def _compiled(
        self,
        name: str,
        texts: Mapping[str, str],
        make: Callable[[], T],
        kind: type[T],
        *modules: str,
    ) -> T:
        return load_compiled(name, texts, make, kind, *modules, only_in=self._kept_in)

    @cached_property
    def _who_acts(self) -> dict[CauseId, str]:
        return {}


def keep_all(folder: Path | None = None) -> None:
    """Keep whatever is made of the data files, in a folder or where it usually is."""
    knowledge = Knowledge(folder)
    knowledge.prepare()
    _ = knowledge.examples, knowledge.addresses  # with the meanings
    for cause in knowledge.handbook.playbooks:  # with the block lists
        knowledge.who_acts(cause)


def load_knowledge() -> Knowledge:
    """Return the knowledge; a broken part raises AppError with the file's name when used."""
    return Knowledge()


def _rules(texts: Mapping[str, str], doubts: str) -> _Rules:
    found = [_parsed(f"reasons/{name}.toml", text, parse_reason) for name, text in texts.items()]
    return _Rules(_parsed("doubts.toml", doubts, doubt_words.parse_doubts), found, needs_in(found))


def example_files() -> Iterator[tuple[str, list[str]]]:
    """Yield each file of examples, by its name below resources/examples, with its sentences."""
    from bounce_assistant.diagnosis.examples import parse_examples  # noqa: PLC0415 - rare

    for name, text in _example_texts().items():
        yield name, _parsed(f"examples/{name}.toml", text, parse_examples)


def _example_texts() -> dict[str, str]:
    return {
        f"{folder}/{name}": text
        for folder in _EXAMPLES
        for name, text in read_texts(f"examples/{folder}").items()
    }


def _learn(index: MeaningIndex) -> "Weights":
    from bounce_assistant.diagnosis.classifier import learn  # noqa: PLC0415 - rare

    sentences: dict[str, list[str]] = {}
    for name, found in example_files():
        sentences.setdefault(name.rpartition("/")[2], []).extend(map(ready, found))
    return learn(sentences, index)


def _parse_who(text: str) -> _Who:
    return msgspec.toml.decode(text, type=_Who)


def _parsed(name: str, text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except (ValueError, TypeError, msgspec.ValidationError) as problem:
        raise broken_data_file(name, problem) from problem
