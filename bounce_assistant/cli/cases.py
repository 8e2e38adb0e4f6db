"""``cases``: what is stored, where it stands, and what was done about it."""

import argparse
import json

from bounce_assistant.services.desk import Desk
from bounce_assistant.services.stored import describe_stored
from bounce_assistant.store.rows import CaseQuery, CaseRow, CaseState

_STATES = {state.value.replace(" ", "-"): state for state in CaseState}
_PAGE = 400  # rows read at once


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``cases``."""
    parser.add_argument("--json", action="store_true", help="one JSON object per message")
    parser.add_argument("--state", choices=list(_STATES), help="only these (default: all)")


def run(options: argparse.Namespace, desk: Desk) -> int:
    """Print the stored cases, newest first; as JSON, one message a line as they came."""
    desk.cases.wake()
    desk.outbox.settle_quiet()
    state = _STATES.get(options.state or "")
    if options.json:
        for told in describe_stored(desk.store, desk.cases, desk.knowledge, state):
            print(json.dumps(told, ensure_ascii=False))
    else:
        _print_table(desk, state)
    return 0


def _print_table(desk: Desk, state: CaseState | None) -> None:
    cases = desk.cases.listed(CaseQuery(state=state))
    if not cases:
        print("No bounces are stored here yet." if state is None else f"Nothing is {state.value}.")
    for start in range(0, len(cases), _PAGE):
        page = cases[start : start + _PAGE]
        rows = desk.cases.rows(page)
        for key in page:
            if key in rows:
                print(_line(rows[key]))


def _line(row: CaseRow) -> str:
    day = f"{row.when.astimezone():%Y-%m-%d}"
    who = f"{row.name} <{row.address}>" if row.address not in {"", row.name} else row.name
    subject = f' ("{row.subject}")' if row.subject else ""
    return f"{row.key.case:>6}  {day}  {row.state:<9}  {who}: {row.title}{subject}"
