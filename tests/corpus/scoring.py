"""Counts how often the engine agrees with labels; what a label is unsure of is not counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bounce_assistant.services.examine import Examination

ORDINARY = "not-a-bounce"


@dataclass(slots=True)
class Share:
    """How many of the counted were right, and which were not."""

    right: int = 0
    counted: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, *, is_right: bool) -> None:
        self.counted += 1
        self.right += is_right
        if not is_right:
            self.wrong.append(name)

    @property
    def value(self) -> float:
        return self.right / self.counted if self.counted else 1.0

    def __str__(self) -> str:
        return f"{self.right}/{self.counted} = {self.value:.1%}"


@dataclass(slots=True)
class Score:
    """The figures of one part of a corpus."""

    kind: Share = field(default_factory=Share)
    recipients: Share = field(default_factory=Share)
    reason: Share = field(default_factory=Share)
    called_a_bounce: list[str] = field(default_factory=list)  # ordinary mail

    def add(self, name: str, label: dict[str, Any], examination: Examination) -> None:
        """Count one message; ``label`` has kind and deliveries as in both corpora."""
        got = examination.report.kind.value
        self.kind.add(f"{name}: {label['kind']}, not {got}", is_right=got == label["kind"])
        if label["kind"] == ORDINARY:
            if got in {"bounce", "delay"}:
                self.called_a_bounce.append(name)
            return
        if got == ORDINARY:
            return  # counted once, as a wrong kind
        deliveries = label["deliveries"]
        named = [each.recipient.recipient.lower() for each in examination.diagnoses]
        self.recipients.add(f"{name}: {named}", is_right=are_same(deliveries, named))
        self._add_reasons(name, deliveries, examination)

    def _add_reasons(
        self, name: str, deliveries: Sequence[dict[str, Any]], examination: Examination
    ) -> None:
        for delivery in deliveries:
            if not delivery.get("reason_sure", True) or not delivery.get("reason"):
                continue
            wanted = {delivery["reason"], *delivery.get("reason_alt", [])}
            if examination.report.kind.value == "delay":
                wanted.add("expired")
            given = [
                each.reason
                for each in examination.diagnoses
                if each.recipient.recipient.lower() in spellings(delivery)
            ]
            if not given and len(deliveries) == len(examination.diagnoses) == 1:
                given = [examination.diagnoses[0].reason]
            if given:
                told = f"{name}: {'/'.join(sorted(wanted))}, not {given[0]}"
                self.reason.add(told, is_right=given[0] in wanted)

    def lines(self, title: str) -> str:
        """Return the figures as text, and what was wrong."""
        wrong = [*self.kind.wrong, *self.recipients.wrong, *self.reason.wrong]
        return (
            f"\n{title}: kind {self.kind}, recipients {self.recipients}, reason {self.reason}\n  "
            + "\n  ".join(wrong)
        )


def spellings(delivery: dict[str, Any]) -> set[str]:
    return {each.lower() for each in (delivery["recipient"], *delivery.get("recipient_alt", []))}


def are_same(deliveries: Sequence[dict[str, Any]], named: Sequence[str]) -> bool:
    """Tell whether exactly the labelled people are named, each under one of their addresses."""
    left = list(named)
    for delivery in deliveries:
        match = next((each for each in left if each in spellings(delivery)), None)
        if match is None:
            return False
        left.remove(match)
    return not left
