"""Which mail a notice is about."""

import pytest

from bounce_assistant.report.facts import BounceReport, MessageKind, Notice, OriginalMessage
from bounce_assistant.report.message_ids import ids_about, ids_returned

NOTICE = Notice(
    message_id="<notice@mx>",
    headers=(
        ("Message-ID", "<notice@mx>"),
        ("In-Reply-To", "<answered@x>"),
        ("References", "<first@x> <answered@x>"),
    ),
)
ORIGINAL = OriginalMessage(
    message_id="<new@x>",
    headers=(
        ("Message-Id", "<new@x>"),
        ("X-Google-Original-Message-ID", "<ours@x>"),
        ("In-Reply-To", "<a-clients@y>"),
    ),
)


def report(
    original: OriginalMessage | None, kind: MessageKind = MessageKind.BOUNCE
) -> BounceReport:
    return BounceReport(kind, original=original, notice=NOTICE)


def test_what_came_back_has_its_own_ids_and_not_those_it_answers() -> None:
    assert ids_returned(report(ORIGINAL)) == ("<new@x>", "<ours@x>")


@pytest.mark.parametrize("original", [None, OriginalMessage(), OriginalMessage(message_id="odd")])
def test_where_nothing_came_back_the_notice_says_what_it_answers(
    original: OriginalMessage | None,
) -> None:
    assert ids_returned(report(original)) == ("<answered@x>", "<first@x>")


def test_a_notice_may_be_about_anything_it_names_but_itself() -> None:
    named = ("<new@x>", "<ours@x>", "<a-clients@y>", "<answered@x>", "<first@x>")
    assert ids_about(report(ORIGINAL)) == named
    assert ids_about(report(ORIGINAL, MessageKind.DELAY)) == ()


def test_thousands_of_references_are_cut_short() -> None:
    many = " ".join(f"<{number}@x>" for number in range(5000))
    notice = Notice(headers=(("References", many),))
    assert len(ids_returned(BounceReport(MessageKind.BOUNCE, notice=notice))) == 20
