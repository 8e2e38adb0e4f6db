"""What went wrong between us and the server that sends, as a sentence and a next step."""

import smtplib
import ssl

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.line import NoAnswerError
from bounce_assistant.mail.mailer import NotReachedError, NotTakenError, Refusal, UnreachableError
from bounce_assistant.mail.problems import (
    CertificateError,
    SignInRefusedError,
    explain_certificate,
)
from bounce_assistant.mail.providers import Provider

FOREIGN = (OSError, smtplib.SMTPException, ValueError)
_LONGEST = 300  # characters of a server's words
_FOR_NOW = range(400, 500)
# Replies that ask for another sign-in (RFC 4954, section 6; Gmail and Microsoft at MAIL and DATA).
_SIGN_IN = ("5.7.0 must issue", "authentication required", "5.7.57", "please log in", "5.7.14")
_MEGABYTE = 1_000_000
NOTHING_SENT = "Nothing was sent."


def company_of(account: Account, provider: Provider | None) -> str:
    """Return who sends for an account, as a sentence names them."""
    return provider.company if provider and provider.is_confirmed else account.smtp_host


def one_line(code: int, words: bytes | str) -> str:
    """Return a server's reply as one line: code, then its words, without control characters."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"{code} {' '.join(clean.split())}".strip()[:_LONGEST]


def asks_to_sign_in(said: str) -> bool:
    """Tell whether a server's reply asks for another sign-in rather than another message."""
    return any(mark in said.lower() for mark in _SIGN_IN)


def not_taken(company: str, code: int, words: bytes | str) -> NotTakenError:
    """Return what a refusal means: the provider's name, its words, and that nothing was sent."""
    said = one_line(code, words)
    is_for_now = code in _FOR_NOW
    next_step = "Sign in again." if asks_to_sign_in(said) else "Try again, or send it another way."
    if is_for_now:
        next_step = "It may take it later; try again in a few minutes."
    told = AppError(f"{company} didn't accept the email.", f'"{said}". {NOTHING_SENT}', next_step)
    return NotTakenError(told, Refusal(said, is_for_now))


def too_big(company: str, size: int, limit: int) -> NotTakenError:
    """Return that a message is larger than the server takes (RFC 1870); sizes in bytes."""
    told = AppError(
        f"The email is too big for {company}.",
        f"It is {megabytes(size)}, and {company} takes {megabytes(limit)} at most. {NOTHING_SENT}",
        "Send a smaller one, or share a link instead.",
    )
    return NotTakenError(told, Refusal(f"SIZE {limit}", is_for_now=False))


def cannot_carry(company: str, what: str) -> NotTakenError:
    """Return that the server lacks what this message needs, as ``what`` says."""
    told = AppError(f"{company} can't send this email.", f"{what} {NOTHING_SENT}")
    return NotTakenError(told, Refusal(what, is_for_now=False))


def no_sending_server(account: Account) -> AppError:
    """Return that an account has no server to send with."""
    return AppError(
        f"We don't know how to send from {account.email}.",
        f"Its outgoing mail server isn't set. {NOTHING_SENT}",
        "Add it under Servers in the account's settings.",
    )


def unreachable(error: Exception, account: Account, *, is_opening: bool = False) -> AppError:
    """Turn what a connection raised before the message was through into what can be done.

    ``is_opening``: before anything was asked of the server.
    """
    host, port = account.smtp_host, account.smtp_port
    if isinstance(error, ssl.SSLCertVerificationError):
        return explain_certificate(error, host)
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return CertificateError(
            f"{host} doesn't offer a secure connection at port {port}.",
            "We stopped before sending your password.",
            "Check the port and the kind of security; 465 with TLS is the usual pair.",
        )
    if isinstance(error, NoAnswerError):
        why = f"Nothing answers at port {port}."
    elif isinstance(error, ConnectionRefusedError):
        why = f"It doesn't take connections at port {port}."
    elif isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        why = "It stopped answering."
    elif isinstance(error, (smtplib.SMTPException, ConnectionError, ssl.SSLError)):
        why = "The connection was cut."
    else:
        why = ""
    is_unmet = is_opening and not isinstance(error, smtplib.SMTPResponseException)
    return (NotReachedError if is_unmet else UnreachableError)(
        f"Can't reach {host} to send.",
        f"{why} {NOTHING_SENT}".strip(),
        "Check your connection; it goes out when the server can be reached.",
    )


def no_secure_line(host: str) -> CertificateError:
    """Return that STARTTLS was not offered, or that someone on the way hid it (RFC 8314)."""
    return CertificateError(
        f"{host} didn't offer a secure connection, so we stopped before sending your password.",
        "Someone on the way could have hidden it.",
        "Try port 465 with TLS, or ask your email provider.",
    )


def sign_in_refused(company: str, account: Account, code: int, words: bytes | str) -> AppError:
    """Return why a server didn't let us in to send."""
    said = one_line(code, words)
    if code in _FOR_NOW:
        return UnreachableError(
            f"{company} is too busy to let us in.",
            f'"{said}". {NOTHING_SENT}',
            "It goes out when there is room.",
        )
    return SignInRefusedError(
        f"{company} didn't let {account.email} sign in to send.",
        f'"{said}". {NOTHING_SENT}',
        "Sign in again.",
    )


def in_a_trial(problem: AppError) -> AppError:
    """Return a problem as it is told where nothing was to be sent, beside reading that works."""
    next_step = problem.next_step
    if isinstance(problem, SignInRefusedError):
        next_step = (
            "What you signed in with works for reading. Sending may want another user name, or be"
            " switched off for programs; your email provider can say."
        )
    elif isinstance(problem, UnreachableError):
        next_step = "Check the outgoing server's name and port, or try again in a few minutes."
    detail = problem.detail.replace(NOTHING_SENT, "").strip()
    kind = NotReachedError if isinstance(problem, NotReachedError) else AppError
    return kind(problem.title, detail, next_step)


def megabytes(size: int) -> str:
    """Return a size as people read it: ``28 MB``, ``3.4 MB``, ``80 KB``."""
    if size >= 10 * _MEGABYTE:
        return f"{size / _MEGABYTE:.0f} MB"
    if size >= _MEGABYTE:
        return f"{size / _MEGABYTE:.1f} MB"
    return f"{max(1, round(size / 1000))} KB"
