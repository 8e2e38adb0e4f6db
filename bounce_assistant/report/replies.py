"""SMTP replies inside text: reply codes, enhanced codes, the command refused (RFC 5321, 3463)."""

import re

import msgspec

from bounce_assistant.report.facts import StatusCode

_ENHANCED = r"[245]\.\d{1,2}\.\d{1,3}"
# Each begins with a digit and looks back from there, which makes looking for it quick.
_REPLY = re.compile(
    rf"([45](?<![A-Za-z\d.:/-].)\d\d)"
    rf"(?:[- ]+(?:[45]\d\d[- ]+)?#?\(?({_ENHANCED})\b|(?=[- ,]|$|:))"
)
_STATUS = re.compile(r"([245](?<![\d.].)\.\d{1,2}\.\d{1,3})(?![\d.]\d|\d)")
_NO_CODE_BEFORE = re.compile(
    r"(?:port|line|rfc ?|ticket|code:|over|after|in|of|to|than|for|since|id|size|limit|by)\s*$",
    re.IGNORECASE,
)
_NO_UNIT_AFTER = re.compile(
    r"[- ]{1,3}(?:bytes?|kb|mb|gb|kib|mib|k|m|hours?|days?|minutes?|seconds?|messages?|recipients?|"
    r"emails?|years?|characters?|people|users?|per|a day|times)\b",
    re.IGNORECASE,
)
# What servers say beside the command that was refused; the first that is said counts.
_COMMANDS = (
    ("RCPT", ("rcpt to", "rcpt command", "does not like recipient", "[rcpt_to]")),
    ("MAIL", ("mail from", "mail command", "does not like sender", "[mail_from]")),
    ("DATA", ("end of data", "data command", "failed after i sent", "final data", "<<< data")),
    ("HELO", ("ehlo command", "helo command", "ehlo ", "helo ", "my name was rejected")),
    ("CONN", ("initial connection", "greeting", "connection refused", "banner", "[conn]")),
)
_FIRST = re.compile(rf"[45]\d\d[- ](?:{_ENHANCED})?")
_CONTINUED = re.compile(r"(?<=\s)([45]\d\d)[- ](?:([45]\.\d{1,2}\.\d{1,3})[ ])?(?=\S)")
_SUCCESS = 2


class Codes(msgspec.Struct, frozen=True):
    """The codes that a server's words carry."""

    reply_code: str = ""
    status: StatusCode | None = None


def find_codes(words: str) -> Codes:
    """Return the reply code and enhanced code of a server's words; the first telling ones."""
    reply = ""
    status: StatusCode | None = None
    for match in _REPLY.finditer(words[:4000]):
        if match[2]:
            return Codes(match[1], StatusCode.parse(match[2]))
        before = words[max(0, match.start() - 10) : match.start()].strip()
        after = words[match.end() : match.end() + 20]
        begins = not before or before[-1] in ":'\"(>"  # where a server begins to speak
        is_number = _NO_CODE_BEFORE.search(before + " ") or _NO_UNIT_AFTER.match(after)
        if not reply and (begins or not is_number):
            reply = match[1]
    found = _STATUS.search(words[:4000])
    if found:
        status = StatusCode.parse(found[1])
        if status and reply and status.class_ == _SUCCESS:  # a version number, or another reply's
            status = None
    return Codes(reply, status)


def command_in(words: str) -> str:
    """Return the SMTP command that the words say was refused, or ''."""
    lowered = words[:4000].lower()
    for command, cues in _COMMANDS:
        for cue in cues:
            if cue in lowered:
                return command
    return ""


def tidy_diagnostic(words: str) -> str:
    """Join a multi-line reply: one line, the codes of its continuation lines dropped."""
    text = " ".join(words.split())
    first = _FIRST.search(text)
    if first and "-" in first[0]:
        code = first[0][:3]
        head, rest = text[: first.end()], text[first.end() :]
        text = head.replace("-", " ", 1) + _CONTINUED.sub(
            lambda found: "" if found[1] == code else found[0], rest
        )
    return text[:4000]
