"""One message from bytes to verdict, as window and commands ask for it."""

import pytest

from bounce_assistant.report.facts import MessageKind
from bounce_assistant.services.examine import (
    Yours,
    case_diagnoses,
    examine_message,
    examine_words,
)
from bounce_assistant.services.knowledge import Knowledge
from tests.unit.services.notices import FULL, ORDINARY, UNKNOWN, bounce


def test_a_bounce_names_the_person_the_reason_and_the_cause(knowledge: Knowledge) -> None:
    examination = examine_message(bounce("dana@example.net"), knowledge)
    assert examination.report.kind is MessageKind.BOUNCE
    (diagnosis,) = examination.diagnoses
    assert diagnosis.recipient.recipient == "dana@example.net"
    assert (diagnosis.reason, diagnosis.cause) == ("userunknown", "user_unknown")


def test_each_person_of_a_bounce_gets_a_verdict(knowledge: Knowledge) -> None:
    people = [f"person{number}@example.net" for number in range(5)]
    examination = examine_message(bounce(*people, diagnostic=FULL), knowledge)
    assert [each.recipient.recipient for each in examination.diagnoses] == people
    assert {each.cause for each in examination.diagnoses} == {"inbox_full"}


def test_ordinary_mail_has_no_verdict_but_a_row(knowledge: Knowledge) -> None:
    examination = examine_message(ORDINARY, knowledge)
    assert examination.diagnoses == ()
    (row,) = case_diagnoses(examination)
    assert (row.cause, row.recipient.recipient) == ("not_a_bounce", "")


def test_who_received_it_is_no_case_beside_who_did_not(knowledge: Knowledge) -> None:
    raw = bounce("dana@example.net", "bob@example.net").replace(
        b"Action: failed", b"Action: relayed", 1
    )
    examination = examine_message(raw, knowledge)
    assert len(examination.diagnoses) == 2
    assert [each.recipient.recipient for each in case_diagnoses(examination)] == ["bob@example.net"]


def test_a_receipt_for_all_is_one_row_each(knowledge: Knowledge) -> None:
    raw = bounce("dana@example.net").replace(b"Action: failed", b"Action: delivered")
    examination = examine_message(raw, knowledge)
    assert [each.cause for each in case_diagnoses(examination)] == ["delivered_note"]


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xff" * 100, b"\n", b"From: \n\n"])
def test_odd_bytes_are_no_bounce_and_no_trouble(raw: bytes, knowledge: Knowledge) -> None:
    assert examine_message(raw, knowledge).report.kind is MessageKind.NOT_A_BOUNCE


def test_pasted_words_are_judged_as_one_bounce(knowledge: Knowledge) -> None:
    examination = examine_words(UNKNOWN.format("dana@example.net"), knowledge)
    (diagnosis,) = examination.diagnoses
    assert diagnosis.recipient.recipient == "dana@example.net"
    assert diagnosis.cause == "user_unknown"


def test_pasted_words_without_an_address_are_judged_too(knowledge: Knowledge) -> None:
    (diagnosis,) = examine_words(FULL, knowledge).diagnoses
    assert (diagnosis.recipient.recipient, diagnosis.cause) == ("", "inbox_full")


def test_mail_in_my_name_that_i_did_not_send_is_forged(knowledge: Knowledge) -> None:
    raw = bounce().replace(
        b"From: Agent <agent@example.com>",
        b"Received: from mx.cheat.example\nFrom: Agent <agent@gmail.com>",
    )
    examination = examine_message(raw, knowledge, yours=Yours(frozenset({"agent@gmail.com"})))
    assert examination.sent_by_you == "no"
    assert [each.cause for each in examination.diagnoses] == ["forged"]


def test_the_same_message_is_judged_the_same_twice(knowledge: Knowledge) -> None:
    raw = bounce("dana@example.net", "bob@example.net")
    assert examine_message(raw, knowledge) == examine_message(raw, knowledge)


def test_pasted_words_of_a_warning_are_a_delay(knowledge: Knowledge) -> None:
    words = "Delivery to dana@example.net is delayed; we will keep trying for 46 hours. timed out"
    examination = examine_words(words, knowledge)
    assert examination.report.kind is MessageKind.DELAY
    assert [each.cause for each in examination.diagnoses] == ["still_trying"]
