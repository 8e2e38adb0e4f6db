"""The offline questions: short, never stuck, and sensible."""

from collections.abc import Iterator
from itertools import chain, combinations

import pytest

from bounce_assistant.diagnosis.wizard import (
    UNKNOWN,
    Question,
    Wizard,
    WizardState,
    known_answers,
    parse_wizard,
)
from bounce_assistant.report.facts import (
    BounceReport,
    MessageKind,
    OriginalMessage,
    RecipientReport,
    ReportedBy,
)
from bounce_assistant.resources import read_text, read_texts

WIZARD = parse_wizard(read_text("wizard.toml"))


def answers_to(question: Question) -> Iterator[tuple[str, ...]]:
    ids = [choice.id for choice in question.choices]
    singles = ((each,) for each in ids)
    return chain(singles, combinations(ids, 2)) if question.several else singles


def every_end(state: WizardState) -> Iterator[WizardState]:
    question = state.question
    if question is None:
        yield state
        return
    for answer in answers_to(question):
        yield from every_end(state.answer(*answer))


def walk(wizard: Wizard, **given: str) -> WizardState:
    state = wizard.start()
    while question := state.question:
        state = state.answer(*given.get(question.id, UNKNOWN).split(","))
    return state


def top(state: WizardState) -> str:
    assert state.result
    return state.result[0].cause


def test_every_path_ends_within_five_questions_in_two_causes_with_a_reason() -> None:
    playbooks = read_texts("playbooks")
    ends = list(every_end(WIZARD.start()))
    assert len(ends) > 1000
    for end in ends:
        assert len(end.answers) <= 5
        assert end.result is not None
        first, second = end.result
        assert first.cause != second.cause
        assert first.score >= second.score
        for likely in end.result:
            assert likely.cause in playbooks
            assert likely.why.endswith(".")
            assert len(likely.why) > 20


def test_every_cause_a_result_can_name_has_a_playbook() -> None:
    assert set(read_texts("playbooks")) >= WIZARD.causes


def test_i_dont_know_is_the_last_choice_of_every_question() -> None:
    assert [question.choices[-1].id for question in WIZARD.questions] == [UNKNOWN] * 5


def test_someone_who_knows_nothing_still_gets_two_ideas() -> None:
    end = walk(WIZARD)
    assert len(end.answers) == 5
    assert top(end) == "user_unknown"
    assert end.result is not None
    assert end.result[0].why == WIZARD.no_reason


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({"how_many": "batch", "who_bounced": "all", "sent_from": "gmail"}, "batch_blocked"),
        ({"how_many": "batch", "sent_from": "gmail", "words": "spam"}, "batch_blocked"),
        ({"how_many": "one", "arrived_before": "no"}, "user_unknown"),
        ({"how_many": "few", "words": "full"}, "inbox_full"),
        ({"how_many": "one", "arrived_before": "yes", "words": "full"}, "inbox_full"),
        ({"words": "too_large"}, "too_big"),
        ({"sent_from": "own_domain", "words": "records"}, "sender_records"),
        ({"sent_from": "own_domain", "words": "refused"}, "refused_554"),
        ({"arrived_before": "yes", "words": "later"}, "server_down"),
        ({"arrived_before": "yes", "words": "spam"}, "content"),
    ],
)
def test_clear_answers_lead_to_the_cause_an_expert_would_name(
    given: dict[str, str], cause: str
) -> None:
    assert top(walk(WIZARD, **given)) == cause


def test_a_personal_gmail_batch_is_never_blamed_on_who_sends_from_an_own_domain() -> None:
    for sent_from in ("own_domain", "service"):
        given = {"how_many": "batch", "who_bounced": "all", "sent_from": sent_from}
        result = walk(WIZARD, **given).result
        assert result is not None
        assert "batch_blocked" not in [likely.cause for likely in result]


def test_the_reason_is_built_from_what_the_person_said() -> None:
    result = walk(WIZARD, how_many="batch", who_bounced="all", sent_from="gmail").result
    assert result is not None
    assert result[0].why == "Because it went to 20 people or more and nobody received it."


def test_asking_stops_as_soon_as_one_cause_stands_out() -> None:
    state = WIZARD.start({"words": "too_large"})
    assert state.question is None
    assert top(state) == "too_big"


def test_what_is_known_is_not_asked() -> None:
    state = WIZARD.start({"how_many": "few", "who_bounced": "all", "nonsense": "x"})
    assert state.question is not None
    assert state.question.id == "arrived_before"


def test_a_known_answer_nobody_can_give_is_asked_after_all() -> None:
    state = WIZARD.start({"how_many": "a thousand"})
    assert state.question is not None
    assert state.question.id == "how_many"


def test_who_wrote_to_one_person_is_not_asked_who_else_bounced() -> None:
    state = WIZARD.start().answer("one")
    assert state.question is not None
    assert state.question.id == "arrived_before"


def test_back_takes_one_answer_away_and_stays_at_the_first_question() -> None:
    first = WIZARD.start()
    assert first.back() == first
    assert first.number == 1
    assert first.result is None
    second = first.answer("batch")
    assert second.number == 2
    assert second.answer("all").back() == second
    assert second.back() == first


def test_back_from_the_result_asks_the_last_question_again() -> None:
    end = walk(WIZARD)
    assert end.back().question is not None


def test_answers_the_question_does_not_have_are_refused() -> None:
    state = WIZARD.start()
    with pytest.raises(ValueError, match="no choice"):
        state.answer("purple")
    with pytest.raises(ValueError, match="takes one choice"):
        state.answer("one", "few")
    with pytest.raises(ValueError, match="no question"):
        walk(WIZARD).answer("one")


def test_ticking_nothing_means_i_dont_know() -> None:
    state = WIZARD.start().answer()
    assert state.answers == {"how_many": (UNKNOWN,)}


def test_a_notice_answers_what_it_can_by_itself() -> None:
    report = BounceReport(
        MessageKind.BOUNCE,
        ReportedBy("Google"),
        (RecipientReport("a@example.com", diagnostic="554 Message blocked as spam"),),
        OriginalMessage(sender="Pat@gmail.com"),
    )
    assert known_answers(report, WIZARD, count=23) == {
        "how_many": "batch",
        "sent_from": "gmail",
        "words": "spam,refused",
    }
    assert known_answers(BounceReport(MessageKind.BOUNCE), WIZARD) == {}


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (("[start]", "[start]\nmystery = 'x'"), "Expected `float`"),
        (('id = "few"', 'id = "one"'), "share an id"),
        (('id = "sent_from"', 'id = "words"'), "share an id"),
        (('how_many = ["one"]', 'how_many = ["nobody"]'), "skipped for unknown"),
        (('because = "it went', 'becouse = "it went'), "unknown field"),
    ],
)
def test_a_slip_in_the_file_is_found_when_it_is_read(broken: tuple[str, str], says: str) -> None:
    text = read_text("wizard.toml").replace(*broken, 1)
    with pytest.raises(ValueError, match=says):
        parse_wizard(text)


def test_two_causes_at_least_must_be_there_to_choose_from() -> None:
    head = 'enough=1\nlead=1\ndont_know="?"\nno_reason="."\nquestion=[]\n'
    with pytest.raises(ValueError, match="two causes"):
        parse_wizard(head + "[start]\nuser_unknown=1\n")
