"""A copy of a case to show to strangers: names and addresses replaced with dots."""

import re
from collections.abc import Iterable
from email.utils import getaddresses

from bounce_assistant.report.facts import BounceReport

_DOTS = "••••"
_SHORTEST_NAME = 2  # characters; "J." alone would dot out half of every text
# Local part, then @ or one of its disguises in return paths and links, then the domain.
_ADDRESS = re.compile(r"[^\s<>\"'(),:;@\[\]]{1,256}(?:@|%40)([\w.-]{1,255})")
_VERP = re.compile(r"[\w.+-]{1,64}=([\w-]{1,63}(?:\.[\w-]{1,63})+)")
_PEOPLE = frozenset(
    {"from", "to", "cc", "bcc", "sender", "reply-to", "delivered-to", "x-failed-recipients"}
)
_LEFT_OUT = frozenset(
    {"subject", "thread-topic", "comments", "keywords"}
)  # tell of deals and homes
_CODED = frozenset({"dkim-signature", "arc-seal", "arc-message-signature", "x-gm-message-state"})


def private_copy(report: BounceReport) -> str:
    """Return the notice and the headers of the original without who wrote to whom.

    Domains stay, as the problem often lies with them; the original's text is left out.
    """
    original = report.original
    headers = [*report.notice.headers, *(original.headers if original else ())]
    hide = _hider(_names(headers, report))
    parts = ["The notice", *_lines(report.notice.headers, hide), "", hide(report.text)]
    if original:
        parts += ["", "The email that came back", *_lines(original.headers, hide)]
        parts += ["", "(Its text is left out.)"]
    return "\n".join(parts) + "\n"


def _lines(headers: Iterable[tuple[str, str]], hide: "_Hider") -> Iterable[str]:
    for name, value in headers:
        lowered = name.lower()
        if lowered in _CODED:
            continue
        yield f"{name}: {_DOTS if lowered in _LEFT_OUT else hide(value)}"


def _names(headers: Iterable[tuple[str, str]], report: BounceReport) -> set[str]:
    """Return every word that names a person: of display names, and before the @."""
    people = [value for name, value in headers if name.lower() in _PEOPLE]
    people += [one.recipient for one in report.recipients]
    people += [one.final_recipient for one in report.recipients]
    words: set[str] = set()
    for name, address in getaddresses(people):
        local = address.partition("@")[0]
        words |= {local, *re.split(r"[\W_\d]+", local), *re.split(r"[\s,.\"'()]+", name)}
    subjects = {value for name, value in headers if name.lower() in _LEFT_OUT}
    return {word for word in words | subjects if len(word) > _SHORTEST_NAME} - _OURS


_OURS = frozenset(
    {"mailer", "daemon", "postmaster", "delivery", "subsystem", "system", "mail", "the"}
)


class _Hider:
    def __init__(self, names: Iterable[str]) -> None:
        longest_first = sorted((n for n in names if n.lower() not in _OURS), key=len, reverse=True)
        listed = "|".join(map(re.escape, longest_first))
        self._names = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if listed else None

    def __call__(self, text: str) -> str:
        text = _ADDRESS.sub(rf"{_DOTS}@\1", text)
        text = _VERP.sub(rf"{_DOTS}=\1", text)
        return self._names.sub(_DOTS, text) if self._names else text


def _hider(names: set[str]) -> _Hider:
    return _Hider(names)
