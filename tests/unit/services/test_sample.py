"""The sample mailbox: every cause, fresh dates, and the verdicts it was made for."""

from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.utils import parsedate_to_datetime

import pytest

from bounce_assistant.resources import read_texts
from bounce_assistant.services.examine import Yours, case_diagnoses, examine_message
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.sample import SampleMail, sample_addresses, sample_messages
from bounce_assistant.services.sources import is_mail

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=-6)))
SAMPLE = sample_messages(NOW)
READABLE = [mail for mail in SAMPLE if mail.kind != "unreadable"]
EARLIEST = NOW - timedelta(days=15)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def test_every_cause_is_in_the_sample() -> None:
    assert {cause for mail in SAMPLE for cause in mail.causes} == set(read_texts("playbooks"))


def test_there_is_one_batch_of_more_than_twenty_from_a_gmail_address() -> None:
    batch = [mail for mail in SAMPLE if mail.causes == ("batch_blocked",)]
    assert len(batch) > 20
    assert len({mail.raw for mail in batch}) == len(batch)
    for mail in batch:
        assert b"support.google.com/mail/answer/69585" in mail.raw
        assert b"@gmail.com>" in mail.raw


def test_about_forty_bounces_stand_in_the_list_besides_the_batch() -> None:
    assert 40 <= len(SAMPLE) - 22 <= 48


def test_names_are_unique_and_no_gap_is_left_open() -> None:
    assert len({mail.file for mail in SAMPLE}) == len(SAMPLE)
    assert not [mail.file for mail in SAMPLE if b"@@" in mail.raw]


def test_the_same_moment_gives_the_same_mail() -> None:
    assert sample_messages(NOW) == SAMPLE
    assert sample_messages(NOW + timedelta(days=1)) != SAMPLE


def test_notices_came_in_the_last_two_weeks_newest_last() -> None:
    dates = [parsedate_to_datetime(message_from_bytes(mail.raw)["Date"]) for mail in READABLE]
    assert dates == sorted(dates)
    assert all(EARLIEST <= date <= NOW for date in dates)


def test_made_up_people_use_addresses_that_cannot_exist() -> None:
    reserved = (".example", "example.com", "example.net", "example.org", "gmail.con")
    for address in sample_addresses():
        local, _, domain = address.partition("@")
        assert domain.endswith(reserved) or len(local) > 30, "Gmail names have 30 letters at most"


@pytest.mark.parametrize("mail", SAMPLE, ids=lambda mail: mail.file)
def test_the_diagnosis_is_the_one_the_mail_was_made_for(
    mail: SampleMail, knowledge: Knowledge
) -> None:
    if mail.kind == "unreadable":
        assert not is_mail(mail.raw)
        return
    found = examine_message(mail.raw, knowledge, yours=Yours(sample_addresses()))
    assert found.report.kind == mail.kind
    causes = tuple(dict.fromkeys(each.cause for each in case_diagnoses(found)))
    assert causes == mail.causes


def test_dates_are_right_for_someone_far_east_as_well() -> None:
    now = datetime(2026, 1, 1, 0, 5, tzinfo=UTC).astimezone(timezone(timedelta(hours=13)))
    dates = [
        parsedate_to_datetime(message_from_bytes(mail.raw)["Date"])
        for mail in sample_messages(now)
        if mail.kind != "unreadable"
    ]
    assert max(dates) <= now
