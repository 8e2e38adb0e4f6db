"""Reasons remembered for bounces like one: made, switched, forgotten, applied to kept mail."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from bounce_assistant.diagnosis.likeness import likeness
from bounce_assistant.diagnosis.verdict import CauseId, Diagnosis, ReasonId
from bounce_assistant.services.job import Job
from bounce_assistant.services.keeping import diagnose_again
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.undo import Undo
from bounce_assistant.store import Store
from bounce_assistant.store.reason_rules import ReasonRule
from bounce_assistant.store.rows import MessageId


class Rules:
    """A rule never overrules what the person decided about a single bounce."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        undo: Undo,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._knowledge, self._undo, self._now = store, knowledge, undo, now

    def all(self) -> tuple[ReasonRule, ...]:
        """Return all rules, the newest first, those that are switched off too."""
        return self._store.reason_rules.all()

    def remember(self, diagnosis: Diagnosis, cause: CauseId, job: Job) -> int:
        """Let a cause stand for all bounces like this one; return how many kept mails changed.

        Can be undone. Safe to stop: the rule stands, mail not read by then changes when it is next
        diagnosed.
        """
        words = likeness(diagnosis.recipient)
        if not words:
            return 0
        before = self._store.reason_rules.get(words)
        self._store.reason_rules.put(ReasonRule(words, diagnosis.reason, cause, self._now()))
        changed: list[MessageId] = []
        self._undo.remember(
            "We forgot that rule; bounces like this are judged as before.",
            lambda: self._take_back(words, before, changed),
        )
        self._apply(self._alike(diagnosis.reason), job, changed)
        return len(changed)

    def switch(self, rule: ReasonRule, job: Job, *, on: bool) -> int:
        """Switch a rule on or off; return how many kept mails changed."""
        self._store.reason_rules.put(replace(rule, is_on=on))
        changed: list[MessageId] = []
        self._apply(self._alike(rule.reason), job, changed)
        return len(changed)

    def forget(self, rule: ReasonRule, job: Job) -> int:
        """Remove a rule; return how many kept mails changed."""
        self._store.reason_rules.remove(rule.words)
        changed: list[MessageId] = []
        self._apply(self._alike(rule.reason), job, changed)
        return len(changed)

    def _alike(self, reason: ReasonId) -> list[MessageId]:
        return self._store.messages.with_reason(reason)

    def _apply(self, messages: Iterable[MessageId], job: Job, changed: list[MessageId]) -> None:
        wanted = list(messages)
        for done, message_id in enumerate(wanted):
            job.step(done, len(wanted))
            if diagnose_again(message_id, self._store, self._knowledge):
                changed.append(message_id)

    def _take_back(self, words: str, before: ReasonRule | None, changed: list[MessageId]) -> None:
        if before is None:
            self._store.reason_rules.remove(words)
        else:
            self._store.reason_rules.put(before)
        self._apply(changed, Job(), [])
