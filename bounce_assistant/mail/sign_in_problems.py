"""Why a server didn't let us in, from its own words (RFC 5530) and what we know of its provider."""

from collections.abc import Callable

from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.inbox_search import load_inbox_search
from bounce_assistant.mail.problems import (
    MailServerError,
    ProblemKind,
    SignInRefusedError,
    explain_closed_mailbox,
)
from bounce_assistant.mail.providers import Provider


def explain_sign_in(words: str, account: Account, provider: Provider | None) -> MailServerError:
    """Say why a password was refused."""
    company = _company(account, provider)
    if told := _common(words, company, provider):
        return told
    known, said = load_inbox_search().sign_in, words.lower()
    if _has(said, known.passwords_off) or (provider and provider.login == "oauth_only"):
        return explain_passwords_off(company)
    if _has(said, known.app_password_needed) or (provider and provider.login == "app_password"):
        return _wrong_app_password(company, provider)
    return SignInRefusedError(
        f"{company} didn't accept that password for {account.username}.",
        "",
        "Check the user name and type the password again.",
    )


def explain_token(words: str, account: Account, provider: Provider | None) -> MailServerError:
    """Say why an access token was refused; ``words`` are empty where none are taken at all."""
    company = _company(account, provider)
    if not words:
        return SignInRefusedError(
            f"{account.imap_host} doesn't take a sign-in made in the browser.",
            "",
            "Set the account up again with a password.",
        )
    return _common(words, company, provider) or explain_sign_in_again(company)


def explain_sign_in_again(company: str) -> SignInRefusedError:
    """Say that a sign-in made in the browser holds no longer."""
    return SignInRefusedError(
        f"{company} asked you to sign in again.", "", "Sign in to go on checking your mail."
    )


def explain_passwords_off(company: str) -> SignInRefusedError:
    """Say that a provider wants its own sign-in page."""
    return SignInRefusedError(
        f"{company} no longer lets apps sign in with a password for this account.",
        "",
        "Save the bounced emails as files and drop them in; that needs no sign-in.",
        kind=ProblemKind.PASSWORDS_OFF,
    )


def _common(words: str, company: str, provider: Provider | None) -> MailServerError | None:
    """Return what stands in the way whatever one signs in with; None when it is nothing such."""
    known, said = load_inbox_search().sign_in, words.lower()
    table: tuple[tuple[list[str], Callable[[str, Provider | None], MailServerError]], ...] = (
        (known.busy, _busy),
        (known.mailbox_closed, _closed),
        (known.imap_off, _imap_off),
        (known.browser_first, _browser_first),
    )
    return next((told(company, provider) for parts, told in table if _has(said, parts)), None)


def _busy(company: str, _provider: Provider | None) -> MailServerError:
    return MailServerError(
        f"{company} is too busy to let us in.",
        "",
        "Try again in about 15 minutes.",
        kind=ProblemKind.BUSY,
    )


def _imap_off(company: str, provider: Provider | None) -> MailServerError:
    place = provider.imap_path if provider else ""
    first = f" We'd look here first: {place}." if place else ""
    return MailServerError(
        "IMAP is turned off for this mailbox, so no app can read it.",
        "",
        f"Turn it on in {company}'s mail settings on the web, then try again.{first}",
        kind=ProblemKind.IMAP_OFF,
        help_url=provider.imap_url if provider else "",
    )


def _closed(company: str, provider: Provider | None) -> MailServerError:
    return explain_closed_mailbox(company, provider.imap_url if provider else "")


def _browser_first(company: str, _provider: Provider | None) -> MailServerError:
    return SignInRefusedError(
        f"{company} wants you to sign in on its own web page first.",
        "",
        "Open your email in the browser, sign in there, then try again.",
    )


def _wrong_app_password(company: str, provider: Provider | None) -> SignInRefusedError:
    name = provider.app_password_name if provider else "app password"
    if provider is None or not provider.is_confirmed:
        return SignInRefusedError(
            f"{company} didn't accept that password.",
            "",
            f"Some providers want an {name} made for one app instead of the usual password.",
        )
    where = f"Make one at {provider.app_password_url}" if provider.app_password_url else ""
    if where and provider.app_password_path:
        where += f" ({provider.app_password_path})"
    return SignInRefusedError(
        f"{company} didn't accept that {name}.",
        provider.app_password_shape,
        f"{where}, then try again." if where else "Make a new one, then try again.",
        help_url=provider.app_password_url,
    )


def _company(account: Account, provider: Provider | None) -> str:
    return provider.company if provider and provider.is_confirmed else account.imap_host


def _has(said: str, parts: list[str]) -> bool:
    return any(part in said for part in parts)
