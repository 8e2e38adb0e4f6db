"""Every playbook, with much and with little known: short plain words, and a way out."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

import pytest

from bounce_assistant.advice.advise import advise
from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.advice.playbooks import Advice, Button
from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import BounceReport
from bounce_assistant.resources import read_texts

Make = Callable[[str], tuple[Diagnosis, BounceReport]]
CAUSES = sorted(read_texts("playbooks"))
JARGON = re.compile(
    r"\b(MTA|MX|DSN|NDR|DNSBL|relay\w*|[45]xx|envelope|recipients?|blacklist\w*|errors?|failed"
    r"|invalid|OK)\b",
    re.IGNORECASE,
)
AGREED_ALL_THE_SAME = "Not failed, just slow"
VERBS = frozenset(
    "Add Ask Authenticate Change Check Compare Confirm Connect Copy Correct Cut Do Don't Find Go"  # noqa: SIM905 - reads as the list it is
    " Have Hide Leave List Look Make Mark Put Read Remove Replace Report Save Scan See Send Set"
    " Show Shrink Sign Stop Switch Take Tell Text Type Use Wait Write".split()
)
PAGES = frozenset(
    {
        "https://help.followupboss.com/hc/en-us/articles/360014653533-Email-Bounces-and-Rejections",
        "https://myaccount.google.com/apppasswords",
        "https://senders.yahooinc.com/contact",
        "https://support.google.com/a/answer/166852",
        "https://support.google.com/mail/answer/22839",
        "https://support.google.com/mail/answer/69585",
        "https://support.google.com/mail/answer/81126",
        "https://support.sendgrid.com/hc/en-us/articles/35270136965403-Twilio-SendGrid-Trial-Account-Plan",
        "https://workspace.google.com",
        "https://www.ftc.gov/business-guidance/resources/can-spam-act-compliance-guide-business",
    }
)


@pytest.fixture(params=["much known", "little known"])
def make(request: pytest.FixtureRequest, known_bounce: Make, bare_bounce: Make) -> Make:
    return known_bounce if request.param == "much known" else bare_bounce


@pytest.fixture(params=CAUSES)
def advice(request: pytest.FixtureRequest, make: Make, handbook: Handbook) -> Advice:
    diagnosis, report = make(request.param)
    return advise(diagnosis, report, handbook)


def buttons(advice: Advice) -> Iterator[Button]:
    yield advice.main_button
    if advice.second_button:
        yield advice.second_button


def shown(advice: Advice) -> Iterator[str]:
    """Everything a person reads, but for words meant for an IT person."""
    yield from (advice.badge, advice.title, advice.sentence)
    yield from (button.text for button in buttons(advice))
    for step in advice.steps:
        yield from (step.title, step.why, step.link_text, step.copy_text)


def test_a_title_can_be_said_in_one_breath(advice: Advice) -> None:
    assert 0 < len(advice.title) <= 45


def test_a_sentence_has_at_most_25_words_and_an_end(advice: Advice) -> None:
    assert 4 <= len(advice.sentence.split()) <= 25
    assert advice.sentence.endswith(".")
    assert not advice.sentence[0].islower() or "@" in advice.sentence.split()[0]


def test_nothing_shown_has_a_hole_or_a_brace(advice: Advice) -> None:
    for text in chain(shown(advice), (step.copy for step in advice.steps)):
        assert not re.search(r"[{}]|  | [.,;](?!\w)|\b(None|unknown)\b", text), text


def test_no_word_needs_a_mail_administrator(advice: Advice) -> None:
    for text in shown(advice):
        if text != AGREED_ALL_THE_SAME:
            assert not JARGON.search(text), text


def test_there_are_two_to_six_steps_each_with_a_verb_first_and_a_reason(advice: Advice) -> None:
    assert 2 <= len(advice.steps) <= 6
    for step in advice.steps:
        assert step.title.split()[0].rstrip(":") in VERBS, step.title
        assert step.why.endswith("."), step.id
        assert len(step.why.split()) <= 32, step.why


def test_links_are_safe_pages_we_know_and_say_what_they_open(
    advice: Advice, handbook: Handbook
) -> None:
    lists = {page for each in handbook.blocklists for page in (each.lookup_url, each.removal_url)}
    for step in advice.steps:
        assert bool(step.link) == bool(step.link_text)
        if step.link:
            assert step.link.startswith("https://")
            assert step.link in PAGES | lists


def test_words_to_copy_have_a_button_and_the_other_way_round(advice: Advice) -> None:
    for step in advice.steps:
        assert bool(step.copy) == bool(step.copy_text), step.id


def test_every_button_does_something_that_is_there(advice: Advice) -> None:
    ids = {step.id for step in advice.steps}
    for button in buttons(advice):
        assert button.opens or button.snooze_hours or button.marks_done
        assert not button.step or button.step in ids
        if button.text.endswith("..."):
            assert button.opens, "an ellipsis promises that something opens"


def test_a_button_that_names_hours_or_days_waits_just_as_long(advice: Advice) -> None:
    hours = {"minutes": 1 / 60, "hours": 1, "days": 24}
    for button in buttons(advice):
        if match := re.fullmatch(r"Try again in (\d+) (minutes|hours|days)", button.text):
            assert button.snooze_hours == int(match[1]) * hours[match[2]]


def test_every_template_is_used_somewhere(handbook: Handbook) -> None:
    used = {step.template for each in handbook.playbooks.values() for step in each.steps}
    ways = [each.other_way for each in handbook.playbooks.values() if each.other_way]
    used |= {name for way in ways for name in (way.text, way.phone, way.letter)}
    assert used - {""} == set(handbook.templates)
