"""Reads what a person points at: a file, an mbox, a Maildir, a folder, standard input."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_FIELD = re.compile(rb"^[!-9;-~]{1,60}[ \t]*:", re.MULTILINE)
_MARKS = re.compile(
    rb"^(?:from|to|subject|received|date|message-id|return-path|mime-version|content-type|"
    rb"delivered-to|x-failed-recipients|auto-submitted|x-original-to)[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)
_HEAD = 64 * 1024
_WORDS = re.compile(
    r"(?:^|[\s:>\"'(])[45]\d\d[- ]\S|\b[45]\.\d{1,2}\.\d{1,3}\b|"
    r"undeliver|not be delivered|delivery|mailbox|bounced|returned to sender",
    re.IGNORECASE,
)
_MOST_WORDS = 100_000  # bytes; a longer text is no server's reply
_SKIPPED = frozenset({".DS_Store", "Thumbs.db"})
NO_MAIL = (
    "This file isn't an email we can read. Save the email as .eml, or copy its text and paste it."
)
_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how Outlook's .msg files begin, and old Word's


@dataclass(frozen=True, slots=True)
class Source:
    """One message, or the sentence on why there is none."""

    file: str
    raw: bytes = b""
    problem: str = ""
    is_words: bool = False  # a text file that holds a server's words and no message


def read_sources(paths: Iterable[str]) -> Iterator[Source]:
    """Yield every message below the paths, in order; '-' is standard input. Raises no OSError."""
    for path in paths:
        if path == "-":
            yield from _from_bytes("-", sys.stdin.buffer.read())
        else:
            yield from _from_path(path)


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


def _from_path(path: str) -> Iterator[Source]:
    where = Path(path)
    try:
        if where.is_dir():
            for inner in _files_below(where):
                yield from _from_file(inner, str(Path(path) / inner.relative_to(where)))
        else:
            yield from _from_file(where, path)
    except OSError as problem:
        yield Source(path, problem=_unreadable(problem))


def _files_below(folder: Path) -> Iterator[Path]:
    """Return the files of a folder in name order; of a Maildir only its messages."""
    is_maildir = (folder / "cur").is_dir() and (folder / "new").is_dir()
    tops = [folder / "new", folder / "cur"] if is_maildir else [folder]
    for top in tops:
        for path in sorted(top.rglob("*")):
            if path.is_file() and path.name not in _SKIPPED and not path.name.startswith("."):
                yield path


def _from_file(path: Path, name: str) -> Iterator[Source]:
    try:
        with path.open("rb") as stream:
            if _is_mbox(stream, path):
                for number, raw in enumerate(_split_mbox(stream), start=1):
                    yield _source(f"{name}#{number}", raw)
            else:
                yield _source(name, stream.read())
    except OSError as problem:
        yield Source(name, problem=_unreadable(problem))


def _from_bytes(name: str, raw: bytes) -> Iterator[Source]:
    if _counts_as_mbox(raw[:_HEAD]):
        for number, message in enumerate(_split_mbox(raw.splitlines(keepends=True)), start=1):
            yield _source(f"{name}#{number}", message)
    else:
        yield _source(name, raw)


def _source(name: str, raw: bytes) -> Source:
    if raw.startswith(_CONTAINER):
        from bounce_assistant.services.outlook import outlook_to_mail  # noqa: PLC0415 -- hardly used

        raw = outlook_to_mail(raw)
    if is_mail(raw):
        return Source(name, raw)
    if name.lower().endswith(".txt") and has_server_words(raw):
        return Source(name, raw, is_words=True)
    return Source(name, problem=NO_MAIL)


def _is_mbox(stream: BinaryIO, path: Path) -> bool:
    head = stream.read(_HEAD)
    stream.seek(0)
    return head.startswith(b"From ") and (
        path.suffix.lower() in {".mbox", ".mbx"} or _counts_as_mbox(head)
    )


def _counts_as_mbox(head: bytes) -> bool:
    """Tell an mbox of several messages from one message that kept its separator line."""
    return (
        head.startswith(b"From ")
        and len(re.findall(rb"^From \S+ .*\d{4}\r?$", head, re.MULTILINE)) > 1
    )


def _split_mbox(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the messages of an mbox (RFC 4155), one in memory at a time."""
    current: list[bytes] = []
    after_blank = True
    for line in lines:
        if after_blank and line.startswith(b"From ") and current:
            yield b"".join(current)
            current = []
        current.append(line)
        after_blank = line in {b"\n", b"\r\n"}
    if current:
        yield b"".join(current)


def _unreadable(problem: OSError) -> str:
    if isinstance(problem, FileNotFoundError):
        return "There's no file of that name. Check the name and try again."
    if isinstance(problem, PermissionError):
        return "We aren't allowed to read this file. Copy it to your own folder and try again."
    why = problem.strerror or problem
    return f"This file couldn't be read ({why}). Copy it to this computer and try again."
