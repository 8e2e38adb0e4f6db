"""The real handbook, and bounces about which much or little is known."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from bounce_assistant.advice.handbook import Handbook, build_handbook
from bounce_assistant.diagnosis.blocklists import parse_blocklists
from bounce_assistant.diagnosis.verdict import BounceType, CauseId, Certainty, Diagnosis, ReasonId
from bounce_assistant.report.facts import (
    BounceReport,
    MessageKind,
    OriginalMessage,
    RecipientReport,
    ReportedBy,
)
from bounce_assistant.resources import read_text, read_texts

Bounce: TypeAlias = tuple[Diagnosis, BounceReport]
ALL_SLOTS = {
    "ip": "203.0.113.9",
    "list": "Spamhaus XBL",
    "list_id": "spamhaus_xbl",
    "limit": "25 MB",
    "suggestion": "gmail.com",
    "new_address": "dana.hall@example.org",
    "days": "4",
    "n": "3",
    "time": "9 AM",
}


@pytest.fixture(scope="session")
def handbook() -> Handbook:
    return build_handbook(
        read_texts("playbooks"),
        read_texts("templates", ".txt"),
        parse_blocklists(read_text("blocklists.toml")),
        read_text("companies.toml"),
    )


@pytest.fixture(scope="session")
def known_bounce() -> Callable[..., Bounce]:
    """Make a bounce about which everything is known, but for what the test changes."""

    def make(cause: str, **changes: str) -> Bounce:
        address = changes.pop("address", "dana.reyes@example.com")
        recipient = RecipientReport(
            address, diagnostic=changes.pop("words", "550 no"), remote_mta="mx.example.com"
        )
        original = OriginalMessage(
            subject="Open house",
            sender=changes.pop("sender", "pat@morgan.example"),
            headers=(("To", changes.pop("to", f"Dana Reyes <{address}>")),),
            size=int(changes.pop("size", str(30 * 1024 * 1024))),
        )
        service = changes.pop("service", "Google")
        certainty = Certainty(changes.pop("certainty", "likely"))
        slots = {**ALL_SLOTS, **changes}
        diagnosis = Diagnosis(
            recipient,
            ReasonId("undefined"),
            CauseId(cause),
            BounceType.SOFT,
            certainty,
            0.5,
            slots=tuple((name, value) for name, value in slots.items() if value),
        )
        return diagnosis, BounceReport(
            MessageKind.BOUNCE, ReportedBy(service), (recipient,), original
        )

    return make


@pytest.fixture(scope="session")
def bare_bounce() -> Callable[[str], Bounce]:
    """Make a bounce about which nothing is known but its cause."""

    def make(cause: str) -> Bounce:
        recipient = RecipientReport("")
        diagnosis = Diagnosis(
            recipient,
            ReasonId("undefined"),
            CauseId(cause),
            BounceType.SOFT,
            Certainty.LIKELY,
            0.5,
        )
        return diagnosis, BounceReport(MessageKind.BOUNCE)

    return make
