"""Whether a line bears other mail, and more of it, than what it broke over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bounce_assistant.mail.mailbox import WHOLE_LIMIT, Look, Mailbox
from bounce_assistant.mail.problems import MailServerError

MOST_GLANCED = 30_000  # bytes at most that a look at one message brings
_LOST = 20_000  # bytes that may have been under way when a line broke: one record of TLS
_ROUNDS = 400  # readings or openings, to see that a line bears enough
_SAMPLE = 50  # messages among which the largest is taken
_CHANCES = 2  # some of the other mail may be as odd


@dataclass(frozen=True, slots=True)
class Break:
    """A line that broke, after so many bytes."""

    problem: MailServerError
    received: int

    def need(self, size: int) -> int:
        """Return how many bytes a line has to bear before a message of ``size`` is blamed.

        Of a line that wasn't closed in good order, all that was asked for may have been under way.
        """
        return self.received + _LOST + (0 if self.problem.is_clean_end else size)


def choose_others(
    mailbox: Mailbox, uids: Sequence[int], read: Collection[int], need: int
) -> list[list[Look]]:
    """Return two choices of mail to try a line with, the better one first.

    That is what was ``read`` before, as much as makes up ``need``; else one large message.
    """
    sample = {*uids[-_SAMPLE:], *[uid for uid in uids if uid in read][-_SAMPLE:]}
    looks = [one for one in mailbox.looks(sorted(sample), ()) if one.size <= WHOLE_LIMIT]
    looks.sort(key=lambda look: look.size, reverse=True)
    known = [look for look in looks if look.uid in read]
    sizes = accumulate(look.size for look in known)
    enough = next((n for n, size in enumerate(sizes, start=1) if size > need), len(known))
    unknown = [[look] for look in looks if look.uid not in read]
    return [chosen for chosen in (known[:enough], *unknown) if chosen][:_CHANCES]


def bears_mail(mailbox: Mailbox, looks: Sequence[Look], need: int) -> bool:
    """Read messages until the connection bore so many bytes; False where it never does."""
    in_order = sorted(looks, key=lambda look: look.uid)
    for _ in range(_ROUNDS):
        if not list(mailbox.messages(in_order)):
            return False  # they were removed meanwhile
        if mailbox.received > need:
            return True
    return False


def bears_opening(mailbox: Mailbox, folder: str, need: int) -> bool:
    """Open a folder that has no other mail until the connection bore so many bytes."""
    for _ in range(_ROUNDS):
        mailbox.open(folder)
        if mailbox.received > need:
            return True
    return False
