"""diagnosis -> advice: the playbook of the cause, fitted to one bounce."""

from collections.abc import Iterator

from msgspec.structs import replace

from bounce_assistant.advice.handbook import UNSURE, Handbook
from bounce_assistant.advice.known import Known, find_known
from bounce_assistant.advice.playbooks import (
    BADGES,
    Advice,
    Button,
    Playbook,
    ReadyWords,
    Step,
    WayKind,
    Whose,
)
from bounce_assistant.advice.slots import choose, fill_template
from bounce_assistant.diagnosis.verdict import Certainty, Diagnosis
from bounce_assistant.report.facts import BounceReport

TITLE_LIMIT = 45  # characters
SENTENCE_LIMIT = 25  # words
_ASK = Button("Help me work it out...", opens="questions")


def advise(
    diagnosis: Diagnosis,
    report: BounceReport,
    handbook: Handbook,
    *,
    count: int = 1,
    my_name: str = "",
) -> Advice:
    """Return the card's words, buttons and steps, every slot filled; never raises for odd mail.

    count: people who bounced together with this one; my_name: signs the words to copy.
    """
    playbook = handbook.playbooks.get(diagnosis.cause) or handbook.playbooks[UNSURE]
    known = find_known(diagnosis, report, handbook, playbook, count, my_name)
    _fit(known, playbook)
    steps = tuple(
        _fill_step(step, known, handbook) for step in playbook.steps if _applies(step, known)
    )
    shown = {step.id for step in steps}
    main = _fill_button(playbook.main_button, known, shown)
    second = playbook.second_button and _fill_button(playbook.second_button, known, shown)
    if diagnosis.certainty is Certainty.NOT_SURE and main.opens != "questions":
        main, second = _ASK, main
    return Advice(
        cause=diagnosis.cause,
        group=playbook.group,
        badge=BADGES[playbook.group],
        title=choose((playbook.title, *playbook.title_or), known.slots, _is_short),
        sentence=choose((playbook.sentence, *playbook.sentence_or), known.slots, _is_brief),
        who_acts=playbook.who_acts,
        main_button=main,
        second_button=second,
        steps=steps,
        other_ways=tuple(_other_ways(playbook, known, handbook)),
    )


def _other_ways(playbook: Playbook, known: Known, handbook: Handbook) -> Iterator[ReadyWords]:
    """Yield the words to reach somebody past the email, a line without a needed fact left out."""
    way = playbook.other_way
    if way is None:
        return
    named = ((WayKind.TEXT, way.text), (WayKind.PHONE, way.phone), (WayKind.LETTER, way.letter))
    for kind, name in named:
        words = fill_template(handbook.templates.get(name, ""), known.slots)
        if words:
            yield ReadyWords(kind, words)


def _fit(known: Known, playbook: Playbook) -> None:
    """Read {domain} and {service} as this playbook means them."""
    if playbook.domain_of is Whose.SENDER:
        known.slots.pop("domain", None)
        if "my_domain" in known.slots:
            known.slots["domain"] = known.slots["my_domain"]
    if known.slots.get("service") in playbook.service_not:
        del known.slots["service"]


def _applies(step: Step, known: Known) -> bool:
    held = known.slots.keys() | known.facts
    return held.issuperset(step.needs) and held.isdisjoint(step.unless)


def _fill_button(button: Button, known: Known, shown: set[str]) -> Button:
    return replace(
        button,
        text=choose((button.text, *button.text_or), known.slots),
        text_or=(),
        step=button.step if button.step in shown else "",
    )


def _fill_step(step: Step, known: Known, handbook: Handbook) -> Step:
    letter = handbook.templates.get(step.template, step.copy)
    filled = choose((step.link,), known.slots)
    link = filled if filled.startswith("https://") else ""
    return replace(
        step,
        title=choose((step.title, *step.title_or), known.slots),
        title_or=(),
        why=choose((step.why, *step.why_or), known.slots),
        why_or=(),
        link=link,
        link_text=choose((step.link_text,), known.slots) if link else "",
        copy=fill_template(letter, known.slots),
        copy_text=choose((step.copy_text,), known.slots),
        opens_text=choose((step.opens_text,), known.slots),
    )


def _is_short(title: str) -> bool:
    return len(title) <= TITLE_LIMIT


def _is_brief(sentence: str) -> bool:
    return len(sentence.split()) <= SENTENCE_LIMIT
