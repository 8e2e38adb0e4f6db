"""Finds the addresses in a notice's text that mail did not reach, and how surely each is one."""

import re
from itertools import islice

import msgspec
from msgspec.structs import replace

from bounce_assistant.report.facts import DsnAction
from bounce_assistant.report.fates import fate_in, heading_before
from bounce_assistant.report.lists import (
    find_lists,
    is_joined,
    is_name,
    leads_to,
    plain_lead,
    without_name,
)
from bounce_assistant.report.notice_words import NoticeWords
from bounce_assistant.report.words import clean_address, find_addresses, is_masked, lowered

MOST_MENTIONS = 2000  # addresses that are looked at; a mail names a thousand people at most
STRONG, MEDIUM, WEAK = 3, 2, 1
EDGE = " \t<>\"'*-•·>([{:|=&;.,–—"
_AFTER_STRONG = re.compile(
    r"[\s>\"')\]]*(?:$|[:;,]|\.\.\.|\bon \w{3},? |\bon \d|[45]\d\d[ -]|\[|\(|<mailto:|"
    r"[-–—] |: |=>|\||\t)",
    re.IGNORECASE,
)
_REPLY_BEFORE = re.compile(r"[45](?<![^\s:'\"(].)\d\d[- ]")
_OF = (" de", " von", " da", " di")  # also: whose
_SURE_CUES = ("rcpt to", "final-recipient: rfc822", "undeliverable address")
# A list or a forwarding put it in the place of the one that was written: Postfix, Sendmail, Exim.
_EXPANDED = re.compile(r"\(?(?:expanded|generated) from:? ?<?$", re.IGNORECASE)
_FORWARDED = re.compile(r"(?:forwarded|redirected|sent on) to:? ?<?$", re.IGNORECASE)
_BESIDE = 160  # characters between an address and the one that it stands for
_TOLD_TO_WRITE = re.compile(
    r"\b(?:send|write|forward|e-?mail)\b[^.:\n]{0,60}\n?[^.:]{0,60}\bto\b[^.:]{0,20}$",
    re.IGNORECASE,
)
_LONGEST_LABEL = 60  # characters from a line's beginning to the address that its label is about
_LONGEST_LEAD = 300  # characters of a line that are looked at beside an address
# What a server puts in the place of a sender's address, to know its own mail again: SRS and BATV.
_RETURN_PATH = re.compile(r"srs[01][=+-]|prvs=|btv1==|msprvs1=", re.IGNORECASE)
# A log's key before an address; RFC 5321 allows the equals sign in a name, so only known words.
_KEY = re.compile(
    r"(?:(?:final|original|envelope|mail|rcpt)[-_]?)?(?:recipient|rcpt|to|from|sender|user|address)=",
    re.IGNORECASE,
)
# A server names where somebody's mail goes now: RFC 5321, section 4.2.3; RFC 3463, X.1.6.
_MOVED = re.compile(r"(?<![\w.])(?:551[ -]|5\.1\.6)")
_MESSAGE = re.compile(r"\W*message(?:[- ]?id)?[ \t:]*<?", re.IGNORECASE)  # its id follows
_ROBOTS_OF_LISTS = ("-owner", "-request", "-admin", "-bounces")
_ROBOTS = frozenset({"mailer-daemon", "postmaster", "mailerdaemon", "mailer_daemon"})


class Mention(msgspec.Struct, frozen=True):
    """An address in a notice, and how surely it is one that failed."""

    address: str
    start: int
    end: int
    strength: int
    final: str = ""  # where it was sent on to, when that is another address
    has_arrived: bool = False  # the line above, or a label before it, says so


def find_mentions(said: str, words: NoticeWords, not_these: frozenset[str]) -> list[Mention]:
    """Return the addresses that may have failed, in order, each with its strength."""
    found: list[Mention] = []
    for start, end in islice(find_addresses(said), MOST_MENTIONS):
        key = _KEY.match(said, start, end)
        start = key.end() if key else start  # noqa: PLW2901 - a log's key is no part of a name
        address = clean_address(said[start:end])
        lowered = address.lower()
        before = said[max(0, start - 30) : start]
        last = before[-8:].lower()
        if "from" in last and _EXPANDED.search(before):
            _take_expanded(found, Mention(address, start, end, STRONG))
            continue
        if found and "to" in last and _FORWARDED.search(before):
            found[-1] = replace(found[-1], final=address, strength=STRONG)
            continue
        if (
            _RETURN_PATH.match(address)
            or is_masked(address)
            or lowered in not_these
            or lowered.partition("@")[0] in _ROBOTS
            or _MESSAGE.fullmatch(said, _line_start(said, start, 30), start)
        ):
            continue
        if found and _MOVED.search(said, _behind(said, found[-1].end, start), start):
            continue
        has_arrived = _is_of_arrivals(said, start, words)
        strength = STRONG if has_arrived else _strength(said, start, end, words)
        if lowered.partition("@")[0].endswith(_ROBOTS_OF_LISTS):
            strength = min(strength, WEAK)
        if found and is_joined(said[found[-1].end : start]):
            strength = max(strength, found[-1].strength)
            has_arrived = has_arrived or found[-1].has_arrived
        if strength:
            is_under = strength == STRONG and _is_under_arrivals(said, start, words)
            found.append(
                Mention(address, start, end, strength, has_arrived=has_arrived or is_under)
            )
    return _with_lists(said, found) if len(found) > 1 else found


def _line_start(said: str, at: int, most: int) -> int:
    """Return where the line of a place begins, or so many characters before: a line may be long."""
    begin = max(0, at - most)
    return max(said.rfind("\n", begin, at) + 1, begin)


def _behind(said: str, end: int, start: int) -> int:
    """Return where the words before a place begin: on its line, behind what ends there."""
    return max(said.rfind("\n", end, start), end)


def _with_lists(said: str, found: list[Mention]) -> list[Mention]:
    """Give the rows of a list the strength of the strongest: what holds for one holds for all."""
    best = max(mention.strength for mention in found)
    for row, rows in find_lists(said, [(mention.start, mention.end) for mention in found]):
        strength = max(found[index].strength for index in rows)
        if strength == best == WEAK and (row.has_words or _is_announced(said, found, rows[0])):
            strength = MEDIUM  # nothing says more about anybody
        for index in rows:
            found[index] = replace(found[index], strength=strength)
    return found


def _is_announced(said: str, found: list[Mention], index: int) -> bool:
    line_start = said.rfind("\n", 0, found[index].start) + 1
    return heading_before(said, found[index - 1].end if index else 0, line_start) >= 0


def _take_expanded(found: list[Mention], written: Mention) -> None:
    """Put the address that we wrote in the place of the one that it was expanded to."""
    last = found[-1] if found else None
    if last and not last.final and written.start - last.end < _BESIDE:
        found[-1] = replace(last, address=written.address, final=last.address)
    else:
        found.append(written)


def _strength(said: str, start: int, end: int, words: NoticeWords) -> int:
    line_start = _line_start(said, start, _LONGEST_LEAD)
    before = said[line_start:start]
    after = said[end : end + _LONGEST_LEAD].partition("\n")[0]
    lead = plain_lead(without_name(before)).strip(EDGE).lower()
    if not lead or (is_name(plain_lead(before)) and after.strip(EDGE)):
        return _lone(said, line_start, before, after, words)
    if before.lower().endswith("mailto:"):
        return WEAK
    if words.before_owner.end(lead):
        return MEDIUM
    if words.before_other.end(lead):
        # "El servidor de dana@..." names the recipient; "De: dana@..." does not.
        return WEAK if lead.endswith(_OF) and not before.rstrip(" <").endswith(":") else 0
    is_listed = _under_a_list(said, line_start, words) and "@" not in before
    if is_listed or lead.endswith(_SURE_CUES):
        return STRONG
    is_cued = words.before_recipient.end(lead) or _is_missed_label(before, words)
    return MEDIUM if is_cued or _has_reply_before(before) else WEAK


def _is_missed_label(before: str, words: NoticeWords) -> bool:
    """Tell a label like "Not delivered:" or "Delayed:"."""
    is_label = before.rstrip(" \t<").endswith(":") or leads_to(before)
    return is_label and fate_in(before.lower(), words) in {DsnAction.FAILED, DsnAction.DELAYED}


def _has_reply_before(line: str) -> bool:
    """Tell whether the beginning of a line has a server's reply, or announces one."""
    lower = line.lower()
    return "said:" in lower or "returned:" in lower or bool(_REPLY_BEFORE.search(line))


def _under_a_list(said: str, line_start: int, words: NoticeWords) -> bool:
    """Tell whether the nearest line with words above announces addresses that failed."""
    above = said[max(0, line_start - 250) : line_start].rstrip()
    last = above.rpartition("\n")[2].lower()
    return words.listed.any_in(last) and "@" not in last


def _is_of_arrivals(said: str, start: int, words: NoticeWords) -> bool:
    """Tell whether a label before an address, on its line or above, says that it got the mail."""
    line_start = _line_start(said, start, _LONGEST_LABEL)
    label = said[line_start:start].rstrip(" 	<|")
    if not label.strip(EDGE):
        return _is_under_arrivals(said, start, words)
    is_label = (label.endswith(":") and "-" not in label) or leads_to(said[line_start:start])
    return is_label and fate_in(label.lower(), words) is DsnAction.DELIVERED


def _is_under_arrivals(said: str, start: int, words: NoticeWords) -> bool:
    """Tell whether the line above an address announces whom the mail reached."""
    begin = max(0, start - _BESIDE)
    above = said[begin : said.rfind("\n", begin, start) + 1].rstrip()
    last = above.rpartition("\n")[2].rpartition(". ")[2]
    return last.endswith(":") and fate_in(last.lower(), words) is DsnAction.DELIVERED


def _lone(said: str, line_start: int, before: str, after: str, words: NoticeWords) -> int:
    """Judge an address that begins its line: it failed, unless a sentence runs into it."""
    above = said[max(0, line_start - 120) : line_start].rstrip()
    last = above.rpartition("\n")[2].strip(EDGE).lower()
    is_others = words.before_other.end(last) and not words.listed.any_in(last)
    if is_others or _TOLD_TO_WRITE.search(above):
        return 0
    if not _AFTER_STRONG.match(after):
        beside = lowered(after[:_BESIDE])
        if words.bounce.in_subject.any_in(beside):
            return STRONG  # a list or table that says beside each address what became of it
        if fate_in(beside, words) is DsnAction.FAILED:
            return MEDIUM  # a sentence that begins with the address
        return MEDIUM if before.strip() else WEAK
    return STRONG


def choose_missed(
    mentions: list[Mention], named: tuple[str, ...], *, is_sure: bool = False
) -> list[Mention]:
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
            first.get(key, Mention(name, -1, -1, STRONG))
            for key, name in zip(wanted, named, strict=True)
        ]
    missed = [mention.strength for mention in mentions if not mention.has_arrived]
    best = max(missed, default=STRONG)
    once: dict[str, Mention] = {}
    for mention in mentions:
        if mention.strength == best or mention.has_arrived:
            once.setdefault(mention.address.lower(), mention)
    kept = list(once.values())
    return kept if is_sure or best > WEAK or sum(not each.has_arrived for each in kept) == 1 else []
