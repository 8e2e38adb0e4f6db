"""Makes the message that goes out again: a new header over the old body, byte for byte.

The body is never parsed and put together again, so what was signed stays as it was signed. Of the
old header only named fields are kept (RFC 5322, 2045); all that a former journey left is dropped.
"""

import re
import unicodedata
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

from bounce_assistant.errors import AppError
from bounce_assistant.report.charsets import decode_bytes
from bounce_assistant.report.words import decode_words

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_KEPT = frozenset({
    "mime-version", "reply-to", "in-reply-to", "references", "thread-topic", "thread-index",
    "importance", "priority", "x-priority", "x-msmail-priority", "sensitivity", "organization",
    "keywords", "comments", "accept-language",
})  # fmt: skip
_MADE = frozenset({"from", "to", "cc", "subject", "date", "message-id"})
_SPECIAL = r"\s\x00-\x1f\x7f-\x9f<>(),;:\"\[\]\\@"
_ADDRESS = re.compile(rf"[^{_SPECIAL}]{{1,64}}@[^{_SPECIAL}]{{1,253}}")
_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))  # unseen letters that names may have (RFC 5892)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, less its brackets


@dataclass(frozen=True, slots=True)
class RawField:
    """A header field as it came: the bytes after the colon, still folded, without the last LF."""

    name: str
    value: bytes

    @property
    def text(self) -> str:
        """Its value unfolded and decoded."""
        unfolded = re.sub(r"\n[ \t]+", " ", decode_bytes(self.value, "utf-8"))
        return decode_words(unfolded).strip()


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who the new message is from and to, and what identifies it."""

    sender: str  # the account's own address
    recipient: str
    message_id: str  # with angle brackets
    sender_name: str = ""
    recipient_name: str = ""
    subject: str = ""  # "": as it was


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The new message without its Date, with CRLF, and what was done to get there."""

    raw: bytes
    subject: str
    needs_utf8: bool  # an address can't be written in ASCII (RFC 6531)
    dropped: tuple[str, ...]  # names of the fields that were left out, as written
    former_sender: str  # "" when From stayed the same
    replies_to: str  # where answers go; "" when that is the sender
    sender_name: str  # as it stands in From


def split_message(raw: bytes) -> tuple[list[RawField], bytes]:
    """Return the header fields in order and the body, both with LF; a separator line is skipped."""
    raw = re.sub(rb"\r\n?", b"\n", raw).lstrip(b"\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    head, _, body = raw.partition(b"\n\n")
    fields: list[RawField] = []
    for line in re.split(rb"\n(?![ \t])", head):
        match = _FIELD.fullmatch(line)
        if match:
            fields.append(RawField(match[1].decode("ascii"), match[2].lstrip(b" \t")))
    return fields, body


def rebuild(old: bytes, envelope: Envelope) -> Rebuilt:
    """Return a message with the old body under a new header.

    Raises AppError when an address can't stand in a header. No value can bring in a line of its
    own, whether it was typed or came with the old message.
    """
    refuse_unusable(envelope.sender)
    refuse_unusable(envelope.recipient)
    fields, body = split_message(old)
    first = {field.name.lower(): field for field in reversed(fields)}
    former = _address_in(first, "from")
    subject = _one_line(envelope.subject or (first["subject"].text if "subject" in first else ""))
    name = envelope.sender_name or _name_in(first, "from")
    lines = [
        b"Message-ID: " + _one_line(envelope.message_id).encode("ascii", "ignore"),
        b"From: " + mailbox(name, envelope.sender),
        b"To: " + mailbox(envelope.recipient_name, envelope.recipient),
        b"Subject: " + _subject(first.get("subject"), envelope.subject, subject),
    ]
    kept = [field for field in fields if _is_kept(field.name)]
    lines += [field.name.encode() + b": " + _safe(field) for field in _once(kept)]
    if "mime-version" not in first and any(f.name.lower() == "content-type" for f in kept):
        lines.append(b"MIME-Version: 1.0")
    raw = b"\n".join(lines) + b"\n\n" + body
    if not raw.endswith(b"\n"):
        raw += b"\n"
    is_same = former.lower() == envelope.sender.lower()
    answered = [found.lower() for found in _addresses_in(first, "reply-to")]
    return Rebuilt(
        raw=raw.replace(b"\n", b"\r\n"),
        subject=subject,
        needs_utf8=not (envelope.sender + wire_address(envelope.recipient)).isascii(),
        dropped=tuple(dict.fromkeys(f.name for f in fields if _is_dropped(f.name))),
        former_sender="" if is_same else former,
        replies_to=", ".join(one for one in answered if one != envelope.sender.lower()),
        sender_name=_one_line(name),
    )


def new_letter(subject: str, text: str, *, answers: bytes = b"") -> bytes:
    """Return a message of plain text, to be rebuilt; ``answers`` is the old header, for threads."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(subject)
    message.set_content(text.replace("\r\n", "\n").replace("\r", "\n"), charset="utf-8")
    fields, _ = split_message(answers)
    threads = [f for f in fields if f.name.lower() in {"in-reply-to", "references", "reply-to"}]
    lines = b"".join(f.name.encode() + b": " + _safe(f) + b"\n" for f in _once(threads))
    return lines.replace(b"\n", b"\r\n") + message.as_bytes()


def refuse_unusable(address: str) -> None:
    """Raise AppError when an address can't be used as it is."""
    seen = address.translate(_JOINERS)
    fits = _ADDRESS.fullmatch(address) and seen.isprintable()
    if not fits or len(address.encode()) > _LONGEST_ADDRESS:
        raise AppError(
            f'"{_one_line(address)[:80]}" isn\'t a complete address.', "", "Check it for typos."
        )


def wire_address(address: str) -> str:
    """Return an address as servers take it: a domain in other letters becomes ``xn--...``."""
    local, _, domain = address.rpartition("@")
    labels = unicodedata.normalize("NFC", domain.lower()).split(".")
    return f"{local}@{'.'.join(map(_a_label, labels))}" if not domain.isascii() else address


def _a_label(label: str) -> str:
    """Return a label in ASCII (RFC 5890); Python's own codec is that of 2003, which makes ß ss."""
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def mailbox(name: str, address: str) -> bytes:
    """Return ``name <address>`` for a header (RFC 5322, section 3.4), folded, with LF."""
    name, address = _one_line(name)[:_LONGEST_NAME], wire_address(address)
    local, _, domain = address.rpartition("@")
    if not name or name == address:
        return address.encode()
    if name.isascii():
        return str(Address(name, local, domain)).encode()
    words = Header(name, "utf-8", maxlinelen=60).encode(linesep="\n")
    return words.encode("ascii") + b" <" + address.encode() + b">"


def _is_kept(name: str) -> bool:
    name = name.lower()
    return name in _KEPT or (name.startswith("content-") and name != "content-length")


def _is_dropped(name: str) -> bool:
    return not _is_kept(name) and name.lower() not in _MADE


def _once(fields: list[RawField]) -> list[RawField]:
    """Return the first field of each name: RFC 5322, section 3.6, allows these once."""
    return list({field.name.lower(): field for field in reversed(fields)}.values())[::-1]


def _subject(old: RawField | None, wanted: str, subject: str) -> bytes:
    """Return the subject as it was written, or a changed one in encoded words where needed."""
    if old and not wanted and old.value.isascii():
        return _safe(old)
    if subject.isascii():
        return subject.encode()
    return Header(subject, "utf-8", header_name="Subject").encode(linesep="\n").encode("ascii")


def _safe(field: RawField) -> bytes:
    """Return a field's value as it was, if it can't be anything but one field."""
    value = re.sub(rb"[\x00-\x08\x0b-\x1f\x7f]", b"", field.value)
    lines = [line for line in value.split(b"\n") if line.strip()]
    value = b"\n ".join(line.strip(b" \t") if n else line for n, line in enumerate(lines))
    if value.isascii():
        return value
    return Header(field.text, "utf-8", header_name=field.name).encode(linesep="\n").encode("ascii")


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _address_in(fields: dict[str, RawField], name: str) -> str:
    return next(iter(_addresses_in(fields, name)), "")


def _addresses_in(fields: dict[str, RawField], name: str) -> list[str]:
    text = fields[name].text if name in fields else ""
    return [address for _, address in getaddresses([text]) if "@" in address]


def _name_in(fields: dict[str, RawField], name: str) -> str:
    text = fields[name].text if name in fields else ""
    return next((found for found, address in getaddresses([text]) if "@" in address), "")
