"""What is asked of a server that sends: one message, to the people it is for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bounce_assistant.errors import AppError


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server said against one recipient, or against the message."""

    words: str  # the server's own, one line, with its codes
    is_for_now: bool  # a 4xx reply: it would take it later (RFC 5321, section 4.2.1)


@dataclass(frozen=True, slots=True)
class Taken:
    """The server took the message and answers for it from now on."""

    words: str
    refused: dict[str, Refusal] = field(default_factory=dict)  # recipient -> why, of some


class NotTakenError(AppError):
    """The server said no, in so many words. Nothing was sent."""

    def __init__(self, told: AppError, refusal: Refusal) -> None:
        super().__init__(told.title, told.detail, told.next_step)
        self.refusal = refusal


class UnreachableError(AppError):
    """The server was not reached, or left before it had the message. Nothing was sent."""


class NotReachedError(UnreachableError):
    """It was not reached at all: nothing was asked of it, so another server may be tried."""


class UnheardError(AppError):
    """The message went out, but the answer never came: it may have been sent, or not."""


class Mailer(Protocol):
    """One signed-in connection to a submission server (RFC 6409). Not for two threads at once."""

    def send(
        self,
        sender: str,
        recipients: Sequence[str],
        raw: bytes,
        begin: Callable[[], None],
        *,
        needs_utf8: bool = False,
    ) -> Taken:
        """Send a message (with CRLF) and return once the server took it.

        ``begin`` is called when the server is ready for the message, before its first byte leaves;
        what it raises ends the sending with nothing sent. Raises NotTakenError, UnreachableError,
        UnheardError or CancelledError; of these only UnheardError leaves open what happened.
        """

    def close(self) -> None:
        """Sign out. Never raises."""
