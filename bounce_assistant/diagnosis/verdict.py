"""What the diagnosis answers: reason, cause, how sure, and the words that decided it."""

from enum import StrEnum
from typing import NewType

import msgspec

from bounce_assistant.report.facts import RecipientReport

ReasonId = NewType("ReasonId", str)  # Sisimai's vocabulary
CauseId = NewType("CauseId", str)  # what the user is told; one playbook each


class BounceType(StrEnum):
    """The words that users and their CRM know."""

    HARD = "hard"  # the address is dead: do not send again unchanged
    SOFT = "soft"  # may work later
    BLOCKED = "blocked"  # the address is probably fine; message, sender or server was refused


class Certainty(StrEnum):
    """How sure, in the words shown to the user."""

    ALMOST_CERTAIN = "almost certain"  # a standard code and the wording agree
    LIKELY = "likely"  # one strong sign, nothing against it
    NOT_SURE = "not sure"  # weak or conflicting signs


class Evidence(msgspec.Struct, frozen=True):
    """Words of the notice that decided, and what they say."""

    text: str
    says: str
    start: int = -1  # position in BounceReport.text; -1 when the words are not shown there
    end: int = -1


class Diagnosis(msgspec.Struct, frozen=True):
    """The verdict for one recipient."""

    recipient: RecipientReport
    reason: ReasonId
    cause: CauseId
    bounce_type: BounceType
    certainty: Certainty
    score: float  # 0 to 1; shown in Technical details only
    evidence: tuple[Evidence, ...] = ()
    runner_up: CauseId | None = None  # the other cause it hesitates over, when not sure
    slots: tuple[
        tuple[str, str], ...
    ] = ()  # facts for the sentence: ip, list, limit, suggestion...
