"""Sorts the parts of a message: what its writer says, the machine part, what came back of ours."""

import re

import msgspec

from bounce_assistant.report.lures import buttons, link_hosts
from bounce_assistant.report.mime import Part
from bounce_assistant.report.original import RETURNED_TYPES
from bounce_assistant.report.words import unwrapped

MAX_SAID = 200_000
_LIST_TYPES = frozenset({"text/plain", "text/csv", "text/tab-separated-values"})
_MOST_ATTACHED = 3
_EML = re.compile(r"name\*?\s?=[^;]{1,200}\.eml[\"'\s]{0,3}(?:;|$)", re.IGNORECASE)


class Sorted(msgspec.Struct):
    """The parts by their role."""

    said: str = ""
    hosts: tuple[str, ...] = ()  # that its HTML links to
    buttons: tuple[tuple[str, str], ...] = ()  # the same, each with the words on the link
    returned: list[Part] = []
    attached: list[str] = []  # texts that are attached as files: whom a report is about
    calendar: bool = False

    def take_lists(self) -> None:
        """Read texts that are attached as files as said, where the message itself names nobody."""
        if "@" not in self.said:
            self.said = "\n\n".join((self.said, *self.attached))[:MAX_SAID]


def sort_parts(message: Part, skip: tuple[Part | None, ...] = ()) -> Sorted:
    """Walk the tree once: texts of the writer are joined, returned messages set apart."""
    found = Sorted()
    texts: list[str] = []
    _walk(message, message, texts, found, skip)
    found.said = unwrapped("\n\n".join(text for text in texts if text.strip())[:MAX_SAID])
    return found


def _walk(
    part: Part, top: Part, texts: list[str], found: Sorted, skip: tuple[Part | None, ...]
) -> None:
    if part.content_type == "multipart/alternative":
        _alternative(part, top, texts, found, skip)
        return
    if part.parts:
        for inner in part.parts:
            _walk(inner, top, texts, found, skip)
        return
    if part in skip:
        return
    is_message = part.content_type in RETURNED_TYPES or is_saved_message(part)
    if is_message or (part is not top and _is_bare_message(part)):
        found.returned.append(part)
    elif part.content_type in {"text/calendar", "application/ics"}:
        found.calendar = True
    elif part.content_type == "text/html":
        from bounce_assistant.report.html import html_to_text  # noqa: PLC0415 - few notices need it

        source = part.text()
        found.hosts += link_hosts(source)
        found.buttons += buttons(source)
        texts.append(html_to_text(source))
    elif part.content_type.startswith("text/") and "attachment" not in part.get(
        "content-disposition"
    ):
        texts.append(part.text())
    elif part.content_type in _LIST_TYPES and len(found.attached) < _MOST_ATTACHED:
        found.attached.append(part.text())


def _alternative(
    part: Part, top: Part, texts: list[str], found: Sorted, skip: tuple[Part | None, ...]
) -> None:
    """Read the plain text of an alternative; its HTML where the plain one says nothing."""
    plain = [inner for inner in part.parts if inner.content_type == "text/plain"]
    others = [
        inner for inner in part.parts if inner.content_type not in {"text/plain", "text/html"}
    ]
    before = len(texts)
    for inner in plain:
        _walk(inner, top, texts, found, skip)
    if len("".join(texts[before:]).strip()) < 40:  # noqa: PLR2004 - "view as HTML" and the like
        for inner in part.parts:
            if inner.content_type == "text/html":
                _walk(inner, top, texts, found, skip)
    for inner in others:
        _walk(inner, top, texts, found, skip)


def is_saved_message(part: Part) -> bool:
    """Tell a message that was attached as a file, whose type says nothing."""
    if part.content_type != "application/octet-stream":
        return False
    named = part.get("content-type") + ";" + part.get("content-disposition")
    return _EML.search(named) is not None


def _is_bare_message(part: Part) -> bool:
    """Tell whether a part without a type of its own is a returned message put in as it is."""
    return part.has("received") or (part.has("message-id") and part.has("from"))
