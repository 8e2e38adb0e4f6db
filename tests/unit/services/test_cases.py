"""Open a case, decide about it, take it back; what was decided stands."""

from datetime import UTC, datetime, timedelta

import pytest

from bounce_assistant.advice.history import history_sentence
from bounce_assistant.diagnosis.verdict import CauseId, Certainty
from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.intake import add_sources
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.sources import Source
from bounce_assistant.store import Store
from bounce_assistant.store.accounts import AccountRow
from bounce_assistant.store.rows import BatchId, CaseId, CaseQuery, CaseState, RowKey
from bounce_assistant.store.settings import Settings
from tests.unit.services.notices import FULL, MONDAY, ORDINARY, bounce

FULL_INBOX = CauseId("inbox_full")


class Clock:
    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cases(store: Store, knowledge: Knowledge, clock: Clock) -> Cases:
    return Cases(store, knowledge, now=clock)


def add(store: Store, knowledge: Knowledge, *mails: bytes) -> tuple[CaseId, ...]:
    sources = [Source(f"{number}.eml", raw) for number, raw in enumerate(mails)]
    return add_sources(sources, store, knowledge, Job()).cases


def test_an_opened_case_shows_everything(store: Store, knowledge: Knowledge, cases: Cases) -> None:
    (case,) = add(store, knowledge, bounce(name="Dana Reyes"))
    opened = cases.open(case)
    assert opened.id == case
    assert opened.row.name == "Dana Reyes"
    assert opened.report.original
    assert opened.diagnosis.recipient.recipient == "dana@example.net"
    assert opened.advice.title == opened.row.title
    assert opened.raw == bounce(name="Dana Reyes")
    assert (opened.file, opened.folder, opened.account, opened.uid) == ("0.eml", "", "", 0)
    assert (opened.history, opened.others, opened.ticked) == ("", 0, {})
    assert not opened.is_cause_chosen


def test_an_opened_case_is_read(store: Store, knowledge: Knowledge, cases: Cases) -> None:
    (case,) = add(store, knowledge, bounce())
    assert cases.look_at(case).row.is_unread
    assert cases.open(case).row.is_unread
    assert not cases.open(case).row.is_unread


def test_a_case_that_is_gone_is_said_in_a_sentence(cases: Cases) -> None:
    with pytest.raises(AppError, match="isn't here any more"):
        cases.open(CaseId(5))


def test_each_person_of_one_notice_has_a_case_of_their_own(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    people = ("ana@example.net", "Bo@Example.net", "cy@example.net")
    ids = add(store, knowledge, bounce(*people))
    opened = [cases.open(case) for case in ids]
    assert [one.diagnosis.recipient.recipient for one in opened] == list(people)
    assert {one.others for one in opened} == {2}


def test_done_leaves_needs_you_and_undo_brings_it_back(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    ids = add(store, knowledge, bounce("a@example.net"), bounce("b@example.net"))
    cases.mark_done(ids)
    assert (cases.counts().needs_you, cases.counts().done) == (0, 2)
    assert cases.undo() == "All 2 are back where they were."
    assert (cases.counts().needs_you, cases.counts().done) == (2, 0)
    assert cases.undo() == ""


def test_undo_goes_back_step_by_step(store: Store, knowledge: Knowledge, cases: Cases) -> None:
    (case,) = add(store, knowledge, bounce())
    cases.snooze([case], MONDAY + timedelta(days=1))
    cases.mark_done([case])
    cases.choose_cause([case], FULL_INBOX)
    cases.reopen([case])
    assert cases.undo() == "It's back where it was."
    assert cases.look_at(case).row.state is CaseState.DONE
    assert cases.undo() == "The reason is what it was before."
    assert cases.look_at(case).row.cause == "user_unknown"
    cases.undo()
    row = cases.look_at(case).row
    assert (row.state, row.snoozed_until) == (CaseState.WAITING, MONDAY + timedelta(days=1))


def test_a_snoozed_case_wakes_in_time(
    store: Store, knowledge: Knowledge, cases: Cases, clock: Clock
) -> None:
    (case,) = add(store, knowledge, bounce())
    cases.snooze([case], MONDAY + timedelta(hours=4))
    assert cases.wake() == 0
    assert cases.counts().waiting == 1
    clock.now += timedelta(hours=5)
    assert cases.wake() == 1
    assert cases.counts().needs_you == 1


def test_the_persons_own_reason_stands(store: Store, knowledge: Knowledge, cases: Cases) -> None:
    (case,) = add(store, knowledge, bounce(name="Dana Reyes"))
    cases.choose_cause([case], FULL_INBOX)
    opened = cases.open(case)
    assert opened.is_cause_chosen
    assert opened.diagnosis.certainty is Certainty.ALMOST_CERTAIN
    assert opened.advice.title == opened.row.title == "Their inbox is full"
    assert "Dana" in opened.advice.sentence
    assert cases.rediagnose(Job()) == 0
    add(store, knowledge, bounce(name="Dana Reyes"))
    assert cases.open(case).row.cause == "inbox_full"


def test_ticked_steps_are_remembered_with_their_date(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    (case,) = add(store, knowledge, bounce())
    cases.tick(case, "check", done=True)
    cases.tick(case, "call", done=True)
    cases.tick(case, "call", done=False)
    assert cases.open(case).ticked == {"check": MONDAY}


def test_better_rules_change_what_is_shown_and_nothing_decided(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    first, second = add(store, knowledge, bounce("a@example.net"), bounce("b@example.net"))
    cases.mark_done([first])
    with store._connections.write() as db:  # as an older program with poorer rules left them
        db.execute(
            "UPDATE bounce SET found_cause = 'unsure', cause = 'unsure', found_group = 'unsure',"
            " cause_group = 'unsure', found_title = 'We do not know', title = 'We do not know'"
        )
    assert cases.rediagnose(Job()) == 2
    assert cases.rediagnose(Job()) == 0
    rows = store.cases.rows([RowKey(first), RowKey(second)])
    assert {row.cause for row in rows.values()} == {"user_unknown"}
    assert [row.state for row in rows.values()] == [CaseState.DONE, CaseState.NEEDS_YOU]


def test_after_an_update_the_kept_mail_is_outdated_until_diagnosed_again(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    assert not cases.is_outdated()
    add(store, knowledge, bounce())
    store.settings.save(Settings(diagnosed_by="0.0.1", my_name="Agent"))
    assert cases.is_outdated()
    cases.rediagnose(Job())
    assert not cases.is_outdated()
    assert store.settings.load().my_name == "Agent"


def test_diagnosing_again_can_be_stopped(store: Store, knowledge: Knowledge, cases: Cases) -> None:
    add(store, knowledge, *(bounce(f"{n}@example.net") for n in range(4)))
    steps: list[int] = []

    def stop_at_the_second(done: int, total: int, words: str) -> None:
        steps.append(done)
        if done:
            job.cancel()

    job = Job(stop_at_the_second)
    with pytest.raises(CancelledError):
        cases.rediagnose(job)
    assert steps == [0, 1]
    assert cases.is_outdated()


def test_a_mailing_folds_and_a_single_mail_does_not(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    names = ("Ana Ruiz", "Bo Lind", "Cy Novak")
    add(
        store,
        knowledge,
        *(
            bounce(f"{n.split()[0]}@example.net", name=n, subject=f"Hi {n.split()[0]}, open house")
            for n in names
        ),
        bounce("dee@example.net", subject="Re: Hi, open house", sent=MONDAY - timedelta(days=1)),
        bounce("eve@example.net", subject="Hi, open house", diagnostic=FULL),
        ORDINARY,
    )
    keys = cases.keys(CaseQuery())
    (folded,) = (key for key in keys if key.batch)
    assert len(keys) == 4 == cases.counts().needs_you
    assert cases.rows([folded])[folded].count == 3
    assert len(cases.members(folded.batch or BatchId(""))) == 3
    assert len(cases.listed(CaseQuery())) == 6


def test_mail_without_a_subject_never_folds(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    add(store, knowledge, *(bounce(f"{n}@example.net", subject="") for n in range(4)))
    assert len(cases.keys(CaseQuery())) == 4


def test_ordinary_mail_never_folds(store: Store, knowledge: Knowledge, cases: Cases) -> None:
    forwarded = (
        b"From: lee@example.net\r\nTo: agent@example.com\r\nSubject: Fwd: Lunch\r\n"
        b"Message-ID: <%d@example.net>\r\n\r\nSee below.\r\n"
    )
    add(store, knowledge, *(forwarded % number for number in range(4)))
    rows = cases.rows(cases.keys(CaseQuery()))
    assert [(row.name, row.count) for row in rows.values()] == [("lee@example.net", 1)] * 4


def test_mail_from_nobody_has_a_name_to_show(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    (case,) = add(store, knowledge, b"Subject: Hello\r\nDate: today\r\n\r\nHello.\r\n")
    assert cases.open(case).row.name == "Unknown sender"


def test_a_third_bounce_from_one_address_says_so(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    days = (2, 1, 0)
    ids = add(
        store,
        knowledge,
        *(bounce(arrived=MONDAY - timedelta(days=n), subject=f"Mail {n}") for n in days),
    )
    assert cases.open(ids[0]).history == ""
    assert cases.open(ids[2]).history == "3rd bounce from this address since 28 February."


@pytest.mark.parametrize(
    ("bounces", "days", "sentence"),
    [
        (1, 0, ""),
        (2, 0, "2nd bounce from this address since 2 March."),
        (11, 0, "11th bounce from this address since 2 March."),
        (23, 365, "23rd bounce from this address since 2 March 2025."),
        (112, 0, "112th bounce from this address since 2 March."),
        (101, 0, "101st bounce from this address since 2 March."),
    ],
)
def test_the_history_is_a_sentence(bounces: int, days: int, sentence: str) -> None:
    since = (MONDAY - timedelta(days=days)).replace(hour=12)
    assert history_sentence(bounces, since, MONDAY) == sentence


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 1 Jan 1601 00:00:00 +0000", "99999999"])
def test_a_date_that_cannot_be_true_is_today(
    store: Store, knowledge: Knowledge, cases: Cases, date: str
) -> None:
    (case,) = add(store, knowledge, bounce(arrived=date))
    assert abs(datetime.now(UTC) - cases.open(case).row.when) < timedelta(minutes=5)


def test_a_date_far_ahead_does_not_lead_the_list_for_ever(
    store: Store, knowledge: Knowledge, cases: Cases
) -> None:
    (case,) = add(store, knowledge, bounce(arrived=datetime(2199, 1, 1, tzinfo=UTC)))
    assert cases.open(case).row.when < datetime.now(UTC) + timedelta(days=1)


def test_the_users_own_addresses_are_known(store: Store, knowledge: Knowledge) -> None:
    store.accounts.add(AccountRow("Agent@Example.com", username="agent"))
    store.settings.save(Settings(my_addresses=("Me@Home.example",)))
    assert store.own_addresses() == {"agent@example.com", "me@home.example"}
