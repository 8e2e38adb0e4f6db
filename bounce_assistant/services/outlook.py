"""bytes of an Outlook .msg file -> bytes of the message (RFC 5322) that Outlook made it from."""

import base64
import hashlib
import re
from dataclasses import dataclass
from email.utils import format_datetime

from bounce_assistant.services.outlook_file import MsgProperties, open_msg
from bounce_assistant.services.outlook_notice import (
    SUBJECT,
    address_of,
    delivery_status,
    original_header,
    report_action,
    report_words,
)

MAX_FILE_BYTES = 48 * 1024 * 1024  # converting takes some seven times as much memory
MAX_NESTED = 3  # messages inside messages
MAX_ATTACHMENTS = 300
_MAX_HEADER = 512 * 1024
_FIELD = re.compile(r"[!-9;-~]{1,100}[ \t]*:")
_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,60}")
_OWN_FIELDS = ("content-type:", "content-transfer-encoding:", "mime-version:", "content-length:")
_STATUS = "message/delivery-status"
_RETURNED = "message/rfc822"

_HEADERS, _BODY, _HTML, _MESSAGE_ID, _IN_REPLY_TO = 0x007D, 0x1000, 0x1013, 0x1035, 0x1042
_MOMENTS = (0x0039, 0x0032, 0x0E06)  # sent, reported, arrived
_SENDERS = ((0x5D01, 0x0C1F, 0x0C1A), (0x5D02, 0x0065, 0x0042))  # address, Exchange's own, name
_RECEIVER = (0x5D07, 0x0076, 0x0040)
_DATA, _MIME_TAG, _FILE_NAMES = 0x3701, 0x370E, (0x3707, 0x3704)
_RECIPIENT_TYPE, _NAME = 0x0C15, 0x3001
_ROLES = {1: "To", 2: "Cc", 3: "Bcc"}


@dataclass(frozen=True, slots=True)
class _Entity:
    """A MIME part, or all parts of a message: its fields without the blank line, and its body."""

    fields: str
    body: bytes

    @property
    def raw(self) -> bytes:
        return self.fields.encode("utf-8", "replace") + b"\r\n" + self.body

    def has_type(self, wanted: str) -> bool:
        return self.fields.startswith(f"Content-Type: {wanted}")


def outlook_to_mail(data: bytes) -> bytes:
    """Convert a .msg file; b'' where it holds no message that can be read. Raises nothing.

    The same file gives the same bytes. Attached messages are kept to a depth of MAX_NESTED.
    """
    message = open_msg(data) if len(data) <= MAX_FILE_BYTES else None
    return _to_mail(message, MAX_NESTED) if message else b""


def _to_mail(message: MsgProperties, nested: int) -> bytes:
    action = report_action(message)
    header = _header(message, is_report=bool(action))
    parts = _texts(message, is_report=bool(action)) + _attached(message, nested)
    if action:
        parts = _with_report(message, action, parts)
    if not header and not parts:
        return b""
    whole = _joined(parts, action)
    return (header + "MIME-Version: 1.0\r\n").encode("utf-8", "replace") + whole.raw


def _header(message: MsgProperties, *, is_report: bool) -> str:
    """Return the fields that the message arrived with; what is missing is made from properties."""
    lines = _transported(message.text(_HEADERS)[:_MAX_HEADER])
    present = {line.partition(":")[0].strip().lower() for line in lines if line[:1] not in " \t"}
    made: dict[str, str] = {"From": _sender(message, is_report=is_report)}
    made |= _addressees(message, is_report=is_report)
    made["Subject"] = message.words(SUBJECT)
    moment = message.time(*_MOMENTS)
    made["Date"] = format_datetime(moment) if moment else ""
    made["Message-ID"] = message.words(_MESSAGE_ID)
    made["In-Reply-To"] = message.words(_IN_REPLY_TO)
    lines += [
        f"{name}: {value}" for name, value in made.items() if value and name.lower() not in present
    ]
    return "".join(line + "\r\n" for line in lines)


def _transported(text: str) -> list[str]:
    """Return the header lines of a text; those about the body are left out, it is made anew."""
    lines: list[str] = []
    is_kept = False
    for line in filter(str.strip, text.replace("\r", "\n").split("\n")):
        if line[0] not in " \t":
            is_kept = bool(_FIELD.match(line)) and not line.lower().startswith(_OWN_FIELDS)
        if is_kept:
            lines.append(line)
    return lines


def _sender(message: MsgProperties, *, is_report: bool) -> str:
    for smtp, email, name in _SENDERS:
        address = message.words(smtp)
        own_name = message.words(email)
        shown = message.words(name)
        if "@" not in address:
            address = own_name if "@" in own_name else ""
        if not address and own_name and not is_report:  # "/o=.../cn=dana", who is no mail server
            address = re.sub(r"[^\w.-]+", "-", own_name.rpartition("=")[2]) + "@exchange.invalid"
        if address or shown:
            return _mailbox(shown, address)
    return ""


def _addressees(message: MsgProperties, *, is_report: bool) -> dict[str, str]:
    """Return To, Cc and Bcc; the recipients in a report are those it is about, not its readers."""
    if is_report:
        return {"To": _mailbox("", _receiver(message))}
    found: dict[str, list[str]] = {}
    for person in message.recipients():
        role = _ROLES.get((person.number(_RECIPIENT_TYPE) or 1) & 0xF, "To")
        found.setdefault(role, []).append(_mailbox(person.words(_NAME), address_of(person)))
    return {role: ", ".join(filter(None, people)) for role, people in found.items()}


def _receiver(message: MsgProperties) -> str:
    return next((text for pid in _RECEIVER if "@" in (text := message.words(pid))), "")


def _mailbox(name: str, address: str) -> str:
    name = re.sub(r'["\\<>]', "", name).strip("' ")
    if not address:
        return f'"{name}"' if name else ""
    return f'"{name}" <{address}>' if name and name != address else address


def _texts(message: MsgProperties, *, is_report: bool) -> list[_Entity]:
    plain = message.text(_BODY)
    html = message.decoded(_HTML) or message.text(_HTML)
    if is_report and not (plain.strip() or html.strip()):
        return [_text("plain", report_words(message))]
    texts = [_text("plain", plain)] if plain.strip() else []
    texts += [_text("html", html)] if html.strip() else []
    return [_multipart("alternative", texts)] if len(texts) > 1 else texts


def _text(kind: str, text: str) -> _Entity:
    fields = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    return _Entity(fields, _lines(text).encode("utf-8", "replace"))


def _attached(message: MsgProperties, nested: int) -> list[_Entity]:
    parts: list[_Entity] = []
    for number, attachment in enumerate(message.attachments()):
        if number == MAX_ATTACHMENTS:
            break
        inner = attachment.embedded()
        if inner is None:
            parts.append(_file(attachment))
        elif nested:
            raw = _to_mail(inner, nested - 1)
            parts += [_Entity(f"Content-Type: {_RETURNED}\r\n", raw)] if raw else []
    return parts


def _file(attachment: MsgProperties) -> _Entity:
    """Return an attachment; messages and delivery status as they are, all else in base64."""
    data = attachment.data(_DATA)
    name = re.sub(r'["\\/]', "_", attachment.words(*_FILE_NAMES))[:200]
    tag = attachment.words(_MIME_TAG).lower()
    kind = tag if _TYPE.fullmatch(tag) else "application/octet-stream"
    if kind == "application/octet-stream" and name.lower().endswith(".eml"):
        kind = _RETURNED
    if kind.startswith(("message/", "text/rfc822-header")):
        return _Entity(f"Content-Type: {kind}\r\n", data)
    if kind.startswith("multipart/"):
        kind = "application/octet-stream"
    fields = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n'
    )
    return _Entity(fields, base64.encodebytes(data).replace(b"\n", b"\r\n"))


def _with_report(message: MsgProperties, action: str, parts: list[_Entity]) -> list[_Entity]:
    """Add what Outlook took out of a report: the status, and the header of the mail returned."""
    if not any(part.has_type(_STATUS) for part in parts):
        status = _lines(delivery_status(message, action)).encode("utf-8", "replace")
        parts = [parts[0], _Entity(f"Content-Type: {_STATUS}\r\n", status), *parts[1:]]
    if not any(part.has_type(_RETURNED) or part.has_type("text/rfc822") for part in parts):
        original = _lines(original_header(message, _receiver(message)))
        returned = _Entity("Content-Type: text/rfc822-headers\r\n", original.encode())
        parts += [returned] if original else []
    return parts


def _joined(parts: list[_Entity], action: str) -> _Entity:
    if action or any(part.has_type(_STATUS) for part in parts):
        return _multipart("report; report-type=delivery-status", parts)
    if len(parts) == 1 and not parts[0].has_type("message/"):
        return parts[0]
    return _multipart("mixed", parts) if parts else _text("plain", "")


def _multipart(kind: str, parts: list[_Entity]) -> _Entity:
    """Join parts; the boundary is a digest of them, so that none of them can hold it."""
    digest = hashlib.sha256()
    pieces = [part.raw for part in parts]
    for piece in pieces:
        digest.update(piece)
    boundary = f"=_{digest.hexdigest()[:40]}"
    line = f"--{boundary}".encode()
    body = b"".join(b"%b\r\n%b\r\n" % (line, piece) for piece in pieces) + line + b"--\r\n"
    return _Entity(f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n', body)


def _lines(text: str) -> str:
    """Return a text with the line ends of mail."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
