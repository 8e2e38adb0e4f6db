"""Which of a server's folders are for us, from its LIST answer (RFC 6154, else by their names)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bounce_assistant.mail.accounts import FolderRole
from bounce_assistant.mail.inbox_search import InboxSearch, Named

Listed = Sequence[tuple[Sequence[bytes], bytes | None, str]]  # flags, delimiter, name


@dataclass(frozen=True, slots=True)
class _Folder:
    marks: frozenset[bytes]
    delimiter: str
    name: str


def reading_folders(
    listed: Listed, search: InboxSearch, roles: Collection[FolderRole], *, is_gmail: bool = False
) -> tuple[str, ...]:
    """Return INBOX, then Spam where there is one, as far as their roles are asked for.

    Gmail's filters and its Archive button take mail out of the inbox, so there All Mail, which
    holds the inbox as well, is read in its place.
    """
    found: tuple[str, ...] = ()
    if "inbox" in roles:
        all_mail = _marked(listed, b"\\all") if is_gmail else ()
        found += all_mail[:1] or ("INBOX",)
    if "spam" in roles:
        found += _marked_or_named(listed, b"\\junk", search.spam)[:1]
    return found


def sent_folders(listed: Listed, search: InboxSearch) -> tuple[str, ...]:
    """Return the folder marked as Sent; without one all that are named like it."""
    return _marked_or_named(listed, b"\\sent", search.sent)


def _marked_or_named(listed: Listed, mark: bytes, named: Named) -> tuple[str, ...]:
    marked = _marked(listed, mark)
    if marked:
        return marked[:1]
    folders = _selectable(listed)
    return tuple(each.name for each in folders if named.is_name(each.name, each.delimiter))


def _marked(listed: Listed, mark: bytes) -> tuple[str, ...]:
    return tuple(folder.name for folder in _selectable(listed) if mark in folder.marks)


def _selectable(listed: Listed) -> Iterator[_Folder]:
    for flags, delimiter, name in listed:
        marks = frozenset(bytes(flag).lower() for flag in flags)
        if b"\\noselect" not in marks and name.upper() != "INBOX":
            yield _Folder(marks, (delimiter or b"").decode("ascii", "replace"), name)
