"""Text from strangers is shown as it is, and nothing in it hides."""

import pytest

from bounce_assistant.ui.widgets.plain import (
    REPLACED,
    breakable,
    button_text,
    displayable,
    host_of,
    one_line,
)


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u2069", "\x00", "\x1b", "\x7f", "\u2028", "\ud800"]
)
def test_a_character_that_hides_or_turns_text_around_is_marked(hidden: str) -> None:
    shown = displayable(f"invoice{hidden}gpj.exe")
    assert shown == f"invoice{REPLACED}gpj.exe"


def test_marks_in_a_text_stay_where_they_were() -> None:
    text = "a\x00b\u202ec 550 5.1.1"
    assert displayable(text).index("550") == text.index("550")


def test_letters_of_every_language_are_left_alone() -> None:
    text = "Ünïcödé 東京 שלום مرحبا\tand a tab\n"
    assert displayable(text) == text


def test_a_long_address_gets_places_to_wrap_and_loses_no_letter() -> None:
    address = "a" * 300 + "@example.com"
    assert breakable(address).replace("\u200b", "") == address
    assert max(map(len, breakable(address).split("\u200b"))) <= 32
    assert breakable("dana.reyes@example.com") == "dana.reyes@example.com"


def test_an_address_that_must_be_broken_is_broken_at_its_joints() -> None:
    assert breakable("somebody@department.example.com", longest=20).split("\u200b") == [
        "somebody@",
        "department.",
        "example.",
        "com",
    ]


def test_a_label_stays_on_one_line_and_says_that_it_was_cut() -> None:
    assert one_line(" two\r\n lines ") == "two lines"
    assert one_line("x" * 1000, 50) == "x" * 49 + "…"


def test_an_ampersand_in_a_name_is_no_mnemonic() -> None:
    assert button_text("Use dana&co@example.com...") == "Use dana&&co@example.com..."


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://check.spamhaus.org/results/?query=192.0.2.1", "check.spamhaus.org"),
        ("https://google.com@evil.example/", "evil.example"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://[::1", ""),
    ],
)
def test_a_link_names_the_place_it_really_leads_to(address: str, host: str) -> None:
    assert host_of(address) == host
