"""A slip in a data file is found when it is read, and the file is named."""

import pytest

from bounce_assistant.advice.handbook import build_handbook, parse_playbook
from bounce_assistant.errors import AppError

UNSURE = """
id = "unsure"
group = "unsure"
title = "We're not sure yet"
sentence = "{company} gives no reason."
who_acts = "you"
main_button = { text = "Help me...", step = "ask" }

[[step]]
id = "ask"
title = "Ask {name}"
why = "They know."
template = "letter"
copy_text = "Copy"
"""
COMPANIES = """
[companies]
"gmail.com" = "Gmail"
[services]
google = "Google"
[[owner]]
name = "Google"
hosts = ["google.com"]
services = ["Google"]
networks = ["209.85.128.0/17"]
"""
LETTERS = {"letter": "Hi {first_name}"}


def test_a_sound_playbook_is_read() -> None:
    handbook = build_handbook({"unsure": UNSURE}, LETTERS, (), COMPANIES)
    (playbook,) = handbook.playbooks.values()
    assert playbook.steps[0].template == "letter"
    assert handbook.companies == {"gmail.com": "Gmail"}


@pytest.mark.parametrize(
    ("good", "broken", "says"),
    [
        ("who_acts", "who_cares", "here is no key"),
        ('text = "Help me..."', 'text = "Help me...", bell = 1', "here is no key"),
        ('why = "They know."', 'reason = "They know."', "here is no key"),
        ('group = "unsure"', 'group = "weather"', "is not one of the words"),
        ('id = "unsure"', 'id = "sure"', "Its id is sure"),
        ('step = "ask"', 'step = "tell"', "opens something that is not there"),
        ('step = "ask"', 'opens = "door"', "opens something that is not there"),
        ('step = "ask"', 'opens = ""', "does nothing"),
        ("{company}", "{companny}", "Unknown slots"),
        ("{company}", "{Company}", "A brace that is no slot"),
        ('template = "letter"', 'template = "card"', "which is missing"),
        ('template = "letter"', 'link = "http://example.com"', "not https"),
        ('template = "letter"', 'needs = ["luck"]', "depends on unknown"),
        ("[[step]]", '[[step]]\nid="ask"\ntitle="Ask"\n[[step]]', "share an id"),
        ("[[step]]", "[[step]]\n5", "Expected '='"),
        (
            'main_button = { text = "Help me...", step = "ask" }',
            "main_button = 5",
            "Expected `object`",
        ),
        ("[[step]]", "[step]", "Expected `array`"),
    ],
)
def test_a_broken_playbook_is_named(good: str, broken: str, says: str) -> None:
    text = UNSURE.replace(good, broken, 1)
    with pytest.raises(AppError, match=says) as caught:
        build_handbook({"unsure": text}, LETTERS, (), COMPANIES)
    assert "playbooks/unsure.toml" in caught.value.title


def test_the_way_out_for_every_other_cause_must_be_there() -> None:
    with pytest.raises(AppError, match="It is missing"):
        build_handbook({}, {}, (), COMPANIES)


def test_a_letter_with_a_slot_nobody_fills_is_named() -> None:
    with pytest.raises(AppError, match=r"templates/letter\.txt"):
        build_handbook({"unsure": UNSURE}, {"letter": "Hi {nickname}"}, (), COMPANIES)


@pytest.mark.parametrize(
    ("good", "broken"),
    [
        ('name = "Google"', 'nam = "Google"'),
        ("[companies]", "[companies"),
        ("209.85.128.0/17", "209.85.128.0/99"),
    ],
)
def test_broken_company_names_are_named(good: str, broken: str) -> None:
    with pytest.raises(AppError, match=r"companies\.toml"):
        build_handbook({"unsure": UNSURE}, LETTERS, (), COMPANIES.replace(good, broken, 1))


def test_a_playbook_may_be_read_alone() -> None:
    assert parse_playbook(UNSURE).main_button.step == "ask"
