"""Everything the program knows, loaded from the shipped files, each part when first asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import msgspec

from bounce_assistant.advice.handbook import UNSURE, Handbook, build_handbook
from bounce_assistant.diagnosis.blocklists import Blocklist, parse_blocklists
from bounce_assistant.diagnosis.reasons import ReasonBook, parse_reason
from bounce_assistant.diagnosis.typos import AddressData, parse_address_data
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.report.notice_words import NoticeWords, parse_notice_words
from bounce_assistant.resources import read_text, read_texts

T = TypeVar("T")


@dataclass(frozen=True)
class Knowledge:
    """Rules, words and ways out. Safe to share between threads: a part loaded twice is the same."""

    @cached_property
    def words(self) -> NoticeWords:
        return _load("notices.toml", parse_notice_words)

    @cached_property
    def reasons(self) -> ReasonBook:
        texts = read_texts("reasons")
        return ReasonBook(
            _parsed(f"reasons/{name}.toml", text, parse_reason) for name, text in texts.items()
        )

    @cached_property
    def blocklists(self) -> tuple[Blocklist, ...]:
        return _load("blocklists.toml", parse_blocklists)

    @cached_property
    def addresses(self) -> AddressData:
        return _load("address_data.toml", parse_address_data)

    @cached_property
    def handbook(self) -> Handbook:
        return build_handbook(
            read_texts("playbooks"),
            read_texts("templates", ".txt"),
            self.blocklists,
            read_text("companies.toml"),
        )

    def who_acts(self, cause: CauseId) -> str:
        """Return who has to act, by the cause's playbook."""
        playbooks = self.handbook.playbooks
        return playbooks[cause if cause in playbooks else UNSURE].who_acts.value


def load_knowledge() -> Knowledge:
    """Return the knowledge; a broken part raises AppError with the file's name when used."""
    return Knowledge()


def _load(name: str, parse: Callable[[str], T]) -> T:
    return _parsed(name, read_text(name), parse)


def _parsed(name: str, text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except (ValueError, TypeError, msgspec.ValidationError) as problem:
        raise AppError(
            f"The data file {name} can't be used.", f"{problem}.", "Install Bounce Assistant again."
        ) from problem
