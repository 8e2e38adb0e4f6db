"""examination -> examination: where the person gave bounces like this another reason, it stands."""

from collections.abc import Sequence

from msgspec.structs import replace

from bounce_assistant.diagnosis.likeness import likeness
from bounce_assistant.diagnosis.verdict import Certainty, Diagnosis, Evidence
from bounce_assistant.services.examine import Examination
from bounce_assistant.store.reason_rules import ReasonRule
from bounce_assistant.store.verdicts import tidy


def with_rules(examination: Examination, rules: Sequence[ReasonRule]) -> Examination:
    """Return the examination as the rules that are switched on would have it."""
    causes = {rule.words: rule for rule in rules if rule.is_on}
    if not causes:
        return examination
    ruled = tuple(_ruled(each, causes) for each in examination.diagnoses)
    return replace(examination, diagnoses=ruled)


def _ruled(diagnosis: Diagnosis, causes: dict[str, ReasonRule]) -> Diagnosis:
    rule = causes.get(tidy(likeness(diagnosis.recipient)))
    if rule is None or rule.reason != diagnosis.reason:
        return diagnosis
    return replace(
        diagnosis,
        cause=rule.cause,
        certainty=Certainty.ALMOST_CERTAIN,
        runner_up=None,
        evidence=(Evidence("Your own rule", "the reason you gave for bounces like this"),),
    )
