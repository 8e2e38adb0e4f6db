"""The part of a notice worth reading: the lines around the words that decided."""

from collections.abc import Iterable, Sequence

from bounce_assistant.diagnosis.verdict import Evidence

MOST_MARKS = 3
_LINES_AROUND = 2
_REACH = 400  # characters to either side, for notices without line breaks
_WITHOUT_MARKS = 1200
_GAP = "\n…\n"

Piece = tuple[str, bool]  # text, and whether it is marked


def excerpt(text: str, evidence: Sequence[Evidence]) -> list[Piece]:
    """Return the notice around at most three marks; its beginning when there are none."""
    marks = _marks(text, evidence)
    if not marks:
        opening = text[:_WITHOUT_MARKS].strip()
        rest = "\n…" if len(text) > _WITHOUT_MARKS else ""
        return [(opening + rest, False)] if opening else []
    pieces: list[Piece] = []
    shown_to = -1
    for at, (start, end) in enumerate(marks):
        begin = _back(text, start)
        stop = _forth(text, end)
        if at + 1 < len(marks):
            stop = min(stop, marks[at + 1][0])
        if shown_to < 0:
            pieces.append(("…\n" if begin > 0 else "", False))
            pieces.append((text[begin:start].lstrip("\n"), False))
        elif begin > shown_to:
            pieces += [(_GAP, False), (text[begin:start].lstrip("\n"), False)]
        else:
            pieces.append((text[shown_to:start], False))
        pieces += [(text[start:end], True), (text[end:stop], False)]
        shown_to = stop
    last, is_marked = pieces.pop()
    more = "\n…" if shown_to < len(text.rstrip()) else ""
    pieces.append((last.rstrip() + more, is_marked))
    return [piece for piece in pieces if piece[0]]


def telling(text: str, evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return at most three pieces of evidence, leaving out words inside other words."""
    chosen: list[Evidence] = []
    for one in evidence:
        others = [kept for kept in chosen if _is_shown(text, kept)]
        is_new = all(one.end <= kept.start or one.start >= kept.end for kept in others)
        if is_new or not _is_shown(text, one):
            chosen.append(one)
    return chosen[:MOST_MARKS]


def _is_shown(text: str, one: Evidence) -> bool:
    return 0 <= one.start < one.end <= len(text)


def _marks(text: str, evidence: Sequence[Evidence]) -> list[tuple[int, int]]:
    """Return the places of the marks, in reading order."""
    shown = (one for one in telling(text, evidence) if _is_shown(text, one))
    return sorted((one.start, min(one.end, one.start + _REACH)) for one in shown)


def _back(text: str, start: int) -> int:
    at = start
    for _ in range(_LINES_AROUND + 1):
        at = text.rfind("\n", 0, at)
        if at < 0:
            break
    return max(at, start - _REACH, 0)


def _forth(text: str, end: int) -> int:
    at = end
    for _ in range(_LINES_AROUND + 1):
        at = text.find("\n", at + 1)
        if at < 0:
            return min(len(text), end + _REACH)
    return min(at, end + _REACH)
