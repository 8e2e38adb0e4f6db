"""Reads bounces that are only text, in any layout: the address beside the server's words."""

import re
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from bounce_assistant.report.facts import DsnAction, RecipientReport
from bounce_assistant.report.fates import tell_fates
from bounce_assistant.report.mentions import STRONG, Mention, choose_missed, find_mentions
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.replies import Codes, command_in, find_codes, tidy_diagnostic
from bounce_assistant.report.server_words import has_reply, server_words
from bounce_assistant.report.stretches import Stretch, find_stretches

MAX_TEXT = 200_000  # characters
_NEAR_TOP = 1000  # characters in which a list program has named its list
MOST_PEOPLE = 1000  # who are told of: no mail company lets a mail go to more
_MAILBOX_PART = re.compile(r"^[ \t]{0,12}<?([A-Za-z0-9][\w.+-]{1,40})>?:?[ \t]*$", re.MULTILINE)
# "send mail to the AGENTS list": how list programs name one, at their own domain.
_LIST_NAME = re.compile(
    r"\bto (?:the )?(?!mailing|distribution|discussion|address|contact|our|this|your|the|a )"
    r"([A-Za-z0-9][\w.+-]{1,40}) (?:mailing |discussion )?list\b"
)
_FOLLOWING = re.compile(r"following (?:recipient|address)[^\n]{0,120}\n", re.IGNORECASE)
_REMOTE = re.compile(
    r"(?:h(?<!\wh)ost |recipient domain \S{1,100} by |by the server for .{0,60} by )"
    r"([\w-]+(?:\.[\w-]+)+)"
)
_A_LABEL = 12  # characters: a word or two beside an address say less than the reply elsewhere


def read_prose(
    said: str,
    words: NoticeWords,
    *,
    named: tuple[str, ...] = (),
    not_these: frozenset[str] = frozenset(),
    home: str = "",
    is_sure: bool = False,
) -> list[RecipientReport]:
    """Return one record per address that failed.

    ``said`` is the notice without the copy of our mail; ``named`` the X-Failed-Recipients;
    ``not_these`` lower-case addresses of the notice's writer and reader; ``home`` the domain that
    bare mailbox names belong to; ``is_sure``: it can be nothing but a notice, so that whoever it
    names is meant.
    """
    said = said[:MAX_TEXT]
    mentions = find_mentions(said, words, not_these)
    chosen = choose_missed(mentions, named, is_sure=is_sure)
    if not chosen:
        chosen = _bare_names(said, home) or [Mention(name, -1, -1, STRONG) for name in named]
    if not chosen and not_these:
        own = [
            mention
            for mention in find_mentions(said, words, frozenset())
            if mention.strength == STRONG
        ]
        chosen = own[:1]
    stretches = find_stretches(said, chosen[:MOST_PEOPLE], mentions)
    told = {words: _facts(words) for words in dict.fromkeys(each.words for each in stretches)}
    if not all(told[each.words].is_enough for each in stretches):
        # What is said of one person is no answer for the others.
        first = min((each.mention.start for each in stretches), default=0)
        whole = _facts(said if len(told) == 1 else said[: max(0, first)])
        told = {words: _with_whole(facts, whole) for words, facts in told.items()}
    fates = _fates_of(stretches, words) if len(stretches) > 1 else [None] * len(stretches)
    return [
        _record(each.mention, told[each.words], fate)
        for each, fate in zip(stretches, fates, strict=True)
    ]


def _fates_of(stretches: Sequence[Stretch], words: NoticeWords) -> list[DsnAction | None]:
    """Tell what became of each; whom a label names as reached was, whatever the others' words."""
    fates = tell_fates([each.beside for each in stretches], words)
    reached = [each.mention.has_arrived for each in stretches]
    if not any(reached) or all(reached):
        return fates
    return [
        DsnAction.DELIVERED if is_reached else fate
        for is_reached, fate in zip(reached, fates, strict=True)
    ]


def _bare_names(said: str, home: str) -> list[Mention]:
    """Return a name without a domain: under 'the following recipients', or of a mailing list."""
    cue = _FOLLOWING.search(said)
    if not home:
        return []
    match = _MAILBOX_PART.search(said, cue.end(), cue.end() + 300) if cue else None
    match = match or _LIST_NAME.search(said[:_NEAR_TOP])
    if not match:
        return []
    return [Mention(f"{match[1]}@{home}", match.start(1), match.end(1), STRONG)]


class _Facts(msgspec.Struct, frozen=True):
    """What the words about an address say; read once for all the addresses that share them."""

    words: str  # the server's own
    codes: Codes
    has_reply: bool
    remote_mta: str
    smtp_command: str

    @property
    def is_enough(self) -> bool:
        """Whether nothing of the rest of the notice is needed beside it."""
        return self.codes != Codes() or bool(self.words and self.has_reply)


def _facts(segment: str) -> _Facts:
    words = server_words(segment)
    remote = _REMOTE.search(segment)
    return _Facts(
        words=words,
        codes=find_codes(words),
        has_reply=has_reply(segment),
        remote_mta=remote[1].rstrip(".") if remote else "",
        smtp_command=command_in(segment),
    )


def _with_whole(own: _Facts, whole: _Facts) -> _Facts:
    """Add the reply that the whole notice has, where the words about an address have none."""
    if own.is_enough or not has_reply(whole.words):
        return own
    is_told = len(own.words) <= _A_LABEL or whole.codes.reply_code
    return replace(own, codes=whole.codes, words=whole.words if is_told else own.words)


def _record(mention: Mention, facts: _Facts, fate: DsnAction | None) -> RecipientReport:
    return RecipientReport(
        recipient=mention.address,
        final_recipient=mention.final,
        dsn_action=fate,
        status=facts.codes.status,
        reply_code=facts.codes.reply_code,
        diagnostic=facts.words,
        remote_mta=facts.remote_mta,
        smtp_command=facts.smtp_command,
    )


def read_words(words: str, notice_words: NoticeWords) -> tuple[RecipientReport, ...]:
    """Read server words that stand alone, as pasted: codes, and whom they name.

    Several people are told apart where the text lists them, as that of a notice does; else there
    is one, of whom nothing may be known but the words.
    """
    mentions = find_mentions(words[:MAX_TEXT], notice_words, frozenset())
    listed = {each.address.lower() for each in mentions if each.strength == STRONG}
    if len(listed) > 1:
        several = read_prose(words, notice_words)
        if len(several) > 1:
            return tuple(several)
    best = max(mentions, key=lambda mention: mention.strength, default=None)
    codes = find_codes(words)
    return (
        RecipientReport(
            recipient=best.address if best else "",
            status=codes.status,
            reply_code=codes.reply_code,
            diagnostic=tidy_diagnostic(words),
            smtp_command=command_in(words),
        ),
    )
