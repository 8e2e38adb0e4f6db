"""What must hold for a playbook before anybody reads it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from bounce_assistant.advice.playbooks import Button, Playbook, Step
from bounce_assistant.advice.slots import FACTS, SLOTS, slots_in

MOST_TRIES = 3  # ux.md A4: never more
# What the window carries out; a step may start these too.
FLOWS = frozenset({"fix_address", "send_again", "smaller", "plain", "reach"})
OPENS = FLOWS | {
    "steps", "questions", "original", "retry", "later", "as_typed", "mailing", "sign_in",
    "hide", "",
}  # fmt: skip
_SLOT = re.compile(r"\{[a-z_]+\}")


def prove_playbook(playbook: Playbook) -> None:
    """Raise ValueError if a button or step leads nowhere, or a text has a slot nobody fills."""
    ids = [step.id for step in playbook.steps]
    if len(set(ids)) != len(ids):
        raise ValueError("two steps share an id")
    for button in (playbook.main_button, playbook.second_button):
        if button:
            _prove_button(button, ids, has_words=playbook.other_way is not None)
    _prove_retry(playbook)
    for step in playbook.steps:
        _prove_step(step)
    for text in _texts(playbook):
        if strange := slots_in(text) - SLOTS:
            raise ValueError(f"unknown slots {sorted(strange)}")
        if set("{}") & set(_SLOT.sub("", text)):
            raise ValueError(f'a brace that is no slot in "{text}"')


def _prove_step(step: Step) -> None:
    if strange := (set(step.needs) | set(step.unless)) - SLOTS - FACTS:
        raise ValueError(f"step {step.id} depends on unknown {sorted(strange)}")
    if step.opens and (step.opens not in FLOWS or not step.opens_text):
        raise ValueError(f"step {step.id} opens something that is not there, or says not what")
    if step.link and not step.link.startswith(("https://", "{")):
        raise ValueError(f"step {step.id} links to a page that is not https")


def _prove_button(button: Button, steps: Sequence[str], *, has_words: bool) -> None:
    if button.opens not in OPENS or (button.step and button.step not in steps):
        raise ValueError(f'the button "{button.text}" opens something that is not there')
    if button.opens == "reach" and not has_words:
        raise ValueError(f'the button "{button.text}" has no words to copy')
    if button.opens in {"retry", "later"} and not button.snooze_hours:
        raise ValueError(f'the button "{button.text}" says not when to try again')
    if not (button.opens or button.snooze_hours or button.marks_done):
        raise ValueError(f'the button "{button.text}" does nothing')


def _prove_retry(playbook: Playbook) -> None:
    """Raise ValueError for a schedule that is none, or that a button of the card contradicts."""
    retry = playbook.retry
    if retry is None:
        return
    if not 0 < len(retry.hours) <= MOST_TRIES or min(retry.hours) <= 0:
        raise ValueError(f"a schedule needs 1 to {MOST_TRIES} waits of more than 0 hours")
    if list(retry.hours) != sorted(retry.hours):
        raise ValueError("the waits of a schedule never get shorter")
    if not retry.why or not retry.source:
        raise ValueError("a schedule needs a why and a source")
    for button in (playbook.main_button, playbook.second_button):
        if button and button.snooze_hours not in {0, retry.hours[0]}:
            raise ValueError(f'the button "{button.text}" and the schedule disagree')


def prove_templates(playbook: Playbook, templates: Mapping[str, str]) -> None:
    """Raise ValueError if a step copies words that are not there."""
    for step in playbook.steps:
        if step.template and step.template not in templates:
            raise ValueError(f"step {step.id} names the template {step.template}, which is missing")
    way = playbook.other_way
    for name in (way.text, way.phone, way.letter) if way else ():
        if name and name not in templates:
            raise ValueError(f"the other way names the template {name}, which is missing")


def _texts(playbook: Playbook) -> Iterable[str]:
    """Every text of a playbook that may hold slots."""
    yield from (playbook.title, *playbook.title_or, playbook.sentence, *playbook.sentence_or)
    for button in (playbook.main_button, playbook.second_button):
        if button:
            yield from (button.text, *button.text_or)
    for step in playbook.steps:
        yield from (step.title, *step.title_or, step.why, *step.why_or)
        yield from (step.link, step.link_text, step.copy, step.copy_text, step.opens_text)
