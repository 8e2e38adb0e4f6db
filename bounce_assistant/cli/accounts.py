"""``accounts add|list|test|remove``: connect a mailbox and forget it again."""

import argparse
import sys
from dataclasses import replace

from bounce_assistant.cli.passwords import ask_password
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, ProviderSettings, account_from, domain_of
from bounce_assistant.mail.problems import explain_passwords_off
from bounce_assistant.services.accounts import Accounts, PasswordMissingError
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job

_IMAP_PORTS = {"tls": 993, "starttls": 143}
_SMTP_PORTS = {"tls": 465, "starttls": 587}
_FROM_STDIN = "read the password from the first line of standard input"
NO_KEYCHAIN = (
    "This computer has no keychain, so the password isn't kept."
    " Give it to each check with --password-stdin."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the words and options after ``accounts``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="connect a mailbox; its settings are found by address")
    add.add_argument("email", metavar="EMAIL")
    for kind, ports in (("imap", _IMAP_PORTS), ("smtp", _SMTP_PORTS)):
        add.add_argument(f"--{kind}-host", metavar="HOST")
        add.add_argument(f"--{kind}-port", metavar="PORT", type=_port)
        add.add_argument(f"--{kind}-security", choices=sorted(ports))
    add.add_argument("--username", help="where it isn't the address")
    add.add_argument("--name", default="", help="your own name")
    add.add_argument("--password-stdin", action="store_true", help=_FROM_STDIN)
    actions.add_parser("list", help="show the connected mailboxes")
    test = actions.add_parser("test", help="sign in and open the inbox, reading nothing")
    test.add_argument("email", metavar="EMAIL", nargs="?", help="all when left out")
    test.add_argument("--password-stdin", action="store_true", help=_FROM_STDIN)
    remove = actions.add_parser("remove", help="forget a mailbox and its password")
    remove.add_argument("email", metavar="EMAIL")
    remove.add_argument("--forget-bounces", action="store_true", help="and its bounces as well")


def run(options: argparse.Namespace, desk: Desk) -> int:
    """Do what was asked and return the exit code; AppError says what is in the way."""
    actions = {"add": _add, "list": _list, "test": _test, "remove": _remove}
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


def _add(options: argparse.Namespace, desk: Desk) -> int:
    email = options.email.strip()
    if desk.accounts.find(email):
        raise AppError(f"{email} is connected already.", "", "Remove it first to set it up again.")
    account = _by_hand(options, _found(options, desk.accounts.settings_for(email)))
    password = ask_password(email, from_stdin=options.password_stdin)
    desk.accounts.test(account, password, Job())
    desk.accounts.add(account, password)
    print(f"{email} is connected through {account.imap_host}.")
    if not desk.accounts.are_passwords_kept:
        print(NO_KEYCHAIN, file=sys.stderr)
    return 0


def _found(options: argparse.Namespace, settings: ProviderSettings | None) -> Account:
    """Return the account by its address alone; empty servers where the user names them."""
    email = options.email.strip()
    by_hand = Account(0, email, "", 993, "tls", "", 465, "tls", email)
    if settings is None and not options.imap_host:
        raise AppError(
            f'We don\'t know the mail servers of "{domain_of(email)}".',
            "",
            "Name the incoming one with --imap-host; your email provider's help page has it.",
        )
    if settings is None or options.imap_host:
        return by_hand
    if settings.login == "oauth_only" and settings.is_confirmed:
        raise explain_passwords_off(settings.company)
    if settings.imap is None:
        raise AppError(
            f"We don't know a way to read {settings.name} here.",
            "",
            "Save the bounced emails as files and diagnose those, or give --imap-host.",
        )
    return account_from(settings)


def _by_hand(options: argparse.Namespace, account: Account) -> Account:
    imap_security = options.imap_security or account.imap_security
    smtp_security = options.smtp_security or account.smtp_security
    is_other = bool(options.imap_host or options.imap_security)
    is_other_smtp = bool(options.smtp_host or options.smtp_security)
    imap_port = _IMAP_PORTS[imap_security] if is_other else account.imap_port
    smtp_port = _SMTP_PORTS[smtp_security] if is_other_smtp else account.smtp_port
    return replace(
        account,
        imap_host=options.imap_host or account.imap_host,
        imap_port=options.imap_port or imap_port,
        imap_security=imap_security,
        smtp_host=options.smtp_host or account.smtp_host,
        smtp_port=options.smtp_port or smtp_port,
        smtp_security=smtp_security,
        username=options.username or account.username,
        name=options.name,
    )


def _list(_options: argparse.Namespace, desk: Desk) -> int:
    accounts = desk.accounts.list()
    for account in accounts:
        print(f"{account.email}\t{account.imap_host}:{account.imap_port} {account.imap_security}")
    if not accounts:
        print("No mailbox is connected.", file=sys.stderr)
    return 0


def _test(options: argparse.Namespace, desk: Desk) -> int:
    accounts = desk.accounts.list()
    if options.email:
        accounts = [find_account(desk.accounts, options.email)]
    code = 0
    for account in accounts:
        try:
            password = _password(options, desk.accounts, account)
            desk.accounts.test(account, password, Job())
        except AppError as problem:
            print(f"{account.email}: {problem}", file=sys.stderr)
            code = 1
        else:
            print(f"{account.email}: the inbox can be read.")
    return code


def _password(options: argparse.Namespace, accounts: Accounts, account: Account) -> str:
    if options.password_stdin:
        return ask_password(account.email, from_stdin=True)
    password = accounts.password(account)
    if not password:
        raise PasswordMissingError(account.email)
    return password


def _remove(options: argparse.Namespace, desk: Desk) -> int:
    account = find_account(desk.accounts, options.email)
    desk.accounts.remove(account.id, keep_history=not options.forget_bounces)
    print(f"{account.email} is forgotten. Nothing in the mailbox was changed.")
    return 0


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 1 << 16:
        raise argparse.ArgumentTypeError(f"{port} isn't a port: give 1 to 65535")
    return port
