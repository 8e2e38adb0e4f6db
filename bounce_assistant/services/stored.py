"""What is stored, as the JSON of the commands: the diagnosis, where it stands, what was done."""

from collections.abc import Iterator
from typing import Any

from bounce_assistant.services.cases import Cases
from bounce_assistant.services.describe import describe
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.store import Store
from bounce_assistant.store.messages import KeptMessage
from bounce_assistant.store.outgoing import WAITING, Outgoing
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
        standing = {recipient_key(row.address): _standing(store, knowledge, row) for row in rows}
        states = {row.state for row in rows}
        yield {
            **told,
            **_place(message, rows),
            "id": ids[0],
            "state": next((state for state in _URGENCY if state in states), CaseState.DONE),
            "done": _done(store, ids[0]),
            "deliveries": [
                {**delivery, **standing[key]}
                for delivery in told["deliveries"]
                if (key := recipient_key(delivery["recipient"])) in standing
            ],
        }


def _place(message: KeptMessage, rows: list[CaseRow]) -> dict[str, Any]:
    return {
        "account": next((row.account for row in rows), ""),
        "folder": message.place.folder,
        "uid": message.place.uid,
        **({"partial": True} if message.missing else {}),
    }


def _standing(store: Store, knowledge: Knowledge, row: CaseRow) -> dict[str, Any]:
    """Return where a case stands; a cause the person chose takes the place of ours."""
    case = row.key.case
    told: dict[str, Any] = {"id": case, "state": row.state, "done": _done(store, case)}
    if row.snoozed_until:
        told["snoozed_until"] = row.snoozed_until.isoformat()
    decision = store.decisions.of(case)
    if decision and decision.choice:
        cause = decision.choice.cause
        who_acts = knowledge.who_acts(cause)
        told |= {"cause": cause, "who_acts": who_acts, "cause_chosen_by": "you"}
    return told


def _done(store: Store, case: CaseId) -> list[dict[str, str]]:
    ticks = store.decisions.ticks(case)
    done = [{"step": step, "at": at.isoformat()} for step, at in ticks.items()]
    done += [_sent_again(one) for one in store.outbox.of_case(case)]
    return sorted(done, key=lambda one: one["at"])


def _sent_again(one: Outgoing) -> dict[str, str]:
    told = {
        "step": "send_again",
        "at": (one.began_at or one.made_at).isoformat(),
        "to": one.recipient,
        "state": one.state.value,
        "message_id": one.message_id,
    }
    if one.state in WAITING:
        told["due"] = one.due_at.isoformat()
    if one.watch:
        told["watch"] = one.watch.value
    return told
