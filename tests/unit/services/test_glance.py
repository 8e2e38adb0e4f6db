"""What little is fetched first tells every notice from mail that only looks like one."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bounce_assistant.mail.inbox_search import CHOSEN_FIELDS, Promise, load_inbox_search
from bounce_assistant.mail.mailbox import Candidates, Look
from bounce_assistant.services.examine import examine_message
from bounce_assistant.services.folder import FolderPlan, plan_folder
from bounce_assistant.services.glance import (
    FIRST_WORDS,
    MORE_WORDS,
    is_worth_fetching,
    says_nothing_yet,
)
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store.rows import AccountId
from tests.end2end.look_alikes import look_alike
from tests.servers.fake_mailbox import FakeFolder, FakeMailbox

KNOWLEDGE = load_knowledge()
ROOT = Path(__file__).parents[3]
NOW = datetime.now(UTC)
CORPORA = {
    "ours": ROOT / "tests/corpus/messages",
    "public": ROOT.parent / "shared/corpus",
}


def mails(corpus: str) -> Iterator[tuple[str, bytes]]:
    folder = CORPORA[corpus]
    if not folder.is_dir():
        pytest.skip(f"There is no {folder.name} beside this checkout.")
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".eml", ".txt"} and path.is_file():
            raw = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            if b"\r\n\r\n" in raw:
                yield path.name, raw


def is_fetched(mailbox: FakeMailbox, uid: int) -> bool:
    """Go the way of services.folder for one message."""
    (look,) = mailbox.looks([uid])
    promise = load_inbox_search().promise(look.header)
    if promise is not Promise.MAYBE:
        return promise is Promise.SURE
    (seen,) = mailbox.looks([uid], CHOSEN_FIELDS, FIRST_WORDS)
    if says_nothing_yet(seen):
        (seen,) = mailbox.looks([uid], CHOSEN_FIELDS, MORE_WORDS)
    return is_worth_fetching(seen, KNOWLEDGE)


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_notice_passes_the_first_glance(corpus: str) -> None:
    folder, wanted = FakeFolder(), {}
    for name, raw in mails(corpus):
        if examine_message(raw, KNOWLEDGE).is_trouble:
            wanted[folder.put(raw, NOW)] = name
    mailbox = FakeMailbox({"INBOX": folder})
    mailbox.open("INBOX")
    assert len(wanted) > 250
    missed = [name for uid, name in wanted.items() if not is_fetched(mailbox, uid)]
    assert missed == []


def test_what_only_looks_like_a_bounce_stays_on_the_server() -> None:
    chance = random.Random(5)  # noqa: S311 - the same mail in every run
    folder, subjects = FakeFolder(), {}
    for _ in range(300):
        raw = look_alike(chance).as_bytes().replace(b"\n", b"\r\n")
        if len(raw) > 3_000:
            subjects[folder.put(raw, NOW)] = raw
    mailbox = FakeMailbox({"INBOX": folder})
    mailbox.open("INBOX")
    fetched = [uid for uid in subjects if is_fetched(mailbox, uid)]
    assert len(fetched) < len(subjects) / 20, Counter(len(subjects[uid]) for uid in fetched)


def test_a_message_seen_to_its_end_is_judged_as_it_is() -> None:
    raw = b"From: postmaster@example.org\r\nSubject: hi\r\n\r\nok\r\n"
    head, _, body = raw.partition(b"\r\n\r\n")
    look = Look(1, len(raw), head + b"\r\n\r\n", body)
    assert not says_nothing_yet(look)
    assert not is_worth_fetching(look, KNOWLEDGE)


def test_a_plan_knows_what_the_search_was_sure_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bounce_assistant.services.folder.LOOK_AT_ALL", 1)
    folder = FakeFolder()
    folder.put(b"From: mailer-daemon@example.org\r\nSubject: Undelivered\r\n\r\nno\r\n", NOW)
    folder.put(b"From: postmaster@example.org\r\nSubject: Report\r\n\r\nno\r\n", NOW)
    folder.put(b"From: dana@example.org\r\nSubject: Hi\r\n\r\nno\r\n", NOW)
    plan: FolderPlan = plan_folder(
        FakeMailbox({"INBOX": folder}), AccountId(1), "INBOX", None, NOW.date()
    )
    assert plan.found
    assert plan.candidates == (1, 2)
    assert plan.found == Candidates(frozenset({1}), frozenset({2}))
