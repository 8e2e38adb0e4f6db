"""Tries both servers of an account at once: reading decides, sending is told beside it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.beside import begin
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.line import Line, NoAnswerError
from bounce_assistant.mail.providers import Provider
from bounce_assistant.services.job import Job

_PATIENCE = 60.0  # seconds for the sending server, once reading is known to work
TrySending = Callable[[Account, Credential, Line, Provider | None, Callable[[], object]], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """Reading works with ``account``; ``sending`` is what is in the way of sending, if anything."""

    account: Account
    sending: AppError | None = None

    @property
    def has_sending_server(self) -> bool:
        """Whether sending was tried at all."""
        return self.account.smtp is not None


def try_sending(
    account: Account,
    credential: Credential,
    line: Line,
    provider: Provider | None,
    admit: Callable[[], object],
) -> None:
    """Sign in to send, and leave; imported when the first trial is made, for a quick start."""
    from bounce_assistant.mail import smtp  # noqa: PLC0415 - costs start-up time

    smtp.try_smtp(account, credential, line, provider, admit)


def try_both(
    account: Account,
    read: Callable[[], object],
    send: Callable[[Line, Callable[[], object]], Account],
    job: Job,
) -> Trial:
    """Run ``read`` here and ``send`` beside it; raise what ``read`` raises.

    ``send`` is given a line to hang up and what to call before it signs in: that waits until
    reading works, so that a wrong password is said to one server only, and once. It returns the
    account with the server that let it in.
    """
    if account.smtp is None:
        read()
        return Trial(account, _no_server(account))
    line, may_sign_in, stopped = Line(), threading.Event(), threading.Event()
    job.on_cancel(line.hang_up)
    job.on_cancel(stopped.set)

    def admit() -> None:
        may_sign_in.wait()
        if line.is_hung_up:
            raise CancelledError

    wait = begin(lambda: send(line, admit))
    try:
        read()
    except BaseException:
        line.hang_up()
        raise
    finally:
        may_sign_in.set()
    try:
        return Trial(wait(stopped, _PATIENCE))
    except NoAnswerError:
        line.hang_up()
        return Trial(account, _too_slow(account))
    except AppError as problem:
        return Trial(account, problem)


def _no_server(account: Account) -> AppError:
    return AppError(
        "No outgoing mail server is known.",
        f"So nothing can be sent again from {account.email}.",
        "Your email provider's help page names it; it goes under Servers in Settings.",
    )


def _too_slow(account: Account) -> AppError:
    return AppError(
        f"{account.smtp_host} takes too long to let us in.", "", "Try again in a few minutes."
    )
