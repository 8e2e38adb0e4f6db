"""Tells what a machine writes about other matters than a mail of its reader's."""

import re
from functools import cached_property

import msgspec

from bounce_assistant.report.facts import Notice
from bounce_assistant.report.mime import Part
from bounce_assistant.report.phrase_set import PhraseSet
from bounce_assistant.report.words import all_addresses

_SAID = 3000  # characters in which a machine has said what it is about
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class OtherMatters(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Words of monitors, trackers, tests, statistics and lists; see resources/notices.toml."""

    source: str
    names: list[str]
    subjects: list[str]
    phrases: list[str]
    topics: list[str]
    roles: list[str]
    hits: list[str]
    misses: list[str]

    @cached_property
    def in_name(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def in_subject(self) -> PhraseSet:
        return PhraseSet(self.subjects)

    @cached_property
    def in_text(self) -> PhraseSet:
        return PhraseSet(self.phrases)

    @cached_property
    def in_topic(self) -> PhraseSet:
        return PhraseSet(self.topics)

    @cached_property
    def of_role(self) -> frozenset[str]:
        return frozenset(self.roles)

    def has_words(self, line: str) -> bool:
        """Tell whether a line has a subject or a phrase of other matters."""
        flat = line.lower()
        return self.in_subject.any_in(flat) or self.in_text.any_in(flat)

    def told_by(self, message: Part, notice: Notice, flat: str, *, is_own: bool) -> str:
        """Return by what a mail is told to be about other matters; '' if by nothing.

        ``flat``: its words in lower case; ``is_own``: it tells of a mail of the reader's. A notice
        that brings no mail back goes to the one who sent it, and to nobody else.
        """
        readers = {each.lower() for each in notice.to}
        readers |= {each.lower() for each in all_addresses(message.words("cc"))}
        if len(readers) > 1 or notice.sender.lower() in readers:
            return "written to several people, or to oneself"
        shown = f"{message.words('from').partition('<')[0]} {notice.sender.partition('@')[0]}"
        if not self.in_name.isdisjoint(_WORD.findall(shown.lower())):
            return "from a monitor, a tracker or a service of another kind"
        subject = notice.subject.lower()
        told = f"{subject} {flat[:_SAID]}"
        if self.in_subject.any_in(subject) or self.in_text.any_in(told):
            return "words about other matters"
        if is_own:
            return ""
        if any(each.partition("@")[0] in self.of_role for each in readers):
            return "written to those who look after a server"
        return "words about other matters" if self.in_topic.any_in(told) else ""
