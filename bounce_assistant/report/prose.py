"""Reads bounces that are only text, in any layout: the address beside the server's words."""

import re
from dataclasses import dataclass, replace
from itertools import islice

from bounce_assistant.report.facts import RecipientReport
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.replies import Codes, command_in, find_codes, tidy_diagnostic
from bounce_assistant.report.words import clean_address, find_addresses, is_masked, lowered

MAX_TEXT = 200_000  # characters
MOST_MENTIONS = 2000  # addresses that are looked at; a mail names a thousand people at most
MOST_PEOPLE = 1000  # who are told of: no mail company lets a mail go to more
_STRONG, _MEDIUM, _WEAK = 3, 2, 1
_EDGE = " \t<>\"'*-•·>([{:|=&;.,–—"
_AFTER_STRONG = re.compile(
    r"[\s>\"')\]]*(?:$|[:;,]|\.\.\.|\bon \w{3},? |\bon \d|[45]\d\d[ -]|\[|\(|<mailto:|"
    r"- |: |=>|\||\t)",
    re.IGNORECASE,
)
_REPLY_BEFORE = re.compile(r"[45](?<![^\s:'\"(].)\d\d[- ]")
_MAILBOX_PART = re.compile(r"^[ \t]{0,12}<?([A-Za-z0-9][\w.+-]{1,40})>?:?[ \t]*$", re.MULTILINE)
_FOLLOWING = re.compile(r"following (?:recipient|address)[^\n]{0,120}\n", re.IGNORECASE)
# Of lower-case text. Each begins with characters of its own and looks back from there: a search
# that begins with \b or ignores case takes ten times as long.
_SAID = re.compile(
    r"(?:s(?<!\ws)aid|w(?<!\ww)as|e(?<!\we)rror|"
    r"r(?<!\wr)(?:eturned(?: was)?|esponse|eason|esponded with failure))\s*:"
)
_CODE = re.compile(
    r"[45](?<![\d.].)(?:\d\d[- ](?:#?[245]\.\d+\.\d+|[a-z<\"'])|\.\d{1,2}\.\d{1,3}\s)"
)
_CODE_FIRST = re.compile(r"[ \t]{0,12}[45]\d\d[- ](?:[245]\.\d{1,2}\.\d{1,3} ?)?<?$")
_SURE_CUES = ("rcpt to", "final-recipient: rfc822", "undeliverable address")
_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_REMOTE = re.compile(
    r"(?:\bhost |recipient domain \S{1,100} by |by the server for .{0,60} by )"
    r"([\w-]+(?:\.[\w-]+)+)"
)
# A list or a forwarding put it in the place of the one that was written: Postfix, Sendmail, Exim.
_EXPANDED = re.compile(r"\(?(?:expanded|generated) from:? ?<?$", re.IGNORECASE)
_FORWARDED = re.compile(r"(?:forwarded|redirected|sent on) to:? ?<?$", re.IGNORECASE)
_BESIDE = 160  # characters between an address and the one that it stands for
_TOLD_TO_WRITE = re.compile(
    r"\b(?:send|write|forward|e-?mail)\b[^.:\n]{0,60}\n?[^.:]{0,60}\bto\b[^.:]{0,20}$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:e-?mail|message)\b.{0,60}\b(?:scanned|confidential|intended|privileged)"
)
_LONGEST_LEAD = 300  # characters of a line that are looked at beside an address
_A_LABEL = 12  # characters: a word or two beside an address say less than the reply elsewhere
_PARAGRAPHS = 12
_LONG_PARAGRAPH, _SHORT_PARAGRAPH = 300, 60  # characters
# What a server puts in the place of a sender's address, to know its own mail again: SRS and BATV.
_RETURN_PATH = re.compile(r"srs[01][=+-]|prvs=|btv1==|msprvs1=", re.IGNORECASE)
# A log's key before an address; RFC 5321 allows the equals sign in a name, so only known words.
_KEY = re.compile(
    r"(?:(?:final|original|envelope|mail)[-_]?)?(?:recipient|rcpt|to|from|sender|user|address)=",
    re.IGNORECASE,
)
_ROBOTS = frozenset({"mailer-daemon", "postmaster", "mailerdaemon", "mailer_daemon"})


@dataclass(frozen=True, slots=True)
class Mention:
    """An address in a notice, and how surely it is one that failed."""

    address: str
    start: int
    end: int
    strength: int
    final: str = ""  # where it was sent on to, when that is another address


def read_prose(
    said: str,
    words: NoticeWords,
    *,
    named: tuple[str, ...] = (),
    not_these: frozenset[str] = frozenset(),
    home: str = "",
) -> list[RecipientReport]:
    """Return one record per address that failed.

    ``said`` is the notice without the copy of our mail; ``named`` the X-Failed-Recipients;
    ``not_these`` lower-case addresses of the notice's writer and reader; ``home`` the domain that
    bare mailbox names belong to.
    """
    said = said[:MAX_TEXT]
    mentions = find_mentions(said, words, not_these)
    chosen = _chosen(mentions, named)
    if not chosen:
        chosen = _bare_names(said, home) or [Mention(name, -1, -1, _STRONG) for name in named]
    if not chosen and not_these:
        own = [
            mention
            for mention in find_mentions(said, words, frozenset())
            if mention.strength == _STRONG
        ]
        chosen = own[:1]
    pairs = _segments(said, chosen[:MOST_PEOPLE])
    told = {segment: _facts(segment) for segment in dict.fromkeys(each for _, each in pairs)}
    if not all(told[segment].is_enough for _, segment in pairs):
        whole = _facts(said)
        told = {segment: _with_whole(facts, whole) for segment, facts in told.items()}
    return [_record(mention, told[segment]) for mention, segment in pairs]


def find_mentions(said: str, words: NoticeWords, not_these: frozenset[str]) -> list[Mention]:
    """Return the addresses that may have failed, in order, each with its strength."""
    found: list[Mention] = []
    for start, end in islice(find_addresses(said), MOST_MENTIONS):
        key = _KEY.match(said, start, end)
        start = key.end() if key else start  # noqa: PLW2901 - a log's key is no part of a name
        address = clean_address(said[start:end])
        lowered = address.lower()
        before = said[max(0, start - 30) : start]
        if _EXPANDED.search(before):
            _take_expanded(found, Mention(address, start, end, _STRONG))
            continue
        if found and _FORWARDED.search(before):
            found[-1] = replace(found[-1], final=address, strength=_STRONG)
            continue
        if (
            _RETURN_PATH.match(address)
            or is_masked(address)
            or lowered in not_these
            or lowered.partition("@")[0] in _ROBOTS
        ):
            continue
        strength = _strength(said, start, end, words)
        if strength:
            found.append(Mention(address, start, end, strength))
    return found


def _take_expanded(found: list[Mention], written: Mention) -> None:
    """Put the address that we wrote in the place of the one that it was expanded to."""
    last = found[-1] if found else None
    if last and not last.final and written.start - last.end < _BESIDE:
        found[-1] = replace(last, address=written.address, final=last.address)
    else:
        found.append(written)


def _strength(said: str, start: int, end: int, words: NoticeWords) -> int:
    line_start = max(said.rfind("\n", 0, start) + 1, start - _LONGEST_LEAD)
    before = said[line_start:start]
    after = said[end : end + _LONGEST_LEAD].partition("\n")[0]
    lead = before.strip(_EDGE).lower()
    if not lead:
        return _lone(said, line_start, before, after, words)
    if before.lower().endswith("mailto:"):
        return _WEAK
    if words.before_other.end(lead):
        return 0
    is_listed = _under_a_list(said, line_start, words) and "@" not in before
    if is_listed or lead.endswith(_SURE_CUES):
        return _STRONG
    is_cued = words.before_recipient.end(lead)
    return _MEDIUM if is_cued or _has_reply_before(before) else _WEAK


def _has_reply_before(line: str) -> bool:
    """Tell whether the beginning of a line has a server's reply, or announces one."""
    lower = line.lower()
    return "said:" in lower or "returned:" in lower or bool(_REPLY_BEFORE.search(line))


def _under_a_list(said: str, line_start: int, words: NoticeWords) -> bool:
    """Tell whether the nearest line with words above announces addresses that failed."""
    above = said[max(0, line_start - 250) : line_start].rstrip()
    last = above.rpartition("\n")[2].lower()
    return words.listed.any_in(last)


def _lone(said: str, line_start: int, before: str, after: str, words: NoticeWords) -> int:
    """Judge an address that begins its line: it failed, unless a sentence runs into it."""
    if not _AFTER_STRONG.match(after):
        if words.bounce.in_subject.any_in(lowered(after[:_BESIDE])):
            return _STRONG  # a list or table that says beside each address what became of it
        return _MEDIUM if before.strip() else _WEAK
    above = said[max(0, line_start - 120) : line_start].rstrip()
    last = above.rpartition("\n")[2].strip(_EDGE).lower()
    is_others = words.before_other.end(last) or _TOLD_TO_WRITE.search(above)
    return 0 if is_others else _STRONG


def _chosen(mentions: list[Mention], named: tuple[str, ...]) -> list[Mention]:
    """Keep each address once: those that the notice names, else the strongest kind there is."""
    if named:
        wanted = [name.lower() for name in named]
        known = frozenset(wanted)
        first: dict[str, Mention] = {}
        for mention in mentions:
            for key in (mention.final.lower(), mention.address.lower()):
                if key in known and (key not in first or mention.strength > first[key].strength):
                    first[key] = mention
        return [
            first.get(key, Mention(name, -1, -1, _STRONG))
            for key, name in zip(wanted, named, strict=True)
        ]
    best = max((mention.strength for mention in mentions), default=0)
    once: dict[str, Mention] = {}
    for mention in mentions:
        if mention.strength == best:
            once.setdefault(mention.address.lower(), mention)
    kept = list(once.values())
    return kept if best > _WEAK or len(kept) == 1 else []


def _bare_names(said: str, home: str) -> list[Mention]:
    """Return mailbox names without a domain that stand under 'the following recipients'."""
    cue = _FOLLOWING.search(said)
    if not cue or not home:
        return []
    match = _MAILBOX_PART.search(said, cue.end(), cue.end() + 300)
    if not match:
        return []
    return [Mention(f"{match[1]}@{home}", match.start(1), match.end(1), _STRONG)]


def _segments(said: str, chosen: list[Mention]) -> list[tuple[Mention, str]]:
    """Pair each address with the words up to the next; a list of addresses shares what follows."""
    placed = sorted((mention for mention in chosen if mention.start >= 0), key=lambda m: m.start)
    begins = [_own_code_start(said, mention) for mention in placed]
    segments: dict[str, str] = {}
    following = ""
    for index in range(len(placed) - 1, -1, -1):
        stop = begins[index + 1] if index + 1 < len(placed) else len(said)
        code = said[begins[index] : placed[index].start].rstrip("<")
        own = code + said[placed[index].end : max(stop, placed[index].end)]
        following = own if own.strip(_EDGE + "\n") else following
        segments[placed[index].address.lower()] = following
    return [(mention, segments.get(mention.address.lower(), "")) for mention in chosen]


def _own_code_start(said: str, mention: Mention) -> int:
    """Return where an address's words begin: at the code before it on its line, else at itself."""
    line_start = said.rfind("\n", 0, mention.start) + 1
    before = said[line_start : mention.start]
    return line_start if _CODE_FIRST.match(before) else mention.start


@dataclass(frozen=True, slots=True)
class _Facts:
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
        has_reply=_has_reply(segment),
        remote_mta=remote[1].rstrip(".") if remote else "",
        smtp_command=command_in(segment),
    )


def _with_whole(own: _Facts, whole: _Facts) -> _Facts:
    """Add the reply that the whole notice has, where the words about an address have none."""
    if own.is_enough or not _has_reply(whole.words):
        return own
    is_told = len(own.words) <= _A_LABEL or whole.codes.reply_code
    return replace(own, codes=whole.codes, words=whole.words if is_told else own.words)


def _record(mention: Mention, facts: _Facts) -> RecipientReport:
    return RecipientReport(
        recipient=mention.address,
        final_recipient=mention.final,
        status=facts.codes.status,
        reply_code=facts.codes.reply_code,
        diagnostic=facts.words,
        remote_mta=facts.remote_mta,
        smtp_command=facts.smtp_command,
    )


def server_words(segment: str) -> str:
    """Return the server's own words of a segment: its reply, else its first paragraph."""
    text = segment.strip(" \t\n:>)]\"',;")
    if not text:
        return ""
    paragraphs = ["", *_PARAGRAPH.split(text, _PARAGRAPHS)[:_PARAGRAPHS], ""]
    for before, paragraph, after in zip(paragraphs, paragraphs[1:], paragraphs[2:], strict=False):
        if _has_reply(paragraph):
            lead = before if len(before) < _LONG_PARAGRAPH else ""
            more = after if len(paragraph) < _SHORT_PARAGRAPH else ""
            return tidy_diagnostic(f"{lead}\n{paragraph}\n{more}")
    told = "\n".join(paragraphs[1:3])
    return "" if _DISCLAIMER.search(told.lower()) else tidy_diagnostic(told)


def _has_reply(text: str) -> bool:
    """Tell whether a text has the words of a server, or what announces them."""
    text = lowered(text)
    return bool(_CODE.search(text) or (":" in text and _SAID.search(text)))


def read_words(words: str, notice_words: NoticeWords) -> RecipientReport:
    """Read server words that stand alone, as pasted: codes, and the address if they name one."""
    mentions = find_mentions(words[:MAX_TEXT], notice_words, frozenset())
    best = max(mentions, key=lambda mention: mention.strength, default=None)
    codes = find_codes(words)
    return RecipientReport(
        recipient=best.address if best else "",
        status=codes.status,
        reply_code=codes.reply_code,
        diagnostic=tidy_diagnostic(words),
        smtp_command=command_in(words),
    )
