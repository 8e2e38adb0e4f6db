"""Whom the user wrote to is found in Sent, on a real server, by reading alone."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path

import pytest

from bounce_assistant.advice.findings import AddressResult, FindingId
from bounce_assistant.checks.resolver import Resolver
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import CancelledError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fixes.verify_address import (
    AddressCheck,
    AddressQuestion,
    verify_address,
)
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.sent_people import SentPeople, Sought, find_people, look_in_sent
from bounce_assistant.store import Store, open_store
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox
from tests.servers.ports import free_port
from tests.store.keep import keep, verdict

NOW = datetime.now(UTC).replace(microsecond=0)
_users = count()


def mail(to: str, when: datetime = NOW, cc: str = "") -> bytes:
    head = f"Date: {format_datetime(when)}\r\nFrom: rosa@rosa.example\r\nTo: {to}\r\n"
    return f"{head}{f'Cc: {cc}{chr(13)}{chr(10)}' if cc else ''}Subject: Hi\r\n\r\nHi\r\n".encode()


@dataclass(frozen=True, slots=True)
class Rosa:
    """A user of a real server, and what she has."""

    server: Dovecot
    user: str
    account: Account
    accounts: Accounts
    store: Store
    knowledge: Knowledge

    def wrote(self, to: str, *, days: int = 1, cc: str = "") -> None:
        when = NOW - timedelta(days=days)
        self.server.put(self.user, mail(to, when, cc), when, folder="Sent")

    def look(self, person: str, address: str, job: Job | None = None) -> SentPeople:
        found = look_in_sent(person, address, self.accounts, self.knowledge.addresses, job or Job())
        assert found is not None
        return found

    def verify(self, address: str, person: str = "", names: Resolver | None = None) -> AddressCheck:
        question = AddressQuestion(address, person, sent=self.look(person, address))
        return verify_address(question, self.store, self.knowledge, Job(), names=names)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def rosa(dovecot: Dovecot, tmp_path: Path, knowledge: Knowledge) -> Iterator[Rosa]:
    user = f"people{next(_users)}"
    dovecot.folder(user, "Sent")
    context = ssl.create_default_context(cafile=dovecot.ca)
    with open_store(tmp_path / "bounces.sqlite3") as store:
        accounts = Accounts(
            store.accounts,
            MemorySecrets(),
            lambda a, p, line, of: connect_imap(a, p, line, of, context),
        )
        account = accounts.add(dovecot.account(user), PASSWORD)
        yield Rosa(dovecot, user, account, accounts, store, knowledge)


def addresses(found: SentPeople) -> list[str]:
    return [one.address for one in found.contacts]


def test_a_person_is_found_by_name_with_when_they_were_written_to(rosa: Rosa) -> None:
    rosa.wrote("Dana Reyes <dana@old-home.com>", days=300)
    rosa.wrote("lee@larkspur.com", cc='"Reyes, Dana" <dr@work.com>', days=20)
    rosa.wrote("Dana Reyes <dana@old-home.com>", days=100)
    rosa.wrote("Dan Reyes <dan@elsewhere.com>")
    before = rosa.server.snapshot(rosa.user)
    found = rosa.look("Dana Reyes", "d.reyes@oakfield-homes.com")
    assert [(one.address, one.name) for one in found.contacts] == [
        ("dr@work.com", "Reyes, Dana"),
        ("dana@old-home.com", "Dana Reyes"),
    ]
    assert [one.written for one in found.contacts] == [
        NOW - timedelta(days=20),
        NOW - timedelta(days=100),
    ]
    assert found.problem == ""
    assert rosa.server.snapshot(rosa.user) == before


def test_a_name_in_encoded_words_is_found(rosa: Rosa) -> None:
    rosa.wrote("=?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <jm@work.com>")
    found = rosa.look("Jürgen Müller", "juergen@oakfield-homes.com")
    assert [(one.address, one.name) for one in found.contacts] == [("jm@work.com", "Jürgen Müller")]


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("dana.reyes@gmail.com", "dana.reyes@work.com"),  # the same mailbox name
        ("dana@oakfield-homes.com", "lee@oakfield-homes.com"),  # the same domain
        ("dana@oakfeld-homes.com", "lee@oakfield-homes.com"),  # a slip in the first half
        ("dana@oakfield-hoems.com", "lee@oakfield-homes.com"),  # and in the second
    ],
)
def test_addresses_like_it_are_found(rosa: Rosa, asked: str, there: str) -> None:
    rosa.wrote(f"{there}, somebody@else.org")
    assert addresses(rosa.look("", asked)) == [there]


def test_everybody_at_a_common_domain_is_nobody_in_particular(rosa: Rosa) -> None:
    rosa.wrote("lee@gmail.com")
    assert addresses(rosa.look("", "dana@gmail.com")) == []
    assert addresses(rosa.look("", "dana@gmial.com")) == []


def test_what_is_older_than_two_years_stays_out(rosa: Rosa) -> None:
    rosa.wrote("Dana Reyes <dana@old-home.com>", days=800)
    assert addresses(rosa.look("Dana Reyes", "d@oakfield-homes.com")) == []


def test_another_address_of_theirs_is_suggested_with_the_day(rosa: Rosa) -> None:
    rosa.wrote("Dana Reyes <dana@work.com>", days=400)
    rosa.wrote("Dana Reyes <d.reyes@oakfield-homes.com>")
    check = rosa.verify("d.reyes@oakfield-homes.com", "Dana Reyes")
    assert check.looked_in_sent == "yes"
    (one,) = check.advice.suggestions
    assert one.address == "dana@work.com"
    assert one.because.startswith("You last wrote to Dana Reyes at dana@work.com on ")
    assert [other.address for other in check.other_addresses] == ["dana@work.com"]


def test_a_slip_in_the_domain_is_seen_though_the_email_that_bounced_lies_in_sent(
    rosa: Rosa,
) -> None:
    rosa.wrote("ann@larkspur.com", days=30)
    rosa.wrote("lee@larkspr.com")
    check = rosa.verify("lee@larkspr.com")
    assert check.advice.result is AddressResult.LOOKS_WRONG
    assert [one.button for one in check.advice.suggestions] == ["Use larkspur.com..."]


def test_an_address_that_bounced_is_not_suggested(rosa: Rosa) -> None:
    rosa.wrote("Dana Reyes <dana@work.com>")
    rosa.wrote("Dana Reyes <dana.r@home.com>", days=9)
    keep(rosa.store, 1, verdict("Dana@work.com", certainty="likely"))
    check = rosa.verify("d.reyes@oakfield-homes.com", "Dana Reyes")
    assert [one.address for one in check.advice.suggestions] == ["dana.r@home.com"]
    assert [one.address for one in check.other_addresses] == ["dana.r@home.com"]


@pytest.mark.real
def test_a_sent_folder_out_of_reach_is_never_fine(rosa: Rosa, nsd: Resolver) -> None:
    fine = rosa.verify("dana@good.example", "Dana Reyes", nsd)
    assert (fine.advice.result, fine.looked_in_sent) == (AddressResult.FINE, "yes")
    rosa.accounts.change(replace(rosa.account, imap_port=free_port()))
    check = rosa.verify("dana@good.example", "Dana Reyes", nsd)
    assert (check.advice.result, check.looked_in_sent) == (
        AddressResult.CANT_TELL,
        "could not look",
    )
    assert check.advice.title == "We couldn't look in Sent"
    assert check.advice.sentence.startswith("Could not look in Sent for another address of theirs.")
    keep(
        rosa.store,
        1,
        verdict("dana@good.example", cause=CauseId("out_of_office"), certainty="likely"),
    )
    assert rosa.verify("dana@good.example", "", nsd).advice.result is AddressResult.CANT_TELL


def test_an_account_without_a_sent_folder_was_not_looked_in(rosa: Rosa, dovecot: Dovecot) -> None:
    rosa.accounts.add(
        replace(dovecot.account("nosent"), id=0, email="nosent@example.com"), PASSWORD
    )
    rosa.wrote("Dana Reyes <dana@work.com>")
    found = rosa.look("Dana Reyes", "d@oakfield-homes.com")
    assert addresses(found) == ["dana@work.com"]  # the other account still was
    assert found.problem == "No folder says that it holds what was sent."


def test_without_an_account_nobody_looks(store_without: Accounts, knowledge: Knowledge) -> None:
    assert look_in_sent("Dana", "d@x.com", store_without, knowledge.addresses, Job()) is None


@pytest.fixture
def store_without(tmp_path: Path) -> Iterator[Accounts]:
    with open_store(tmp_path / "none.sqlite3") as store:
        yield Accounts(store.accounts, MemorySecrets())


def test_stop_ends_the_look(rosa: Rosa) -> None:
    job = Job()
    job.cancel()
    with pytest.raises(CancelledError):
        rosa.look("Dana Reyes", "d@oakfield-homes.com", job)


@pytest.mark.parametrize("can_search", [True, False])
def test_the_newest_two_hundred_are_looked_at_and_no_more(
    knowledge: Knowledge, *, can_search: bool
) -> None:
    sent = FakeFolder()
    for number in range(250):
        when = NOW - timedelta(hours=300 - number)
        sent.put(mail(f"Dana Reyes <dana{number}@work.com>", when), when)
    with closing(FakeMailbox({"Sent": sent}, can_search=can_search, sent=["Sent"])) as mailbox:
        sought = Sought("Dana Reyes", "d@oakfield-homes.com", knowledge.addresses)
        found = find_people(mailbox, sought, Job())
        assert "look 200" in mailbox.asked
    assert [one.address for one in found] == [f"dana{number}@work.com" for number in range(50, 250)]


def test_what_stands_in_an_address_can_not_steer_a_search(rosa: Rosa) -> None:
    rosa.wrote("Dana Reyes <dana@work.com>")
    odd = rosa.look('Dana" Reyes\r\nA1 DELETE Sent', '"x\r\nA2 DELETE Sent"@work.com')
    assert odd.problem == ""
    assert addresses(rosa.look("Dana Reyes", "no address")) == ["dana@work.com"]
    assert FindingId.SENT_NOT_LOOKED_IN not in {
        one.id for one in rosa.verify("no address", "Dana Reyes").advice.learned
    }
