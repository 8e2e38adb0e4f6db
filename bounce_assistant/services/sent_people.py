"""Whom the user has written to: Sent is searched for people like the one asked about.

Read only (EXAMINE, and To, Cc and Date of the newest hits); nothing of it is kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_string, policy
from email.utils import getaddresses, parsedate_to_datetime

from bounce_assistant.checks.recipient import Contact, is_same_person, name_words
from bounce_assistant.diagnosis.typos import AddressData, nearest
from bounce_assistant.errors import AppError
from bounce_assistant.mail.inbox_search import decode_field
from bounce_assistant.mail.mailbox import Look, Mailbox
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.job import Job

_FIELDS = ("To", "Cc", "Date")
_BACK = timedelta(days=730)
_BACK_UNSEARCHED = timedelta(days=90)  # where the server can't search, and we look through them
_MOST = 200  # messages looked at in one mailbox
_MOST_PEOPLE = 200
_LEAST = 3  # letters of a word worth searching for


@dataclass(frozen=True, slots=True)
class SentPeople:
    """Who was found in Sent, the last written to first, with when that was.

    ``problem``: why a Sent folder could not be looked in, as a sentence; "" where all could. Who
    is not among ``contacts`` was then perhaps not looked for.
    """

    contacts: tuple[Contact, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """The person and address asked about, as far as Sent can be searched for them."""

    person: str
    address: str
    data: AddressData

    @property
    def words(self) -> Iterator[tuple[str, ...]]:
        """Yield what to search for, the most telling first; each is a set of words to be found."""
        name, at, domain = self.address.lower().rpartition("@")
        if named := tuple(
            word for word in name_words(self.person) if len(word) >= _LEAST and word.isprintable()
        ):
            yield named
        if not at or not self.address.isprintable():
            return
        if len(name) >= _LEAST:
            yield (f"{name}@",)
        if domain in self.data.known or self.data.suggest(domain):
            return  # half of all people are there
        yield (f"@{domain}",)
        label, _, ending = domain.partition(".")
        half = len(label) // 2
        if half >= _LEAST:  # one slip leaves one half of the right name as it is
            yield (f"@{label[:half]}",)
            yield (f"{label[half:]}.{ending}",)

    def fits(self, contact: Contact) -> bool:
        """Tell whether somebody found is of use: searches also find who else got the email."""
        name, _, domain = self.address.lower().rpartition("@")
        other, _, other_domain = contact.address.lower().rpartition("@")
        return (
            is_same_person(self.person, contact.name)
            or other == name
            or (domain not in self.data.known and other_domain == domain)
            or bool(nearest(domain, {other_domain}))
        )


def look_in_sent(
    person: str, address: str, accounts: Accounts, data: AddressData, job: Job
) -> SentPeople | None:
    """Search the Sent folders of all accounts for a person, or for addresses like theirs.

    By name, by the same mailbox name, by the same domain or one a slip away; the last two years,
    the newest 200 messages of an account. None: no account is connected. Raises CancelledError
    within a second of ``job.cancel()``; trouble with an account becomes ``problem``.
    """
    every = accounts.list()
    if not every:
        return None
    sought, found, problem = Sought(person, address, data), list[Contact](), ""
    for account in every:
        job.step(0, 0, f"Looking in Sent of {account.email}")
        try:
            mailbox = accounts.open_mailbox(account, job)
            try:
                found += find_people(mailbox, sought, job)
            finally:
                mailbox.close()
        except AppError as trouble:
            problem = problem or trouble.title
    return SentPeople(_newest(found), problem)


def find_people(mailbox: Mailbox, sought: Sought, job: Job) -> list[Contact]:
    """Look in the Sent folders of a mailbox that is open already; AppError where it has none."""
    folders = mailbox.sent_folders()
    if not folders:
        raise AppError("No folder says that it holds what was sent.")
    found: list[Contact] = []
    today = datetime.now(UTC).date()
    left = _MOST
    for folder in folders:
        job.step(0, 0)
        mailbox.open(folder)
        uids = _hits(mailbox, sought, today, left, job)
        left -= len(uids)
        for look in mailbox.looks(sorted(uids), _FIELDS):
            job.step(0, 0)
            found += [one for one in _people(look) if sought.fits(one)]
    return found


def _hits(mailbox: Mailbox, sought: Sought, today: date, most: int, job: Job) -> set[int]:
    """Return the newest messages that a search finds; telling words have the first claim."""
    last = today + timedelta(days=1)  # servers count days in a zone of their own
    chosen: set[int] = set()
    for words in sought.words:
        job.step(0, 0)
        uids: Sequence[int] | None = mailbox.written_to(words, today - _BACK, last)
        if uids is None:
            uids = mailbox.arrived_between(today - _BACK_UNSEARCHED, last)
        fresh = [uid for uid in reversed(uids) if uid not in chosen]
        chosen.update(fresh[: most - len(chosen)])
    return chosen


def _people(look: Look) -> Iterator[Contact]:
    head = message_from_string(look.header.decode("utf-8", "replace"), policy=policy.compat32)
    written = _moment(str(head.get("Date", "")))
    fields = [str(value) for name in ("To", "Cc") for value in head.get_all(name, [])]
    for name, address in getaddresses(fields):
        if "@" in address:
            shown = decode_field(name)
            yield Contact(address, "" if "@" in shown else shown, written)


def _newest(found: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return each address once, the last written to first, with a name wherever one was given."""
    by_address: dict[str, Contact] = {}
    for one in sorted(found, key=_when, reverse=True):
        known = by_address.setdefault(one.address.lower(), one)
        if one.name and not known.name:
            by_address[one.address.lower()] = replace(known, name=one.name)
    return tuple(by_address.values())[:_MOST_PEOPLE]


def _when(contact: Contact) -> datetime:
    return contact.written or datetime.min.replace(tzinfo=UTC)


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
