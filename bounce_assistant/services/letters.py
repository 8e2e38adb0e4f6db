"""The email that is to go out again: where its text is from, and what it is made of."""

from dataclasses import dataclass, field
from email.message import Message
from enum import StrEnum
from urllib.parse import urlsplit

from bounce_assistant.mail.compose import new_letter, split_message
from bounce_assistant.mail.sending_rules import load_sending_rules
from bounce_assistant.report.html import html_to_text
from bounce_assistant.report.lures import link_hosts
from bounce_assistant.report.mime import Part, parse_message
from bounce_assistant.report.returned import Came, is_whole_message, returned_copy
from bounce_assistant.report.words import decode_words

_MAX_BYTES = 100 * 1024 * 1024
_SIGNED = frozenset({"multipart/signed", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURES = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
})  # fmt: skip


class LetterSource(StrEnum):
    """Where the text of an email that goes out again is from."""

    NOTICE = "notice"  # the copy that the bounce brought back
    SENT = "sent"  # the copy in the Sent folder
    PASTED = "pasted"  # the user pasted the text
    WRITTEN = "written"  # the user wrote it anew


_ON_SERVER = "A large part of the bounce is still on the mail server."
SOURCE_WORDS = {
    LetterSource.NOTICE: "From the copy that the bounce brought back.",
    LetterSource.SENT: "From the copy in your Sent folder.",
    LetterSource.PASTED: "From the text you pasted.",
    LetterSource.WRITTEN: "Written anew.",
}


class PartKind(StrEnum):
    """What a part of an email is to its reader."""

    TEXT = "text"
    FORMATTED = "formatted text"
    PICTURE = "picture in the text"
    ATTACHMENT = "attachment"
    INVITATION = "calendar invitation"
    SIGNATURE = "digital signature"
    MESSAGE = "attached email"


_KINDS = dict.fromkeys(_SIGNATURES, PartKind.SIGNATURE) | {
    "text/calendar": PartKind.INVITATION,
    "message/rfc822": PartKind.MESSAGE,
}


@dataclass(frozen=True, slots=True)
class LetterPart:
    """One part, as the review page lists it."""

    kind: PartKind
    name: str  # of the file; "" where it has none
    content_type: str
    size: int  # bytes, decoded


@dataclass(frozen=True, slots=True)
class Letter:
    """An email as it was; ``raw`` is all of it, or all that is known of it."""

    source: LetterSource
    raw: bytes = field(repr=False)
    why_not: str = ""  # a sentence when it can't be sent as it is: only half of it is here
    subject: str = ""
    text: str = ""  # what its reader reads, for the preview
    parts: tuple[LetterPart, ...] = ()
    is_signed: bool = False
    tracked_by: tuple[str, ...] = ()  # hosts of pictures and links that count for a former send

    @property
    def is_whole(self) -> bool:
        """Whether it may be sent."""
        return not self.why_not

    @property
    def source_words(self) -> str:
        """A sentence on where the text is from."""
        return SOURCE_WORDS[self.source]


def letter_from_notice(notice: bytes, message_id: str = "", *, missing: int = 0) -> Letter:
    """Return our own mail as a notice brings it back; ``why_not`` says when it isn't all.

    ``missing``: bytes of the notice that stayed on the mail server.
    """
    returned = returned_copy(notice, message_id)
    if missing and returned.came is Came.WHOLE:  # what was put together closes its parts itself
        return read_letter(LetterSource.NOTICE, returned.raw, _ON_SERVER)
    why_not = {
        Came.WHOLE: "",
        Came.CUT: "The bounce brought back only a part of your email.",
        Came.HEADER: "The bounce brought back only the headings of your email.",
        Came.NOTHING: "The bounce didn't include your original email.",
    }[returned.came]
    return read_letter(LetterSource.NOTICE, returned.raw, why_not)


def letter_from_sent(raw: bytes, *, is_whole: bool = True) -> Letter:
    """Return a copy that was found in Sent."""
    cut = not is_whole or not is_whole_message(raw)
    return read_letter(LetterSource.SENT, raw, "The copy in Sent isn't complete." if cut else "")


def letter_from_text(
    subject: str, text: str, *, header: bytes = b"", source: LetterSource = LetterSource.WRITTEN
) -> Letter:
    """Return an email of plain text; ``header`` is the old one, where known, to keep the thread."""
    why_not = "" if text.strip() else "There is no text in it yet."
    return read_letter(source, new_letter(subject, text, answers=header), why_not)


def read_letter(source: LetterSource, raw: bytes, why_not: str = "") -> Letter:
    """Describe a message from wherever; a smaller version of one can be read the same way."""
    if not raw.strip():
        return Letter(source, b"", why_not or "There is nothing in it.")
    message = parse_message(raw)
    leaves = [part for part in message.walk() if not part.parts]
    plain = next((p.text() for p in leaves if p.content_type == "text/plain"), "").strip()
    html = "\n".join(p.text() for p in leaves if p.content_type == "text/html")
    fields, _ = split_message(raw)
    subject = next((f.text for f in fields if f.name.lower() == "subject"), "")
    return Letter(
        source=source,
        raw=raw,
        why_not=why_not,
        subject=subject,
        text=plain or html_to_text(html),
        parts=tuple(_described(part, html) for part in leaves),
        is_signed=any(part.content_type in _SIGNED for part in message.walk()),
        tracked_by=_trackers(html),
    )


def _described(part: Part, html: str) -> LetterPart:
    name = _file_name(part)
    size = len(part.decoded(limit=_MAX_BYTES))
    return LetterPart(_kind(part, name, html), name, part.content_type, size)


def _kind(part: Part, name: str, html: str) -> PartKind:
    is_attached = part.get("content-disposition").strip().lower().startswith("attachment")
    content_id = part.get("content-id").strip(" <>")
    is_shown = bool(content_id) and f"cid:{content_id}" in html  # RFC 2392
    if part.content_type in _KINDS:
        return _KINDS[part.content_type]
    if is_shown and part.content_type.startswith("image/"):
        return PartKind.PICTURE
    if is_attached or name or not part.content_type.startswith("text/"):
        return PartKind.ATTACHMENT
    return PartKind.FORMATTED if part.content_type == "text/html" else PartKind.TEXT


def _file_name(part: Part) -> str:
    """Return the name a part gives its file (RFC 2183, 2231), whatever way it is written."""
    head: Message[str, str] = Message()
    for name in ("content-disposition", "content-type"):
        if value := part.get(name):
            head[name] = value
    try:
        found = head.get_filename("") or ""
    except (ValueError, LookupError, TypeError):
        return ""
    return " ".join(decode_words(found).split())


def _trackers(html: str) -> tuple[str, ...]:
    signs = load_sending_rules().tracking
    hosts = link_hosts(html)
    known = [h for h in hosts if any(h == s or h.endswith("." + s) for s in signs.hosts)]
    addresses = [one for one in html.split('"') if one.startswith("http")]
    known += [_host(one) for one in addresses if any(path in one for path in signs.paths)]
    return tuple(dict.fromkeys(host for host in known if host))


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
