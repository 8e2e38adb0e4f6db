"""Pairs each address of a notice with the words that are about it."""

import re
from itertools import pairwise

import msgspec

from bounce_assistant.report.fates import heading_before
from bounce_assistant.report.lists import is_joined, is_row_lead, leads_to
from bounce_assistant.report.mentions import EDGE, Mention
from bounce_assistant.report.server_words import has_reply

_CODE_FIRST = re.compile(r"[ \t]{0,12}(?:<<< )?[45]\d\d[- ](?:[245]\.\d{1,2}\.\d{1,3} ?)?<?$")
_SENTENCE_END = re.compile(r"[.!?][ \n]+(?=[^\W\d_a-z])")  # and the next begins with a capital
_LONGEST_LEAD = 300  # characters of a line that are looked at beside an address
_RULE = "=-*_#"  # what the lines of headings are drawn with
_TELLING = 3  # words, at least, that tell something of those below them
_LONGEST_ROW = 300  # characters of an address's words that tell what became of it


class Stretch(msgspec.Struct, frozen=True):
    """An address, the words up to the next one, and what is announced above it."""

    mention: Mention
    words: str = ""
    lead: str = ""
    heading: str = ""

    @property
    def beside(self) -> tuple[str, str, str]:
        """What may tell of this person, the nearest first; after a full stop others are told of."""
        words, lead = self.words[:_LONGEST_ROW].lower(), self.lead.lower()
        if words.startswith((".", ">.", "。")):
            return lead, words, self.heading.lower()
        return words, lead, _SENTENCE_END.split(self.heading)[-1].lower()


def find_stretches(said: str, chosen: list[Mention], mentions: list[Mention]) -> list[Stretch]:
    """Pair each address with its words; a list of addresses shares what follows.

    Some notices list the addresses first and come back to each of them: then those words count in
    which a server answers.
    """
    placed = _turns(said, chosen, mentions)
    above = _words_left(said, placed) or _words_above(said, placed)
    if above is not None:
        return [above.get(mention.address.lower(), Stretch(mention)) for mention in chosen]
    stops, headings = _borders(said, placed)
    found: dict[str, Stretch] = {}
    following, last = "", len(placed) - 1
    for index in range(last, -1, -1):
        mention = placed[index]
        stop = stops[index + 1] if index < last else len(said)
        code = said[_own_code_start(said, mention) : mention.start].rstrip("<")
        own = code + said[mention.end : max(stop, mention.end)]
        own = _without_rule(own) if headings[index] else own
        if own.strip(EDGE + "\n") and not (following and is_joined(own)):
            following = own
        elif (
            own.rstrip().endswith(".")
            or mention.has_arrived
            or headings[index] != headings[min(index + 1, last)]
        ):
            following = ""  # what follows is of others
        if not following and not mention.has_arrived:
            following = headings[index].strip(f"{_RULE} ")
        key = mention.address.lower()
        if key not in found or _says_more(following, found[key].words):
            since = placed[index - 1].end if index else 0
            lead = said[max(since, said.rfind("\n", 0, mention.start) + 1) : mention.start]
            found[key] = Stretch(mention, following, lead[-_LONGEST_LEAD:], headings[index])
    return [found.get(mention.address.lower(), Stretch(mention)) for mention in chosen]


def _words_left(said: str, placed: list[Mention]) -> dict[str, Stretch] | None:
    """Pair addresses with the words left of them, in a table that has its addresses last.

    Each row has words, what leads to the address, and nothing behind it or in a line below; the
    words differ. None for any other layout.
    """
    found: dict[str, Stretch] = {}
    for mention, following in zip(placed, (*placed[1:], None), strict=False):
        line_start = said.rfind("\n", 0, mention.start) + 1
        before = said[line_start : mention.start][-_LONGEST_LEAD:]
        stop = said.rfind("\n", 0, following.start) if following else _below(said, mention.end)
        if not leads_to(before) or said[mention.end : stop].strip(f"{EDGE}{_RULE}+\n)]"):
            return None
        told = before.strip(f"{EDGE}{_RULE}")
        found.setdefault(mention.address.lower(), Stretch(mention, told, "", ""))
    return found if len({each.words for each in found.values()}) > 1 else None


def _below(said: str, place: int) -> int:
    """Return where the line below a place ends."""
    line_end = said.find("\n", place)
    stop = said.find("\n", line_end + 1) if line_end >= 0 else -1
    return stop if stop >= 0 else len(said)


def _words_above(said: str, placed: list[Mention]) -> dict[str, Stretch] | None:
    """Pair addresses with the words above them, in a notice that lists them under each reply.

    Every paragraph that names anybody begins with words and ends with its addresses, each with a
    line to itself or with others; there are two at least. None for any other layout.
    """
    found: dict[str, Stretch] = {}
    blocks = 0
    at = 0
    while at < len(placed):
        begin = said.rfind("\n\n", 0, placed[at].start) + 1
        stop = said.find("\n\n", placed[at].end)
        stop = stop if stop >= 0 else len(said)
        end = at + 1
        while end < len(placed) and placed[end].start < stop:
            end += 1
        inside = placed[at:end]
        line_start = said.rfind("\n", 0, inside[0].start) + 1
        told = said[begin:line_start].strip(f"{_RULE} \n")
        between = [said[one.end : other.start] for one, other in pairwise(inside)]
        tail = said[inside[-1].end : stop]
        is_bare = not (said[line_start : inside[0].start] + tail).strip(f"{EDGE}\n)]")
        if len(told.split()) < _TELLING or not is_bare or not all(map(is_joined, between)):
            return None
        for mention in inside:
            found.setdefault(mention.address.lower(), Stretch(mention, told, "", ""))
        blocks, at = blocks + 1, end
    return found if blocks > 1 and len(placed) > 1 else None


def _without_rule(own: str) -> str:
    """Leave out a last line that only ends a report: "=== End of report ==="."""
    own = own.rstrip()
    last = own.rpartition("\n")[2].strip()
    is_rule = last[:1] in _RULE and last[-1:] in _RULE and len(last) > len(last.strip(_RULE)) + 3
    return own[: -len(last)] if is_rule else own


def _turns(said: str, chosen: list[Mention], mentions: list[Mention]) -> list[Mention]:
    """Return where the notice speaks of each of the chosen, in order; once until another's turn."""
    placed = [mention for mention in chosen if mention.start >= 0]
    if len(placed) > 1:
        least = min(mention.strength for mention in placed)
        known = {mention.address.lower() for mention in placed}
        first = min(mention.start for mention in placed)
        placed = [
            mention
            for mention in mentions
            if (mention.strength >= least or _own_code_start(said, mention) < mention.start)
            and mention.start >= first
            and mention.address.lower() in known
        ]
    placed.sort(key=lambda mention: mention.start)
    return [
        mention
        for before, mention in zip([None, *placed], placed, strict=False)
        if before is None or before.address.lower() != mention.address.lower()
    ]


def _says_more(earlier: str, later: str) -> bool:
    """Tell whether the words at an earlier place are the better ones; at first sight they are."""
    return has_reply(earlier) or (bool(earlier.strip(EDGE + "\n")) and not has_reply(later))


def _borders(said: str, placed: list[Mention]) -> tuple[list[int], list[str]]:
    """Return where the words before each mention end, and the heading that it stands under."""
    stops, headings = [], []
    since, heading = 0, ""
    for mention in placed:
        begin = _own_code_start(said, mention)
        line_start = said.rfind("\n", 0, begin) + 1
        is_row = line_start >= since and is_row_lead(said[line_start:begin])
        stop = line_start if is_row else _sentence_start(said, since, begin)
        announced = heading_before(said, since, line_start) if len(placed) > 1 else -1
        if announced >= 0:
            stop, heading = announced, said[announced:line_start].strip()
        stops.append(stop)
        headings.append(heading)
        since = mention.end
    return stops, headings


def _sentence_start(said: str, since: int, begin: int) -> int:
    """Return where the sentence around an address begins, if one ends after ``since``."""
    ends = [end.end() for end in _SENTENCE_END.finditer(said, since, begin)]
    return ends[-1] if ends else begin


def _own_code_start(said: str, mention: Mention) -> int:
    """Return where an address's words begin: at the code before it on its line, else at itself."""
    line_start = said.rfind("\n", 0, mention.start) + 1
    before = said[line_start : mention.start]
    return line_start if _CODE_FIRST.match(before) else mention.start
