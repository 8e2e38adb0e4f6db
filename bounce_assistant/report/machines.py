"""Tells by the header of a mail that no person wrote it."""

import re

from bounce_assistant.report.facts import Notice
from bounce_assistant.report.mime import Part
from bounce_assistant.report.notice_words import NoticeWords

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def is_by_machine(message: Part, notice: Notice, words: NoticeWords) -> bool:
    """Tell a writer that is no person: nobody may answer it, it says so, or its name does."""
    return writes_by_itself(message, notice) or is_named_as_machine(message, notice, words)


def writes_by_itself(message: Part, notice: Notice) -> bool:
    """Tell by the header alone what no person sends: RFC 3834, or a return path of a service."""
    if notice.return_path == "" or message.get("auto-submitted").lower().startswith("auto-"):
        return True
    return "bounce" in (notice.return_path or "").lower()


def is_named_as_machine(message: Part, notice: Notice, words: NoticeWords) -> bool:
    """Tell whether a word of the writer's name is one that servers and services are called by."""
    local = notice.sender.partition("@")[0]
    names = f"{message.words('from').partition('<')[0]} {local}".lower()
    return any(f"{name} ".startswith(words.machines) for name in _WORD.findall(names))


def is_read_receipt(message: Part, flat: str) -> bool:
    """Tell a read receipt (RFC 8098) from a rejection that is written in its form."""
    if "disposition-notification" not in message.get("content-type"):
        return False
    rejected = "reject" in message.get("auto-submitted") or "rejected" in flat
    return not rejected
