"""Ages and times as people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from bounce_assistant.ui.models.times import moment, short_age, snooze_until, spoken_age

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "short", "spoken"),
    [
        (timedelta(seconds=5), "now", "just now"),
        (timedelta(minutes=1), "1m", "1 minute ago"),
        (timedelta(minutes=59), "59m", "59 minutes ago"),
        (timedelta(hours=2), "2h", "2 hours ago"),
        (timedelta(days=1), "1d", "1 day ago"),
        (timedelta(days=6), "6d", "6 days ago"),
        (timedelta(days=20), "12 Feb", "12 Feb"),
        (timedelta(days=400), "28 Jan 2025", "28 Jan 2025"),
        (timedelta(hours=-3), "now", "just now"),
    ],
)
def test_an_age_is_short_in_the_list_and_whole_when_spoken(
    age: timedelta, short: str, spoken: str
) -> None:
    assert short_age(NOW - age, NOW) == short
    assert spoken_age(NOW - age, NOW) == spoken


def test_a_time_of_today_needs_no_day() -> None:
    assert moment(NOW, NOW).replace("\u202f", " ").endswith(("AM", "PM"))
    assert moment(NOW, NOW)[0].isdigit()
    assert moment(NOW + timedelta(days=2), NOW).startswith("Fri")
    assert moment(NOW + timedelta(days=20), NOW).startswith("24 Mar")


def test_a_snoozed_bounce_comes_back_in_the_morning() -> None:
    until = snooze_until(2, NOW)
    local = until.astimezone()
    assert (local.hour, local.minute) == (9, 0)
    assert (local.date() - NOW.astimezone().date()).days == 2
