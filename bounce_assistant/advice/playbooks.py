"""Playbooks: one per cause, in resources/playbooks; who acts, the words, and the steps out."""

from dataclasses import dataclass
from enum import StrEnum

from bounce_assistant.diagnosis.verdict import CauseId


class CauseGroup(StrEnum):
    """The badge of a cause (ux.md A2): word, icon and colour go together."""

    ADDRESS = "address"
    LATER = "later"
    BLOCKED = "blocked"
    SETUP = "setup"
    FINE = "fine"
    UNSURE = "unsure"


class WhoActs(StrEnum):
    """Who has to act."""

    YOU = "you"
    THEM = "them"
    PROVIDER = "provider"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the card. Each does something: opens, snoozes or settles."""

    text: str  # slots filled in by advise()
    opens: str = "steps"  # "steps", "questions" (the offline wizard), "original" or "" for nothing
    step: str = ""  # the step to show first
    snooze_hours: int = 0  # moves the case to Waiting for so long
    marks_done: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way out: ticked off by the user, remembered."""

    id: str
    title: str  # a verb first
    why: str = ""
    link: str = ""  # an https page, opened after showing where it goes
    link_text: str = ""
    copy: str = ""  # words ready to copy; filled in from resources/templates
    copy_text: str = ""  # the button: "Copy request"


@dataclass(frozen=True, slots=True)
class Playbook:
    """The way out of one cause."""

    id: CauseId
    group: CauseGroup
    title: str
    sentence: str
    who_acts: WhoActs
    main_button: Button
    second_button: Button | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """A playbook fitted to one bounce: every slot filled."""

    cause: CauseId
    group: CauseGroup
    badge: str  # "Wrong address"
    title: str
    sentence: str
    who_acts: WhoActs
    main_button: Button
    second_button: Button | None
    steps: tuple[Step, ...]
