"""What went wrong between us and a mail server, as a sentence, a next step and a kind."""

import imaplib
import re
import socket
import ssl
from enum import StrEnum

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.inbox_search import load_inbox_search
from bounce_assistant.mail.incoming import FloodError
from bounce_assistant.mail.line import NoAnswerError

# What imaplib, IMAPClient and the socket raise when a server talks nonsense.
FOREIGN = (
    OSError,
    imaplib.IMAP4.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    FloodError,
)
_LIBRARY_WORDS = re.compile(r"^(\w+ failed: |[\w ]+ command error: (BAD|NO) )")


class ProblemKind(StrEnum):
    """What is in the way; kept with the account, so that the same way out is offered later."""

    OFFLINE = "offline"  # no way out of this computer at all
    NO_NAME = "name"  # nothing goes by the server's name
    NO_PORT = "port"  # nobody takes connections there
    NO_ANSWER = "no answer"  # not even a refusal comes back
    SILENT = "silent"
    CUT = "cut"
    NO_TLS = "tls"
    CERTIFICATE = "certificate"
    SIGN_IN = "sign in"  # user name or password; or the permission ended
    PASSWORDS_OFF = "passwords off"
    IMAP_OFF = "imap off"
    BUSY = "busy"
    FLOOD = "flood"  # more, or for longer, than was asked for
    ODD = "odd"


class MailServerError(AppError):
    """A mail server couldn't be used. ``help_url`` is the provider's page on it, if it has one.

    ``is_clean_end``: the line was closed, and what the server had sent was received; of a line that
    was reset, some may not have been. ``is_refusal``: the server said no, on a line that is whole.
    ``technical`` is what an IT person wants to hear, for behind a Details button; often empty.
    """

    kind = ProblemKind.ODD
    help_url = ""
    is_clean_end = is_refusal = False
    technical = ""

    def __init__(
        self,
        title: str,
        detail: str = "",
        next_step: str = "",
        *,
        kind: ProblemKind | None = None,
        help_url: str = "",
    ) -> None:
        super().__init__(title, detail, next_step)
        self.kind = kind or type(self).kind
        self.help_url = help_url

    @property
    def is_for_sign_in(self) -> bool:
        """Whether signing in, once more or in another way, is what helps."""
        return self.kind in (ProblemKind.SIGN_IN, ProblemKind.PASSWORDS_OFF)

    @property
    def lasting_words(self) -> str:
        """What is kept of it: no next step where a button offers that."""
        if not self.is_for_sign_in:
            return str(self)
        return f"{self.title} {self.detail}".strip()


class SignInRefusedError(MailServerError):
    """The server didn't accept what the account signs in with; the user has to do it again."""

    kind = ProblemKind.SIGN_IN


class CertificateError(MailServerError):
    """The server couldn't prove who it is; nothing secret was sent."""

    kind = ProblemKind.CERTIFICATE


# OpenSSL's X509_V_ERR_* (openssl-verification-options, "Diagnostics"): codes, why, what to do.
_ASK_PROVIDER = "Check this computer's date; if it's right, tell your email provider."
# In a hotel or a café the network answers for everybody until one has signed in to it.
_CHECK_NAME = "In a hotel or café, sign in to its network first; else check the server name."
_CERTIFICATES = (
    ((10,), "Its certificate has expired.", _ASK_PROVIDER),
    ((9,), "Its certificate isn't valid yet.", _ASK_PROVIDER),
    ((62, 64), "Its certificate is for another name.", _CHECK_NAME),
    (
        (2, 7, 18, 19, 20, 21),
        "Nobody this computer trusts has vouched for its certificate.",
        f"{_CHECK_NAME[:-1]}, or ask your IT person about the certificate.",
    ),
    (  # RFC 5280 to the letter, which Python asks for from 3.13 on
        tuple(range(80, 94)),
        "Its certificate, or the one that vouches for it, isn't made as it has to be today.",
        "Ask your IT person or email provider for one that follows RFC 5280.",
    ),
)


# What a connection raised, the more particular class first.
_RAISED = (
    (FloodError, ProblemKind.FLOOD),
    (NoAnswerError, ProblemKind.NO_ANSWER),
    (TimeoutError, ProblemKind.SILENT),
    (ssl.SSLEOFError, ProblemKind.CUT),
    (ssl.SSLError, ProblemKind.NO_TLS),
    (ConnectionRefusedError, ProblemKind.NO_PORT),
    (ConnectionError, ProblemKind.CUT),
)
# Title, detail and next step, for a server with {host} and {port}.
_SENTENCES = {
    ProblemKind.NO_NAME: (
        "Can't reach {host}.",
        "Nothing goes by that name here.",
        "Check your connection and the server name; saved emails still work.",
    ),
    ProblemKind.OFFLINE: (
        "Can't reach {host}.",
        "",
        "Check your connection; saved emails still work.",
    ),
    ProblemKind.NO_ANSWER: (
        "Can't reach {host}.",
        "Nothing answers at port {port}.",
        "Check the port, or try another network: some block mail. Saved emails still work.",
    ),
    ProblemKind.NO_PORT: (
        "{host} doesn't take connections at port {port}.",
        "",
        "Check the server name and port; saved emails still work.",
    ),
    ProblemKind.SILENT: (
        "{host} stopped answering.",
        "We waited half a minute.",
        "Check again in a few minutes; it carries on where it stopped.",
    ),
    ProblemKind.NO_TLS: (
        "{host} doesn't offer a secure connection at port {port}.",
        "We stopped before sending your password.",
        "Check the port and the kind of security; 993 with TLS is the usual pair.",
    ),
    ProblemKind.CUT: (
        "The connection to {host} was cut.",
        "What was found so far is kept.",
        "Check again; it carries on where it stopped.",
    ),
    ProblemKind.FLOOD: (
        "{host} sends far more than we asked for.",
        "We stopped reading before it could fill this computer. What was found so far is kept.",
        "Try again later; if it stays so, tell your email provider.",
    ),
    ProblemKind.ODD: (
        "{host} answered in a way we don't understand.",
        "",
        "Check that this is your incoming mail server, then try again.",
    ),
}


def explain(error: Exception, server: Server, *, is_in_use: bool = False) -> MailServerError:
    """Turn what a connection raised into what the user can act on.

    ``is_in_use``: it was secure and signed in to, so trouble with TLS is a line that breaks.
    """
    if is_in_use and isinstance(error, ssl.SSLError):
        return _say(ProblemKind.CUT, server)
    if isinstance(error, ssl.SSLCertVerificationError):
        return explain_certificate(error, server.host)
    if isinstance(error, imaplib.IMAP4.error):
        return _explain_protocol(error, server, is_in_use=is_in_use)
    for kinds, kind in _RAISED:
        if isinstance(error, kinds):
            return _say(kind, server)
    if isinstance(error, OSError):
        return _unreachable(error, server)
    return _say(ProblemKind.ODD, server)


def is_refusal(error: Exception) -> bool:
    """Say whether a server answered NO or BAD and the conversation can go on."""
    from imapclient.exceptions import InvalidCriteriaError  # noqa: PLC0415 - costs start-up time

    # The last one: NO to a literal on its way (RFC 9051, section 7.6); IMAPClient calls it abort.
    marks = (" failed: ", " command error: ", "waiting for continuation response: (")
    return isinstance(error, InvalidCriteriaError) or any(mark in str(error) for mark in marks)


def explain_certificate(error: ssl.SSLCertVerificationError, host: str) -> CertificateError:
    """Say why a certificate wasn't believed (RFC 9051, section 11.1)."""
    fitting = (row[1:] for row in _CERTIFICATES if error.verify_code in row[0])
    why, next_step = next(fitting, ("", _CHECK_NAME))
    problem = CertificateError(
        f"We couldn't be sure this was really {host}, so we stopped before sending your password.",
        why,
        next_step,
    )
    problem.technical = f"{host}\nOpenSSL {error.verify_code}: {error.verify_message}"
    return problem


def explain_missing_starttls(server: Server) -> CertificateError:
    """Say that a server didn't offer STARTTLS, or that someone on the way hid it (RFC 8314)."""
    return CertificateError(
        f"{server.host} didn't offer a secure connection, so we stopped before sending your"
        " password.",
        "Someone on the way could have hidden it.",
        "Try port 993 with TLS, or ask your email provider.",
        kind=ProblemKind.NO_TLS,
    )


def explain_closed_mailbox(host: str, help_url: str = "") -> MailServerError:
    """Say that a server took the sign-in and keeps the mailbox shut (Exchange does so)."""
    return MailServerError(
        "IMAP is turned off for this mailbox, so no app can read it.",
        f"{host} accepted your sign-in, but wouldn't open the mailbox.",
        "Ask whoever runs your email to turn on IMAP for it.",
        kind=ProblemKind.IMAP_OFF,
        help_url=help_url,
    )


def short_words(words: str) -> str:
    """Return a server's own words: one line, without what our libraries put before them."""
    said = _LIBRARY_WORDS.sub("", words.partition("\n")[0])
    printable = "".join(c if c.isprintable() else " " for c in said)
    return " ".join(printable.split())[:120]


def _explain_protocol(error: Exception, server: Server, *, is_in_use: bool) -> MailServerError:
    words = str(error)
    if any(mark in words.lower() for mark in load_inbox_search().sign_in.mailbox_closed):
        return explain_closed_mailbox(server.host)
    if isinstance(error, imaplib.IMAP4.abort) or "* BYE" in words:
        cause = error.__context__
        if isinstance(cause, OSError):
            return explain(cause, server, is_in_use=is_in_use)
        ended = _say(ProblemKind.CUT, server)
        ended.is_clean_end = True
        return ended
    if not is_refusal(error):
        return _say(ProblemKind.ODD, server)
    refused = MailServerError(
        f"{server.host} wouldn't do as asked.",
        f'It said: "{short_words(words)}".',
        "Try again in a few minutes.",
    )
    refused.is_refusal = True
    return refused


def _unreachable(error: OSError, server: Server) -> MailServerError:
    is_nameless = isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME
    return _say(ProblemKind.NO_NAME if is_nameless else ProblemKind.OFFLINE, server)


def _say(kind: ProblemKind, server: Server) -> MailServerError:
    words = (part.format(host=server.host, port=server.port) for part in _SENTENCES[kind])
    return MailServerError(*words, kind=kind)
