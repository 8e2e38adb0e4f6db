"""Whoever can't be reached by email is reached by text or phone, with words ready to copy."""

import re
from collections.abc import Callable

import pytest

from bounce_assistant.advice.advise import advise
from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.advice.phone import PhoneLinks, phone_links
from bounce_assistant.advice.playbooks import WayKind
from tests.unit.advice.conftest import Bounce

KnownBounce = Callable[..., Bounce]
BareBounce = Callable[[str], Bounce]
NOBODY_TO_REACH = {
    "complaint",  # they asked not to be written to
    "delivered_note",
    "forged",
    "not_a_bounce",
    "out_of_office",
    "partly",
    "unreadable",
}
_TALKS = re.compile(r"^(Reach|Text or call|Call|Tell|Ask|Send steps|Share a link)\b")


def test_every_cause_has_another_way_where_there_is_somebody_to_reach(handbook: Handbook) -> None:
    without = {each.id for each in handbook.playbooks.values() if each.other_way is None}
    assert without == NOBODY_TO_REACH


def test_every_button_that_promises_words_has_them(handbook: Handbook) -> None:
    promising = [
        (playbook, button)
        for playbook in handbook.playbooks.values()
        for button in (playbook.main_button, playbook.second_button)
        if button and _TALKS.match(button.text)
    ]
    assert len(promising) >= 15
    for playbook, button in promising:
        assert playbook.other_way, button.text
        if button.text.startswith(("Send steps", "Ask the owner")):
            assert playbook.other_way.letter, button.text


def test_the_words_are_ready(handbook: Handbook, known_bounce: KnownBounce) -> None:
    diagnosis, report = known_bounce("user_unknown")
    text, phone = advise(diagnosis, report, handbook, my_name="Pat Morgan").other_ways
    assert (text.kind, text.words) == (
        WayKind.TEXT,
        "Hi Dana, an email I sent you came back. What's the best address for you?\n- Pat Morgan",
    )
    assert phone.kind is WayKind.PHONE
    assert "I wrote to: dana.reyes@example.com\nAbout: Open house\n" in phone.words


def test_their_it_person_gets_a_letter(handbook: Handbook, known_bounce: KnownBounce) -> None:
    diagnosis, report = known_bounce("not_allowed")
    ways = advise(diagnosis, report, handbook, my_name="Pat Morgan").other_ways
    assert [each.kind for each in ways] == [WayKind.TEXT, WayKind.PHONE, WayKind.LETTER]
    assert "pat@morgan.example" in ways[2].words


def test_little_known_still_makes_whole_sentences(
    handbook: Handbook, bare_bounce: BareBounce
) -> None:
    for cause in handbook.playbooks.keys() - NOBODY_TO_REACH:
        diagnosis, report = bare_bounce(cause)
        ways = advise(diagnosis, report, handbook).other_ways
        assert {each.kind for each in ways} >= {WayKind.TEXT, WayKind.PHONE}
        for each in ways:
            assert not set("{}") & set(each.words), each.words
            assert each.words.split("\n")[0].startswith(("Hi there,", '"Hi there,', "Hello,"))


@pytest.mark.parametrize(
    ("typed", "tel", "sms"),
    [
        ("+1 (555) 010-0123", "tel:+15550100123", "sms:+15550100123?body=Hi%20%26%20bye"),
        ("555.010.0123", "tel:5550100123", "sms:5550100123?body=Hi%20%26%20bye"),
        ("555-010-0123 ext. 12", "tel:5550100123;ext=12", ""),
        ("555-010-0123x12", "tel:5550100123;ext=12", ""),
        ("+44 20 7946 0018", "tel:+442079460018", "sms:+442079460018?body=Hi%20%26%20bye"),
    ],
)
def test_a_typed_number_can_be_dialled(typed: str, tel: str, sms: str) -> None:
    assert phone_links(typed, "Hi & bye") == PhoneLinks(typed, tel, sms)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "911",
        "call me",
        "555-HOUSES",
        "1" * 16,
        "+",
        "5550100123;phone-context=x",
        "0 " * 30,
        "555 010 0123\u0661",
        "tel:5550100123?x=1",
        "+1+5550100123",
    ],
)
def test_what_is_no_number_is_not_dialled(typed: str) -> None:
    assert phone_links(typed) is None
