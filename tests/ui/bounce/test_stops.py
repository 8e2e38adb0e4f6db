"""The journey of an email is read from what servers wrote on its way."""

from datetime import timedelta

import pytest

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.ui.bounce.stops import plain_name, read_stops
from tests.ui.made_up_cases import FIRST_STOP, LATER_STOP, handbook


@pytest.fixture(scope="module")
def book() -> Handbook:
    return handbook()


def test_stops_come_in_the_order_of_the_journey_with_what_each_took() -> None:
    first, second = read_stops([("Received", LATER_STOP), ("RECEIVED", FIRST_STOP)])
    assert (first.host, second.host) == ("smtp.gmail.com", "mx.google.com")
    assert first.waited is None
    assert second.waited == timedelta(minutes=3, seconds=24)


def test_other_headers_are_no_stops() -> None:
    assert read_stops([("Subject", LATER_STOP), ("X-Received", FIRST_STOP)]) == ()


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "by",
        "nonsense; Tue, 99 Xyz 2026",
        "from a by mx.example.com; Tue, 3 Mar 99999999999 09:41:26 -0800",
        "by mx.example.com" + "(" * 100_000,
    ],
)
def test_odd_fields_never_stop_the_reading(odd: str) -> None:
    stops = read_stops([("Received", odd), ("Received", FIRST_STOP)])
    assert stops[0].host == "smtp.gmail.com"


def test_a_time_that_is_missing_leaves_the_delay_unsaid() -> None:
    stops = read_stops([("Received", "by mx.example.com"), ("Received", FIRST_STOP)])
    assert stops[1].waited is None


def test_a_loop_of_a_thousand_stops_is_cut() -> None:
    assert len(read_stops([("Received", FIRST_STOP)] * 1000)) == 30


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("mail-sor-f41.google.com", "Google"),
        ("2002:a05:6402:5288:b0:5c9:1", "Google"),
        ("mx.reyes-homes.example", ""),
        ("notgoogle.com.example", ""),
    ],
)
def test_a_server_is_called_by_the_company_that_runs_it(
    book: Handbook, host: str, name: str
) -> None:
    assert plain_name(host, book.owners, book.companies) == name
