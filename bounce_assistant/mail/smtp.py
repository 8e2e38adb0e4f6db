"""Sends over SMTP (RFC 5321, RFC 6409): encrypted and verified, or not at all."""

import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail import credentials, smtp_problems
from bounce_assistant.mail.accounts import Account, Server
from bounce_assistant.mail.border import turned
from bounce_assistant.mail.compose import wire_address
from bounce_assistant.mail.credentials import Credential, Password, Token
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailer import Refusal, Taken, UnheardError
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.seven_bit import make_seven_bit
from bounce_assistant.mail.smtp_client import DONE, Client, base64_of

ANSWER_SECONDS = 300.0  # for the last answer: servers scan the message first (RFC 5321, 4.5.3.2.6)
_MORE, _GO_ON = 3, 334  # the first digit of a reply that wants more, and the one of AUTH
_BARE = re.compile(rb"\r\n|\r|\n")


def connect_smtp(
    account: Account,
    credential: Credential,
    line: Line,
    provider: Provider | None = None,
    context: ssl.SSLContext | None = None,
    *,
    answer_seconds: float = ANSWER_SECONDS,
) -> "SmtpMailer":
    """Sign in over a verified, encrypted connection, or raise AppError with nothing secret sent.

    Raises NotReachedError where another server may be tried, UnreachableError where trying later
    may help, CancelledError once ``line`` was hung up.
    """
    client = Client(account, line, context or ssl.create_default_context())
    company = smtp_problems.company_of(account, provider)
    _enter(client, account, credential, company, lambda: None)
    return SmtpMailer(client, account, company, answer_seconds)


def try_smtp(
    account: Account,
    credential: Credential,
    line: Line,
    provider: Provider | None,
    admit: Callable[[], object],
    context: ssl.SSLContext | None = None,
) -> None:
    """Sign in as ``connect_smtp`` does, say goodbye and send nothing; AppError is for a trial.

    ``admit`` is called once the connection is secure, before the sign-in; what it raises ends it.
    """
    client = Client(account, line, context or ssl.create_default_context())
    company = smtp_problems.company_of(account, provider)
    try:
        _enter(client, account, credential, company, admit)
    except AppError as problem:
        raise smtp_problems.in_a_trial(problem) from problem
    client.leave()


class SmtpMailer:
    """Keeps its promises in ``send``: what it raises says whether anything was sent."""

    def __init__(
        self, client: Client, account: Account, company: str, answer_seconds: float
    ) -> None:
        self._client = client
        self._account = account
        self._company = company
        self._answer_seconds = answer_seconds

    def send(
        self,
        sender: str,
        recipients: Sequence[str],
        raw: bytes,
        begin: Callable[[], None],
        *,
        needs_utf8: bool = False,
    ) -> Taken:
        raw = _BARE.sub(b"\r\n", raw)
        options, raw = self._options(raw, needs_utf8=needs_utf8)
        try:
            with _told(self._account, self._client.line):
                self._ask(2, f"MAIL FROM:<{wire_address(sender)}>{options}")
                refused = self._name(recipients)
                begin()
                self._ask(_MORE, "DATA")
                self._client.put(raw)
        except BaseException:
            self._give_up()
            raise
        return Taken(self._hear(), refused)

    def close(self) -> None:
        self._client.leave()

    def _options(self, raw: bytes, *, needs_utf8: bool) -> tuple[str, bytes]:
        """Return the words after MAIL FROM, and the message as this server can carry it."""
        options = ""
        if needs_utf8:
            if not self._client.has_extn("smtputf8"):
                what = "The address has letters that its server doesn't know."
                raise smtp_problems.cannot_carry(self._company, what)
            options += " SMTPUTF8"
        if not raw.isascii():
            if self._client.has_extn("8bitmime"):
                options += " BODY=8BITMIME"
            else:
                raw = make_seven_bit(raw)
        if self._client.has_extn("size"):
            limit = self._client.esmtp_features["size"].strip()
            if limit.isdigit() and 0 < int(limit) < len(raw):
                raise smtp_problems.too_big(self._company, len(raw), int(limit))
            options += f" SIZE={len(raw)}"
        return options, raw

    def _name(self, recipients: Sequence[str]) -> dict[str, Refusal]:
        """Name the recipients; return those refused. Raises NotTakenError when all are."""
        refused: dict[str, Refusal] = {}
        for recipient in recipients:
            code, words = self._client.docmd(f"RCPT TO:<{wire_address(recipient)}>")
            if code // 100 != DONE:
                said = smtp_problems.not_taken(self._company, code, words)
                if code < 0 or len(refused) + 1 == len(recipients):
                    raise said
                refused[recipient] = said.refusal
        return refused

    def _ask(self, wanted: int, command: str) -> None:
        code, words = self._client.docmd(command)
        if code // 100 != wanted:
            raise smtp_problems.not_taken(self._company, code, words)

    def _hear(self) -> str:
        """End the message and return the server's last word on it."""
        try:
            code, words = self._client.end(self._answer_seconds)
        except (*smtp_problems.FOREIGN, CancelledError) as error:
            self._client.drop()
            raise self._unheard() from error
        if code // 100 == DONE:
            return smtp_problems.one_line(code, words)
        if code // 100 in (4, 5):
            raise smtp_problems.not_taken(self._company, code, words)
        self._client.drop()  # no reply that means anything (RFC 5321, section 4.2)
        raise self._unheard()

    def _unheard(self) -> UnheardError:
        return UnheardError(
            f"{self._company} never said whether it took the email.",
            "It may have been sent, or not, so we don't send it again by ourselves.",
            "Look in Sent, or ask whether it arrived; then decide.",
        )

    def _give_up(self) -> None:
        """Leave the connection fit for the next message, or end it."""
        client = self._client
        if client.is_mid_message or client.line.is_hung_up:
            client.drop()
            return
        try:
            client.docmd("RSET")
        except smtp_problems.FOREIGN:
            client.drop()


def _enter(
    client: Client,
    account: Account,
    credential: Credential,
    company: str,
    admit: Callable[[], object],
) -> None:
    """Connect securely, have ``admit`` agree, and sign in; drop a client that isn't let in."""
    if not account.smtp_host:
        raise smtp_problems.no_sending_server(account)
    try:
        with _told(account, client.line, is_opening=True):
            client.open()
        with _told(account, client.line):
            admit()
            _sign_in(client, account, credential, company)
    except BaseException:
        client.drop()
        raise


def _sign_in(client: Client, account: Account, credential: Credential, company: str) -> None:
    offered = client.esmtp_features.get("auth", "").upper().split()
    name = account.username or account.email
    if isinstance(credential, Password):
        code, words = _by_password(client, offered, name, credential.text)
    else:
        code, words = _by_token(client, offered, account, credential)
    if code // 100 != DONE:
        raise smtp_problems.sign_in_refused(company, account, code, words)


def _by_password(
    client: Client, offered: Sequence[str], name: str, password: str
) -> tuple[int, bytes]:
    if any(ord(letter) < ord(" ") for letter in name + password):
        raise AppError(
            "That password can't be sent.",
            "There is a line break or another control character in it.",
            "Type it again.",
        )
    if "PLAIN" in offered or "LOGIN" not in offered:
        return client.say_secret(credentials.plain(name, password), "AUTH PLAIN")
    code, words = client.docmd("AUTH LOGIN")
    if code == _GO_ON:
        code, words = client.docmd(base64_of(name.encode()))
    if code == _GO_ON:
        code, words = client.say_secret(password.encode())
    return code, words


def _by_token(
    client: Client, offered: Sequence[str], account: Account, token: Token
) -> tuple[int, bytes]:
    mechanism = credentials.token_mechanism(offered)
    if not mechanism:
        return 504, b"This server takes no sign-in by browser"
    server = Server(account.smtp_host, account.smtp_port, account.smtp_security)
    code, words = 535, b""
    for is_last in (False, True):  # a token may end before its time; a new one decides
        first = credentials.token_message(mechanism, account.username, token.fetch(is_last), server)
        code, words = client.say_secret(first, f"AUTH {mechanism}")
        if code == _GO_ON:  # it tells its reasons, and wants them heard before it refuses
            code, words = client.docmd(base64_of(credentials.token_refused(mechanism)))
        if code // 100 == DONE:
            break
    return code, words


def _told(
    account: Account, line: Line, *, is_opening: bool = False
) -> AbstractContextManager[None]:
    """Turn what SMTP raises into AppError; into CancelledError once the line was hung up."""
    return turned(
        line,
        smtp_problems.FOREIGN,
        lambda error: smtp_problems.unreachable(error, account, is_opening=is_opening),
    )
