"""Reads what a person points at: a file, an mbox, a Maildir, a folder, standard input."""

import codecs
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

_FIELD = re.compile(rb"^[!-9;-~]{1,60}[ \t]*:", re.MULTILINE)
_MARKS = re.compile(
    rb"^(?:from|to|subject|received|date|message-id|return-path|mime-version|content-type|"
    rb"delivered-to|x-failed-recipients|auto-submitted|x-original-to)[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)
_HEAD = 64 * 1024
_SEPARATOR = b"From "
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_WORDS = re.compile(
    r"(?:^|[\s:>\"'(])[45]\d\d[- ]\S|\b[45]\.\d{1,2}\.\d{1,3}\b|"
    r"undeliver|not be delivered|delivery|mailbox|bounced|returned to sender",
    re.IGNORECASE,
)
_MOST_WORDS = 100_000  # bytes; a longer text is no server's reply
_SKIPPED = frozenset({".DS_Store", "Thumbs.db"})
_MAILDIR = frozenset({"new", "cur"})
_TYPED = (".txt", "-")  # ends of names under which words without a header are taken as well
NO_MAIL = (
    "This file isn't an email we can read. Save the email as .eml, or copy its text and paste it."
)
_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how Outlook's .msg files begin, and old Word's


class Source(msgspec.Struct, frozen=True):
    """One message, or the sentence on why there is none."""

    file: str
    raw: bytes = b""
    problem: str = ""
    is_words: bool = False  # a text file that holds a server's words and no message


class Place(msgspec.Struct, frozen=True):
    """Where a message lies; another process can read it from there."""

    file: str  # as it is shown
    path: str
    begin: int = 0
    end: int = -1  # -1: the end of the file


def read_sources(paths: Iterable[str]) -> Iterator[Source]:
    """Yield every message below the paths, in order; '-' is standard input. Raises no OSError."""
    return map(read_place, find_places(paths))


def find_places(paths: Iterable[str]) -> Iterator[Place | Source]:
    """Yield where every message below the paths lies, in order; what lies nowhere as it is."""
    for path in paths:
        if path == "-":
            yield from _from_bytes("-", sys.stdin.buffer.read())
        else:
            yield from _below(path)


def read_place(place: Place | Source) -> Source:
    """Read a message from its place. Raises no OSError."""
    if isinstance(place, Source):
        return place
    try:
        raw = _read_whole(place.path) if place.end < 0 else _read_part(place)
    except OSError as problem:
        return Source(place.file, problem=_unreadable(problem))
    return _source(place.file, raw)


def _read_whole(path: str) -> bytes:
    with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - half the time of Path's
        return stream.read()


def _read_part(place: Place) -> bytes:
    with Path(place.path).open("rb") as stream:
        stream.seek(place.begin)
        return stream.read(place.end - place.begin)


def is_mail(raw: bytes) -> bool:
    """Tell whether bytes can be a message: a header with at least two known fields near the top."""
    head = raw[:_HEAD].lstrip(b"\r\n\t \xef\xbb\xbf").replace(b"\r\n", b"\n")
    if not head or b"\x00" in head[:512]:
        return False
    if head.startswith((b"From ", b">From ")):
        head = head.partition(b"\n")[2]
    top = head.partition(b"\n\n")[0]
    return len(_MARKS.findall(top)) >= 2 or (  # noqa: PLR2004 - one could be chance
        bool(_MARKS.match(top)) and len(_FIELD.findall(top)) == top.count(b"\n") + 1
    )


def has_server_words(raw: bytes) -> bool:
    """Tell whether a plain text can be what a server said, as people copy it out of a mail."""
    if not raw.strip() or len(raw) > _MOST_WORDS or b"\x00" in raw:
        return False
    return _WORDS.search(raw.decode("utf-8", "replace")) is not None


def _below(path: str) -> Iterator[Place | Source]:
    where = Path(path)
    try:
        if where.is_dir():
            yield from _walk(str(where))
        elif where.exists() and not where.is_file():  # a pipe, which is read once and to its end
            yield from _from_bytes(path, where.read_bytes())
        else:
            yield from _in_file(path, path)
    except OSError as problem:
        yield Source(path, problem=_unreadable(problem))


def _walk(folder: str) -> Iterator[Place | Source]:
    """Yield the files of a folder and those below it, in name order; of a Maildir its messages."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as problem:
        yield Source(folder, problem=_unreadable(problem))
        return
    inside = {entry.name: entry.path for entry in entries if entry.is_dir(follow_symlinks=False)}
    if inside.keys() >= _MAILDIR:
        yield from _walk(inside["new"])
        yield from _walk(inside["cur"])
        return
    for entry in entries:
        if entry.name in inside:
            yield from _walk(entry.path)
        elif entry.is_file() and entry.name not in _SKIPPED and not entry.name.startswith("."):
            yield from _in_file(entry.path, entry.path)


def _in_file(path: str, name: str) -> Iterator[Place | Source]:
    try:
        if not _begins_as_mbox(path):  # as most files
            yield Place(name, path)
            return
        with Path(path).open("rb") as stream:
            if not _is_mbox(stream, name):
                yield Place(name, path)
                return
            for number, (start, end) in enumerate(_messages_of(stream), start=1):
                yield Place(f"{name}#{number}", path, start, end)
    except OSError as problem:
        yield Source(name, problem=_unreadable(problem))


def _begins_as_mbox(path: str) -> bool:
    """Look at a file's first bytes; by the system's own calls, as it is done for every file."""
    descriptor = os.open(path, _READ)
    try:
        return os.read(descriptor, len(_SEPARATOR)) == _SEPARATOR
    finally:
        os.close(descriptor)


def _from_bytes(name: str, raw: bytes) -> Iterator[Source]:
    if _counts_as_mbox(raw[:_HEAD]):
        for number, (begin, end) in enumerate(_messages_of(io.BytesIO(raw)), start=1):
            yield _source(f"{name}#{number}", raw[begin:end])
    else:
        yield _source(name, raw)


def in_utf8(raw: bytes) -> bytes:
    """Return what Windows programs save as "Unicode" in UTF-8; other bytes as they are."""
    if not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw
    return raw.decode("utf-16", "replace").encode("utf-8", "replace")


def _source(name: str, raw: bytes) -> Source:
    raw = in_utf8(raw)
    if raw.startswith(_CONTAINER):
        from bounce_assistant.services.outlook import outlook_to_mail  # noqa: PLC0415 -- hardly used

        raw = outlook_to_mail(raw)
    if is_mail(raw):
        return Source(name, raw)
    if name.lower().endswith(_TYPED) and has_server_words(raw):
        return Source(name, raw, is_words=True)
    return Source(name, problem=NO_MAIL)


def _is_mbox(stream: BinaryIO, name: str) -> bool:
    """Tell whether a file is an mbox; leaves the stream at its beginning."""
    head = stream.read(len(_SEPARATOR))
    if head == _SEPARATOR:
        head += stream.read(_HEAD)
    stream.seek(0)
    is_named = name.lower().endswith((".mbox", ".mbx"))
    return head.startswith(_SEPARATOR) and (is_named or _counts_as_mbox(head))


def _counts_as_mbox(head: bytes) -> bool:
    """Tell an mbox of several messages from one message that kept its separator line."""
    return (
        head.startswith(_SEPARATOR)
        and len(re.findall(rb"^From \S+ .*\d{4}\r?$", head, re.MULTILINE)) > 1
    )


def _messages_of(lines: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Yield where the messages of an mbox begin and end (RFC 4155)."""
    begin = at = 0
    after_blank = True
    for line in lines:
        if after_blank and at > begin and line.startswith(_SEPARATOR):
            yield begin, at
            begin = at
        at += len(line)
        after_blank = line in {b"\n", b"\r\n"}
    if at > begin:
        yield begin, at


def _unreadable(problem: OSError) -> str:
    if isinstance(problem, FileNotFoundError):
        return "There's no file of that name. Check the name and try again."
    if isinstance(problem, PermissionError):
        return "We aren't allowed to read this file. Copy it to your own folder and try again."
    why = problem.strerror or problem
    return f"This file couldn't be read ({why}). Copy it to this computer and try again."
