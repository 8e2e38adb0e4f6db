"""``check``: look at the inboxes, keep and print what is new."""

import argparse
import json
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from bounce_assistant.advice.advise import advise
from bounce_assistant.cli.accounts import find_account
from bounce_assistant.cli.passwords import ask_password
from bounce_assistant.cli.table import printable
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.describe import describe
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.examine import case_diagnoses
from bounce_assistant.services.fetch import CheckResult, Found, check_accounts
from bounce_assistant.services.job import Job

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_PERIOD = re.compile(r"(\d{1,4})([dwmy]?)")
_LONGEST = 100 * 365  # days
_LINE_WIDTH = 79


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``check``."""
    parser.add_argument("--account", metavar="EMAIL", help="this mailbox only")
    parser.add_argument(
        "--since",
        metavar="PERIOD",
        type=_days,
        help="how far back, as in 30d, 8w, 6m or 1y (default: as chosen for it, at first 30d)",
    )
    parser.add_argument(
        "--again", action="store_true", help="also try once more to read mail that is passed over"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per new message")
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="use the first line of standard input as password, for this check only",
    )


def run(options: argparse.Namespace, desk: Desk) -> int:
    """Check the inboxes and return the exit code."""
    accounts = _chosen(options, desk)
    if options.password_stdin:
        if len(accounts) != 1:
            print("--password-stdin needs one mailbox: name it with --account.", file=sys.stderr)
            return 2
        password = ask_password(accounts[0].email, from_stdin=True)
        desk.accounts.lend_password(accounts[0], password)
    job = Job(_show_progress if sys.stderr.isatty() else None)
    with _stopped_by_ctrl_c(job):
        results = check_accounts(
            accounts,
            desk.accounts,
            desk.store,
            desk.knowledge,
            job,
            since_days=options.since,
            again=options.again,
            on_found=_printer(desk, as_json=options.json),
            on_result=partial(_print_result, as_json=options.json),
        )
    is_whole = all(not (one.problem or one.stopped or one.set_aside) for one in results)
    return 0 if is_whole else 1


def _chosen(options: argparse.Namespace, desk: Desk) -> list[Account]:
    if options.account:
        return [find_account(desk.accounts, options.account)]
    accounts = desk.accounts.list()
    if not accounts:
        raise AppError(
            "No mailbox is connected.",
            "",
            "Connect one with: bounce-assistant accounts add you@example.com",
        )
    return accounts


def _printer(desk: Desk, *, as_json: bool) -> Callable[[Found], None]:
    def print_json(found: Found) -> None:
        described = describe("", found.examination, desk.knowledge)
        place = {"account": found.account.email, "folder": found.folder, "uid": found.uid}
        partial = {} if found.is_whole else {"partial": True}
        print(json.dumps({**described, **place, **partial}, ensure_ascii=False), flush=True)

    def print_words(found: Found) -> None:
        report = found.examination.report
        for diagnosis in case_diagnoses(found.examination):
            advice = advise(diagnosis, report, desk.knowledge.handbook)
            who = diagnosis.recipient.recipient or report.notice.subject
            print(printable(f"{who}: {advice.title}. {advice.sentence}"), flush=True)

    return print_json if as_json else print_words


def _print_result(result: CheckResult, *, as_json: bool) -> None:
    _clear_progress()
    email = result.account.email
    for trouble in (result.problem, result.unread_words):
        if trouble:
            print(f"{email}: {trouble}", file=sys.stderr)
    if result.read_again:
        mails = "1 mail" if result.read_again == 1 else f"{result.read_again} mails"
        print(f"{email}: {mails} that could not be read before can be now.", file=sys.stderr)
    bounces = "1 bounce" if result.found == 1 else f"{result.found:,} bounces"
    if result.stopped:
        words = f"Stopped. {bounces} kept."
    elif result.problem:
        words = f"{bounces} kept."
    elif result.looked_at:
        words = f"{result.looked_at:,} messages looked at, {bounces} found."
    else:
        words = "Nothing new."
    print(f"{email}: {words}", file=sys.stderr if as_json else sys.stdout)


def _show_progress(_done: int, _total: int, words: str) -> None:
    print(f"\r{words:<{_LINE_WIDTH}.{_LINE_WIDTH}}", end="", file=sys.stderr, flush=True)


def _clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r" + " " * _LINE_WIDTH + "\r", end="", file=sys.stderr)


@contextmanager
def _stopped_by_ctrl_c(job: Job) -> Iterator[None]:
    """Have Ctrl+C stop the job instead of the program, so that what was found is told."""

    def stop(*_: object) -> None:
        # Not here: the lock it takes may be held by the very line that was interrupted.
        threading.Thread(target=job.cancel, daemon=True).start()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _days(text: str) -> int:
    match = _PERIOD.fullmatch(text.strip().lower())
    if not match:
        raise argparse.ArgumentTypeError(f'"{text}" isn\'t a period: write 30d, 8w, 6m or 1y')
    return min(int(match[1]) * _DAYS[match[2] or "d"], _LONGEST)
