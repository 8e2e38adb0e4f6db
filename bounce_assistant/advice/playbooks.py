"""Playbooks: one per cause, in resources/playbooks; who acts, the words, and the steps out."""

from enum import StrEnum

import msgspec

from bounce_assistant.diagnosis.verdict import CauseId


class CauseGroup(StrEnum):
    """The badge of a cause: word, icon and colour go together."""

    ADDRESS = "address"
    LATER = "later"
    BLOCKED = "blocked"
    SETUP = "setup"
    FINE = "fine"
    UNSURE = "unsure"


BADGES = {
    CauseGroup.ADDRESS: "Wrong address",
    CauseGroup.LATER: "Try later",
    CauseGroup.BLOCKED: "Blocked",
    CauseGroup.SETUP: "Your setup",
    CauseGroup.FINE: "Nothing to do",
    CauseGroup.UNSURE: "Needs a look",
}


class WhoActs(StrEnum):
    """Who has to act."""

    YOU = "you"
    THEM = "them"
    PROVIDER = "provider"
    NOBODY = "nobody"


class Whose(StrEnum):
    """Whose domain or address a sentence speaks of."""

    RECIPIENT = "recipient"
    SENDER = "sender"


class Button(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A button of the card. Each does something: opens, snoozes or settles."""

    text: str  # slots filled in by advise()
    opens: str = "steps"  # one of proofs.OPENS; "" for nothing
    step: str = ""  # the step to show first
    snooze_hours: float = 0  # moves the case to Waiting for so long; "retry", "later" send it then
    marks_done: bool = False
    text_or: tuple[str, ...] = ()  # poorer wordings, for when a slot is not known


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of the way out: ticked off by the user, remembered."""

    id: str
    title: str  # a verb first
    why: str = ""
    link: str = ""  # an https page, opened after showing where it goes
    link_text: str = ""
    copy: str = ""  # words ready to copy; advise() fills them in from the template
    copy_text: str = ""  # the button: "Copy request"
    opens: str = ""  # a flow that carries the step out, one of proofs.FLOWS; "" for none
    opens_text: str = ""  # its button: "Send it again..."
    template: str = ""  # names a file of resources/templates, without .txt
    title_or: tuple[str, ...] = ()
    why_or: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()  # slots or facts that must be known, or the step is left out
    unless: tuple[str, ...] = ()  # any of these known: the step is left out


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When it is worth sending again unchanged; at most three tries."""

    hours: tuple[float, ...]  # hours to wait: after the bounce, after the next one, ...
    why: str  # a sentence on why then
    source: str


class OtherWay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which templates help to reach the person, or whoever can help, past the email."""

    text: str  # a text message
    phone: str  # what to say on the phone
    letter: str = ""  # a message to somebody else: their IT person, a provider, a group's owner


class Playbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"steps": "step"}):
    """The way out of one cause."""

    id: CauseId
    group: CauseGroup
    title: str
    sentence: str
    who_acts: WhoActs
    main_button: Button
    second_button: Button | None = None
    steps: tuple[Step, ...] = ()
    title_or: tuple[str, ...] = ()
    sentence_or: tuple[str, ...] = ()
    domain_of: Whose = Whose.RECIPIENT  # whose domain {domain} names
    names_list: bool = False  # look for a block list in the server's words
    service_not: tuple[str, ...] = ()  # services that {service} cannot mean here
    retry: Retry | None = None  # None: sending again unchanged makes no sense
    other_way: OtherWay | None = None  # None: there is nobody to reach


class WayKind(StrEnum):
    """How else the person is reached."""

    TEXT = "text"
    PHONE = "phone"
    LETTER = "letter"


class ReadyWords(msgspec.Struct, frozen=True):
    """Words to copy, to send by text, or to say; every slot filled."""

    kind: WayKind
    words: str


class Advice(msgspec.Struct, frozen=True):
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
    other_ways: tuple[ReadyWords, ...] = ()  # "Reach {name} another way...": ready to copy
