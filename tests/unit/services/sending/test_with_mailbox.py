"""Sending again with a real mailbox beside it (Dovecot): what is found in Sent, what goes there."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.imap import connect_imap, connect_sent_box
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox, SentBox
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fetch import check_account
from bounce_assistant.services.fixes.resend import Order
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.letters import LetterSource
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.store.accounts import StoredAccounts
from bounce_assistant.store.outgoing import OutgoingState
from bounce_assistant.store.rows import CaseId, CaseQuery
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.submission import Submission
from tests.unit.services.notices import FULL, bounce
from tests.unit.services.sending.conftest import Sender, make_sender

NOW = datetime.now(UTC)


@pytest.fixture
def user() -> str:
    return f"agent-{uuid4().hex[:8]}"


@pytest.fixture
def sender(
    tmp_path: Path, submission: Submission, knowledge: Knowledge, dovecot: Dovecot, user: str
) -> Iterator[Sender]:
    trusted = ssl.create_default_context(cafile=dovecot.ca)

    def read(account: Account, known: Credential, line: Line, who: Provider | None) -> Mailbox:
        return connect_imap(account, known, line, who, trusted)

    def lay(account: Account, known: Credential, line: Line, who: Provider | None) -> SentBox:
        return connect_sent_box(account, known, line, who, trusted)

    def accounts_on(stored: StoredAccounts) -> Accounts:
        return Accounts(stored, MemorySecrets(), connect=read, connect_sent=lay)

    account = replace(dovecot.account(user), id=0, smtp_host="localhost", smtp_port=submission.port)
    made = make_sender(tmp_path, submission, knowledge, accounts_on, account)
    made.clock.wall = NOW
    yield made
    made.store.close()


def in_sent(dovecot: Dovecot, user: str) -> list[bytes]:
    return [raw for path, raw in dovecot.snapshot(user).items() if ".Sent" in path]


def headers_only(sender: Sender) -> CaseId:
    notice = bounce("dana@example.net", diagnostic=FULL, sent=NOW, arrived=NOW)
    notice = notice.replace(b"message/rfc822", b"text/rfc822-headers")
    (case,) = add_text(notice.decode(), sender.store, sender.knowledge, Job()).cases
    return case


def original(words: bytes = b"All of it, from Sent.") -> bytes:
    notice = bounce("dana@example.net", sent=NOW)
    mail = notice.partition(b"message/rfc822\r\n\r\n")[2].partition(b"--B--")[0]
    return mail.replace(b"See you there.", words)


def test_a_copy_goes_into_sent_once(
    sender: Sender, dovecot: Dovecot, user: str, submission: Submission
) -> None:
    dovecot.folder(user, "Sent")
    sender.send(sender.case())
    sender.wait_for_undo()
    (copy,) = in_sent(dovecot, user)
    assert copy == submission.received[0].raw.replace(b"\r\n", b"\n")
    sender.outbox.run(Job())
    assert len(in_sent(dovecot, user)) == 1
    assert sender.store.outbox.copies_to_do() == []


def test_the_copies_of_a_group_are_laid_there_together(
    sender: Sender, dovecot: Dovecot, user: str
) -> None:
    dovecot.folder(user, "Sent")
    sender.send(*(sender.case(f"p{n}@example.net") for n in range(5)))
    sender.wait_for_undo()
    assert len(in_sent(dovecot, user)) == 5
    assert sender.store.outbox.copies_to_do() == []


def test_a_copy_that_was_not_noted_is_not_laid_there_twice(
    sender: Sender, dovecot: Dovecot, user: str
) -> None:
    dovecot.folder(user, "Sent")
    sender.send(sender.case())
    sender.wait_for_undo()
    with sender.store._connections.write() as db:  # as if killed before it was noted
        db.execute("UPDATE outgoing SET copy = 'to do'")
    again = Outbox(sender.store, sender.accounts, now=sender.clock.now)
    again.run(Job())
    assert len(in_sent(dovecot, user)) == 1
    assert sender.store.outbox.copies_to_do() == []


def test_a_provider_that_fills_sent_itself_gets_no_second_copy(
    sender: Sender, dovecot: Dovecot, user: str
) -> None:
    (row,) = sender.store.accounts.list()
    sender.store.accounts.change(replace(row, provider="gmail"))
    dovecot.folder(user, "Sent")
    sender.send(sender.case())
    sender.wait_for_undo()
    assert in_sent(dovecot, user) == []


def test_what_the_bounce_left_out_is_found_in_sent(
    sender: Sender, dovecot: Dovecot, user: str, submission: Submission
) -> None:
    dovecot.put(user, original(), NOW, folder="Sent")
    case = headers_only(sender)
    letter = sender.resend.find(case, Job())
    assert letter.source is LetterSource.SENT
    assert letter.text == "All of it, from Sent."
    sender.resend.send([sender.resend.review(Order(case, letter=letter))])
    sender.wait_for_undo()
    assert b"All of it, from Sent." in submission.received[0].raw


def test_what_is_nowhere_is_said_to_be(sender: Sender, dovecot: Dovecot, user: str) -> None:
    dovecot.folder(user, "Sent")
    letter = sender.resend.find(headers_only(sender), Job())
    assert letter.why_not == "The bounce brought back only the headings of your email."


def test_a_large_bounce_is_fetched_whole_before_it_goes_again(
    sender: Sender, dovecot: Dovecot, user: str, submission: Submission
) -> None:
    large = b"\r\n".join(b"line %06d of a long text" % n for n in range(10_000))
    notice = bounce("dana@example.net", diagnostic=FULL, sent=NOW, arrived=NOW)
    notice = notice.replace(b"See you there.", large)
    dovecot.put(user, notice, NOW)
    (account,) = sender.accounts.list()
    check_account(account, sender.accounts, sender.store, sender.knowledge, Job())
    (key,) = sender.cases.keys(CaseQuery())
    assert not sender.resend.letter(key.case).is_whole
    assert not sender.resend.review(Order(key.case)).can_be_sent
    letter = sender.resend.find(key.case, Job())
    assert letter.source is LetterSource.NOTICE
    sender.resend.send([sender.resend.review(Order(key.case, letter=letter))])
    sender.wait_for_undo()
    assert submission.received[0].raw.rstrip().endswith(large)


@pytest.mark.parametrize("arrived", [True, False])
def test_an_unknown_one_is_looked_up_in_sent_by_its_id(
    sender: Sender, dovecot: Dovecot, user: str, submission: Submission, *, arrived: bool
) -> None:
    dovecot.folder(user, "Sent")
    submission.mood.replies["data"] = "drop"
    submission.mood.takes = arrived
    submission.mood.keep = lambda raw: dovecot.put(user, raw, NOW, folder="Sent")
    (message,) = sender.send(sender.case())
    sender.wait_for_undo()
    assert sender.state(message) is OutgoingState.UNKNOWN
    sender.outbox.run(Job())
    found = sender.outbox.get(message)
    assert found is not None
    if arrived:
        assert (found.state, found.said) == (OutgoingState.SENT, "Found in Sent.")
    else:
        assert found.state is OutgoingState.UNKNOWN
        assert found.problem.startswith("It isn't in Sent, which may mean that it never left")
        assert not sender.outbox.look_up(message, Job())


def test_sent_out_of_reach_is_said(sender: Sender, submission: Submission) -> None:
    submission.mood.replies["data"] = "drop"
    (message,) = sender.send(sender.case())
    sender.wait_for_undo()
    (row,) = sender.store.accounts.list()
    sender.store.accounts.change(replace(row, imap_port=1))
    sender.outbox.run(Job())
    assert sender.state(message) is OutgoingState.UNKNOWN
    with pytest.raises(AppError, match="connections"):
        sender.outbox.look_up(message, Job())


def test_the_password_is_never_in_the_store(sender: Sender) -> None:
    sender.send(sender.case())
    sender.wait_for_undo()
    sender.store.close()
    for path in sender.store.path.parent.glob("*"):
        assert PASSWORD.encode() not in path.read_bytes()
