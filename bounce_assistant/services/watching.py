"""Watches an inbox: tells when mail may have arrived, and finds back after a lost connection."""

import math
import threading
import time
from collections.abc import Callable

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.mailbox import Mailbox
from bounce_assistant.mail.problems import MailServerError, ProblemKind
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job

IDLE_SECONDS = 28 * 60.0  # RFC 2177 asks for a new IDLE at least every 29 minutes
POLL_SECONDS = 5 * 60.0  # between two looks, where the server doesn't say when mail arrives
SPARING_SECONDS = 15 * 60.0  # the same, while the computer runs on its battery
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 5 * 60.0  # seconds before another try; each is twice the last
LASTED = 60.0  # seconds; a connection that lived so long is no sign of trouble when it ends
# What another try can't mend: somebody has to do something first.
_LASTING = frozenset(
    {
        ProblemKind.SIGN_IN,
        ProblemKind.PASSWORDS_OFF,
        ProblemKind.IMAP_OFF,
        ProblemKind.CERTIFICATE,
        ProblemKind.NO_TLS,
    }
)


class Nudge:
    """Wakes a watch at once: the network has changed, or it may go on after a pause."""

    def __init__(self) -> None:
        self.is_sparing = False  # ask less often; set from any thread
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._inner: Job | None = None

    def give(self) -> None:
        """Have the watch connect anew; from any thread."""
        with self._lock:
            self._event.set()
            inner = self._inner
        if inner:
            inner.cancel()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until the nudge is given; return whether it was."""
        is_given = self._event.wait(seconds)
        self._event.clear()
        return is_given

    def wait_to_ask(self) -> None:
        """Wait until it is time to ask a server that doesn't say when mail arrives."""
        self.wait(SPARING_SECONDS if self.is_sparing else POLL_SECONDS)

    def connection(self, job: Job) -> Job:
        """Return a job for one connection, which ends with ``job`` and with a nudge."""
        inner = Job()
        with self._lock:
            self._inner = inner
        job.on_cancel(inner.cancel)
        return inner


def watch_account(
    account: Account, accounts: Accounts, job: Job, nudge: Nudge, tell: Callable[[], object]
) -> None:
    """Call ``tell`` whenever mail may have arrived, until the job is cancelled.

    It is called once on each connection as well: mail may have come before. Raises AppError where
    trying again is of no use, as when the password isn't taken any more; else it tries again, at
    first after five seconds, then less often, also where the server ends each connection at once.
    """
    job.on_cancel(nudge.give)
    pause = FIRST_PAUSE
    while not job.is_cancelled:
        began = math.inf
        try:
            mailbox = accounts.open_mailbox(account, nudge.connection(job))
            began = time.monotonic()
            can_wait = _sit(mailbox, account, tell)
        except CancelledError:
            nudge.wait(0)  # a nudge, or the end
            pause = FIRST_PAUSE
        except AppError as problem:
            if isinstance(problem, MailServerError) and problem.kind in _LASTING:
                raise
            if time.monotonic() - began >= LASTED:
                pause = FIRST_PAUSE
            was_nudged = nudge.wait(pause)
            pause = FIRST_PAUSE if was_nudged else min(LONGEST_PAUSE, pause * 2)
        else:
            pause = FIRST_PAUSE
            if not can_wait:
                nudge.wait_to_ask()
    raise CancelledError


def _sit(mailbox: Mailbox, account: Account, tell: Callable[[], object]) -> bool:
    """Stay on one connection for as long as it lasts; False where the server can't say."""
    try:
        tell()
        mailbox.open(mailbox.folders(account.reads)[0])
        while True:
            has_arrived = mailbox.wait(IDLE_SECONDS)
            if has_arrived is None:
                return False
            if has_arrived:
                tell()
    finally:
        mailbox.close()
