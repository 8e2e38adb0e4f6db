"""The text of a notice, made ready once for all the people it names: where words stand in it.

A notice may name a thousand people, and hostile ones do. So what is the same for all of them is
made once, and what is searched for their sake has a budget: beyond it words are shown unmarked.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from msgspec.structs import replace

from bounce_assistant.diagnosis.reasons import fold, ready
from bounce_assistant.report.facts import BounceReport
from bounce_assistant.report.fates import heading_before
from bounce_assistant.report.phrase_set import PhraseSet
from bounce_assistant.report.words import lowered

AROUND = 3000  # characters at the top of a notice that are searched beside the reply
BUDGET = 4_000_000  # characters that are searched for the words to mark, in one notice
_LOCATED = 200_000  # characters of a notice in which words are marked
_OTHERS = 50  # people at whose names the words about another end
_OWN = 700  # characters after a name that are about it
_PIECE = 500  # characters that a plain search takes no longer for than for one piece of words
_GAP = re.compile(r"\s{1,40}(?:(?:<<<|>>>)\s)?(?P<reply>[45]\d\d[- ])?(?:[45]\.\d\.\d+\s)?")
_BLANKS = re.compile(r"\s{1,40}")
_RUN = re.compile(r"\S{1,200}")
_NOWHERE = (-1, -1)
_HEADER_LINE = (  # compiled when first asked for: that takes longer than to read a message
    r"^[> \t]{0,8}(?:from|to|cc|subject|date|sent|message-id|received|return-path|mime-version|"
    r"content-[a-z-]{4,20}|x-[a-z-]{2,30}|(?:final|original)-recipient|action|status|"
    r"(?:remote|reporting)-mta|(?:arrival|last-attempt)-date|diagnostic-code|von|an|betreff|datum|de|para|asunto|fecha|à|objet|da|a|"
    r"oggetto|data|assunto|van|aan|onderwerp|差出人|宛先|件名|日時|发件人|收件人|主题|日期)"
    r"[ \t]?[:\uff1a].{0,500}$"
)


def without_header(text: str) -> str:
    """Leave out the lines that look like a mail's header: they say nothing of a reason."""
    return re.sub(_HEADER_LINE, "", text, flags=re.IGNORECASE | re.MULTILINE)


class NoticeText:
    """What the words of a report say about whom, and where."""

    def __init__(self, report: BounceReport) -> None:
        self._report = report
        self._ready: dict[str, str] = {}
        self._lower = _searchable(report.text[:_LOCATED])
        self.searched = 0  # characters so far, for the sake of marks

    @cached_property
    def _first_places(self) -> dict[str, int]:
        people = self._report.recipients
        names = {fold(each.recipient.lower()) for each in people if each.recipient}
        # Names that begin like each other's ends cost their length at every letter.
        longest = max(map(len, names), default=1)
        return PhraseSet(names).first_places_in(self._lower[: BUDGET // longest])

    def _first_place(self, name: str) -> int:
        if len(self._report.recipients) == 1:
            return self._lower.find(name)
        return self._first_places.get(name, -1)

    @cached_property
    def _next_names(self) -> list[int]:
        """Where the first people's names stand at the top, in order."""
        people = self._report.recipients[:_OTHERS]
        known = {name for each in people for name in (each.recipient, each.final_recipient) if name}
        names = PhraseSet(fold(name.lower()) for name in known)
        return names.places_in(self._lower[:AROUND])

    def ready(self, words: str) -> str:
        """Make words of this notice ready for search; people often share them."""
        if words not in self._ready:
            self._ready[words] = ready(words)
        return self._ready[words]

    def about(self, address: str) -> str:
        """Return the words about one of its people: all of them, if it has no other."""
        report = self._report
        if len(report.recipients) > 1 and address:
            return self._told_above.get(address) or self._own_words(fold(address.lower()))
        return f"{report.notice.subject}\n{report.text[:AROUND]}"

    @cached_property
    def _told_above(self) -> dict[str, str]:
        """What is told of people in words that end before their names: in a list under a reply."""
        top = " ".join(self._report.text[:AROUND].split())
        found: dict[str, str] = {}
        for each in self._report.recipients[:_OTHERS]:
            told = each.diagnostic
            at = top.find(told) if told and each.recipient else -1
            if at >= 0 and each.recipient not in told:
                name = top.find(each.recipient)
                if at + len(told) <= name:
                    found[each.recipient] = told
        return found

    @cached_property
    def lead(self) -> str:
        """What a notice about several people says before it names the first of them."""
        if len(self._report.recipients) == 1 or not self._next_names or self._told_above:
            return ""
        return self._report.text[: self._next_names[0]]

    def _own_words(self, name: str) -> str:
        """Return the words from a name up to the next one, of a notice about several."""
        at = self._first_place(name)
        after = at + len(name)
        if at < 0 or after > AROUND:
            return ""
        following = bisect_right(self._next_names, after)
        stop = after + _OWN
        if following < len(self._next_names):
            stop = self._next_names[following]
            announced = heading_before(self._report.text, after, stop)  # the next person's
            stop = announced if announced >= 0 else stop
        top = self._lower[:AROUND]
        stop = max(top.rfind("\n", after, stop), after) if "\n" in top[after:stop] else stop
        begin = top.rfind("\n", 0, at) + 1  # a code may stand before the address
        return self._report.text[begin : min(stop, after + _OWN, AROUND)]

    def quote(self, words: str, near: str = "") -> tuple[str, int, int]:
        """Return matched words as the notice writes them, and where, as ``locate`` does.

        A sentence may begin in the subject: then what the text has of it is quoted, with its place,
        or the subject, which has none.
        """
        for part in self._parts_of(words):
            start, end = self.locate(part, near)
            if start >= 0:
                return self.shown(start, end), start, end
        for part in (words, *reversed(self._parts_of(words))):
            start, end = self._subject.locate(part)
            if start >= 0:
                return self._subject.shown(start, end), *_NOWHERE
        return words, *_NOWHERE

    def _parts_of(self, words: str) -> tuple[str, ...]:
        """Return words, and what is left of them without the subject and without a last stop."""
        bare = words.rstrip(". ")
        pieces, subject = bare.split(), self.ready(self._report.notice.subject).split()
        for shared in range(min(len(pieces) - 1, len(subject)), 0, -1):
            if pieces[:shared] == subject[-shared:]:
                rest, head = " ".join(pieces[shared:]), " ".join(pieces[:shared])
                return words, bare, rest, head
        return words, bare

    @cached_property
    def _subject(self) -> "NoticeText":
        return NoticeText(replace(self._report, text=self._report.notice.subject))

    def locate(self, words: str, near: str = "") -> tuple[int, int]:
        """Return where matched words stand in the notice, white space aside; (-1, -1) if nowhere.

        ``near``: the address of the person they are about; words behind it come first.
        """
        pieces = words.split()
        begin = max(0, self._first_place(fold(near.lower()))) if near else 0
        if not pieces or self.searched > BUDGET:
            return _NOWHERE
        at = self._lower.find(words, begin)  # as it stands; most words do
        self.searched += (at if at >= 0 else len(self._lower)) - begin
        if at >= 0:
            return at, at + len(words)
        found = self._wrapped(pieces, begin)
        return found if found != _NOWHERE or not begin else self._wrapped(pieces, 0)

    def shown(self, start: int, end: int) -> str:
        """Return what stands at a place as it is written."""
        return self._report.text[start:end]

    def _wrapped(self, pieces: list[str], begin: int) -> tuple[int, int]:
        """Find words with any white space between them, and what a reply's next lines begin with.

        ``<>`` stands for an address.
        """
        for at in self._beginnings(pieces[0].partition("<>")[0], begin):
            end = self._end_of(pieces, at)
            if end >= 0:
                return at, end
            if self.searched > BUDGET:
                break
        return _NOWHERE

    def _beginnings(self, first: str, begin: int) -> Iterator[int]:
        """Yield where words may begin: at their first letters, or where an address may."""
        self.searched += len(self._lower) - begin
        if not first:
            yield from (run.start() for run in _RUN.finditer(self._lower, begin))
            return
        at = self._lower.find(first, begin)
        while at >= 0:
            yield at
            at = self._lower.find(first, at + 1)

    def _end_of(self, pieces: list[str], at: int) -> int:
        """Return where words end that begin at a place, or -1 if they don't stand there."""
        last = len(pieces) - 1
        for number, piece in enumerate(pieces):
            self.searched += _PIECE
            for begin in self._behind_gap(at) if number else (at,):
                end = self._after_piece(piece, begin, is_last=number == last)
                if end >= 0:
                    break
            else:
                return -1
            at = end
        return at

    def _behind_gap(self, at: int) -> tuple[int, ...]:
        gap = _GAP.match(self._lower, at)
        if not gap:
            return ()
        blanks = _BLANKS.match(self._lower, at)
        return gap.end(), max(gap.end("reply"), at), blanks.end() if blanks else at

    def _after_piece(self, piece: str, at: int, *, is_last: bool) -> int:
        """Return where a piece without white space ends that begins at a place, or -1."""
        before, *rest = piece.split("<>")
        if not self._lower.startswith(before, at):
            return -1
        at += len(before)
        for number, literal in enumerate(rest, start=1):
            run = _RUN.match(self._lower, at)
            if not run:
                return -1
            if literal and (is_last or number < len(rest)):
                at = self._lower.find(literal, at + 1, run.end() + len(literal)) + len(literal)
                if at < len(literal):
                    return -1
            elif self._lower.startswith(literal, run.end() - len(literal), run.end()):
                at = at + 1 if is_last else run.end()
            else:
                return -1
        return at


def _searchable(text: str) -> str:
    """Return text in lower case, and without accents where each character keeps its place."""
    lower = lowered(text.replace("\u2019", "'"))
    folded = fold(lower)
    return folded if len(folded) == len(lower) else lower
