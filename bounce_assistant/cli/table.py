"""How a diagnosis reads on the terminal."""

import unicodedata
from typing import Any

_KINDS = {
    "delay": "Still being tried",
    "feedback": "Spam complaint",
    "auto-reply": "Automatic answer",
    "delivered": "It was delivered",
    "not-a-bounce": "Not a bounce",
}
_WHO = {"you": "You", "them": "Them", "provider": "Your provider or IT person", "nobody": "Nobody"}


def describe_lines(told: dict[str, Any]) -> list[str]:
    """Return the lines that tell one message's object to a person."""
    lines = [printable(str(told["file"]))]
    if not told["deliveries"]:
        lines.append(f"  {_KINDS.get(told['kind'], told['kind'])}")
    for each in told["deliveries"]:
        who = _WHO[each["who_acts"]]
        lines.append(f"  {printable(each['recipient']) or '(no address named)'}: {each['cause']}")
        lines.append(f"    {each['bounce_type']}, {each['certainty']}. Who acts: {who}.")
        if each["diagnostic"]:
            lines.append(f"    {printable(each['diagnostic'])[:200]}")
        lines += [f'    "{printable(one["text"])[:80]}": {one["says"]}' for one in each["evidence"]]
    return lines


def printable(text: str) -> str:
    """Take what could steer a terminal out of words that come from mail."""
    return "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)
