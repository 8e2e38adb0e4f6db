"""Send again: which text, to whom, what stands in the way; the review page before it goes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from bounce_assistant.advice.playbooks import CauseGroup
from bounce_assistant.advice.sizes import spoken_size
from bounce_assistant.diagnosis.verdict import BounceType
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, domain_of
from bounce_assistant.mail.compose import Envelope, Rebuilt, rebuild, wire_address
from bounce_assistant.mail.sending_rules import load_sending_rules
from bounce_assistant.report.facts import MessageKind
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.cases import Cases, OpenCase
from bounce_assistant.services.fixes.make_smaller import size_limit_for
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import (
    Letter,
    LetterPart,
    letter_from_notice,
    letter_from_sent,
)
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.services.sent_mail import clue_of, find_in_sent
from bounce_assistant.services.standing import day_and_hour
from bounce_assistant.store.outgoing import OPEN, NewOutgoing, OutgoingId
from bounce_assistant.store.rows import AccountId, CaseId
from bounce_assistant.store.verdicts import recipient_key

_NEVER = {
    "complaint": "They marked your email as spam, so it isn't sent to them again.",
    "forged": "You didn't send this one, so there is nothing to send again.",
}
_ARRIVED = {MessageKind.DELIVERED, MessageKind.NOT_A_BOUNCE}
_FEW = 3


@dataclass(frozen=True, slots=True)
class Order:
    """What the user chose on the pages before the review page."""

    case: CaseId
    to: str = ""  # "": the address as it was
    letter: Letter | None = None  # None: the copy in the notice
    subject: str = ""  # "": as it was
    name: str = ""  # of the person; "": as it was
    due_at: datetime | None = None  # aware; None: now, after the time for Undo
    is_checked: bool = False  # "I checked with them, it's right"


@dataclass(frozen=True, slots=True)
class Review:
    """The review page (ux.md F5): all that will leave, and what stands in the way.

    ``locked`` is the sentence beside the disabled button. Where ``can_unlock``, ticking "I checked
    with them, it's right" (``Order.is_checked``) opens it.
    """

    order: Order
    sender: str  # as it will stand in From
    to: str  # as it will stand in To
    recipient: str  # the address alone
    subject: str
    text: str
    parts: tuple[LetterPart, ...]
    size: int  # bytes of the whole message
    source_words: str
    what_happens: str
    notes: tuple[str, ...] = ()  # what the user should know; each a sentence
    locked: str = ""
    can_unlock: bool = False
    message: NewOutgoing | None = field(default=None, repr=False)  # None: there is no text to send

    @property
    def can_be_sent(self) -> bool:
        """Whether the button works."""
        return not self.locked and self.message is not None

    @property
    def would_be_sent(self) -> bool:
        """Whether the button would work if it were not sample mail, of which none is sent."""
        return not self.locked and bool(self.recipient)


@dataclass(frozen=True, slots=True)
class GroupReview:
    """One review page for several people, each with an email of their own."""

    reviews: tuple[Review, ...]  # of those that it goes to
    left_out: tuple[Review, ...]  # ``locked`` says why
    what_happens: str


class Resend:
    """The fix. ``review`` and ``review_group`` are offline; ``find_in_sent`` asks the mailbox."""

    def __init__(
        self,
        cases: Cases,
        accounts: Accounts,
        outbox: Outbox,
        *,
        is_sample: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cases = cases
        self._accounts = accounts
        self._outbox = outbox
        self._is_sample = is_sample
        self._now = now

    def letter(self, case: CaseId) -> Letter:
        """Return the email as the notice brought it back; ``why_not`` says when it isn't all.

        Then offer: ``find``, paste the text, write a new one (``services.letters``).
        Raises AppError when the case is not here any more.
        """
        return _letter(self._cases.look_at(case))

    def find(self, case: CaseId, job: Job) -> Letter:
        """Return the whole email: from the notice, else from Sent, else from the server's notice.

        Asks the mailbox only where it must. Returns the poorer one, with ``why_not``, where there
        is no whole one. Raises AppError when the mailbox could not be searched.
        """
        letter = self.letter(case)
        return letter if letter.is_whole else self.find_in_sent(case, job) or letter

    def find_in_sent(self, case: CaseId, job: Job) -> Letter | None:
        """Return the email as the account's Sent folder has it; None when it isn't there.

        Of a large notice only a part is kept here: where Sent has nothing, the rest of it is
        fetched. Raises AppError when the mailbox could not be searched.
        """
        opened = self._cases.look_at(case)
        found = None
        if opened.report.original:
            clue = clue_of(opened.report.original, opened.row.address)
            found = find_in_sent(self._account(opened), self._accounts, clue, job)
        if found:
            return letter_from_sent(found.raw, is_whole=found.is_whole)
        return self._from_server(opened, job) if opened.missing else None

    def review(self, order: Order) -> Review:
        """Return the review page of one email; nothing is sent or kept.

        Raises AppError when the case is gone or the new address can't be one.
        """
        opened = self._cases.look_at(order.case)
        letter = order.letter or _letter(opened)
        to = order.to.strip() or opened.row.address
        account = None if self._is_sample else self._account_or_none(opened)
        locked, can_unlock = self._lock(opened, order, letter, to)
        if account is None and not self._is_sample and not locked:
            locked = "Connect your email first: it is sent from your own account."
        if not to:
            return _empty_review(order, letter, locked or "Type the address it should go to.")
        envelope = self._envelope(opened, order, to, account)
        built = rebuild(letter.raw, envelope)
        message = NewOutgoing(
            case=order.case,
            account=AccountId(account.id if account else 0),
            sender=envelope.sender,
            recipient=to,
            subject=built.subject,
            message_id=envelope.message_id,
            raw=built.raw,
            name=envelope.recipient_name,
            source=letter.source,
            due_at=order.due_at,
        )
        return Review(
            order=order,
            sender=_shown(built.sender_name, envelope.sender),
            to=_shown(envelope.recipient_name, to),
            recipient=to,
            subject=built.subject,
            text=letter.text,
            parts=letter.parts,
            size=len(built.raw),
            source_words=letter.source_words,
            what_happens=self._what_happens(1, order.due_at),
            notes=(*_too_big(opened, len(built.raw), envelope), *_notes(opened, letter, built)),
            locked=locked,
            can_unlock=can_unlock,
            message=message if letter.is_whole and account else None,
        )

    def review_group(self, orders: Sequence[Order], job: Job) -> GroupReview:
        """Return one review page for several cases; who can't be sent to is left out, with why."""
        fine: list[Review] = []
        left_out: list[Review] = []
        for done, order in enumerate(orders):
            job.step(done, len(orders))
            try:
                review = self.review(order)
            except AppError as problem:
                review = _empty_review(order, order.letter, str(problem))
            is_fine = review.would_be_sent if self._is_sample else review.can_be_sent
            (fine if is_fine else left_out).append(review)
        due = next((order.due_at for order in orders if order.due_at), None)
        return GroupReview(tuple(fine), tuple(left_out), self._what_happens(len(fine), due))

    def send(self, reviews: Sequence[Review], *, with_undo: bool = True) -> tuple[OutgoingId, ...]:
        """Put what was reviewed into the outbox, all or none; ``Outbox.undo`` takes it back.

        Raises AppError when one is locked, or on its way already.
        """
        locked = next((one for one in reviews if not one.can_be_sent), None)
        if locked is not None:
            sample = "This is sample mail, so nothing leaves this computer."
            raise AppError("This email can't be sent.", locked.locked or sample)
        batch = uuid4().hex if len(reviews) > 1 else ""
        messages = [replace(one.message, batch=batch) for one in reviews if one.message]
        return self._outbox.put(messages, with_undo=with_undo)

    def _from_server(self, opened: OpenCase, job: Job) -> Letter | None:
        """Return the email from the whole notice on the server; None when it isn't there."""
        kept = self._cases.message_of(opened.id)
        account = self._accounts.find(opened.account)
        if kept is None or account is None or not opened.uid:
            return None
        mailbox = self._accounts.open_mailbox(account, job)
        try:
            if mailbox.open(opened.folder).uid_validity != kept.place.uid_validity:
                return None
            look = next(mailbox.looks([opened.uid]), None)
            raw = mailbox.whole(look) if look else b""
        finally:
            mailbox.close()
        return letter_from_notice(raw, _message_id(opened)) if raw else None

    def _lock(self, opened: OpenCase, order: Order, letter: Letter, to: str) -> tuple[str, bool]:
        """Return what stands in the way, "" for nothing, and whether a tick opens it."""
        sent = self._outbox.of_case(order.case)
        at_most = load_sending_rules().at_most
        cause, kind = opened.diagnosis.cause, opened.report.kind
        ways = (
            (cause in _NEVER, _NEVER.get(cause, "")),
            (kind in _ARRIVED, "This isn't a bounce, so there is nothing to send again."),
            (any(one.state in OPEN for one in sent), "It is on its way to them already."),
            (
                self._outbox.tries(order.case) >= at_most,
                f"It went out again {at_most} times already. Reach them another way.",
            ),
            (not letter.is_whole, letter.why_not),
        )
        locked = next((sentence for stands, sentence in ways if stands), "")
        is_same = recipient_key(to) == recipient_key(opened.row.address)
        if not locked and is_dead(opened) and is_same and not order.is_checked:
            return "This address doesn't take mail, so sending it again changes nothing.", True
        return locked, False

    def _envelope(
        self, opened: OpenCase, order: Order, to: str, account: Account | None
    ) -> Envelope:
        original = opened.report.original
        sender = (
            account.email
            if account
            else (original.sender if original else "") or "you@home.invalid"
        )
        name = order.name or opened.row.name
        return Envelope(
            sender=sender,
            recipient=to,
            message_id=f"<{uuid4().hex}@{domain_of(wire_address(sender))}>",
            sender_name=account.name if account else "",
            recipient_name="" if "@" in name else name,
            subject=order.subject,
        )

    def _account(self, opened: OpenCase) -> Account:
        account = self._account_or_none(opened)
        if account is None:
            raise AppError("The account that sent this isn't connected.", "", "Connect it first.")
        return account

    def _account_or_none(self, opened: OpenCase) -> Account | None:
        """Return whose mailbox the notice came to, else who wrote the mail, else the only one."""
        original = opened.report.original
        for email in (opened.account, original.sender if original else ""):
            found = self._accounts.find(email) if email else None
            if found:
                return found
        accounts = self._accounts.list()
        return accounts[0] if len(accounts) == 1 else None

    def _what_happens(self, people: int, due_at: datetime | None) -> str:
        who = "1 person" if people == 1 else f"{people} people"
        if people == 0:
            return "Nothing is sent."
        if due_at:
            return (
                f"It goes to {who} {day_and_hour(due_at, self._now())}, while this program is open."
            )
        each = "" if people == 1 else ", each in an email of their own"
        return f"It goes to {who}{each}. You can undo for 10 seconds."


def is_dead(opened: OpenCase) -> bool:
    """Tell whether sending unchanged is pointless: a hard bounce, or the person chose one."""
    if opened.is_cause_chosen:
        return opened.advice.group is CauseGroup.ADDRESS
    return opened.diagnosis.bounce_type is BounceType.HARD


def _too_big(opened: OpenCase, size: int, envelope: Envelope) -> Iterator[str]:
    """Say so when it is bigger than what gets through on the way, as far as that is known."""
    limit = size_limit_for(opened, sender=envelope.sender, recipient=envelope.recipient)
    if limit and size > limit.size:
        yield f"It is {spoken_size(size)}. {limit.words}"


def _notes(opened: OpenCase, letter: Letter, built: Rebuilt) -> list[str]:
    notes = []
    if opened.report.kind is MessageKind.DELAY:
        notes.append("Your provider is still trying, so they may get it twice.")
    if built.former_sender:
        notes.append(f"It was sent from {built.former_sender} before.")
    if built.replies_to:
        notes.append(f"Answers to it go to {built.replies_to}.")
    if letter.tracked_by:
        hosts = ", ".join(letter.tracked_by[:_FEW])
        notes.append(f"Its links or pictures still count for the first sending ({hosts}).")
    if letter.is_signed:
        notes.append("It has a digital signature, which stays as it was.")
    return notes


def _empty_review(order: Order, letter: Letter | None, locked: str) -> Review:
    return Review(
        order=order,
        sender="",
        to=order.to,
        recipient=order.to,
        subject=letter.subject if letter else "",
        text=letter.text if letter else "",
        parts=letter.parts if letter else (),
        size=0,
        source_words=letter.source_words if letter else "",
        what_happens="Nothing is sent.",
        locked=locked,
    )


def _shown(name: str, address: str) -> str:
    return f"{name} <{address}>" if name else address


def _letter(opened: OpenCase) -> Letter:
    return letter_from_notice(opened.raw, _message_id(opened), missing=opened.missing)


def _message_id(opened: OpenCase) -> str:
    return opened.report.original.message_id if opened.report.original else ""
