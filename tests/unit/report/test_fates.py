"""What a few words say became of somebody's mail, where a notice is about several people."""

import pytest

from bounce_assistant.report.facts import DsnAction
from bounce_assistant.report.fates import fate_in, tell_fates
from bounce_assistant.services.knowledge import load_knowledge

WORDS = load_knowledge().words


@pytest.mark.parametrize(
    ("text", "fate"),
    [
        ("was delivered on monday", DsnAction.DELIVERED),
        ("hat sie erhalten", DsnAction.DELIVERED),
        ("will be tried again", DsnAction.DELAYED),
        ("no such user", DsnAction.FAILED),
        # "not" stands far from "delivered"
        ("your mail was not, in spite of all, delivered", DsnAction.FAILED),
        ("konnte nach drei tagen nicht mehr bei ihm zugestellt werden", DsnAction.FAILED),
        ("n'a finalement pas, malgré nos efforts, été remis", DsnAction.FAILED),
        ("the server received it, and then it came back", DsnAction.FAILED),
        ("see below", None),
    ],
)
def test_who_was_missed_is_never_called_reached(text: str, fate: DsnAction | None) -> None:
    assert fate_in(text, WORDS) is fate


def test_who_got_it_is_told_by_the_nearest_words_alone() -> None:
    people = [
        ("is delivered.", "of the two copies the one for", ""),
        ("we have no line to that server", "only one got it; and", ""),
    ]
    assert tell_fates(people, WORDS) == [DsnAction.DELIVERED, None]


def test_a_heading_says_that_mail_is_still_tried_whatever_went_wrong_so_far() -> None:
    people = [
        ("(550 unknown user)", "", "permanently failed:"),
        ("(connection refused)", "", "still being tried:"),
        ("(550 unknown user)", "", "still being tried:"),
    ]
    assert tell_fates(people, WORDS) == [DsnAction.FAILED, DsnAction.DELAYED, DsnAction.FAILED]
