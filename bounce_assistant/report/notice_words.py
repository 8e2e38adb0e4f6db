"""The words by which notices are known, in every language mail companies write them in.

Data: resources/notices.toml. Plain phrases, lower case, looked for in lower-case text whose white
space is single blanks.
"""

import re
from collections.abc import Callable
from functools import cached_property

import msgspec

from bounce_assistant.report.demands import Demands
from bounce_assistant.report.meanings import MeaningIndex, Meanings
from bounce_assistant.report.other_matters import OtherMatters
from bounce_assistant.report.phrase_set import PhraseSet


class KindWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Phrases that speak for one kind of message."""

    subjects: list[str] = []
    phrases: list[str] = []

    @cached_property
    def in_subject(self) -> PhraseSet:
        return PhraseSet(self.subjects)

    @cached_property
    def in_text(self) -> PhraseSet:
        return PhraseSet(self.phrases)


class FateWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Words beside or above an address, in a notice that tells several people apart."""

    delayed: list[str]
    failed: list[str]
    delivered: list[str]

    @cached_property
    def late(self) -> PhraseSet:
        return PhraseSet(self.delayed)

    @cached_property
    def missed(self) -> PhraseSet:
        return PhraseSet(self.failed)

    @cached_property
    def arrived(self) -> PhraseSet:
        return PhraseSet(self.delivered)


class ForwardedWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """How mail programs name the fields of a message that they put into a text."""

    sender: list[str]
    subject: list[str]
    to: list[str]
    date: list[str]

    @cached_property
    def names(self) -> dict[str, str]:
        """The standard name of each label."""
        named = (("From", self.sender), ("Subject", self.subject), ("To", self.to))
        return {label: name for name, labels in (*named, ("Date", self.date)) for label in labels}


class SenderWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the writers of notices call themselves."""

    local_parts: list[str]
    names: list[str]
    machines: list[str]  # how a name of no person begins


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mail company or server program that writes notices, and the marks of its notices."""

    name: str
    sender: list[str] = []  # ends of the From address or its domain
    header: list[str] = []  # names of header fields only it writes
    reporting_mta: list[str] = []  # ends of the host name
    message_id: list[str] = []  # ends of the Message-ID
    text: list[str] = []  # phrases of its standard text


class EndMarks:
    """Ends of names, each with the number of the first service that is known by it."""

    __slots__ = ("_all", "_lengths", "_numbers")

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self._lengths = sorted({len(end) for end in numbers})
        self._all = tuple(numbers)

    def services_of(self, name: str) -> list[int]:
        """Return the numbers of the services that a lower-case name is a mark of; mostly none."""
        if not name.endswith(self._all):
            return []
        ends = (name[-length:] for length in self._lengths)
        return [self._numbers[end] for end in ends if end in self._numbers]


class ServiceMarks(msgspec.Struct, frozen=True):
    """The marks of all services together, so that most notices are told apart at one look.

    Services are told by their number in the file's order: of several the first is meant.
    """

    reporting_mta: EndMarks
    senders: EndMarks
    message_ids: EndMarks
    headers: dict[str, int]
    texts: dict[str, int]
    in_text: PhraseSet


class Cues(msgspec.Struct, frozen=True):
    """Words that announce what follows them, ready to be looked for at the end of a line."""

    whole: frozenset[str]
    ends: tuple[str, ...]

    @classmethod
    def of(cls, cues: list[str]) -> "Cues":
        """Take cues as data files write them; punctuation at their ends does not count."""
        plain = frozenset(cue.strip(" :<(") for cue in cues)
        return cls(plain, tuple(f"{gap}{cue}" for cue in plain for gap in " ("))

    def end(self, lead: str) -> bool:
        """Tell whether a line's beginning is, or ends with, one of the cues as whole words."""
        return lead in self.whole or lead.endswith(self.ends)


class NoticeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The whole of resources/notices.toml."""

    bounce: KindWords
    delay: KindWords
    delivered: KindWords
    auto_reply: KindWords
    challenge: KindWords  # asks a new sender who he is
    ordinary: KindWords
    fate: FateWords
    forwarded: ForwardedWords
    sender: SenderWords
    recipient_cues: list[str]
    other_cues: list[str]
    owner_cues: list[str]
    list_cues: list[str]
    gave_up: list[str]
    conditions: list[str]  # what begins a sentence, or a part of it, on what may yet come
    own_mail: list[str]  # of the reader's own mail
    statement: dict[str, list[str]]  # groups of words by which it says so: see its comment
    not_arrived: list[str]  # that it did not get where it should
    incoming: list[str]  # of mail that was on its way to the reader, or of his settings
    lures: list[str]  # what imitations urge to do
    lure_lines: list[str]  # beginnings of lines that are a button of an imitation, with a link
    help_hosts: list[str]  # hosts that mail companies explain their notices on, or below
    other_matters: OtherMatters
    demands: Demands  # what imitations urge to do, by groups of words
    service: list[Service]

    @cached_property
    def before_recipient(self) -> "Cues":
        return Cues.of(self.recipient_cues)

    @cached_property
    def before_other(self) -> "Cues":
        return Cues.of(self.other_cues)

    @cached_property
    def before_owner(self) -> "Cues":
        return Cues.of(self.owner_cues)

    @cached_property
    def listed(self) -> PhraseSet:
        """What announces a list of addresses that failed."""
        return PhraseSet(self.list_cues)

    @cached_property
    def given_up(self) -> PhraseSet:
        return PhraseSet(self.gave_up)

    @cached_property
    def not_yet(self) -> re.Pattern[str]:
        """What is said of what may yet come, in flattened text, to the end of the sentence."""
        begins = "|".join(map(re.escape, self.conditions))
        # The *+ takes no step back: where many begin, time grows with the text and not its square.
        return re.compile(rf"\b(?:{begins})\b(?:[^.!?;]|[.!?;](?!\s|$))*+")

    def is_help_host(self, host: str) -> bool:
        """Tell whether a host is one that mail companies explain on, or lies below one."""
        return f".{host}".endswith(self._help_ends)

    @cached_property
    def _help_ends(self) -> tuple[str, ...]:
        return tuple(f".{host}" for host in self.help_hosts)

    @cached_property
    def of_own_mail(self) -> PhraseSet:
        return PhraseSet(self.own_mail)

    @cached_property
    def statements(self) -> MeaningIndex:
        return MeaningIndex(Meanings(self.statement))

    @cached_property
    def of_mail_servers(self) -> tuple[str, ...]:
        """How the name before the @ begins that a mail server writes under, a hyphen behind it."""
        return tuple(f"{name}-" for name in self.sender.local_parts)

    @cached_property
    def machines(self) -> tuple[str, ...]:
        """How a name begins that is no person's."""
        return tuple(self.sender.machines)

    @cached_property
    def did_not_arrive(self) -> PhraseSet:
        return PhraseSet(self.not_arrived)

    @cached_property
    def coming_in(self) -> PhraseSet:
        return PhraseSet(self.incoming)

    @cached_property
    def luring(self) -> PhraseSet:
        return PhraseSet(self.lures)

    @cached_property
    def marks(self) -> ServiceMarks:
        """Gather the marks; once."""
        texts = self._numbered(lambda service: service.text)
        return ServiceMarks(
            reporting_mta=EndMarks(self._numbered(lambda service: service.reporting_mta)),
            senders=EndMarks(self._numbered(lambda service: service.sender)),
            message_ids=EndMarks(self._numbered(lambda service: service.message_id)),
            headers=self._numbered(lambda service: service.header),
            texts=texts,
            in_text=PhraseSet(texts),
        )

    def _numbered(self, marks: Callable[[Service], list[str]]) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, service in enumerate(self.service):
            for mark in marks(service):
                found.setdefault(mark, number)
        return found


def parse_notice_words(text: str) -> NoticeWords:
    """Read the TOML text; an unknown or missing key raises msgspec.ValidationError."""
    return msgspec.toml.decode(text, type=NoticeWords)
