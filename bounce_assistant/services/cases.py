"""What the window and the commands ask of the cases: list, open, decide, undo."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from msgspec import structs

from bounce_assistant import __version__
from bounce_assistant.advice.advise import advise
from bounce_assistant.advice.history import history_sentence
from bounce_assistant.advice.playbooks import Advice
from bounce_assistant.diagnosis.verdict import CauseId, Certainty, Diagnosis, Evidence
from bounce_assistant.errors import AppError
from bounce_assistant.report.facts import BounceReport
from bounce_assistant.services.examine import (
    Answer,
    Examination,
    case_diagnoses,
)
from bounce_assistant.services.hiding import Hiding
from bounce_assistant.services.job import Job
from bounce_assistant.services.keeping import diagnose_again, examine_again
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.rules import Rules
from bounce_assistant.services.undo import Undo
from bounce_assistant.store import Store
from bounce_assistant.store.decisions import Choice, Decision
from bounce_assistant.store.messages import KeptMessage
from bounce_assistant.store.returned_ids import LookUp
from bounce_assistant.store.rows import (
    BatchId,
    CaseId,
    CaseQuery,
    CaseRow,
    CaseState,
    MessageId,
    RowKey,
    SidebarCounts,
)
from bounce_assistant.store.verdicts import recipient_key


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Everything the reading pane shows of one case."""

    id: CaseId
    row: CaseRow
    report: BounceReport
    diagnosis: Diagnosis
    advice: Advice
    seen_by_follow_up_boss: Answer
    account: str  # e-mail of the account; "" when added by hand
    history: str  # a sentence; "" when this is the first time
    ticked: dict[str, datetime]  # id of a step -> when it was ticked off
    raw: bytes
    others: int  # people the same notice, or the same mailing, failed for besides
    folder: str
    file: str
    uid: int = 0  # 0: added by hand
    missing: int = 0  # bytes of a large message that stayed on the mail server
    is_cause_chosen: bool = False  # the person's own choice stands over the diagnosis
    sent_by_you: str = "unknown"  # as Examination has it
    copy_in: str | None = None  # as Examination has it
    look_up: LookUp | None = None  # how far Sent was asked about what came back


class Cases:
    """Safe to call from several threads; nothing here waits for a network."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now
        self.undos = Undo()
        self.hiding = Hiding(store, self.undos, now=now)
        self.rules = Rules(store, knowledge, self.undos, now=now)

    def counts(self) -> SidebarCounts:
        """Return how many rows each entry of the sidebar shows when clicked."""
        return self._store.cases.counts()

    def keys(self, query: CaseQuery) -> list[RowKey]:
        """Return the rows to show, in order; 100,000 of them are fine."""
        return self._store.cases.keys(query)

    def listed(self, query: CaseQuery) -> list[RowKey]:
        """Return one row for each case, in order, nothing folded; for lists on paper."""
        return self._store.cases.keys(query, fold=False)

    def rows(self, keys: Sequence[RowKey]) -> dict[RowKey, CaseRow]:
        """Return what a page of rows shows; one that went meanwhile is left out."""
        return self._store.cases.rows(keys)

    def members(self, batch: BatchId) -> list[CaseId]:
        """Return the cases that a folded row stands for, newest first."""
        return self._store.cases.members(batch)

    def open(self, case: CaseId) -> OpenCase:
        """Return all there is to show of a case, and take it for read.

        Raises AppError when the case is not here any more.
        """
        opened = self.look_at(case)
        if opened.row.is_unread:
            self._store.cases.mark_read(case)
        return opened

    def look_at(self, case: CaseId) -> OpenCase:
        """Return all there is to show of a case and change nothing. Raises AppError when gone."""
        message = self.message_of(case)
        row = self._store.cases.rows([RowKey(case)]).get(RowKey(case))
        if message is None or row is None:
            raise AppError("This bounce isn't here any more.", next_step="Pick another one.")
        examination = self.examine(message)
        decision = self._store.decisions.of(case)
        choice = decision.choice if decision else None
        diagnosis = _diagnosis_of(row, examination)
        if choice:
            diagnosis = chosen(diagnosis, choice.cause)
        others = self._store.cases.beside(case)
        return OpenCase(
            id=case,
            row=row,
            report=examination.report,
            diagnosis=diagnosis,
            advice=self._advise(diagnosis, examination, others + 1),
            seen_by_follow_up_boss=examination.seen_by_follow_up_boss,
            account=row.account,
            history=self._history(case),
            ticked=self._store.decisions.ticks(case),
            raw=message.raw,
            others=others,
            folder=message.place.folder,
            file=message.place.file,
            uid=message.place.uid,
            missing=message.missing,
            is_cause_chosen=choice is not None,
            sent_by_you=examination.sent_by_you,
            copy_in=examination.copy_in,
            look_up=self._store.returned_ids.look_up_of(message.id),
        )

    def of_messages(self, messages: Sequence[MessageId]) -> list[CaseId]:
        """Return the cases that came in messages, the newest first."""
        return self._store.cases.of_messages(messages)

    def needing_you(self, messages: Sequence[MessageId]) -> list[MessageId]:
        """Return those of some messages that brought a case which needs the person."""
        return self._store.cases.needing_you(messages)

    def batch_of(self, case: CaseId) -> BatchId | None:
        """Return the batch that folds a case where it has enough members; None without one."""
        return self._store.cases.batch_of(case)

    def message_of(self, case: CaseId) -> KeptMessage | None:
        """Return the message a case came in, as it is kept; None when it is not here any more."""
        message_id = self._store.cases.message_of(case)
        return self._store.messages.get(message_id) if message_id is not None else None

    def mark_done(self, cases: Sequence[CaseId]) -> None:
        """Move cases to Done."""
        self._set_state(cases, CaseState.DONE)

    def reopen(self, cases: Sequence[CaseId]) -> None:
        """Move cases back to Needs you."""
        self._set_state(cases, CaseState.NEEDS_YOU)

    def snooze(self, cases: Sequence[CaseId], until: datetime) -> None:
        """Move cases to Waiting until an aware moment; ``wake`` brings them back."""
        self._set_state(cases, CaseState.WAITING, until)

    def hide(self, cause: CauseId, shown: Sequence[CaseId]) -> int:
        """Hide the shown cases and others of their cause: see ``services.hiding``."""
        return self.hiding.hide(cause, shown)

    def choose_cause(self, cases: Sequence[CaseId], cause: CauseId) -> None:
        """Let the person's cause stand, over every later check and diagnosis."""
        choices = []
        for case in cases:
            opened = self.look_at(case)
            advice = advise(
                chosen(opened.diagnosis, cause), opened.report, self._knowledge.handbook
            )
            choices.append((case, Choice(cause, advice.group, advice.title)))
        before = self._store.decisions.choose(choices, now=self._now())
        self._remember("The reason is what it was before.", before)

    def tick(self, case: CaseId, step: str, *, done: bool) -> None:
        """Tick a step of the way out off, with today's date, or take the tick away."""
        self._store.decisions.tick(case, step, at=self._now() if done else None)

    def undo(self) -> str:
        """Take back the last act of these or of the rules; say so, "" if there is none."""
        return self.undos.last()

    def wake(self) -> int:
        """Return snoozed cases whose time has come to Needs you; return how many."""
        return self._store.decisions.wake(now=self._now())

    def is_outdated(self) -> bool:
        """Tell whether the kept mail has not been diagnosed by this version of the program yet."""
        by = self._store.settings.load().diagnosed_by
        return by != __version__ and bool(self._store.messages.ids())

    def rediagnose(self, job: Job) -> int:
        """Diagnose all kept mail again; return how many messages changed. Safe to stop.

        What a person decided stays, and so do the ids of the cases.
        """
        changed = 0
        messages = self._store.messages.ids()
        for done, message_id in enumerate(messages):
            job.step(done, len(messages))
            changed += diagnose_again(message_id, self._store, self._knowledge)
        settings = self._store.settings
        settings.save(replace(settings.load(), diagnosed_by=__version__))
        return changed

    def examine(self, message: KeptMessage) -> Examination:
        """As ``keeping.examine_again``."""
        return examine_again(message, self._store, self._knowledge)

    def _set_state(
        self, cases: Sequence[CaseId], state: CaseState, until: datetime | None = None
    ) -> None:
        before = self._store.decisions.set_state(cases, state, now=self._now(), snoozed_until=until)
        count = len(before)
        where = "It's" if count == 1 else f"All {count} are"
        self._remember(f"{where} back where {'it was' if count == 1 else 'they were'}.", before)

    def _remember(self, sentence: str, before: tuple[Decision, ...]) -> None:
        if before:
            put_back = self._store.decisions.put_back
            self.undos.remember(sentence, lambda: put_back(before, now=self._now()))

    def _history(self, case: CaseId) -> str:
        past = self._store.cases.past(case)
        return history_sentence(past.bounces, past.since, self._now()) if past else ""

    def _advise(self, diagnosis: Diagnosis, examination: Examination, count: int) -> Advice:
        name = self._store.settings.load().my_name
        return advise(
            diagnosis, examination.report, self._knowledge.handbook, count=count, my_name=name
        )


def chosen(diagnosis: Diagnosis, cause: CauseId) -> Diagnosis:
    """Return the diagnosis with the person's cause in place of ours."""
    return structs.replace(
        diagnosis,
        cause=cause,
        certainty=Certainty.ALMOST_CERTAIN,
        runner_up=None,
        evidence=(Evidence("Your choice", "the reason you picked for this one"),),
    )


def _diagnosis_of(row: CaseRow, examination: Examination) -> Diagnosis:
    """Pick the case's own recipient; after better rules, the nearest there is."""
    diagnoses = case_diagnoses(examination)
    wanted = recipient_key(row.address)
    for diagnosis in diagnoses:
        if recipient_key(diagnosis.recipient.recipient) == wanted:
            return diagnosis
    return diagnoses[0]
