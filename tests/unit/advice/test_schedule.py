"""What may work later is tried again by a schedule, at most three times, and not too soon."""

from datetime import UTC, datetime, timedelta

import pytest

from bounce_assistant.advice.handbook import Handbook, parse_playbook
from bounce_assistant.advice.schedule import asked_wait, next_try, retry_of, spoken_wait
from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.resources import read_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cause", "hours"),
    [
        ("inbox_full", [48, 120, 240]),
        ("server_down", [4, 24, 72]),
        ("gave_up", [24, 72, 168]),
        ("asked_to_wait", [0.5, 4, 24]),
        ("too_fast", [4, 24]),
        ("daily_limit", [24, 24, 24]),
        ("listed", [24, 24]),
        ("secure_needed", [4, 24]),
        ("unsure", [4, 24]),
    ],
)
def test_each_cause_has_its_own_waits(handbook: Handbook, cause: str, hours: list[float]) -> None:
    for number, wait in enumerate(hours):
        planned = next_try(handbook, CauseId(cause), number, NOW)
        assert planned is not None
        assert planned.at == NOW + timedelta(hours=wait)
        assert (planned.number, planned.of) == (number + 1, len(hours))
        assert planned.is_last == (number + 1 == len(hours))
        assert planned.because.endswith(".")
    assert next_try(handbook, CauseId(cause), len(hours), NOW) is None
    assert next_try(handbook, CauseId(cause), -1, NOW) is None


@pytest.mark.parametrize(
    "cause",
    [
        "user_unknown",
        "domain_unknown",
        "typo",
        "bad_format",
        "mailbox_off",
        "moved",
        "too_big",
        "content",
        "attachment",
        "not_allowed",
        "complaint",
        "suppressed",
        "forged",
        "batch_blocked",
        "sender_records",
        "still_trying",
        "other",
    ],
)
def test_what_waiting_does_not_change_is_not_tried_again(handbook: Handbook, cause: str) -> None:
    assert next_try(handbook, CauseId(cause), 0, NOW) is None


def test_a_button_that_promises_a_try_has_a_schedule(handbook: Handbook) -> None:
    promised = {
        playbook.id
        for playbook in handbook.playbooks.values()
        for button in (playbook.main_button, playbook.second_button)
        if button and button.text.startswith(("Try again", "Send the rest tomorrow"))
    }
    assert len(promised) >= 6
    assert {cause for cause in promised if retry_of(handbook, cause) is None} == set()


def test_a_longer_wait_that_they_ask_for_stands(handbook: Handbook) -> None:
    words = "450 4.7.1 Greylisted, please try again in 6 hours"
    planned = next_try(handbook, CauseId("asked_to_wait"), 0, NOW, words)
    assert planned is not None
    assert planned.at == NOW + timedelta(hours=6)
    assert planned.because == "Their mail company asked to wait 6 hours."


def test_a_shorter_one_does_not(handbook: Handbook) -> None:
    words = "450 4.2.0 Greylisted for 300 seconds"
    planned = next_try(handbook, CauseId("asked_to_wait"), 0, NOW, words)
    assert planned is not None
    assert planned.at == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("words", "wait"),
    [
        ("450 4.2.0 Greylisted for 5 minutes", timedelta(minutes=5)),
        ("451 Greylisting in action, please come back in 00:04:59", timedelta(seconds=299)),
        ("Please try again after 14 minutes.", timedelta(minutes=14)),
        ("421 Too many connections, retry in 3600s", timedelta(hours=1)),
        ("try again in an hour", timedelta(hours=1)),
        ("temporarily deferred for 2 hrs", timedelta(hours=2)),
        ("wait 1 day before sending", timedelta(days=1)),
        ("550 5.1.1 User unknown", None),
        ("Try again later. https://example.com/help/4-hours", None),
        ("try again in 99999 days", None),
        ("try again in 0 seconds", None),
        ("452 4.2.2 mailbox full, 512 mb used", None),
        ("", None),
    ],
)
def test_the_wait_is_read_from_their_words(words: str, wait: timedelta | None) -> None:
    assert asked_wait(words) == wait


def test_endless_words_take_no_longer(handbook: Handbook) -> None:
    assert asked_wait("try again " * 100_000) is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (30, "30 minutes"),
        (60, "1 hour"),
        (90, "90 minutes"),
        (130, "3 hours"),
        (1440, "1 day"),
        (1500, "25 hours"),
        (2880, "2 days"),
    ],
)
def test_a_wait_is_said_as_people_say_it(minutes: int, words: str) -> None:
    assert spoken_wait(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[48, 120, 240]", "[48, 120, 240, 480]", "1 to 3 waits"),
        ("[48, 120, 240]", "[]", "1 to 3 waits"),
        ("[48, 120, 240]", "[0]", "more than 0"),
        ("[48, 120, 240]", "[120, 48]", "never get shorter"),
        ("[48, 120, 240]", "[24]", "disagree"),
        ("\nhours =", "\nhour = 1\nhours =", "unknown field"),
    ],
)
def test_a_schedule_that_is_none_is_refused(old: str, new: str, problem: str) -> None:
    text = read_text("playbooks/inbox_full.toml")
    assert old in text
    with pytest.raises(ValueError, match=problem):
        parse_playbook(text.replace(old, new))
