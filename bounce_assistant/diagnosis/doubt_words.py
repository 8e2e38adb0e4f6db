"""What servers say beside their reasons, and which words mean more than one thing.

Data: resources/doubts.toml. The use that is made of it is in doubts.py.
"""

import re
from collections.abc import Iterable
from functools import cached_property

import msgspec

from bounce_assistant.diagnosis.phrases import compiled

_REPLY = re.compile(r"[45](?<![\d.].)\d\d[- ](?:[45]\.\d|[a-z<(\['\"])")
_REMEMBERED = 64  # replies whose beginning is known; the people of a notice often share their words
_NEVER = r"(?!)"


class ReplyCues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which words a reply that was passed on is known to begin."""

    begins_behind: list[str] = []
    but_not_behind: list[str] = []
    source: str = ""
    hits: list[str] = []
    misses: list[str] = []


class Usual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What servers put around their reasons; a hit is nothing but that."""

    text: list[str]
    source: str
    hits: list[str]
    misses: list[str]


class Kin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reasons that servers mix up."""

    reasons: list[str]
    source: str


class Ambiguous(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words by which a reason is known, and which may mean another."""

    text: list[str]
    reason: str
    or_else: str
    source: str
    hits: list[str]
    misses: list[str]


class DoubtData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of resources/doubts.toml."""

    says_little: list[str] = []
    choices: list[str] = []
    reply: ReplyCues = ReplyCues()
    usual: list[Usual] = []
    kin: list[Kin] = []
    ambiguous: list[Ambiguous] = []

    @property
    def proven(self) -> "list[ReplyCues | Usual | Ambiguous]":
        """All that has lines to prove itself on."""
        return [self.reply, *self.usual, *self.ambiguous]


class DoubtWords:
    """Answers what resources/doubts.toml says of some ready words."""

    def __init__(self, data: DoubtData) -> None:
        self.data = data
        self.says_little = frozenset(data.says_little)
        self._kin = frozenset(
            (one, other) for kin in data.kin for one in kin.reasons for other in kin.reasons
        )
        self._starts: dict[str, int] = {}

    def are_kin(self, one: str, other: str) -> bool:
        """Tell whether two reasons are the same, or so near that servers mix them up."""
        return one == other or (one, other) in self._kin

    def reply_start(self, text: str) -> int:
        """Return where the last server's reply begins in ready words, or -1."""
        start = self._starts.get(text)
        if start is None:
            if len(self._starts) >= _REMEMBERED:
                self._starts.clear()
            start = self._starts[text] = self._find_start(text)
        return start

    def last_reply(self, text: str) -> str:
        """Return ready words from where the last server's reply begins."""
        return text[max(0, self.reply_start(text)) :]

    def without_usual(self, text: str) -> str:
        """Take out of ready words what servers put around their reasons."""
        return self._usual.sub(" ", text)

    def is_choice(self, text: str, words: str) -> bool:
        """Tell whether words stand beside an "or" in a text."""
        before, _, after = text.partition(words)
        return bool(self._or_follows.match(after) or self._or_precedes.search(before[-20:]))

    def or_else(self, reason: str, words: str) -> str:
        """Return the other reason that words may mean by which a reason is known, or ''."""
        for pattern, other in self._ambiguous.get(reason, ()):
            if pattern.search(words):
                return other
        return ""

    def forget(self) -> None:
        """Drop what is remembered of earlier replies, as a measurement needs it."""
        self._starts.clear()

    def _find_start(self, text: str) -> int:
        for cue in self.data.reply.but_not_behind:
            text = text.partition(cue)[0]
        said = max((text.rfind(cue) for cue in self.data.reply.begins_behind), default=-1)
        match = _REPLY.search(text, max(said, 0))
        return match.start() if match else said

    @cached_property
    def _usual(self) -> re.Pattern[str]:
        return compiled(_any(text for usual in self.data.usual for text in usual.text))

    @cached_property
    def _or_follows(self) -> re.Pattern[str]:
        return re.compile(rf"[\s,(/]{{0,3}}(?:{_any(self.data.choices)})\s")

    @cached_property
    def _or_precedes(self) -> re.Pattern[str]:
        return re.compile(rf"\s(?:{_any(self.data.choices)})(?: an?| the)?\s$")

    @cached_property
    def _ambiguous(self) -> dict[str, list[tuple[re.Pattern[str], str]]]:
        found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
        for each in self.data.ambiguous:
            found.setdefault(each.reason, []).append((compiled(_any(each.text)), each.or_else))
        return found


def parse_doubts(text: str) -> DoubtData:
    """Read resources/doubts.toml; an unknown or missing key raises ValidationError."""
    return msgspec.toml.decode(text, type=DoubtData)


def _any(patterns: Iterable[str]) -> str:
    return "|".join(patterns) or _NEVER
