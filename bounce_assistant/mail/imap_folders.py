"""Which of a server's folders are for us, from its LIST answer (RFC 6154, else by their names)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bounce_assistant.mail.inbox_search import InboxSearch, Named

Listed = Sequence[tuple[Sequence[bytes], bytes | None, str]]  # flags, delimiter, name


@dataclass(frozen=True, slots=True)
class _Folder:
    marks: frozenset[bytes]
    delimiter: str
    name: str


def reading_folders(listed: Listed, search: InboxSearch) -> tuple[str, ...]:
    """Return INBOX, then Spam where there is one."""
    return ("INBOX", *_marked_or_named(listed, b"\\junk", search.spam)[:1])


def sent_folders(listed: Listed, search: InboxSearch) -> tuple[str, ...]:
    """Return the folder marked as Sent; without one all that are named like it."""
    return _marked_or_named(listed, b"\\sent", search.sent)


def _marked_or_named(listed: Listed, mark: bytes, named: Named) -> tuple[str, ...]:
    folders = list(_selectable(listed))
    marked = tuple(folder.name for folder in folders if mark in folder.marks)
    if marked:
        return marked[:1]
    return tuple(each.name for each in folders if named.is_name(each.name, each.delimiter))


def _selectable(listed: Listed) -> Iterator[_Folder]:
    for flags, delimiter, name in listed:
        marks = frozenset(bytes(flag).lower() for flag in flags)
        if b"\\noselect" not in marks and name.upper() != "INBOX":
            yield _Folder(marks, (delimiter or b"").decode("ascii", "replace"), name)
