"""What came back of our own mail: a returned message, its header, or a copy inside the text."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec.structs import replace

from bounce_assistant.report.facts import OriginalMessage, RecipientReport
from bounce_assistant.report.mime import Part, parse_message
from bounce_assistant.report.words import all_addresses, first_address, lowered, without_xtext

BODY_LIMIT = 20_000  # characters
_ENOUGH_FIELDS = 3
_MOST_LINES = 5000  # of a text that look like a field and are tried
_NEAR = 400  # characters between a separator line and the copy it announces
RETURNED_TYPES = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "text/rfc822-header",
        "message/global-headers",
        "message/rfc822-headers",
    }
)
_SAYS_MAIL = frozenset({"received", "return-path", "message-id", "mime-version", "dkim-signature"})
_SAYS_MAIL |= {"x-received", "date", "from", "to", "subject", "content-type", "arc-seal"}
_RARE = frozenset({"received", "return-path", "message-id", "dkim-signature", "x-received"})
_RARE |= {"mime-version", "arc-seal", "delivered-to", "x-originating-ip", "domainkey-signature"}
_PLAIN = frozenset({"from", "to"})
_PLAIN_TOO = frozenset({"subject", "date"})
_FIELD_LINE = re.compile(r"^(?:> ?)?([A-Za-z][A-Za-z0-9-]{1,50}):(?=[ \t\n])", re.MULTILINE)
# A letter quoted to the end as mail programs quote: three fields of its header, then what it says.
_QUOTED = re.compile(
    r"^(?:> ?(?:from|to|cc|date|subject|message-id): [^\n]{1,300}\n){3}(?:>[^\n]*(?:\n|$))*",
    re.IGNORECASE | re.MULTILINE,
)
# Of lower-case text; a line break to begin with is found quicker than a line's beginning.
_CUT = re.compile(
    r"\n[ \t>]{0,8}(?:[-=*_|#]{2,80}[ \t]{0,8})?(?:"
    r"(?:original|returned|undelivered|failed|bounced|unsent) (?:message|e?-?mail|mail)"
    r"(?: (?:headers?|text|body|follows|attached|info|source|below))*|"
    r"(?:start|begin) of (?:returned|original|forwarded) (?:message|mail)|"
    r"message (?:headers?|text|body|contents?) follow(?:s|ing)?|message header follows|"
    r"returned mail follows|(?:a )?copy of (?:the|your) (?:original )?message.{0,60}|"
    r"below this line is a copy of the message.{0,10}|"
    r"this is a copy of (?:the|your) message.{0,60}|"
    r"the (?:headers?|body) of the (?:original )?message is following.{0,5}|"
    r"the header of the original message is following|"
    r"below is a copy of the original message|here is a copy of.{0,80}|"
    r"unsent message (?:below|follows)|original message (?:headers|follows)|"
    r"message d'origine|nachrichtentext|urspr\S{1,3}ngliche nachricht.{0,20}|"
    r"mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|"
    r"en-t\S{1,2}tes? (?:du )?message d'origine|encabezados de mensajes? originales?|"
    r"ursprüngliche nachrichtenkopfzeilen|cabeçalhos de mensagens? originais|"
    r"intestazioni originali del messaggio|"
    r"オリジナルメッセージ|元のメッセージ.{0,12}|原始邮件.{0,8}|"
    r"邮件原件.{0,8}|исходное сообщение"
    r")[ \t]{0,8}[:.]?[ \t]{0,8}(?:[-=*_|#]{2,80})?[ \t]{0,8}$",
    re.MULTILINE,
)


def original_from_part(part: Part) -> OriginalMessage:
    """Read a returned message or its header from the MIME part that carries it."""
    return original_from_bytes(part.decoded(limit=4 * 1024 * 1024), size=len(part.body))


def original_from_bytes(raw: bytes, *, size: int = 0) -> OriginalMessage:
    """Read our own mail from the bytes of it that came back."""
    message = parse_message(raw)
    return _describe(message, size or len(raw))


def original_from_text(text: str) -> OriginalMessage | None:
    """Read our own mail from a copy inside a text notice; None if the text holds no header."""
    start = header_start(text)
    if start < 0:
        return None
    return plain_copy(text, start)


def _describe(message: Part, size: int) -> OriginalMessage:
    sender = first_address(message.words("from")) or first_address(message.get("sender"))
    recipients = all_addresses(
        ", ".join(message.words(name) for name in ("to", "cc", "bcc") if message.has(name))
    )
    return OriginalMessage(
        message_id=message.get("message-id").strip()[:500],
        subject=message.words("subject")[:1000],
        sender=sender,
        to=recipients[:200],
        date=message.get("date")[:100],
        headers=message.shown_fields(200),
        body=body_text(message)[:BODY_LIMIT],
        size=size,
    )


def as_written(
    recipients: Iterable[RecipientReport], original: OriginalMessage | None
) -> tuple[RecipientReport, ...]:
    """Name people as our own mail names them: a notice may tell of an alias nobody wrote to."""
    written = {address.lower() for address in original.to} if original else set()
    return tuple(_as_written(each, written) for each in recipients)


def _as_written(report: RecipientReport, written: set[str]) -> RecipientReport:
    if not written or report.recipient.lower() in written:
        return report
    if report.final_recipient.lower() in written:
        return replace(report, recipient=report.final_recipient, final_recipient="")
    whole = [each for each in written if each.startswith(report.recipient.lower())]
    if len(whole) == 1 and "@" in report.recipient:  # cut off, or wrapped in its middle
        return replace(report, recipient=whole[0])
    plain = without_xtext(report.recipient)
    if plain.lower() in written:  # some servers leave it as it came to them (RFC 3461, section 4)
        return replace(report, recipient=plain)
    return report


def body_text(message: Part) -> str:
    """Return what a person reads of a message: its plain text, else its HTML as text."""
    plain = html = ""
    for part in message.walk():
        if part.content_type == "text/plain" and not plain and not part.parts:
            plain = part.text()
        elif part.content_type == "text/html" and not html:
            html = part.text()
    if plain.strip() or not html:
        return plain.strip()
    from bounce_assistant.report.html import html_to_text  # noqa: PLC0415 - see parts.py

    return html_to_text(html)


def cut_original(text: str) -> tuple[str, str]:
    """Split a notice's text into what the server says and the copy of our mail below it."""
    is_quoted = "\n>" in text and text.rstrip().rpartition("\n")[2].startswith(">")
    quoted = _QUOTED.search(text, text.index("\n>")) if is_quoted else None
    if quoted and not text[quoted.end() :].strip() and "@" in text[: quoted.start()]:
        return text[: quoted.start()], quoted[0]
    start = header_start(text)
    match = _CUT.search("\n" + lowered(text))
    begin, end = (match.start(), match.end() - 1) if match else (0, 0)
    if begin and (start < 0 or begin < start):
        if start >= 0 and start - end < _NEAR:
            return text[:begin], text[start:]
        if start < 0 or "@" in text[:begin]:  # enough was said before the separator
            return text[:begin], text[end:]
    if start >= 0:
        return text[:start], text[start:]
    return text, ""


def header_start(text: str) -> int:
    """Return where a block of at least three mail header fields begins in a text, or -1."""
    return next(
        (start for start, known in _runs(text) if len(known) >= _ENOUGH_FIELDS and known & _RARE),
        -1,
    )


def plain_header_start(text: str) -> int:
    """Return where somebody wrote down a mail's From, To and Subject or Date, or -1.

    A notice may do so of the mail that it brings back, and mail programs of one that is answered.
    """
    return next(
        (start for start, known in _runs(text) if known >= _PLAIN and known & _PLAIN_TOO), -1
    )


def plain_copy(text: str, start: int) -> OriginalMessage:
    """Read a mail whose From, To and Subject or Date stand at a place in a text."""
    copy = text[start:]
    if copy.startswith(">"):
        copy = re.sub(r"^> ?", "", copy, flags=re.MULTILINE)
    return original_from_bytes(copy.encode("utf-8", "replace"))


def _runs(text: str) -> Iterator[tuple[int, set[str]]]:
    """Yield, at each header field of a text, where its block begins and what is known of it."""
    run_start, last_end = -1, -1
    known: set[str] = set()
    for match in islice(_FIELD_LINE.finditer(text), _MOST_LINES):
        between = text[last_end : match.start()] if last_end >= 0 else ""
        is_next_line = between == "\n"  # nearly always, and quick to see
        if not is_next_line and ("\n\n" in between or last_end < 0 or _has_plain_line(between)):
            run_start, known = match.start(), set()
        name = match[1].lower()
        if name in _SAYS_MAIL or name.startswith("x-"):
            known.add(name)
        last_end = match.end()
        yield run_start, known


def _has_plain_line(between: str) -> bool:
    """Tell whether text between two fields has a line that is no folded continuation."""
    return any(
        line.lstrip("> ") and not line.startswith((" ", "\t", "> ", ">\t"))
        for line in between.split("\n")[1:-1]
    )
