"""Makes a message lighter: says what weighs how much, leaves parts out, puts others in.

What is not touched stays as it was: boundaries and encoded bodies are written back byte for byte,
fields but for the spaces around them. Whatever is signed or encrypted is never touched.
"""

import re
from base64 import encodebytes
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.generator import BytesGenerator
from email.message import Message
from html import escape
from io import BytesIO
from quopri import encodestring
from typing import TypeAlias

from bounce_assistant.report.charsets import decode_bytes
from bounce_assistant.report.words import decode_words

Tree: TypeAlias = "Message[str, str]"
_AS_IT_CAME = policy.compat32.clone(linesep="\r\n", max_line_length=0)
_SEALED = {
    "multipart/signed": "It has a digital signature, which would no longer fit.",
    "multipart/encrypted": "It is encrypted, so nothing in it can be changed.",
    "application/pkcs7-mime": "It is signed or encrypted, so nothing in it can be changed.",
    "application/x-pkcs7-mime": "It is signed or encrypted, so nothing in it can be changed.",
}
_END_OF_HTML = re.compile(r"</body\s{0,9}>", re.IGNORECASE)
_MOST_PARTS = 400
_ROOT = "0"
_CONTENT_FIELDS = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")


@dataclass(frozen=True, slots=True)
class WeighedPart:
    """One part and what it weighs."""

    id: str  # its place in this very message, as in "2.1"; "0" is a message of one part
    name: str  # of the file; "" where it has none
    content_type: str
    size: int  # bytes of the file itself
    weight: int  # bytes it takes in the email: files grow by about a third on the way
    is_text: bool  # what is read, not a file
    is_shown: bool  # a picture inside the text


@dataclass(frozen=True, slots=True)
class Weighed:
    """A whole message on the scales."""

    size: int  # bytes as it travels
    parts: tuple[WeighedPart, ...]  # the heaviest first
    why_sealed: str  # why it can't be changed, as a sentence; "" if it can


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to stand in place of another."""

    content: bytes
    content_type: str
    name: str  # "" keeps the old one


def weigh(raw: bytes) -> Weighed:
    """Return the parts of a message and what they weigh."""
    places = list(_walk(_read(raw)))
    leaves = [(place, part) for place, part in places if not _children(part)]
    html = "".join(_text(part) for _, part in leaves if part.get_content_type() == "text/html")
    parts = [_weighed(place, part, html) for place, part in leaves]
    sealed = (part.get_content_type() for _, part in places if _is_sealed(part))
    return Weighed(
        size=wire_size(raw),
        parts=tuple(sorted(parts, key=lambda part: -part.weight)),
        why_sealed=next((_SEALED[kind] for kind in sealed), ""),
    )


def wire_size(raw: bytes) -> int:
    """Return the bytes of a message as it travels, where each line ends in two."""
    return len(raw) + raw.count(b"\n") - raw.count(b"\r\n")


def file_contents(raw: bytes, places: Collection[str]) -> dict[str, bytes]:
    """Return the files in some parts, decoded, by their ids; unknown ids are left out."""
    return {at: _content(part) for at, part in _walk(_read(raw)) if at in places}


def without_parts(raw: bytes, left_out: Collection[str]) -> bytes:
    """Return the message without those parts, by their ids; unknown ids change nothing."""
    tree = _read(raw)
    if _ROOT in left_out:
        for field in _CONTENT_FIELDS:
            del tree[field]
        tree["Content-Type"] = "text/plain; charset=utf-8"
        tree.set_payload("")
    for place, part in list(_walk(tree)):
        children = _children(part)
        if children:
            kept: list[Tree | str] = [
                child
                for number, child in enumerate(children, start=1)
                if _below(place, number) not in left_out
            ]
            part.set_payload(kept)
    return _written(tree)


def with_files(raw: bytes, files: Mapping[str, NewFile]) -> bytes:
    """Return the message with other files in some parts, by their ids."""
    tree = _read(raw)
    for place, part in list(_walk(tree)):
        if place in files:
            _put_file(part, files[place])
    return _written(tree)


def with_line(raw: bytes, words: str, link: str) -> bytes:
    """Return the message with a line of words and a link at the end of what is read."""
    tree = _read(raw)
    texts = [p for _, p in _walk(tree) if _is_read(p)]
    plain = [part for part in texts if part.get_content_type() == "text/plain"][:1]
    formatted = [part for part in texts if part.get_content_type() == "text/html"][:1]
    for part in plain:
        _put_text(part, f"{_text(part).rstrip()}\n\n{words} {link}\n")
    for part in formatted:
        line = f'<p>{escape(words)} <a href="{escape(link)}">{escape(link)}</a></p>'
        text = _text(part)
        end = _END_OF_HTML.search(text)
        at = end.start() if end else len(text)
        _put_text(part, f"{text[:at]}{line}{text[at:]}")
    if not texts:
        _put_in_front(tree, f"{words} {link}\n")
    return _written(tree)


def _read(raw: bytes) -> Tree:
    return message_from_bytes(re.sub(rb"\r\n?", b"\n", raw), policy=policy.compat32)


def _written(tree: Tree) -> bytes:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_AS_IT_CAME).flatten(tree)
    return out.getvalue()


def _walk(part: Tree, place: str = _ROOT) -> Iterator[tuple[str, Tree]]:
    """Yield each part with its place; a message inside, and what is sealed, is one part."""
    yield place, part
    if not _is_sealed(part):
        for number, child in enumerate(_children(part)[:_MOST_PARTS], start=1):
            yield from _walk(child, _below(place, number))


def _below(place: str, number: int) -> str:
    return str(number) if place == _ROOT else f"{place}.{number}"


def _children(part: Tree) -> list[Tree]:
    payload = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(payload, list):
        return []
    return [child for child in payload if isinstance(child, Message)]


def _is_sealed(part: Tree) -> bool:
    return part.get_content_type() in _SEALED


def _is_read(part: Tree) -> bool:
    is_attached = part.get_content_disposition() == "attachment" or bool(part.get_filename())
    return part.get_content_maintype() == "text" and not is_attached and not _children(part)


def _content(part: Tree) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else part.as_bytes()


def _weighed(place: str, part: Tree, html: str) -> WeighedPart:
    content_id = str(part.get("Content-ID", "")).strip().strip("<>")
    return WeighedPart(
        id=place,
        name=_file_name(part),
        content_type=part.get_content_type(),
        size=len(_content(part)),
        weight=_weight(part),
        is_text=_is_read(part),
        is_shown=bool(content_id) and f"cid:{content_id}" in html,  # RFC 2392
    )


def _weight(part: Tree) -> int:
    """Return the bytes a part takes, without writing it anew: that takes long for big ones."""
    payload = part.get_payload()
    if not isinstance(payload, str):
        return len(_written(part))
    head = sum(len(name) + len(str(value)) + len(": \r\n") for name, value in part.items())
    return head + len("\r\n") + len(payload) + payload.count("\n")


def _file_name(part: Tree) -> str:
    try:
        return " ".join(decode_words(part.get_filename("") or "").split())
    except (ValueError, LookupError, TypeError):
        return ""


def _put_file(part: Tree, file: NewFile) -> None:
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(file.content).decode("ascii"))
    part.set_type(file.content_type)
    if file.name:
        name: str | tuple[str, str, str] = file.name
        if not file.name.isascii():
            name = ("utf-8", "", file.name)
        for field, parameter in (("Content-Type", "name"), ("Content-Disposition", "filename")):
            if part.get_param(parameter, header=field) is not None:
                part.set_param(parameter, name, header=field)  # type: ignore[arg-type]  # as documented


def _text(part: Tree) -> str:
    return decode_bytes(_content(part), part.get_content_charset("") or "")


def _put_text(part: Tree, text: str) -> None:
    """Put a text in, in its own charset if that has all of its letters."""
    charset = part.get_content_charset("utf-8")
    try:
        content = text.encode(charset)
    except (UnicodeError, LookupError):
        charset, content = "utf-8", text.encode("utf-8", "replace")
    del part["Content-Transfer-Encoding"]
    if part.get_content_type() in {"text/plain", "text/html"} and "Content-Type" in part:
        part.set_param("charset", charset)
    else:
        part["Content-Type"] = f'text/plain; charset="{charset}"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(encodestring(content.replace(b"\r\n", b"\n")).decode("ascii"))


def _put_in_front(tree: Tree, text: str) -> None:
    """Give a message without any text one; a single file becomes the second part of two."""
    words: Tree = Message(policy=policy.compat32)
    _put_text(words, text)
    if not _children(tree):
        file: Tree = Message(policy=policy.compat32)
        for field in (*_CONTENT_FIELDS, "Content-ID"):
            if field in tree:
                file[field] = str(tree[field])
                del tree[field]
        file.set_payload(tree.get_payload())
        tree["Content-Type"] = "multipart/mixed"
        tree.set_payload([file])
    tree.set_payload([words, *_children(tree)])
