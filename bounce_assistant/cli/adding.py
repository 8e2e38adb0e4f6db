"""``accounts add``: find the servers, have those from outside agreed to, try them, keep them."""

import argparse
import sys
import webbrowser
from dataclasses import replace

from bounce_assistant.cli.passwords import ask_password
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import (
    ProviderSettings,
    Security,
    Server,
    domain_of,
    settings_by_hand,
)
from bounce_assistant.mail.sign_in_problems import explain_passwords_off
from bounce_assistant.services.accounts import Accounts, Proof, explain_not_found
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job
from bounce_assistant.services.trial import Trial

FROM_STDIN = "read the password from the first line of standard input"
NO_KEYCHAIN = (
    "This computer has no keychain, so the password isn't kept."
    " Give it to each check with --password-stdin."
)
ABOUT = (
    "Connects a mailbox. The servers of the common mail companies are known. For a domain of your"
    " own they are looked up, shown, and get your password once you agreed: type yes, or give --yes"
    " where nobody can be asked. Servers that you name yourself are not asked about."
)
_IMAP_PORTS: dict[Security, int] = {"tls": 993, "starttls": 143}
_SMTP_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587}


def declare_add(add: argparse.ArgumentParser) -> None:
    """Declare the address and the options of ``accounts add``."""
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
    add.add_argument("--password-stdin", action="store_true", help=FROM_STDIN)
    add.add_argument(
        "--yes", action="store_true", help="send the password to servers that were looked up"
    )


def add_account(options: argparse.Namespace, desk: Desk) -> int:
    """Connect a mailbox and return the exit code; AppError says what is in the way."""
    email = options.email.strip()
    accounts = desk.accounts
    if not email.rpartition("@")[0] or not domain_of(email):
        raise AppError(f'"{email}" isn\'t a complete address.', "", "Check it for typos.")
    if accounts.find(email):
        raise AppError(f"{email} is connected already.", "", "Remove it first to set it up again.")
    settings = _by_hand(options, _found(options, accounts))
    if not settings.is_ours:
        _agree(settings, is_agreed=options.yes)
    proof = _proof(options, settings, accounts)
    trial = accounts.try_settings(settings, proof, Job())
    account = replace(trial.account, name=options.name)
    accounts.add(account, proof)
    tell_sending(trial, f"{email} is connected through {account.imap_host}.")
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
        where = f"{place(settings.imap)}, {sending_place(settings.smtp)}"
        print(f"Found {settings.name}: {where}.", file=sys.stderr)
    if settings.imap is None:
        raise AppError(
            f"We don't know a way to read {settings.name} here.",
            "",
            "Save the bounced emails as files and diagnose those, or give --imap-host.",
        )
    return settings


def _agree(settings: ProviderSettings, *, is_agreed: bool) -> None:
    """Have the person see where the password goes (RFC 6186, section 6); AppError if it may not."""
    if is_agreed:
        return
    servers = f"{place(settings.imap)}, {sending_place(settings.smtp)}"
    if not sys.stdin.isatty():
        raise AppError(
            f"The servers of {domain_of(settings.email)} were looked up, so your password isn't"
            " sent before you have seen them.",
            f"Found: {servers}.",
            "If they are right, run this again with --yes. If not, name yours with --imap-host.",
        )
    print("Your password goes to these servers. Type yes if they are right: ", end="", flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise AppError("Nothing was connected, and no password was sent.")


def place(server: Server | None) -> str:
    """Return a server as one types it."""
    return f"{server.host}:{server.port} {server.security}" if server else ""


def sending_place(server: Server | None) -> str:
    """Return where mail is sent, for a list or a sentence."""
    return f"sends through {place(server)}" if server else "no server to send"


def _proof(options: argparse.Namespace, settings: ProviderSettings, accounts: Accounts) -> Proof:
    """Return a password, or what signing in by browser gave."""
    needs_page = settings.login == "oauth_only" and settings.is_confirmed
    if not (options.browser or needs_page):
        return ask_password(settings.email, from_stdin=options.password_stdin)
    if needs_page and not options.browser and not accounts.browser.is_ready(settings):
        raise accounts.browser.problem(settings) or explain_passwords_off(settings.company)
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


def tell_sending(trial: Trial, reading: str) -> None:
    """Say what is known of reading, then whether mail can be sent and through which server."""
    if trial.sending:
        print(reading)
        print(f"{trial.account.email}: Sending doesn't work. {trial.sending}", file=sys.stderr)
    else:
        print(f"{reading} Sending works, through {trial.account.smtp_host}.")


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 1 << 16:
        raise argparse.ArgumentTypeError(f"{text} isn't a port: give 1 to 65535")
    return port
