"""``outbox``: what is to go out again, and what came of it."""

import argparse
from datetime import UTC, datetime

from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job
from bounce_assistant.services.standing import standing_of
from bounce_assistant.store.outgoing import Outgoing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``outbox``."""
    parser.add_argument("--send-due", action="store_true", help="send what is due, then list")
    parser.add_argument("--cancel", metavar="NUMBER", type=int, help="call a message back first")


def run(options: argparse.Namespace, desk: Desk) -> int:
    """Print what is waiting or needs a word, one line each; return the exit code."""
    code = 0
    if options.cancel is not None and not desk.outbox.undo([options.cancel]):
        print(f"Number {options.cancel} can't be called back any more.")
        code = 1
    if options.send_due:
        desk.outbox.run(Job(), wait=5.0)
    waiting = desk.outbox.waiting()
    for one in waiting:
        print(_line(one, desk))
    if not waiting:
        print("Nothing is waiting to go out.")
    return code


def _line(one: Outgoing, desk: Desk) -> str:
    standing = standing_of([one], datetime.now(UTC), is_late=desk.outbox.is_late(one))
    detail = f" {standing.detail}" if standing.detail else ""
    return f'{one.id:>6}  {one.recipient}: "{one.subject}". {standing.words}.{detail}'
