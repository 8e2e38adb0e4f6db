"""The outbox as the user sees it: what goes out again, when, what came of it, and Undo."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.sending_rules import load_sending_rules
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job
from bounce_assistant.services.meter import Meter, read_meter
from bounce_assistant.services.posting import Post, PostOffice, connect_smtp
from bounce_assistant.store import Store
from bounce_assistant.store.outgoing import (
    COUNTED,
    OPEN,
    WAITING,
    NewOutgoing,
    Outgoing,
    OutgoingId,
    OutgoingState,
)
from bounce_assistant.store.rows import AccountId, CaseId, CaseState, RowKey

SETTLED = frozenset(
    {OutgoingState.SENT, OutgoingState.REFUSED, OutgoingState.UNKNOWN, OutgoingState.CANCELLED}
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one round of the outbox did."""

    changed: tuple[OutgoingId, ...] = ()  # messages that moved; show them anew
    is_busy_elsewhere: bool = False  # another window or command is sending
    removed: tuple[str, ...] = ()  # addresses of accounts that were kept until their mail left


@dataclass(frozen=True, slots=True)
class GroupProgress:
    """How far a group that was sent together has come; one result for each person."""

    done: int
    total: int
    results: tuple[Outgoing, ...]

    @property
    def is_over(self) -> bool:
        """Whether nobody's message is on its way any more."""
        return self.done == self.total


class Outbox:
    """Safe to call from several threads and programs. ``run`` and ``look_up`` use the network.

    The window calls ``run`` about once a second while it is open, on a thread of its own.
    """

    def __init__(
        self,
        store: Store,
        accounts: Accounts,
        *,
        post: Post = connect_smtp,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        undo_seconds: float | None = None,
    ) -> None:
        rules = load_sending_rules()
        self._store = store
        self._accounts = accounts
        self._office = PostOffice(store, accounts, post, now)
        self._now = now
        self._monotonic = monotonic
        self._undo_seconds = rules.undo_seconds if undo_seconds is None else undo_seconds
        self._quiet = timedelta(days=rules.quiet_days)
        self._late = timedelta(hours=rules.late_hours)
        self._seen: dict[OutgoingId, float] = {}  # waiting for Undo -> when we first saw it

    def put(
        self, messages: Sequence[NewOutgoing], *, with_undo: bool = True
    ) -> tuple[OutgoingId, ...]:
        """Take messages in, all or none; their cases move to Waiting. Nothing leaves yet.

        ``services.fixes.resend`` makes them; a ``due_at`` makes it a try for later. Without it
        they leave when the time for Undo is over, at once without ``with_undo``. Raises AppError
        when one to the same person is on its way already.
        """
        added = self._store.outbox.add(messages, now=self._now(), for_undo=with_undo)
        started = self._monotonic()
        self._seen |= dict.fromkeys(added, started)
        return tuple(added)

    def undo(self, messages: Sequence[OutgoingId]) -> tuple[OutgoingId, ...]:
        """Call messages back that have not left; return those that it was not too late for.

        What ``send_now`` let go becomes what it was before.
        """
        return tuple(self._store.outbox.cancel(messages, now=self._now()))

    cancel = undo

    def seconds_for_undo(self, messages: Sequence[OutgoingId]) -> float:
        """Return how long Undo will still work for all of these; 0.0 when it's too late."""
        now = self._monotonic()
        seen = [self._seen[one] for one in messages if one in self._seen]
        return max(0.0, min(seen, default=-self._undo_seconds) + self._undo_seconds - now)

    def get(self, message: OutgoingId) -> Outgoing | None:
        """Return where a message stands; None when it is not here any more."""
        return self._store.outbox.get(message)

    def waiting(self) -> list[Outgoing]:
        """Return what is still to go out or needs a decision, the first due first."""
        return self._store.outbox.in_states(OPEN)

    def bound_to(self, account: Account, *, keep_history: bool) -> list[Outgoing]:
        """Return what has still to go out and couldn't once an account is removed."""
        return self._store.outbox.bound_to(
            AccountId(account.id), account.email, notices=not keep_history
        )

    def of_case(self, case: CaseId) -> list[Outgoing]:
        """Return what was sent for a case, oldest first, and before it bounced again."""
        return self._store.outbox.of_case(case)

    def tries(self, case: CaseId) -> int:
        """Return how often it went out again, or is going to."""
        counted = {*COUNTED, *WAITING}
        return sum(one.state in counted for one in self.of_case(case))

    def progress(self, messages: Sequence[OutgoingId]) -> GroupProgress:
        """Return how far messages that were put in together have come."""
        found = [one for one in map(self._store.outbox.get, messages) if one]
        over = [one for one in found if one.state in SETTLED]
        return GroupProgress(len(over), len(found), tuple(found))

    def is_late(self, message: Outgoing) -> bool:
        """Tell whether its time passed so long ago that it waits for the person's word.

        The program was closed. ``send_now`` or ``change`` says what is to become of it.
        """
        is_due = message.state is OutgoingState.SCHEDULED
        return is_due and message.due_at <= self._now() - self._late

    def change(self, message: OutgoingId, due_at: datetime) -> None:
        """Give a message another time (aware). Raises AppError when it has left already."""
        if not self._store.outbox.reschedule(message, due_at):
            raise _too_late()

    def send_now(self, message: OutgoingId) -> None:
        """Let a scheduled, refused or unknown message go when the time for Undo is over.

        The person decides: an unknown one may then arrive twice, which nobody but them can weigh.
        It keeps its Message-ID; Undo makes it what it was. Raises AppError when it has left.
        """
        if not self._store.outbox.hold(message, now=self._now()):
            raise _too_late()
        self._seen[message] = self._monotonic()

    def held_up(self, sender: str) -> list[Outgoing]:
        """Return an account's refused messages that another sign-in may get through, oldest first.

        Those that were never handed over, and those for which the server asked for a sign-in; not
        where something newer went out for the case, nor where the person is done with it.
        """
        from bounce_assistant.mail.smtp_problems import asks_to_sign_in  # noqa: PLC0415 - slow

        refused = self._store.outbox.in_states([OutgoingState.REFUSED])
        return [
            one
            for one in refused
            if one.sender.lower() == sender.lower()
            and (not one.said or asks_to_sign_in(one.said))
            and self._is_newest_of_open_case(one)
        ]

    def _is_newest_of_open_case(self, message: Outgoing) -> bool:
        if message.case is None or self.of_case(message.case)[-1].id != message.id:
            return False
        key = RowKey(message.case)
        row = self._store.cases.rows([key]).get(key)
        return row is not None and row.state is not CaseState.DONE

    def it_arrived(self, message: OutgoingId) -> None:
        """Take an unknown message for sent, as the person found out."""
        self._store.outbox.settle(message, OutgoingState.SENT, now=self._now(), said="You said so.")

    def look_up(self, message: OutgoingId, job: Job) -> bool:
        """Search Sent for an unknown message by its Message-ID; found, it counts as sent.

        Raises AppError when Sent could not be searched. Not found proves nothing: see ``problem``.
        """
        one = self.get(message)
        if one is None or one.state is not OutgoingState.UNKNOWN:
            return one is not None and one.state is OutgoingState.SENT
        return self._office.look_up(one, self._account_of(one), job)

    def settle_quiet(self) -> int:
        """Take for delivered what has not bounced in three days; return how many. No network."""
        now = self._now()
        return self._store.watched.settle_quiet(now - self._quiet, now=now)

    def meter(self, account: Account) -> Meter:
        """Return how much of the provider's daily limit this program has used."""
        return read_meter(self._store, account, self._now())

    def run(self, job: Job, *, wait: float = 0.0) -> Run:
        """Do what is due; return at once when nothing is. One message's trouble stops no other.

        Ends the time for Undo, sends what is due, puts copies into Sent, searches Sent for what a
        killed program left behind, and takes three quiet days for delivery. ``wait`` that many
        seconds for another program that is sending. Raises AppError when the store is out of
        reach, CancelledError when stopped; either is safe at any moment.
        """
        now = self._now()
        changed = self._release()
        self.settle_quiet()
        if not self._has_work(now):
            return Run(tuple(changed), removed=self._remove_leaving())
        with self._store.sending_lock.hold(wait) as is_ours:
            if not is_ours:
                return Run(tuple(changed), is_busy_elsewhere=True)
            changed += self._office.find_orphans(job)
            due = [one for one in self._store.outbox.due(self._now()) if not self.is_late(one)]
            changed += self._office.post(due, job)
            self._office.copy_to_sent(job)
        return Run(tuple(dict.fromkeys(changed)), removed=self._remove_leaving())

    def holds_back(self, account: Account) -> list[Outgoing]:
        """Return what an account is kept for that is to be removed once its mail has left.

        That is mail on its way, what has still to be done about it in Sent, and mail that another
        sign-in may get through.
        """
        email = account.email.lower()
        errands = [one for one in self._office.errands() if one.sender.lower() == email]
        bound = self.bound_to(account, keep_history=True)
        found = {one.id: one for one in (*bound, *errands, *self.held_up(account.email))}
        return list(found.values())

    def _remove_leaving(self) -> tuple[str, ...]:
        """Remove the accounts that were kept until their mail left, and for nothing else now."""
        gone = [one for one in self._accounts.leaving() if not self.holds_back(one)]
        for account in gone:
            self._accounts.remove(account.id, keep_history=True)
        return tuple(account.email for account in gone)

    def _release(self) -> list[OutgoingId]:
        """End the time for Undo where it is over, by a clock that nobody can set.

        A message of a program that died starts its ten seconds anew when it is first seen here;
        one that was let go so long ago that it is late becomes what it was.
        """
        released = []
        for one in self._store.outbox.in_states([OutgoingState.UNDO]):
            since = self._seen.setdefault(one.id, self._monotonic())
            is_over = self._monotonic() - since >= self._undo_seconds
            if one.held_state and one.due_at <= self._now() - self._late:
                self.undo([one.id])  # the program ended then; what is wanted today isn't known
            elif is_over and self._store.outbox.release(one.id, now=self._now()):
                released.append(one.id)
        return released

    def _has_work(self, now: datetime) -> bool:
        store = self._store.outbox
        return bool(
            store.due(now) or store.in_states([OutgoingState.SENDING]) or self._office.errands()
        )

    def _account_of(self, message: Outgoing) -> Account:
        found = self._accounts.find(message.sender)
        if found is None:
            raise AppError(
                f"{message.sender} isn't connected any more.", next_step="Connect it again."
            )
        return found


def _too_late() -> AppError:
    return AppError("It's on its way already.", "", "Wait a moment to see what comes of it.")
