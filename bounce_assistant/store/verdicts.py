"""What the diagnosis says about one failed person, as the list keeps it."""

from dataclasses import dataclass

from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.diagnosis.verdict import CauseId

_LONGEST = 500  # characters; a list row shows far fewer


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case of a message, ready for its list row."""

    recipient: str  # the address as written; "" when the notice names nobody
    cause: CauseId
    group: CauseGroup
    title: str
    name: str = ""  # of the person; "" shows the address
    subject: str = ""  # of the mail that failed
    mailing: int | None = None  # the same 64-bit number for mails sent together
    reason: str = ""
    bounce_type: str = ""
    certainty: str = ""


def recipient_key(address: str) -> str:
    """Return the address as decisions are kept under: one person, however it was written."""
    return tidy(address).casefold()


def tidy(text: str) -> str:
    """Return text that any database and any list can hold: one line, of a bearable length."""
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    return "".join(letter for letter in line[:_LONGEST] if letter.isprintable())
