"""When to try again, by the cause's playbook and by what their server asked for."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.advice.playbooks import Retry
from bounce_assistant.diagnosis.verdict import CauseId

_LONGEST = timedelta(days=7)  # asked for longer than this, it is no wait but a refusal
_MOST_WORDS = 4000  # characters
_ASKED = re.compile(
    r"(?:try|retry|again|wait|resend|greylist(?:ed|ing)?|gr[ae]y-?listed|defer(?:red)?|delay(?:ed)?)"
    r"[^\d\n.;]{0,40}?(?<![\d.])(\d{1,6}) ?"
    r"(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:try|retry|again|wait|back|greylist\w{0,3})[^\d\n.;]{0,30}?(\d{2}):([0-5]\d):([0-5]\d)\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"(?:try|retry|again|wait)[^\d\n.;]{0,30}?\b(?:an|one|half an) (minute|hour|day)\b",
    re.IGNORECASE,
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class NextTry:
    """The next try, ready for the scheduler. Whoever shows it lets the person change it."""

    at: datetime  # aware, in the zone of ``now``
    number: int  # 1 for the first try after the bounce
    of: int  # tries there are in all, at most three
    because: str  # a sentence: why then

    @property
    def is_last(self) -> bool:
        """Whether another way has to be found if this one comes back too."""
        return self.number == self.of


def next_try(
    handbook: Handbook, cause: CauseId, tries_so_far: int, now: datetime, words: str = ""
) -> NextTry | None:
    """Return when to send again; None where no try is left, or trying changes nothing.

    tries_so_far: how often it went out again already. now: when it came back, or now; aware.
    words: what their server said; a longer wait that it asks for stands, a shorter one does not
    (RFC 5321, section 4.5.4.1, wants at least 30 minutes between tries).
    """
    retry = retry_of(handbook, cause)
    if retry is None or not 0 <= tries_so_far < len(retry.hours):
        return None
    wait, because = timedelta(hours=retry.hours[tries_so_far]), retry.why
    asked = asked_wait(words)
    if asked and asked > wait:
        wait, because = asked, f"Their mail company asked to wait {spoken_wait(asked)}."
    return NextTry(now + wait, tries_so_far + 1, len(retry.hours), because)


def retry_of(handbook: Handbook, cause: CauseId) -> Retry | None:
    """Return the schedule of a cause; None where sending again unchanged makes no sense."""
    playbook = handbook.playbooks.get(cause)
    return playbook.retry if playbook else None


def asked_wait(words: str) -> timedelta | None:
    """Return how long a server's words ask to wait; None when they don't say, or say nonsense."""
    text = words[:_MOST_WORDS]
    found = _ASKED.search(text)
    clock = _CLOCK.search(text)
    one = _ONE.search(text)
    seconds = 0
    if clock:
        seconds = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3])
    elif found:
        seconds = int(found[1]) * _SECONDS[found[2][0].lower()]
    elif one:
        seconds = _SECONDS[one[1][0].lower()]
    wait = timedelta(seconds=seconds)
    return wait if timedelta() < wait <= _LONGEST else None


def spoken_wait(wait: timedelta) -> str:
    """Return "2 days", "4 hours" or "30 minutes", rounded up to what is said."""
    minutes = -(-int(wait.total_seconds()) // 60)
    for unit, size in (("day", 1440), ("hour", 60)):
        if minutes >= size and (minutes % size == 0 or minutes >= 2 * size):
            return _counted(-(-minutes // size), unit)
    return _counted(minutes, "minute")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
