"""Makes an email smaller: files left out, pictures scaled; everything else stays byte for byte."""

import binascii
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import Message
from io import BytesIO
from typing import Any

from bounce_assistant.errors import AppError
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import Letter, PartKind, read_letter

Scale = Callable[[bytes, str], bytes]  # a picture and its content type -> a smaller one, or itself
FILES = frozenset({PartKind.ATTACHMENT, PartKind.PICTURE, PartKind.INVITATION, PartKind.MESSAGE})
_LINE = 76  # characters of base64 a line (RFC 2045, section 6.8)


def make_smaller(letter: Letter, left_out: frozenset[int], scale: Scale | None, job: Job) -> Letter:
    """Return the email without some parts and with its pictures scaled.

    ``left_out`` numbers ``letter.parts``; only files can be left out. ``scale`` None leaves the
    pictures as they are. Raises AppError when the email can't be taken apart safely.
    """
    if letter.is_signed:
        raise AppError(
            "This email carries a digital signature.",
            "Without a part of it the signature would be wrong.",
            "Write a new one, or share a link instead.",
        )
    message = message_from_bytes(letter.raw, policy=policy.compat32)
    leaves = list(_leaves(message))
    if [leaf.get_content_type() for _, leaf in leaves] != [p.content_type for p in letter.parts]:
        raise _cannot()
    for number, (part, (parent, leaf)) in enumerate(zip(letter.parts, leaves, strict=True)):
        job.step(number, len(leaves))
        if number in left_out and part.kind in FILES and parent is not None:
            parent.set_payload([one for one in parent.get_payload() if one is not leaf])
        elif scale is not None and part.content_type.startswith("image/"):
            _scale(leaf, scale)
    return read_letter(letter.source, _written(message), letter.why_not)


def _leaves(
    message: "Message[Any, Any]", parent: "Message[Any, Any] | None" = None
) -> Iterator[tuple["Message[Any, Any] | None", "Message[Any, Any]"]]:
    """Yield each leaf with what it stands in; an attached email is one leaf."""
    inside = message.get_payload() if message.get_content_maintype() == "multipart" else None
    if isinstance(inside, list):
        for part in inside:
            if not isinstance(part, Message):
                raise _cannot()
            yield from _leaves(part, message)
    else:
        yield parent, message


def _scale(leaf: "Message[Any, Any]", scale: Scale) -> None:
    try:
        before = leaf.get_payload(decode=True)
    except (ValueError, LookupError):
        return
    if not isinstance(before, bytes):
        return
    after = scale(before, leaf.get_content_type())
    if len(after) < len(before):
        del leaf["Content-Transfer-Encoding"]
        leaf["Content-Transfer-Encoding"] = "base64"
        leaf.set_payload(_base64(after))


def _base64(data: bytes) -> str:
    text = binascii.b2a_base64(data, newline=False).decode("ascii")
    return "".join(f"{text[at : at + _LINE]}\n" for at in range(0, len(text), _LINE))


def _written(message: "Message[Any, Any]") -> bytes:
    from email.generator import BytesGenerator  # noqa: PLC0415 - only here

    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(message)
    except (ValueError, LookupError, TypeError) as problem:
        raise _cannot() from problem
    return out.getvalue()


def _cannot() -> AppError:
    return AppError(
        "This email is built in a way we can't change.",
        next_step="Share a link instead, or send it from your mail program without the files.",
    )
