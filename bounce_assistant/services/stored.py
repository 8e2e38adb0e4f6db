"""What is stored, as the JSON of the commands: the diagnosis, where it stands, what was done."""

from collections.abc import Iterator
from typing import Any

from bounce_assistant.services.cases import Cases
from bounce_assistant.services.describe import describe
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.store import Store
from bounce_assistant.store.messages import KeptMessage
from bounce_assistant.store.rows import CaseId, CaseRow, CaseState, RowKey
from bounce_assistant.store.verdicts import recipient_key

# The state of a message is the most urgent one of its cases.
_URGENCY = (CaseState.NEEDS_YOU, CaseState.WAITING, CaseState.DONE)


def describe_stored(
    store: Store, cases: Cases, knowledge: Knowledge, state: CaseState | None = None
) -> Iterator[dict[str, Any]]:
    """Yield one object for each message, oldest kept first, with the cases of a state or all.

    ``id``, ``state`` and what was done stand with each delivery; those of the first and most urgent
    case stand with the message as well.
    """
    for message_id, ids in store.cases.by_message(state):
        message = store.messages.get(message_id)
        if message is None:  # removed by another window meanwhile
            continue
        rows = list(store.cases.rows([RowKey(case) for case in ids]).values())
        told = describe(message.place.file, cases.examine(message), knowledge)
        standing = {recipient_key(row.address): _standing(store, row) for row in rows}
        yield {
            **told,
            **_place(message, rows),
            "id": ids[0],
            "state": next(
                s for s in _URGENCY if s in {row.state for row in rows} or s is _URGENCY[-1]
            ),
            "done": _done(store, ids[0]),
            "deliveries": [
                _delivery(delivery, standing[key])
                for delivery in told["deliveries"]
                if (key := recipient_key(delivery["recipient"])) in standing
            ],
        }


def _place(message: KeptMessage, rows: list[CaseRow]) -> dict[str, Any]:
    return {
        "account": next((row.account for row in rows), ""),
        "folder": message.place.folder,
        "uid": message.place.uid,
    }


def _standing(store: Store, row: CaseRow) -> dict[str, Any]:
    case = row.key.case
    decision = store.decisions.of(case)
    until = row.snoozed_until
    return {
        "id": case,
        "state": row.state,
        "snoozed_until": until.isoformat() if until else None,
        "chosen_cause": decision.choice.cause if decision and decision.choice else None,
        "done": _done(store, case),
    }


def _delivery(delivery: dict[str, Any], standing: dict[str, Any]) -> dict[str, Any]:
    return {**delivery, **{name: value for name, value in standing.items() if value is not None}}


def _done(store: Store, case: CaseId) -> list[dict[str, str]]:
    ticks = store.decisions.ticks(case)
    return [{"step": step, "at": at.isoformat()} for step, at in ticks.items()]
