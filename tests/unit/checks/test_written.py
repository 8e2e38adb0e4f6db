"""An address is tidied as a person would do it, and judged in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_assistant.advice.findings import FindingId
from bounce_assistant.checks.written import read_address

DANA = "dana@oakfield.com"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dana@oakfield.com", []),
        ("  dana@OAKFIELD.com\n", []),
        ("<dana@oakfield.com>", [FindingId.TIDIED]),
        ("Dana Reyes <dana@oakfield.com>,", [FindingId.TIDIED]),
        ("mailto:dana@oakfield.com?subject=Hi", [FindingId.TIDIED]),
        ("dana@oakfield.com.", [FindingId.TIDIED]),
        ("\u201cdana@oakfield.com\u201d;", [FindingId.TIDIED]),
        ("da\u200bna@oakfield.com", [FindingId.TIDIED]),
        ("dana (at) oakfield.com", [FindingId.MENDED]),
        ("dana at oakfield dot com", [FindingId.MENDED]),
        ("dana@@oakfield.com", [FindingId.MENDED]),
        ("dana@oakfield,com", [FindingId.MENDED]),
        ("dana@oakfield..com", [FindingId.MENDED]),
        ("dana @ oakfield.com", [FindingId.MENDED]),
        ("www.dana@oakfield.com", [FindingId.MENDED]),
    ],
)
def test_what_was_meant_is_read(typed: str, found: list[FindingId]) -> None:
    written = read_address(typed)
    assert (written.address, written.is_usable) == (DANA, True)
    assert [each.id for each in written.findings] == found
    assert {each.suggestion for each in written.findings} <= {"", DANA}


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("", "There's nothing here yet."),
        ("dana", "The @ is missing."),
        ("dana@", "The part after the @ is missing."),
        ("@oakfield.com", "The part before the @ is missing."),
        ("dana@home@oakfield.com", "There is more than one @ in it."),
        ("da,na@oakfield.com", "There is a comma in it."),
        ("da..na@oakfield.com", "There are two dots in a row."),
        (".dana@oakfield.com", "The name begins or ends with a dot."),
        ("dana@oakfield", "The ending is missing, such as .com."),
        ("dana@192.0.2.1", "The part after the @ is a number."),
        ("dana@[192.0.2.1]", "The part after the @ is a number."),
        ("da:na@oakfield.com", 'An address can\'t have ":" in it.'),
        ("dana@-oakfield.com", "Something in it can't be part of an email address."),
        ("dana@oak_field.com", "Something in it can't be part of an email address."),
        (f"{'d' * 65}@oakfield.com", "Something in it can't be part of an email address."),
        (f"dana@{'o' * 64}.com", "Something in it can't be part of an email address."),
    ],
)
def test_what_is_no_address_is_said_why(typed: str, because: str) -> None:
    written = read_address(typed)
    assert not written.is_usable
    assert [(each.id, dict(each.facts)["because"]) for each in written.findings] == [
        (FindingId.INCOMPLETE, because)
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jörg@bücher.example", [FindingId.INTERNATIONAL]),
        ("иван@почта.example", [FindingId.INTERNATIONAL]),
        ("d\u0430na@oakfield.com", [FindingId.INTERNATIONAL, FindingId.LOOKALIKE]),
        ("dana@o\u0430kfield.com", [FindingId.LOOKALIKE]),
        ("dana@bücher.example", []),
        ("dana@office.local", []),
        ("dana+open.house@oakfield.com", []),
        ("o'neil_{x}@oakfield.com", []),
    ],
)
def test_international_and_unusual_addresses_are_addresses(
    typed: str, found: list[FindingId]
) -> None:
    written = read_address(typed)
    assert (written.address, written.is_usable) == (typed, True)
    assert [each.id for each in written.findings] == found


@given(st.text(max_size=2000))
def test_any_text_gives_an_answer(typed: str) -> None:
    written = read_address(typed)
    assert written.is_usable or written.findings
