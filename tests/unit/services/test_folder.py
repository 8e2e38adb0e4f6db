"""Reading a folder again and again: every message is looked at once, whatever happened before."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bounce_assistant.errors import CancelledError
from bounce_assistant.mail.mailbox import FetchedMessage, FolderState
from bounce_assistant.services import folder as folder_module
from bounce_assistant.services.folder import FolderPlan, Tally, plan_folder, read_folder
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store.cursors import FolderCursor
from bounce_assistant.store.rows import AccountId
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox

NOW = datetime.now(UTC)
ROSA = AccountId(1)
KNOWLEDGE = load_knowledge()
NOTICE = b"From: mailer-daemon@example.org\r\nSubject: Undelivered\r\n\r\nno\r\n"
LETTER = b"From: Dana <dana@example.com>\r\nSubject: Open house\r\n\r\nhi\r\n"


@dataclass
class Reader:
    """Someone who checks one folder whenever told to, and remembers like the store."""

    folder: FakeFolder = field(default_factory=FakeFolder)
    cursor: FolderCursor | None = None
    taken: list[int] = field(default_factory=list)
    can_search: bool = True
    asked: list[str] = field(default_factory=list)

    def put(self, raw: bytes, *, days_ago: float = 0) -> int:
        return self.folder.put(raw, NOW - timedelta(days=days_ago))

    def check(self, *, days: int = 30, job: Job | None = None) -> Tally:
        mailbox = FakeMailbox({"INBOX": self.folder}, can_search=self.can_search)
        since = (NOW - timedelta(days=days)).date()
        plan = plan_folder(mailbox, ROSA, "INBOX", self.cursor, since)
        tally = Tally(job or Job(), total=len(plan.uids))
        self.asked = mailbox.asked
        if plan.uids:
            read_folder(mailbox, plan, KNOWLEDGE, self._take, tally)
        self.cursor = plan.end
        return tally

    def _take(self, message: FetchedMessage, cursor: FolderCursor) -> None:
        self.taken.append(message.uid)
        self.cursor = cursor


def test_a_second_check_asks_for_nothing() -> None:
    rosa = Reader()
    rosa.put(LETTER)
    rosa.put(NOTICE)
    assert rosa.check().looked_at == 2
    assert rosa.taken == [2]
    assert rosa.check().looked_at == 0
    assert rosa.asked == ["open INBOX"]


def test_only_new_mail_is_looked_at() -> None:
    rosa = Reader()
    rosa.put(NOTICE)
    rosa.check()
    rosa.put(LETTER)
    rosa.put(NOTICE)
    assert rosa.check().looked_at == 2
    assert rosa.taken == [1, 3]


def test_a_stopped_check_resumes_where_it_stopped() -> None:
    rosa = Reader()
    for _ in range(6):
        rosa.put(NOTICE)
    job = Job()

    def stop_at_three(done: int, _total: int, _words: str) -> None:
        if done == 3:
            job.cancel()

    job.progress = stop_at_three
    with pytest.raises(CancelledError):
        rosa.check(job=job)
    assert rosa.taken in ([1, 2, 3], [1, 2, 3, 4])
    rosa.check()
    assert rosa.taken == [1, 2, 3, 4, 5, 6]


def test_looking_further_back_reads_the_older_mail_only() -> None:
    rosa = Reader()
    rosa.put(NOTICE, days_ago=80)
    rosa.put(NOTICE, days_ago=10)
    rosa.check(days=30)
    assert rosa.taken == [2]
    assert rosa.check(days=90).looked_at == 1
    assert rosa.taken == [2, 1]
    assert rosa.check(days=90).looked_at == 0
    assert rosa.check(days=30).looked_at == 0


def test_stopping_while_looking_back_loses_nothing() -> None:
    rosa = Reader()
    for days_ago in (80, 70, 60, 10):
        rosa.put(NOTICE, days_ago=days_ago)
    rosa.check(days=30)
    rosa.put(NOTICE)
    job = Job(lambda done, _total, _words: job.cancel() if done == 2 else None)
    with pytest.raises(CancelledError):
        rosa.check(days=90, job=job)
    rosa.check(days=90)
    assert set(rosa.taken) == {1, 2, 3, 4, 5}
    assert rosa.taken.count(4) == 1


def test_mail_is_never_missed_between_two_rare_checks() -> None:
    rosa = Reader()
    rosa.put(LETTER, days_ago=100)
    rosa.check(days=120)
    rosa.put(NOTICE, days_ago=60)
    rosa.check(days=30)
    assert rosa.taken == [2]


def test_a_folder_numbered_anew_is_read_anew() -> None:
    rosa = Reader()
    rosa.put(NOTICE)
    rosa.check()
    rosa.folder = replace(rosa.folder, uid_validity=2)
    rosa.check()
    assert rosa.taken == [1, 1]
    assert rosa.cursor
    assert rosa.cursor.uid_validity == 2


@pytest.mark.parametrize("can_search", [True, False])
def test_a_large_folder_is_searched_or_looked_through(
    monkeypatch: pytest.MonkeyPatch, *, can_search: bool
) -> None:
    monkeypatch.setattr(folder_module, "LOOK_AT_ALL", 3)
    rosa = Reader(can_search=can_search)
    for _ in range(4):
        rosa.put(LETTER)
    rosa.put(NOTICE)
    tally = rosa.check()
    assert rosa.taken == [5]
    assert tally.looked_at == 5
    assert ("look 1" if can_search else "look 5") in rosa.asked


def test_a_notice_in_a_small_folder_is_found_even_where_search_would_miss_it() -> None:
    rosa = Reader(can_search=False)
    rosa.put(NOTICE)
    rosa.check()
    assert rosa.taken == [1]
    assert "candidates" not in rosa.asked


def test_progress_is_told_in_words() -> None:
    heard: list[str] = []
    tally = Tally(Job(lambda *step: heard.append(step[2])), 412, 1204, 9)
    tally.step()
    tally.found = 1
    tally.step()
    assert heard == [
        "412 of 1,204 messages looked at, 9 bounces found",
        "412 of 1,204 messages looked at, 1 bounce found",
    ]


def test_an_empty_folder_is_done_at_once() -> None:
    rosa = Reader()
    assert rosa.check().looked_at == 0
    assert rosa.check().looked_at == 0
    rosa.put(NOTICE)
    rosa.check()
    assert rosa.taken == [1]


def test_a_server_that_counts_changes_but_not_uids_is_skipped_too() -> None:
    class OldMailbox(FakeMailbox):
        def open(self, folder: str) -> FolderState:
            return replace(super().open(folder), uid_next=None, highest_modseq=7)

    folder = FakeFolder()
    folder.put(NOTICE, NOW)
    mailbox = OldMailbox({"INBOX": folder})
    plan: FolderPlan = plan_folder(mailbox, ROSA, "INBOX", None, NOW.date())
    assert plan.uids == (1,)
    assert plan_folder(mailbox, ROSA, "INBOX", plan.end, NOW.date()).uids == ()
    assert mailbox.asked.count("uids") == 1
