"""``resend``: show the review of an email that bounced, then send it again."""

import argparse
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

from bounce_assistant.cli.passwords import ask_password
from bounce_assistant.cli.periods import hours_of
from bounce_assistant.cli.table import printable
from bounce_assistant.errors import AppError
from bounce_assistant.mail.smtp_problems import megabytes
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fixes.resend import Order, Review
from bounce_assistant.services.job import Job
from bounce_assistant.services.letters import Letter
from bounce_assistant.services.outbox import SETTLED
from bounce_assistant.services.standing import standing_of
from bounce_assistant.store.outgoing import Outgoing, OutgoingId, OutgoingState
from bounce_assistant.store.rows import CaseId

_GLANCE = 0.2  # seconds between looks at the clock
_WAIT = 5.0  # seconds for another program that is sending


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``resend``."""
    parser.add_argument("case", metavar="CASE", type=int, help="its number, as `cases` prints it")
    parser.add_argument("--to", metavar="ADDRESS", default="", help="another address")
    parser.add_argument("--subject", default="", help="another subject")
    parser.add_argument(
        "--later", metavar="TIME", type=hours_of, help="as in 30min, 4h or 2d; not now"
    )
    parser.add_argument(
        "--checked", action="store_true", help="I checked with them: the address is right"
    )
    parser.add_argument("--dry-run", action="store_true", help="show the review and send nothing")
    parser.add_argument("--now", action="store_true", help="without the ten seconds for Undo")
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="use the first line of standard input as password, this time only",
    )


def run(options: argparse.Namespace, desk: Desk) -> int:
    """Print the review; send unless it is a dry run; return the exit code."""
    case = CaseId(options.case)
    if options.password_stdin:
        _lend_password(desk, case)
    letter = _find_letter(desk, case)
    due_at = datetime.now(UTC) + timedelta(hours=options.later) if options.later else None
    review = desk.resend.review(
        Order(case, options.to, letter, options.subject, due_at=due_at, is_checked=options.checked)
    )
    _print_review(review)
    if not review.can_be_sent:
        why = f"{review.locked} Tick it off with --checked." if review.can_unlock else review.locked
        print(why, file=sys.stderr)
        return 1
    if options.dry_run:
        return 0
    (message,) = desk.resend.send([review], with_undo=not options.now)
    if due_at:
        print(standing_of(desk.outbox.of_case(case), datetime.now(UTC)).words)
        return 0
    return _see_through(desk, message)


def _lend_password(desk: Desk, case: CaseId) -> None:
    account = desk.accounts.find(desk.cases.look_at(case).account)
    accounts = [account] if account else desk.accounts.list()
    if len(accounts) != 1:
        raise AppError("We can't tell which mailbox the password is for.")
    desk.accounts.lend_password(accounts[0], ask_password(accounts[0].email, from_stdin=True))


def _find_letter(desk: Desk, case: CaseId) -> Letter:
    """Return the whole email; the poorer copy where the mailbox can't be asked for more."""
    try:
        return desk.resend.find(case, Job())
    except AppError as problem:
        print(f"Your mailbox could not be searched. {problem}", file=sys.stderr)
        return desk.resend.letter(case)


def _print_review(review: Review) -> None:
    print(printable(f"From:    {review.sender}"))
    print(printable(f"To:      {review.to}"))
    print(printable(f"Subject: {review.subject}"))
    for part in review.parts:
        name = f" {part.name}" if part.name else ""
        print(printable(f"  - {part.kind}{name} ({part.content_type}, {megabytes(part.size)})"))
    print(f"Size:    {megabytes(review.size)}")
    print(f"Text:    {review.source_words}")
    for note in review.notes:
        print(printable(f"Note:    {note}"))
    print(review.what_happens)


def _see_through(desk: Desk, message: OutgoingId) -> int:
    """Wait for the end of a message; Ctrl+C takes it back while that is possible."""
    try:
        if desk.outbox.seconds_for_undo([message]):
            # What a shell starts in the background is born deaf to it.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            print("Sending... Press Ctrl+C to undo.", flush=True)
        while not _is_over(one := desk.outbox.get(message)):
            desk.outbox.run(Job(), wait=_WAIT)
            time.sleep(_GLANCE)
    except KeyboardInterrupt:
        if desk.outbox.undo([message]):
            print("Undone. Nothing was sent.")
            return 1
        raise
    return _told(one)


def _is_over(one: Outgoing | None) -> bool:
    return (
        one is None
        or one.state in SETTLED
        or (one.state is OutgoingState.SCHEDULED and bool(one.problem))
    )


def _told(one: Outgoing | None) -> int:
    if one is None:
        return 1
    if one.state is OutgoingState.SENT:
        print(f"Sent to {one.recipient}. {standing_of([one], datetime.now(UTC)).words}.")
        return 0
    standing = standing_of([one], datetime.now(UTC))
    print(f"{standing.words}. {standing.detail}", file=sys.stderr)
    return 1
