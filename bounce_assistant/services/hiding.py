"""Bounces that a person wants to see no more of: they go straight to Done, where they are kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.services.undo import Undo
from bounce_assistant.store import Store
from bounce_assistant.store.decisions import Decision
from bounce_assistant.store.rows import CaseId, CaseState


class Hiding:
    """By cause. Nothing is thrown away, and each choice can be taken back or switched off."""

    def __init__(
        self, store: Store, undo: Undo, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store, self._undo, self._now = store, undo, now

    def causes(self) -> tuple[CauseId, ...]:
        """Return the causes whose bounces are hidden."""
        return tuple(map(CauseId, self._store.settings.load().hidden_causes))

    def hide(self, cause: CauseId, shown: Sequence[CaseId] = ()) -> int:
        """Move what needs the person for a cause to Done, and from now on what comes of it.

        ``shown`` go with them in any case; of the others those whose cause is not in doubt. Return
        how many were moved. Can be undone.
        """
        was_hidden = cause in self.causes()
        self.switch(cause, on=True)
        found = self._store.cases.with_cause(cause, CaseState.NEEDS_YOU)
        cases = dict.fromkeys((*shown, *found))
        before = self._store.decisions.set_state(list(cases), CaseState.DONE, now=self._now())
        self._undo.remember(
            "They are back where they were; new ones are shown.",
            lambda: self._take_back(cause, before, on=was_hidden),
        )
        return len(before)

    def switch(self, cause: CauseId, *, on: bool) -> None:
        """Hide or show what comes from now on; what was moved stays where it is."""
        settings = self._store.settings
        kept = settings.load()
        others = tuple(one for one in kept.hidden_causes if one != cause)
        settings.save(replace(kept, hidden_causes=(*others, cause) if on else others))

    def _take_back(self, cause: CauseId, before: tuple[Decision, ...], *, on: bool) -> None:
        self.switch(cause, on=on)
        self._store.decisions.put_back(before, now=self._now())
