"""Reads off a pattern the plain texts of which every match contains at least one.

Looking for plain text is far quicker than trying a pattern, so a pattern is only tried where one
of its needles stands. Small choices are spelled out (``mail ?box`` is mailbox or mail box).
"""

import re
from collections.abc import Iterable

Texts = tuple[str, ...]
_MIN_NEEDLE = 3
_MIN_FOREIGN = 2  # two characters of Chinese tell as much
_MOST_TEXTS = 8  # more choices in a row are too many to look for
_NOTHING_YET: Texts = ("",)
_PLAIN = re.compile(r"[^\\.\[\](){}|?*+^$]*")
_REPEAT = re.compile(r"([?*+])|\{(\d+)?(?:(,)(\d+)?)?\}")
_REPEATS = frozenset("?*+{")
_CLASS = re.compile(r"\[(\^?)(\]?(?:\\.|[^\]\\])*)\]", re.DOTALL)
_GROUP = re.compile(r"\((?:\?:|(\?<?[=!])|(\?))?")
_PLAIN_ESCAPES = frozenset(".()[]{}|?*+^$\\/-'\"<>#:,;@!=& _")
_BORDERS = frozenset("bBAZ")  # after a backslash: places, not characters
# They stand in nearly every notice, so that to find them tells next to nothing.
_EVERYWHERE = frozenset({"mail", "email", "e-mail", "message", "messages", "address", "recipient"})
_EVERYWHERE |= {"user", "mailbox", "account", "sender", "server", "host", "the", "not"}


def is_plain(pattern: str) -> bool:
    """Tell whether a pattern matches itself and nothing else."""
    return _PLAIN.fullmatch(pattern) is not None


def needles_of(pattern: str) -> Texts:
    """Return the needles of a pattern; () where it has none long enough, or can't be read."""
    return next(iter(needs_of(pattern)), ())


def needs_of(pattern: str) -> tuple[Texts, ...]:
    """Return sets of texts of which every match has one of each; the first set tells most.

    () where a pattern has no needles.
    """
    if is_plain(pattern):
        return ((pattern,),) if _worth((pattern,)) else ()
    others: list[Texts] = []
    try:
        _, needles, end = _read(pattern, 0, others)
    except (IndexError, ValueError):  # a bracket that is never closed
        return ()
    if end != len(pattern) or not _worth(needles):
        return ()
    sets = [_fewest(each) for each in (needles, *others) if _worth(each)]
    return tuple(dict.fromkeys(sets))


def _fewest(needles: Texts) -> Texts:
    """Leave out what can only be found where a shorter needle is."""
    once = tuple(dict.fromkeys(needles))
    return tuple(
        needle for needle in once if not any(other in needle and other != needle for other in once)
    )


def _worth(needles: Texts) -> float:
    """Return how much the least telling of some needles tells; 0 if too little to look for it."""
    return min((_tells(needle) for needle in needles), default=0)


def _tells(needle: str) -> float:
    length = len(needle)
    if length < (_MIN_NEEDLE if needle.isascii() else _MIN_FOREIGN):
        return 0
    return 1 if needle.strip() in _EVERYWHERE else length


def _better(sets: Iterable[Texts]) -> Texts:
    return max(sets, key=lambda needles: (_worth(needles), -len(needles)))


def _read(
    pattern: str, at: int, others: list[Texts] | None = None
) -> tuple[Texts | None, Texts, int]:
    """Read choices up to a closing bracket or the end.

    Return all texts that they can match (None if those can't be listed), the needles, and where
    reading stopped. ``others`` gets what else stands in each match.
    """
    spelled: Texts | None = ()
    needles: Texts = ()
    is_needed = True
    while True:
        texts, inner, at = _read_choice(pattern, at, others)
        spelled = None if spelled is None or texts is None else spelled + texts
        needles += inner
        is_needed = is_needed and bool(inner)
        if pattern[at : at + 1] != "|":
            break
        if others:
            others.clear()  # they are of one choice
        others = None
        at += 1
    if spelled is not None and len(spelled) > _MOST_TEXTS:
        spelled = None
    return spelled, needles if is_needed else (), at


def _read_choice(
    pattern: str, at: int, others: list[Texts] | None
) -> tuple[Texts | None, Texts, int]:
    """Read what stands between two bars: stretches of texts with unreadable things between."""
    best: Texts = ()
    stretch = _NOTHING_YET
    is_whole = True
    while at < len(pattern) and pattern[at] not in "|)":
        if letters := _letters(pattern, at):
            stretch = tuple(before + letters for before in stretch)
            at += len(letters)
            continue
        texts, inner, at = _read_item(pattern, at)
        least, most, at = _repeat(pattern, at)
        if (least, most) == (0, 1):
            texts, inner = (*texts, "") if texts is not None else None, ()
        elif (least, most) != (1, 1):
            texts, inner = None, inner if least else ()
        if texts is not None and len(stretch) * len(texts) <= _MOST_TEXTS:
            stretch = tuple(before + text for before in stretch for text in texts)
            continue
        best = _better((best, stretch, inner))
        if others is not None:
            others += (stretch, inner)
        stretch, is_whole = texts or _NOTHING_YET, False
    best = _better((best, stretch))
    if others is not None:
        others.append(stretch)
    return stretch if is_whole else None, best if _worth(best) else (), at


def _letters(pattern: str, at: int) -> str:
    """Return the characters from here on that stand for themselves, once each."""
    plain = _PLAIN.match(pattern, at)
    letters = plain[0] if plain else ""
    is_repeated = pattern[at + len(letters) : at + len(letters) + 1] in _REPEATS
    return letters[:-1] if is_repeated else letters


def _repeat(pattern: str, at: int) -> tuple[int, int, int]:
    """Read how often the thing before may stand: least, most (2 for more), where reading stopped.

    A brace that states no number is somebody's slip, so the pattern is not read.
    """
    match = _REPEAT.match(pattern, at)
    if match is None:
        return 1, 1, at
    end = match.end() + (pattern[match.end() : match.end() + 1] in {"?", "+"})
    if match[1]:
        return *{"?": (0, 1), "*": (0, 2), "+": (1, 2)}[match[1]], end
    least = int(match[2] or 0)
    most = least if not match[3] else int(match[4] or 2)
    return min(least, 2), min(most, 2), end


def _read_item(pattern: str, at: int) -> tuple[Texts | None, Texts, int]:
    """Read one character, class or group: its texts, its needles, where reading stopped."""
    char = pattern[at]
    if char == "(":
        return _read_group(pattern, at)
    if char == "[":
        return _read_class(pattern, at)
    if char == "\\":
        escaped = pattern[at + 1]
        if escaped in _BORDERS:
            return _NOTHING_YET, (), at + 2
        return (escaped,) if escaped in _PLAIN_ESCAPES else None, (), at + 2
    if char == "{":
        raise ValueError(pattern)
    if char in "^$":
        return _NOTHING_YET, (), at + 1
    return None if char == "." else (char,), (), at + 1


def _read_group(pattern: str, at: int) -> tuple[Texts | None, Texts, int]:
    opening = _GROUP.match(pattern, at)
    if opening is None or opening[2]:  # the rare ones, whose needles nobody needs
        raise ValueError(pattern)
    texts, needles, at = _read(pattern, opening.end())
    if at == len(pattern):
        raise ValueError(pattern)
    if opening[1]:  # looks around, and takes nothing
        return _NOTHING_YET, (), at + 1
    return texts, needles, at + 1


def _read_class(pattern: str, at: int) -> tuple[Texts | None, Texts, int]:
    match = _CLASS.match(pattern, at)
    if not match:
        raise ValueError(pattern)
    members = match[2]
    is_short = not match[1] and "\\" not in members and "-" not in members[1:-1]
    is_listed = is_short and len(members) <= _MOST_TEXTS
    return tuple(members) if is_listed else None, (), match.end()
