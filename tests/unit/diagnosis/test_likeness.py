"""Bounces are alike when a server said the same, whoever it said it of."""

import pytest

from bounce_assistant.diagnosis.likeness import likeness
from bounce_assistant.report.facts import RecipientReport


def words(diagnostic: str, recipient: str = "dana@example.com") -> str:
    return likeness(RecipientReport(recipient, diagnostic=diagnostic))


def test_two_people_refused_in_the_same_words_are_alike() -> None:
    one = words("550 5.1.1 <dana@example.com>: Recipient address rejected: User unknown")
    other = words(
        "550 5.1.1 <ray@example.org>: Recipient address rejected: User unknown", "ray@example.org"
    )
    assert one == other == "550 5.1.1 ... Recipient address rejected: User unknown"


def test_another_code_or_other_words_are_not_alike() -> None:
    assert words("550 5.1.1 User unknown here") != words("550 5.2.1 User unknown here")
    assert words("550 5.1.1 User unknown") != words("550 5.1.1 User suspended")


@pytest.mark.parametrize(
    "diagnostic", ["", "550 5.1.1", "550 <dana@example.com>", "x1 y2 z3", "550 5.7.1 refused"]
)
def test_words_that_say_too_little_make_no_likeness(diagnostic: str) -> None:
    assert words(diagnostic) == ""


def test_references_of_one_mail_fall_away() -> None:
    assert words("552 5.2.2 over quota a640c23a62f3a-b9eb2 - gsmtp") == (
        "552 5.2.2 over quota ... - gsmtp"
    )


def test_a_reply_without_end_is_cut() -> None:
    assert len(words("550 no such person " * 10_000)) <= 300
