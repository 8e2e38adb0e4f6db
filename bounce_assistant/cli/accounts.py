"""``accounts add|list|test|remove``: connect a mailbox and forget it again."""

import argparse
import sys
import webbrowser
from dataclasses import replace

from bounce_assistant.cli.passwords import ask_password
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import (
    Account,
    ProviderSettings,
    Security,
    Server,
    domain_of,
    settings_by_hand,
)
from bounce_assistant.mail.problems import MailServerError
from bounce_assistant.mail.sign_in_problems import explain_passwords_off
from bounce_assistant.services.accounts import Accounts, Proof, explain_not_found
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job

_IMAP_PORTS: dict[Security, int] = {"tls": 993, "starttls": 143}
_SMTP_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587}
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
    add.add_argument(
        "--browser", action="store_true", help="sign in on the mail company's own page"
    )
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
    accounts = desk.accounts
    if not email.rpartition("@")[0] or not domain_of(email):
        raise AppError(f'"{email}" isn\'t a complete address.', "", "Check it for typos.")
    if accounts.find(email):
        raise AppError(f"{email} is connected already.", "", "Remove it first to set it up again.")
    settings = _by_hand(options, _found(options, accounts))
    proof = _proof(options, settings, accounts)
    account = replace(accounts.try_settings(settings, proof, Job()), name=options.name)
    accounts.add(account, proof)
    print(f"{email} is connected through {account.imap_host}.")
    if not accounts.are_passwords_kept:
        print(NO_KEYCHAIN, file=sys.stderr)
    return 0


def _found(options: argparse.Namespace, accounts: Accounts) -> ProviderSettings:
    """Return the settings by address; empty servers where the user names them."""
    email = options.email.strip()
    if options.imap_host:
        return settings_by_hand(email)
    settings = accounts.settings_for(email)
    if settings is None:
        print(f"Looking up where {domain_of(email)} has its mail...", file=sys.stderr)
        found = accounts.look_up(email, Job())
        if found.settings is None:
            raise explain_not_found(email, found)
        settings = found.settings
        print(f"Found {settings.name}{_host(settings)}.", file=sys.stderr)
    if settings.imap is None:
        raise AppError(
            f"We don't know a way to read {settings.name} here.",
            "",
            "Save the bounced emails as files and diagnose those, or give --imap-host.",
        )
    return settings


def _host(settings: ProviderSettings) -> str:
    return f" at {settings.imap.host}" if settings.imap else ""


def _proof(options: argparse.Namespace, settings: ProviderSettings, accounts: Accounts) -> Proof:
    """Return a password, or what signing in by browser gave."""
    needs_page = settings.login == "oauth_only" and settings.is_confirmed
    if not (options.browser or needs_page):
        return ask_password(settings.email, from_stdin=options.password_stdin)
    if needs_page and not options.browser and not accounts.browser.is_ready(settings):
        raise explain_passwords_off(settings.company)
    begun = accounts.browser.begin(settings.email, settings.provider)
    print(
        f"Sign in on the page of {settings.company} that opens, or open it yourself:\n{begun.url}"
    )
    webbrowser.open(begun.url)
    return accounts.browser.finish(begun, Job())


def _by_hand(options: argparse.Namespace, settings: ProviderSettings) -> ProviderSettings:
    """Return the settings with what the options say of them."""
    return replace(
        settings,
        imap=_server(options, "imap", settings.imap, _IMAP_PORTS),
        smtp=_server(options, "smtp", settings.smtp, _SMTP_PORTS),
        username=options.username or settings.username,
    )


def _server(
    options: argparse.Namespace, kind: str, known: Server | None, ports: dict[Security, int]
) -> Server | None:
    given = vars(options)
    host, port = given[f"{kind}_host"], given[f"{kind}_port"]
    security: Security = given[f"{kind}_security"] or (known.security if known else "tls")
    if not host and known is None:
        return None
    is_other = bool(host or given[f"{kind}_security"])
    usual = ports[security] if is_other or known is None else known.port
    return Server(host or (known.host if known else ""), port or usual, security)


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
            password = None
            if options.password_stdin:
                password = ask_password(account.email, from_stdin=True)
            desk.accounts.test(account, password, Job())
        except AppError as problem:
            print(f"{account.email}: {problem}{_help(problem)}", file=sys.stderr)
            code = 1
        else:
            print(f"{account.email}: the inbox can be read.")
    return code


def _help(problem: AppError) -> str:
    """Return the provider's own page on a problem, unless the sentence names it already."""
    url = problem.help_url if isinstance(problem, MailServerError) else ""
    return f" See {url}" if url and url not in str(problem) else ""


def _remove(options: argparse.Namespace, desk: Desk) -> int:
    account = find_account(desk.accounts, options.email)
    desk.accounts.remove(account.id, keep_history=not options.forget_bounces)
    print(f"{account.email} is forgotten. Nothing in the mailbox was changed.")
    return 0


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 1 << 16:
        raise argparse.ArgumentTypeError(f"{text} isn't a port: give 1 to 65535")
    return port
