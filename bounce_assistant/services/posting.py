"""Hands what is due to the provider's server, one message at a time, and keeps what it answered."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import format_datetime

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account, Server
from bounce_assistant.mail.compose import wire_address
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailer import (
    Mailer,
    NotReachedError,
    NotTakenError,
    UnheardError,
    UnreachableError,
)
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.sending_rules import load_sending_rules
from bounce_assistant.services.accounts import Accounts, provider_of
from bounce_assistant.services.job import Job
from bounce_assistant.services.meter import read_meter
from bounce_assistant.services.sending_ways import sending_ways
from bounce_assistant.services.sent_mail import SentClue, find_in_sent, keep_sent_copies
from bounce_assistant.store import Store
from bounce_assistant.store.outgoing import Outgoing, OutgoingId, OutgoingState

Post = Callable[[Account, Credential, Line, Provider | None], Mailer]
_NOT_IN_SENT = "It isn't in Sent, which may mean that it never left, or that no copy was kept."


def connect_smtp(
    account: Account, credential: Credential, line: Line, provider: Provider | None
) -> Mailer:
    """Sign in to send; imported when the first message leaves, for a quick start."""
    from bounce_assistant.mail import smtp  # noqa: PLC0415 - costs start-up time

    return smtp.connect_smtp(account, credential, line, provider)


class _CalledBackError(Exception):
    """It was called back, put off or taken by another program before its first byte left."""


class PostOffice:
    """Only for who holds the sending lock; each step is in the store before the next begins."""

    def __init__(
        self, store: Store, accounts: Accounts, post: Post, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._post = post
        self._now = now
        self._rules = load_sending_rules()
        self._reached: dict[int, Server | None] = {}  # account -> where its mail left last
        self._copies_tried: set[OutgoingId] = set()
        self._searched: set[OutgoingId] = set()  # for in Sent, by this program

    def errands(self) -> list[Outgoing]:
        """Return what needs a copy in Sent, or is unknown and has to be searched for there."""
        return [*self._unsearched(), *self._copies()]

    def post(self, due: Sequence[Outgoing], job: Job) -> list[OutgoingId]:
        """Send messages, those of one account over one connection; return those that moved."""
        moved = []
        counter = _Counter(job, len(due))
        for sender in dict.fromkeys(one.sender for one in due):
            mine = [one for one in due if one.sender == sender]
            account = self._accounts.find(sender)
            if account is None:
                self._refuse(mine, AppError(f"{sender} isn't connected any more."))
            else:
                counter = self._post_of(account, mine, counter)
            moved += [one.id for one in mine]
        return moved

    def find_orphans(self, job: Job) -> list[OutgoingId]:
        """Mark what a killed program left behind; search Sent once for each unknown one."""
        orphans = self._store.outbox.orphans_are_unknown(now=self._now())
        for one in self._unsearched():
            self._searched.add(one.id)
            account = self._accounts.find(one.sender)
            if account:
                with suppress(AppError):  # the person can have it searched for at any time
                    self.look_up(one, account, job)
                    orphans.append(one.id)
        return orphans

    def look_up(self, message: Outgoing, account: Account, job: Job) -> bool:
        """Search Sent for a message by its Message-ID; found, it counts as sent."""
        clue = SentClue(message_id=message.message_id, sent_at=message.began_at)
        found = find_in_sent(account, self._accounts, clue, job)
        if found and found.by_message_id:
            said = "Found in Sent."
            return self._store.outbox.settle(
                message.id, OutgoingState.SENT, now=self._now(), said=said
            )
        self._store.outbox.note_looked(message.id, now=self._now(), problem=_NOT_IN_SENT)
        return False

    def copy_to_sent(self, job: Job) -> None:
        """Lay copies into Sent; one that can't be laid now is tried again at the next start."""
        copies = self._copies()
        self._copies_tried |= {one.id for one in copies}
        for sender in dict.fromkeys(one.sender for one in copies):
            account = self._accounts.find(sender)
            if account:
                mine = [one for one in copies if one.sender == sender]
                with suppress(AppError):
                    self._copy(account, mine, job)

    def _copy(self, account: Account, mine: Sequence[Outgoing], job: Job) -> None:
        mails = []
        for one in mine:
            when = one.began_at or self._now()
            mails.append((dated(self._store.outbox.raw(one.id), when), when))
        laid = keep_sent_copies(account, self._accounts, mails, job)
        for one, _ in zip(mine, laid, strict=True):
            self._store.outbox.note_copied(one.id)

    def _unsearched(self) -> list[Outgoing]:
        unknown = self._store.outbox.in_states([OutgoingState.UNKNOWN])
        return [one for one in unknown if one.looked_at is None and one.id not in self._searched]

    def _copies(self) -> list[Outgoing]:
        return [
            one for one in self._store.outbox.copies_to_do() if one.id not in self._copies_tried
        ]

    def _post_of(
        self, account: Account, mine: Sequence[Outgoing], counter: "_Counter"
    ) -> "_Counter":
        mailer: Mailer | None = None
        try:
            for one in mine:
                counter.step()
                if self._is_over_limit(account, one):
                    continue
                if mailer is None:
                    mailer = self._connect(account, mine, counter.job)
                if mailer is None or not self._post_one(account, one, mailer):
                    break
        finally:
            if mailer:
                mailer.close()
        return counter

    def _connect(self, account: Account, mine: Sequence[Outgoing], job: Job) -> Mailer | None:
        """Sign in; where that can't be done, keep why with every message of the account."""
        try:
            return self._enter(account, self._accounts.credential(account, job), job)
        except UnreachableError as problem:
            self._later(mine, problem)
        except AppError as problem:
            self._refuse(mine, problem)
        return None

    def _enter(self, account: Account, credential: Credential, job: Job) -> Mailer:
        """Sign in at the first server that can be reached; the one that was last time goes first.

        Raises what the account's own server raised where none can be.
        """
        provider = provider_of(account)
        ways = sending_ways(account, provider)
        ways.sort(key=lambda way: way.smtp != self._reached.get(account.id, account.smtp))
        problems: dict[Server | None, NotReachedError] = {}
        for way in ways:
            line = Line()
            job.on_cancel(line.hang_up)
            try:
                mailer = self._post(way, credential, line, provider)
            except NotReachedError as problem:
                problems[way.smtp] = problem
            else:
                self._reached[account.id] = way.smtp
                return mailer
        raise problems[account.smtp]

    def _post_one(self, account: Account, one: Outgoing, mailer: Mailer) -> bool:
        """Send one message; return whether the connection is fit for the next."""
        began = self._now()

        def begin() -> None:
            if not self._store.outbox.begin(one.id, now=began):
                raise _CalledBackError

        raw = dated(self._store.outbox.raw(one.id), began)
        needs_utf8 = not (wire_address(one.sender) + wire_address(one.recipient)).isascii()
        try:
            taken = mailer.send(one.sender, [one.recipient], raw, begin, needs_utf8=needs_utf8)
        except _CalledBackError:
            return True
        except NotTakenError as problem:
            self._not_taken(one, problem)
        except UnreachableError as problem:
            self._later([one], problem)
            return False
        except UnheardError as problem:
            self._settle(one, OutgoingState.UNKNOWN, problem=str(problem))
            return False
        except CancelledError:
            self._store.outbox.put_off(one.id, self._now(), "", counts=False)
            raise
        except AppError as problem:
            self._refuse([one], problem)
        else:
            self._taken(account, one, taken.words)
        return True

    def _taken(self, account: Account, one: Outgoing, words: str) -> None:
        provider = provider_of(account)
        self._store.outbox.settle(
            one.id, OutgoingState.SENT, now=self._now(), said=words,
            copy=not (provider and provider.saves_sent),
        )  # fmt: skip

    def _not_taken(self, one: Outgoing, problem: NotTakenError) -> None:
        waits = self._rules.put_off_minutes
        if problem.refusal.is_for_now and one.tries < len(waits):
            due = self._now() + timedelta(minutes=waits[one.tries])
            self._store.outbox.put_off(one.id, due, str(problem))
        else:
            words = problem.refusal.words
            self._settle(one, OutgoingState.REFUSED, said=words, problem=str(problem))

    def _later(self, mine: Iterable[Outgoing], problem: AppError) -> None:
        due = self._now() + timedelta(minutes=self._rules.unreachable_minutes)
        for one in mine:
            self._store.outbox.put_off(one.id, due, str(problem), counts=False)

    def _refuse(self, mine: Iterable[Outgoing], problem: AppError) -> None:
        for one in mine:
            self._settle(one, OutgoingState.REFUSED, problem=str(problem))

    def _settle(
        self, one: Outgoing, state: OutgoingState, *, said: str = "", problem: str = ""
    ) -> None:
        self._store.outbox.settle(one.id, state, now=self._now(), said=said, problem=problem)

    def _is_over_limit(self, account: Account, one: Outgoing) -> bool:
        """Put a message off for as long as the provider's limit asks for."""
        meter = read_meter(self._store, account, self._now())
        if meter.free_at is None:
            return False
        limit = f"{meter.limit:,} emails a day" if meter.left == 0 else f"{meter.a_minute} a minute"
        self._store.outbox.put_off(
            one.id, meter.free_at, f"{meter.company} sends {limit} at most.", counts=False
        )
        return True


class _Counter:
    """Progress over all accounts together."""

    def __init__(self, job: Job, total: int) -> None:
        self.job, self._total, self._done = job, total, 0

    def step(self) -> None:
        """Report the next message; raise CancelledError once the user has had enough."""
        words = f"{self._done:,} of {self._total:,} sent"
        self.job.step(self._done, self._total, words)
        self._done += 1


def dated(raw: bytes, moment: datetime) -> bytes:
    """Return a message as it leaves: with the Date of that moment (RFC 5322, section 3.6.1)."""
    return b"Date: " + format_datetime(moment.astimezone()).encode() + b"\r\n" + raw
