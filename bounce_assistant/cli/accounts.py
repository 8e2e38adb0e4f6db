"""``accounts add|list|test|remove``: connect a mailbox and forget it again."""

import argparse
import sys

from bounce_assistant.cli.adding import (
    ABOUT,
    FROM_STDIN,
    add_account,
    declare_add,
    place,
    sending_place,
    tell_sending,
)
from bounce_assistant.cli.passwords import ask_password
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.problems import MailServerError
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job
from bounce_assistant.services.removing import StillWaitingError, remove_account, remove_when_sent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the words and options after ``accounts``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser(
        "add",
        help="connect a mailbox; its settings are found by address",
        description=ABOUT,
    )
    declare_add(add)
    actions.add_parser("list", help="show the connected mailboxes")
    test = actions.add_parser("test", help="sign in to read and to send; nothing is read or sent")
    test.add_argument("email", metavar="EMAIL", nargs="?", help="all when left out")
    test.add_argument("--password-stdin", action="store_true", help=FROM_STDIN)
    remove = actions.add_parser("remove", help="forget a mailbox and its password")
    remove.add_argument("email", metavar="EMAIL")
    remove.add_argument("--forget-bounces", action="store_true", help="and its bounces as well")
    waiting = remove.add_mutually_exclusive_group()
    waiting.add_argument(
        "--drop-waiting", action="store_true", help="and emails that still wait to be sent"
    )
    waiting.add_argument(
        "--when-sent",
        action="store_true",
        help="once its emails have left, by the window or outbox --send-due; keeps its bounces",
    )


def run(options: argparse.Namespace, desk: Desk) -> int:
    """Do what was asked and return the exit code; AppError says what is in the way."""
    actions = {"add": add_account, "list": _list, "test": _test, "remove": _remove}
    return actions[options.action](options, desk)


def find_account(accounts: Accounts, email: str) -> Account:
    """Return a connected account; AppError names those that are."""
    account = accounts.find(email)
    if account is None:
        known = ", ".join(one.email for one in accounts.list())
        raise AppError(
            f"{email} isn't connected.",
            f"Connected: {known}." if known else "",
            f"Connect it with: bounce-assistant accounts add {email}",
        )
    return account


def _list(_options: argparse.Namespace, desk: Desk) -> int:
    accounts, leaving = desk.accounts.list(), desk.accounts.leaving()
    for account in accounts:
        facts = [account.email, place(account.imap), sending_place(account.smtp)]
        if account in leaving:
            facts.append("removed once its emails have left")
        print("\t".join(facts))
    if not accounts:
        print("No mailbox is connected.", file=sys.stderr)
    return 0


def _test(options: argparse.Namespace, desk: Desk) -> int:
    accounts = desk.accounts.list()
    if options.email:
        accounts = [find_account(desk.accounts, options.email)]
    return max((_test_one(account, options, desk.accounts) for account in accounts), default=0)


def _test_one(account: Account, options: argparse.Namespace, accounts: Accounts) -> int:
    try:
        password = None
        if options.password_stdin:
            password = ask_password(account.email, from_stdin=True)
        trial = accounts.test(account, password, Job())
    except AppError as problem:
        print(f"{account.email}: {problem}{_help(problem)}", file=sys.stderr)
        return 1
    tell_sending(trial, f"{account.email}: Reading works.")
    return int(trial.has_sending_server and trial.sending is not None)


def _help(problem: AppError) -> str:
    """Return the provider's own page on a problem, unless the sentence names it already."""
    url = problem.help_url if isinstance(problem, MailServerError) else ""
    return f" See {url}" if url and url not in str(problem) else ""


def _remove(options: argparse.Namespace, desk: Desk) -> int:
    account = find_account(desk.accounts, options.email)
    if options.when_sent:
        return _remove_when_sent(account, options, desk)
    try:
        dropped = remove_account(
            account,
            desk.accounts,
            desk.outbox,
            keep_history=not options.forget_bounces,
            drops_waiting=options.drop_waiting,
        )
    except StillWaitingError as waiting:
        next_step = "Have it removed after that with --when-sent, or drop them with --drop-waiting."
        raise AppError(waiting.title, waiting.detail, next_step) from None
    print(f"{account.email} is forgotten. Nothing in the mailbox was changed.")
    if dropped:
        print(f"{dropped} waiting {'email' if dropped == 1 else 'emails'} won't be sent.")
    return 0


def _remove_when_sent(account: Account, options: argparse.Namespace, desk: Desk) -> int:
    if options.forget_bounces:
        print("--when-sent keeps the bounces; leave out --forget-bounces.", file=sys.stderr)
        return 2
    waiting = remove_when_sent(account, desk.accounts, desk.outbox)
    if not waiting:
        print(f"{account.email} is forgotten. Nothing in the mailbox was changed.")
        return 0
    many = "1 email has" if waiting == 1 else f"{waiting} emails have"
    print(f"{account.email} is forgotten once {many} left. Its bounces stay.")
    return 0
