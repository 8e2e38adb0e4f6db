"""Reasons that a person gave for all bounces with the same words."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bounce_assistant.diagnosis.verdict import CauseId, ReasonId
from bounce_assistant.store.connection import Connections
from bounce_assistant.store.verdicts import tidy


@dataclass(frozen=True, slots=True)
class ReasonRule:
    """Bounces with these words have this cause."""

    words: str  # the server's, as ``likeness`` returns them
    reason: ReasonId  # as the diagnosis names such bounces
    cause: CauseId  # what the person says they are
    made_at: datetime  # aware
    is_on: bool = True


class ReasonRules:
    """One rule for the same words; a newer one takes the place of the older."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def all(self) -> tuple[ReasonRule, ...]:
        """Return all rules, the newest first."""
        with self._connections.read() as db:
            found = db.execute(
                "SELECT words, reason, cause, made_at, is_on FROM reason_rule"
                " ORDER BY made_at DESC, words"
            ).fetchall()
        return tuple(
            ReasonRule(
                words,
                ReasonId(reason),
                CauseId(cause),
                datetime.fromtimestamp(made_at, UTC),
                is_on=bool(is_on),
            )
            for words, reason, cause, made_at, is_on in found
        )

    def get(self, words: str) -> ReasonRule | None:
        """Return the rule for these words, switched on or off."""
        return next((rule for rule in self.all() if rule.words == tidy(words)), None)

    def put(self, rule: ReasonRule) -> None:
        """Keep a rule, in place of one for the same words."""
        with self._connections.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO reason_rule VALUES (?, ?, ?, ?, ?)",
                (
                    tidy(rule.words),
                    rule.reason,
                    rule.cause,
                    int(rule.made_at.timestamp()),
                    int(rule.is_on),
                ),
            )

    def remove(self, words: str) -> None:
        """Forget the rule for these words."""
        with self._connections.write() as db:
            db.execute("DELETE FROM reason_rule WHERE words = ?", (tidy(words),))
