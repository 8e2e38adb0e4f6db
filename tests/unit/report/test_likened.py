"""A machine's words about a stranger make a notice, if they read like a reason that mail has."""

import pytest

from bounce_assistant.report.facts import MessageKind
from bounce_assistant.report.kinds import LIKENED
from bounce_assistant.report.read import read_report
from tests.unit.diagnosis.reports import KNOWLEDGE
from tests.unit.report.mails import WORDS, mail

SAID = """\
Harbour Post keeps a register of all who live here. Its pages go from A
to Z, and dana@larkspur.example is missing on each. It fed the stove.
"""
POST = "Harbour Post Office <post@harbour.example>"
AUTO = "Auto-Submitted: auto-generated"


def _kind(raw: str, likens: float) -> MessageKind:
    return read_report(raw.encode(), WORDS, lambda _text: likens).kind


@pytest.mark.parametrize(("likens", "kind"), [(80.0, "bounce"), (1.0, "not-a-bounce")])
def test_what_nobody_may_answer_is_a_notice_if_it_reads_like_a_reason(
    likens: float, kind: str
) -> None:
    raw = mail(SAID, AUTO, sender=POST, subject="Not on the register")
    assert _kind(raw, likens).value == kind


def test_such_a_notice_names_whom_it_is_about_and_says_by_what_it_was_known() -> None:
    raw = mail(SAID, AUTO, sender=POST, subject="Not on the register")
    report = read_report(raw.encode(), WORDS, lambda _text: 80.0)
    assert [each.recipient for each in report.recipients] == ["dana@larkspur.example"]
    assert any(sign.startswith(LIKENED) for sign in report.signs)


@pytest.mark.parametrize(
    "raw",
    [
        mail(SAID, sender="Una Reed <una@example.net>", return_path="<una@example.net>"),
        mail(SAID, "List-Id: <talk.example>", sender=POST, return_path="<post@harbour.example>"),
        mail(SAID.replace("dana@larkspur.example", "the name"), AUTO, sender=POST, subject="Stove"),
        mail(
            f"{SAID}\nI am out of the office.",
            "Auto-Submitted: auto-replied",
            sender="Una Reed <una@example.net>",
            subject="Away",
        ),
        mail(SAID, AUTO, sender=POST, subject="[BUG-7] new comment", return_path="<p@b.example>"),
    ],
    ids=["a person", "a list", "names nobody", "somebody is away", "a tracker"],
)
def test_people_lists_and_trackers_may_say_the_same(raw: str) -> None:
    assert _kind(raw, 500.0) in {MessageKind.NOT_A_BOUNCE, MessageKind.AUTO_REPLY}


def test_others_have_to_speak_of_the_readers_mail_too() -> None:
    service = ("Deskpost Robot <robot@deskpost.example>", "<robot@deskpost.example>")
    said = "dana@larkspur.example keeps her box so crammed that nothing fits."
    bare = mail(said, sender=service[0], return_path=service[1], subject="Result")
    own = mail(
        f"Your mail is with us again. {said}",
        sender=service[0],
        return_path=service[1],
        subject="Result",
    )
    assert _kind(bare, 500.0) is MessageKind.NOT_A_BOUNCE
    assert _kind(own, 500.0) is MessageKind.BOUNCE


def test_the_examples_know_a_reason_from_other_news() -> None:
    full = "Post for Dana. Her pigeonhole is crammed, not another sheet fits into it."
    news = "Good morning. The concert begins at eight, and tea is served before it."
    assert KNOWLEDGE.likens(full) > 10
    assert KNOWLEDGE.likens(news) < 10
