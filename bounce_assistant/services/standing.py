"""Where an email that went out again stands, in the words of the list and the card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bounce_assistant.store.outgoing import Outgoing, OutgoingState, Watch

_WATCHED = {
    Watch.NONE: "Sent again",
    Watch.WATCHING: "Waiting - no bounce so far",
    Watch.QUIET: "Looks delivered",
    Watch.BOUNCED: "Bounced again - let's try another way",
}
_NOON = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """What the badge says, and what can be done: names of methods of ``services.outbox``."""

    words: str
    detail: str = ""  # why, in a sentence; "" when there is nothing to add
    can: tuple[str, ...] = ()  # of undo, change, send_now, look_up, it_arrived


def standing_of(messages: Sequence[Outgoing], now: datetime, *, is_late: bool = False) -> Standing:
    """Return where the newest message of a case stands; the empty one when there is none."""
    if not messages:
        return Standing("")
    one = messages[-1]
    if one.state is OutgoingState.SCHEDULED and is_late:
        words = f"Late: it was due {day_and_hour(one.due_at, now)}"
        return Standing(words, "The program was closed then.", ("send_now", "change", "undo"))
    if one.state is OutgoingState.SCHEDULED and one.due_at > now:
        words = f"Will try again {day_and_hour(one.due_at, now)}"
        return Standing(words, one.problem, ("change", "send_now", "undo"))
    return Standing(_WORDS.get(one.state) or _WATCHED[one.watch], one.problem, _CAN[one.state])


_WORDS = {
    OutgoingState.UNDO: "Sending...",
    OutgoingState.SCHEDULED: "Sending...",
    OutgoingState.SENDING: "Sending...",
    OutgoingState.REFUSED: "Nothing was sent",
    OutgoingState.UNKNOWN: "We don't know whether it was sent",
    OutgoingState.CANCELLED: "Called back",
}
_CAN: dict[OutgoingState, tuple[str, ...]] = {
    OutgoingState.UNDO: ("undo",),
    OutgoingState.SCHEDULED: ("undo",),
    OutgoingState.SENDING: (),
    OutgoingState.SENT: (),
    OutgoingState.REFUSED: ("send_now",),
    OutgoingState.UNKNOWN: ("look_up", "it_arrived", "send_now"),
    OutgoingState.CANCELLED: (),
}


def day_and_hour(moment: datetime, now: datetime) -> str:
    """Return a time as people say it: ``Thu about 9 AM``, ``tomorrow about 3 PM``, ``4 March``."""
    there, here = moment.astimezone(), now.astimezone()
    days = (there.date() - here.date()).days
    hour = f"about {(there.hour % _NOON) or _NOON} {'AM' if there.hour < _NOON else 'PM'}"
    if days in (-1, 0, 1):
        return f"{('yesterday', 'today', 'tomorrow')[days + 1]} {hour}"
    if 1 < days < 7:  # noqa: PLR2004 - within a week the weekday is enough
        return f"{there:%a} {hour}"
    return f"{there.day} {there:%B} {hour}"
