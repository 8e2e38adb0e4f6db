"""What was probably meant is offered; somebody's own domain is left in peace."""

import pytest

from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.meant import meant_address

KNOWN = load_knowledge().addresses


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Rosa@gmai.com", "Rosa@gmail.com"),
        ("rosa@gmial.com", "rosa@gmail.com"),
        ("rosa@gmail.con", "rosa@gmail.com"),
        (" rosa@hotmial.com ", "rosa@hotmail.com"),
        ("rosa@yaho.com", "rosa@yahoo.com"),
        ("rosa@outlok.com", "rosa@outlook.com"),
    ],
)
def test_a_slip_of_a_large_domain_is_seen(typed: str, meant: str) -> None:
    assert meant_address(typed, KNOWN) == meant


@pytest.mark.parametrize(
    "typed",
    ["rosa@gmail.com", "rosa@sunrise-homes.example", "rosa@kw.com", "rosa@we.com", "rosa", "", "@"],
)
def test_what_may_be_right_is_left_as_it_is(typed: str) -> None:
    assert meant_address(typed, KNOWN) == ""
