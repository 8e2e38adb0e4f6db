"""What went wrong between us and a mail server, as a sentence and a next step."""

import imaplib
import re
import socket
import ssl

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, Server
from bounce_assistant.mail.inbox_search import load_inbox_search
from bounce_assistant.mail.line import NoAnswerError
from bounce_assistant.mail.providers import Provider

# OpenSSL's X509_V_ERR_* (openssl-verification-options, "Diagnostics").
_NOT_YET_VALID, _EXPIRED, _OTHER_NAME, _OTHER_ADDRESS = 9, 10, 62, 64
_UNKNOWN_ISSUER = (2, 7, 18, 19, 20, 21)
_BAD_FORM = range(80, 94)  # RFC 5280 to the letter, which Python asks for from 3.13 on

# What imaplib, IMAPClient and the socket raise when a server talks nonsense.
FOREIGN = (
    OSError,
    imaplib.IMAP4.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
)


_LIBRARY_WORDS = re.compile(r"^(\w+ failed: |[\w ]+ command error: (BAD|NO) )")


class SignInRefusedError(AppError):
    """The server didn't accept the user name and password."""


class CertificateError(AppError):
    """The server couldn't prove who it is; nothing secret was sent."""


def explain(error: Exception, server: Server) -> AppError:
    """Turn what a connection raised into what the user can act on."""
    if isinstance(error, ssl.SSLError):
        return _explain_tls(error, server)
    if isinstance(error, NoAnswerError):
        return AppError(
            f"Can't reach {server.host}.",
            f"Nothing answers at port {server.port}.",
            "Check your connection and the port; saved emails still work.",
        )
    if isinstance(error, TimeoutError):
        return AppError(
            f"{server.host} stopped answering.",
            "We waited half a minute.",
            "Check again in a few minutes; it carries on where it stopped.",
        )
    if isinstance(error, imaplib.IMAP4.error):
        return _explain_protocol(error, server)
    if isinstance(error, OSError):
        return _explain_network(error, server)
    return _not_understood(server)


def is_refusal(error: Exception) -> bool:
    """Say whether a server answered NO or BAD and the conversation can go on."""
    from imapclient.exceptions import InvalidCriteriaError  # noqa: PLC0415 - costs start-up time

    # The last one: NO to a literal on its way (RFC 9051, section 7.6); IMAPClient calls it abort.
    marks = (" failed: ", " command error: ", "waiting for continuation response: (")
    return isinstance(error, InvalidCriteriaError) or any(mark in str(error) for mark in marks)


def explain_certificate(error: ssl.SSLCertVerificationError, host: str) -> CertificateError:
    """Say why a certificate wasn't believed (RFC 9051, section 11.1)."""
    why, next_step = "", "Check the server name in the account's settings."
    if error.verify_code == _EXPIRED:
        why = "Its certificate has expired."
        next_step = "Check this computer's date; if it's right, tell your email provider."
    elif error.verify_code == _NOT_YET_VALID:
        why = "Its certificate isn't valid yet."
        next_step = "Check this computer's date; if it's right, tell your email provider."
    elif error.verify_code in (_OTHER_NAME, _OTHER_ADDRESS):
        why = "Its certificate is for another name."
    elif error.verify_code in _UNKNOWN_ISSUER:
        why = "Nobody this computer trusts has vouched for its certificate."
        next_step = "Check the server name, or ask your IT person about the certificate."
    elif error.verify_code in _BAD_FORM:
        why = "Its certificate, or the one that vouches for it, isn't made as it has to be today."
        next_step = "Ask your IT person or email provider for one that follows RFC 5280."
    return CertificateError(
        f"We couldn't be sure this was really {host}, so we stopped before sending your password.",
        why,
        next_step,
    )


def _explain_tls(error: ssl.SSLError, server: Server) -> AppError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return explain_certificate(error, server.host)
    if isinstance(error, ssl.SSLEOFError):
        return _cut(server)
    return AppError(
        f"{server.host} doesn't offer a secure connection at port {server.port}.",
        "We stopped before sending your password.",
        "Check the port and the kind of security; 993 with TLS is the usual pair.",
    )


def explain_missing_starttls(server: Server) -> CertificateError:
    """Say that a server didn't offer STARTTLS, or that someone on the way hid it (RFC 8314)."""
    return CertificateError(
        f"{server.host} didn't offer a secure connection, so we stopped before sending your"
        " password.",
        "Someone on the way could have hidden it.",
        "Try port 993 with TLS, or ask your email provider.",
    )


def explain_sign_in(words: str, account: Account, provider: Provider | None) -> AppError:
    """Say why a sign-in was refused, from the server's words (RFC 5530) and the provider's data."""
    company = _company(account, provider)
    known, said = load_inbox_search().sign_in, words.lower()
    if _has(said, known.busy):
        return AppError(
            f"{company} is too busy to let us in.", "", "Try again in about 15 minutes."
        )
    if _has(said, known.imap_off):
        return _explain_imap_off(company)
    if _has(said, known.browser_first):
        return SignInRefusedError(
            f"{company} wants you to sign in on its own web page first.",
            "",
            "Open your email in the browser, sign in there, then try again.",
        )
    if _has(said, known.passwords_off) or (provider and provider.login == "oauth_only"):
        return explain_passwords_off(company)
    if _has(said, known.app_password_needed) or (provider and provider.login == "app_password"):
        return _explain_app_password(company, provider)
    return SignInRefusedError(
        f"{company} didn't accept that password for {account.username}.",
        "",
        "Check the user name and type the password again.",
    )


def explain_token(words: str, account: Account, provider: Provider | None) -> AppError:
    """Say why a server took no access token; ``words`` are its own, empty if it takes none."""
    company = _company(account, provider)
    if not words:
        return SignInRefusedError(
            f"{account.imap_host} doesn't take a sign-in made in the browser.",
            "",
            "Set the account up again with a password.",
        )
    known, said = load_inbox_search().sign_in, words.lower()
    if _has(said, known.busy):
        return AppError(
            f"{company} is too busy to let us in.", "", "Try again in about 15 minutes."
        )
    if _has(said, known.imap_off):
        return _explain_imap_off(company)
    return explain_sign_in_again(company)


def explain_sign_in_again(company: str) -> SignInRefusedError:
    """Say that a sign-in made in the browser holds no longer."""
    return SignInRefusedError(
        f"{company} asked you to sign in again.", "", "Sign in to go on checking your mail."
    )


def _explain_imap_off(company: str) -> AppError:
    return AppError(
        "IMAP is turned off for this mailbox, so no app can read it.",
        "",
        f"Turn it on in {company}'s mail settings on the web, then try again.",
    )


def explain_passwords_off(company: str) -> SignInRefusedError:
    """Say that a provider wants its own sign-in page."""
    return SignInRefusedError(
        f"{company} no longer lets apps sign in with a password for this account.",
        "",
        "Save the bounced emails as files and drop them in; that needs no sign-in.",
    )


def _explain_app_password(company: str, provider: Provider | None) -> SignInRefusedError:
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
    )


def _explain_protocol(error: Exception, server: Server) -> AppError:
    words = str(error)
    if isinstance(error, imaplib.IMAP4.abort) or "* BYE" in words:
        cause = error.__context__
        if isinstance(cause, OSError):
            return explain(cause, server)
        return _cut(server)
    if not is_refusal(error):
        return _not_understood(server)
    return AppError(
        f"{server.host} wouldn't do as asked.",
        f'It said: "{_short(words)}".',
        "Try again in a few minutes.",
    )


def _explain_network(error: OSError, server: Server) -> AppError:
    if isinstance(error, ConnectionRefusedError):
        return AppError(
            f"{server.host} doesn't take connections at port {server.port}.",
            "",
            "Check the server name and port; saved emails still work.",
        )
    if isinstance(error, ConnectionError):
        return _cut(server)
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME:
        return AppError(
            f"Can't reach {server.host}.",
            "Nothing goes by that name here.",
            "Check your connection and the server name; saved emails still work.",
        )
    return AppError(
        f"Can't reach {server.host}.", "", "Check your connection; saved emails still work."
    )


def _not_understood(server: Server) -> AppError:
    return AppError(
        f"{server.host} answered in a way we don't understand.",
        "",
        "Check that this is your incoming mail server, then try again.",
    )


def _cut(server: Server) -> AppError:
    return AppError(
        f"The connection to {server.host} was cut.",
        "What was found so far is kept.",
        "Check again; it carries on where it stopped.",
    )


def _company(account: Account, provider: Provider | None) -> str:
    return provider.company if provider and provider.is_confirmed else account.imap_host


def _has(said: str, parts: list[str]) -> bool:
    return any(part in said for part in parts)


def _short(words: str) -> str:
    """Return the server's own words: one line, without what our libraries put before them."""
    said = _LIBRARY_WORDS.sub("", words.partition("\n")[0])
    printable = "".join(c if c.isprintable() else " " for c in said)
    return " ".join(printable.split())[:120]
