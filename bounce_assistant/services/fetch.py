"""Checks the inboxes: every notice that is new is diagnosed and kept, the mailbox left as it is."""

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.beside import begin
from bounce_assistant.mail.mailbox import FetchedMessage, Look, Reading
from bounce_assistant.mail.problems import MailServerError
from bounce_assistant.report.facts import BounceReport, MessageKind
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.examine import (
    Answer,
    Examination,
    Yours,
    examine_message,
    examine_report,
    ids_to_look_for,
)
from bounce_assistant.services.folder import FolderPlan, Take, Tally, plan_folder, read_folder
from bounce_assistant.services.job import Job
from bounce_assistant.services.keeping import examine_again, keep_examined, yours_of
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.remembered import with_rules
from bounce_assistant.services.sent_copies import SentCopies
from bounce_assistant.services.set_aside import name_of
from bounce_assistant.services.steady import SteadyMailbox
from bounce_assistant.store import Store
from bounce_assistant.store.connection import RemovedMeanwhileError
from bounce_assistant.store.cursors import FolderCursor
from bounce_assistant.store.messages import Place
from bounce_assistant.store.rows import AccountId, MessageId
from bounce_assistant.store.set_aside import SetAsideMail

_NAMED = 3  # mails that are named one by one
_MOST_HELD = 1_000  # diagnoses in memory until Sent was looked in; more are made once again
_NOT_HELD = Examination(
    BounceReport(MessageKind.NOT_A_BOUNCE), (), Answer("unknown", ""), "unknown"
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of checking one account."""

    account: Account
    looked_at: int = 0  # messages, ordinary ones included
    found: int = 0  # notices that are new in the store
    new_messages: tuple[MessageId, ...] = ()
    problem: AppError | None = None  # what ended the check early; the rest was kept
    stopped: bool = False  # by the user
    set_aside: tuple[SetAsideMail, ...] = ()  # found to be mail that the server can't hand out
    read_again: int = 0  # mails that were set aside, asked for once more, and not in the way now

    @property
    def unread_words(self) -> str:
        """Say which mail could not be read; empty where all could."""
        if not self.set_aside:
            return ""
        many = len(self.set_aside)
        them = "it" if many == 1 else "them"
        said = "One mail" if many == 1 else f"{many} mails"
        return (
            f"{said} could not be read: {self.account.imap_host} hangs up, falls silent or says no"
            f" whenever we ask for {them}. {_named(self.set_aside)}Everything else was checked."
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A notice that was new, the moment it was kept."""

    account: Account
    folder: str
    uid: int
    message: MessageId
    examination: Examination
    is_whole: bool = True  # False: of a large message, what the diagnosis needs


OnFound = Callable[[Found], None]


def _named(mails: Sequence[SetAsideMail]) -> str:
    """Return sentences that name the mails; of many, the first few."""
    names = [name_of(mail) for mail in mails[:_NAMED]]
    if len(mails) > _NAMED:
        names.append(f"and {len(mails) - _NAMED} more")
    return f"{'It is' if len(mails) == 1 else 'They are'} {'; '.join(names)}. "


def check_account(  # noqa: PLR0913 - the parts of a desk, then what is asked for
    account: Account,
    accounts: Accounts,
    store: Store,
    knowledge: Knowledge,
    job: Job,
    *,
    since_days: int | None = None,
    again: bool = False,
    on_found: OnFound | None = None,
) -> CheckResult:
    """Look at what is new in the folders of one account that may be read; keep the notices.

    Without ``since_days`` it goes as far back as was chosen for the account. ``again``: ask once
    more for mail that was set aside.
    Never raises for what happens on the way: what ended it early is in the result. Safe to stop
    and to repeat at any message.
    """
    days = account.since_days if since_days is None else since_days
    since = (datetime.now(UTC) - timedelta(days=days)).date()
    try:
        with accounts.checking(account):
            aside = store.set_aside.of(AccountId(account.id)) if again else []
            yours = yours_of(store)
            check = _Check(account, store, knowledge, yours, on_found, Tally(job), tuple(aside))
            return check.run(accounts, since)
    except AppError as problem:
        return CheckResult(account, problem=problem)


def check_accounts(  # noqa: PLR0913 - as check_account
    chosen: Sequence[Account],
    accounts: Accounts,
    store: Store,
    knowledge: Knowledge,
    job: Job,
    *,
    since_days: int | None = None,
    again: bool = False,
    on_found: OnFound | None = None,
    on_result: Callable[[CheckResult], None] | None = None,
) -> list[CheckResult]:
    """Check accounts side by side; neither a problem with one nor its silence holds up the rest.

    Returns the results in the order of ``chosen``. ``on_found`` hears of each notice and
    ``on_result`` of each account that is done, one at a time and from other threads.
    """
    telling = threading.Lock()

    def tell_found(found: Found) -> None:
        if on_found:
            with telling:
                on_found(found)

    def check(account: Account) -> CheckResult:
        if job.is_cancelled:
            return CheckResult(account, stopped=True)
        result = check_account(
            account, accounts, store, knowledge, job,
            since_days=since_days, again=again, on_found=tell_found,
        )  # fmt: skip
        if on_result:
            with telling:
                on_result(result)
        return result

    waits = [begin(partial(check, account)) for account in chosen]
    never = threading.Event()  # each ends by itself, soon after the job is cancelled
    return [wait(never, math.inf) for wait in waits]


def _removed(account: Account) -> AppError:
    return AppError(f"{account.email} was removed while its mail was looked at.")


@dataclass(slots=True)
class _Check:
    account: Account
    store: Store
    knowledge: Knowledge
    yours: Yours
    on_found: OnFound | None
    tally: Tally
    again: tuple[SetAsideMail, ...] = ()  # mail that was set aside, to ask for once more
    read_again: int = 0
    new_messages: list[MessageId] = field(default_factory=list)
    sent: tuple[str, ...] = ()  # the folders that hold copies of what was sent
    held: list[Found] = field(default_factory=list)  # to be told of after Sent was looked in
    changed: set[MessageId] = field(default_factory=set)  # by what Sent had

    def run(self, accounts: Accounts, since: date) -> CheckResult:
        """Check the account and remember in the store how that went."""
        problem: AppError | None = None
        stopped = False
        set_aside: tuple[SetAsideMail, ...] = ()
        try:
            mailbox = SteadyMailbox(
                lambda: accounts.open_mailbox(self.account, self.tally.job),
                AccountId(self.account.id),
                self.store.set_aside,
                self.again,
            )
            try:
                self._read(mailbox, since)
                self._read_again(mailbox)
                self._look_in_sent(mailbox)
            finally:
                self._tell_held()
                set_aside = tuple(mailbox.newly_set_aside)
                mailbox.close()
        except RemovedMeanwhileError:
            problem = _removed(self.account)
        except AppError as error:
            problem = error
        except CancelledError:
            stopped = True
        problem = self._note(problem)
        new, looked_at = tuple(self.new_messages), self.tally.looked_at
        found = self.tally.found
        return CheckResult(
            self.account, looked_at, found, new, problem, stopped, set_aside, self.read_again
        )

    def _read(self, mailbox: Reading, since: date) -> None:
        account = AccountId(self.account.id)
        known = self.store.cursors.all(account)
        outline = mailbox.outline(self.account.reads, known)
        self.sent = outline.sent
        plans = [
            plan_folder(
                mailbox, account, one, known.get(one), since, outside=outline.states.get(one)
            )
            for one in outline.folders
        ]
        plans = [self._less_known(plan) for plan in plans]
        self.tally.total = sum(len(plan.uids) for plan in plans)
        self.tally.step()
        for plan in plans:
            if plan.uids:
                read_folder(
                    mailbox,
                    plan,
                    self.knowledge,
                    self._taking(plan),
                    self.tally,
                    is_kept=partial(self._is_kept, plan),
                )
            if plan.end != plan.start or plan.folder not in known:
                self.store.cursors.put(plan.end)

    def _read_again(self, mailbox: SteadyMailbox) -> None:
        """Ask for mail that was set aside; what can be had now, or is gone, is so no longer.

        Cursors stay where they are: what lies before one of these may not be looked at yet.
        """
        folders = mailbox.outline(self.account.reads).folders if self.again else ()
        for folder in dict.fromkeys(mail.folder for mail in self.again):
            mine = {mail.uid: mail for mail in self.again if mail.folder == folder}
            validity = mailbox.open(folder).uid_validity if folder in folders else None
            uids = tuple(uid for uid, mail in mine.items() if mail.uid_validity == validity)
            if uids and validity is not None:
                at = FolderCursor(AccountId(self.account.id), folder, validity, 0)
                plan = FolderPlan(folder, uids, uids, None, at, at)
                take = self._taking(plan, is_moving=False)
                self.tally.total += len(uids)
                read_folder(mailbox, plan, self.knowledge, take, self.tally)
            still = {mail.uid for mail in mailbox.newly_set_aside if mail.folder == folder}
            for uid, mail in mine.items():
                if uid not in still or mail.uid_validity != validity:
                    self.store.set_aside.remove(mail)
                    self.read_again += 1

    def _less_known(self, plan: FolderPlan) -> FolderPlan:
        """Leave out what a check that was stopped has kept already."""
        start = plan.start
        known = self.store.messages.known_uids(start.account, plan.folder, start.uid_validity)
        left = tuple(uid for uid in plan.candidates if uid not in known)
        return replace(plan, candidates=left)

    def _is_kept(self, plan: FolderPlan, look: Look) -> bool:
        """Say whether a message was kept from another folder, as Gmail's numbers tell."""
        at = plan.start
        place = Place(at.account, plan.folder, at.uid_validity, look.uid, gmail_id=look.gmail_id)
        return bool(look.gmail_id) and self.store.messages.found_again(place)

    def _taking(self, plan: FolderPlan, *, is_moving: bool = True) -> Take:
        """Return what judges and keeps; ``is_moving``: along with the cursor."""

        def take(message: FetchedMessage, cursor: FolderCursor) -> None:
            self._take(plan.start, message, cursor if is_moving else None)

        return take

    def _take(self, at: FolderCursor, message: FetchedMessage, cursor: FolderCursor | None) -> None:
        missing = message.size - len(message.raw)
        examination = examine_message(
            message.raw, self.knowledge, yours=self.yours, missing=missing
        )
        if not examination.is_trouble:
            return
        examination = with_rules(examination, self.store.reason_rules.all())
        kept = keep_examined(
            message.raw,
            Place(
                at.account,
                at.folder,
                at.uid_validity,
                message.uid,
                gmail_id=message.gmail_id,
            ),
            examination,
            self.store,
            self.knowledge,
            received=message.arrived,
            cursor=cursor,
            size=message.size,
        )
        if kept.is_new:
            self.tally.found += 1
            self.new_messages.append(kept.message)
            if self.on_found:
                at_uid, whole = message.uid, message.is_whole
                one = Found(self.account, at.folder, at_uid, kept.message, examination, whole)
                self._tell(one)

    def _tell(self, found: Found) -> None:
        """Tell of a notice; later, where Sent has something to say about it."""
        is_known = found.examination.sent_by_you == "yes" or not self.sent
        if is_known or not ids_to_look_for(found.examination):
            if self.on_found:
                self.on_found(found)
        else:
            is_held = len(self.held) < _MOST_HELD
            self.held.append(found if is_held else replace(found, examination=_NOT_HELD))

    def _look_in_sent(self, mailbox: SteadyMailbox) -> None:
        """Ask Sent about what came back without saying who sent it; tell what that changes."""
        copies = SentCopies(AccountId(self.account.id), self.store, self.knowledge)
        self.changed = copies.look_up(mailbox.without_second_try(), self.sent, self.tally)

    def _tell_held(self) -> None:
        held, self.held = self.held, []
        for found in held:
            examination = self._known_by_now(found)
            if examination and self.on_found:
                self.on_found(replace(found, examination=examination))

    def _known_by_now(self, found: Found) -> Examination | None:
        """Return the diagnosis with what Sent had; None where the notice isn't here any more."""
        if found.examination is _NOT_HELD:
            message = self.store.messages.get(found.message)
            return examine_again(message, self.store, self.knowledge) if message else None
        if found.message not in self.changed:
            return found.examination
        again = examine_report(found.examination.report, self.knowledge, self.yours)
        return with_rules(again, self.store.reason_rules.all())

    def _note(self, problem: AppError | None) -> AppError | None:
        """Remember the check; return its problem, or what was in the way of remembering."""
        words, kind, details = str(problem or ""), "", ""
        if isinstance(problem, MailServerError):
            words, kind, details = problem.lasting_words, problem.kind, problem.technical
        try:
            self.store.accounts.note_check(
                AccountId(self.account.id),
                at=datetime.now(UTC),
                looked_at=self.tally.looked_at,
                problem=words,
                kind=kind,
                details=details,
            )
        except AppError as error:
            return problem or error
        return problem
