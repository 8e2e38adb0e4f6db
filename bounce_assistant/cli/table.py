"""How a diagnosis reads on the terminal."""

import unicodedata

from msgspec.structs import replace

from bounce_assistant.advice.advise import advise
from bounce_assistant.diagnosis.verdict import Diagnosis
from bounce_assistant.report.facts import BounceReport
from bounce_assistant.services.examine import Examination
from bounce_assistant.services.knowledge import Knowledge

_WHO = {"you": "You", "them": "Them", "provider": "Your provider or IT person", "nobody": "Nobody"}
_LONGEST = 200  # characters of a server's words


def describe_lines(file: str, examination: Examination, knowledge: Knowledge) -> list[str]:
    """Return the lines that tell a message's diagnosis to a person."""
    lines = [printable(file)]
    if not examination.diagnoses:
        lines.append("  This looks like an ordinary email, not a bounce.")
        if wants := examination.report.imitation:
            lines.append(f"    It imitates a bounce: it {wants}. Open nothing in it.")
    for diagnosis in examination.diagnoses:
        lines += advice_lines(diagnosis, examination.report, knowledge)
    return lines


def advice_lines(diagnosis: Diagnosis, report: BounceReport, knowledge: Knowledge) -> list[str]:
    """Return the lines for one address: what happened, who acts, how sure, and why."""
    advice = advise(diagnosis, report, knowledge.handbook)
    recipient = diagnosis.recipient
    sure = diagnosis.certainty.value.capitalize()
    verdict = f"{diagnosis.bounce_type.value}, {diagnosis.reason}"
    lines = [
        f"  {printable(recipient.recipient) or '(no address named)'}: {printable(advice.title)}",
        f"    {printable(advice.sentence)}",
        f"    Who acts: {_WHO[advice.who_acts.value]}. How sure: {sure}. ({verdict})",
    ]
    if diagnosis.runner_up:
        other = advise(replace(diagnosis, cause=diagnosis.runner_up), report, knowledge.handbook)
        lines.append(f"    It could also be: {printable(other.title)}")
    if recipient.diagnostic:
        lines.append(f"    They said: {printable(recipient.diagnostic)[:_LONGEST]}")
    lines += [f'    "{printable(one.text)[:80]}": {one.says}' for one in diagnosis.evidence]
    return lines


def printable(text: str) -> str:
    """Take what could steer a terminal out of words that come from mail."""
    return "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)
