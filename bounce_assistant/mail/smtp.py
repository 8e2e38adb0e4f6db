"""Sends over SMTP (RFC 5321, RFC 6409): encrypted and verified, or not at all."""

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from typing import BinaryIO

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

ANSWER_SECONDS = 300.0  # for the last answer: servers scan the message first (RFC 5321, 4.5.3.2.6)
_SELF = "[127.0.0.1]"  # who we say we are: nothing about this computer's name
_DONE, _MORE, _GO_ON = 2, 3, 334  # first digits of replies, and the one of AUTH
_CHUNK = 1 << 16
_MOST_LINES = 500  # of one reply
_TELLING = 8  # letters of a secret in base64 that no answer has by chance
_BARE = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"^\.", re.MULTILINE)


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

    Raises UnreachableError where trying later may help, CancelledError once ``line`` was hung up.
    """
    client = _Client(account, line, context or ssl.create_default_context())
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
    client = _Client(account, line, context or ssl.create_default_context())
    company = smtp_problems.company_of(account, provider)
    try:
        _enter(client, account, credential, company, admit)
    except AppError as problem:
        raise smtp_problems.in_a_trial(problem) from problem
    client.leave()


class SmtpMailer:
    """Keeps its promises in ``send``: what it raises says whether anything was sent."""

    def __init__(
        self, client: "_Client", account: Account, company: str, answer_seconds: float
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
            if code // 100 != _DONE:
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
        if code // 100 == _DONE:
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


class _Answers:
    """A server's lines as smtplib reads them, of which one reply has only so many."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.left = 0

    def readline(self, longest: int) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise OSError("a reply without end")
        return self._file.readline(longest)

    def close(self) -> None:
        self._file.close()


class _Client(smtplib.SMTP):
    """smtplib on a socket that we dialled; raises what sockets and smtplib raise."""

    def __init__(self, account: Account, line: Line, context: ssl.SSLContext) -> None:
        super().__init__(local_hostname=_SELF, timeout=line.timeout)
        self.command_encoding = "utf-8"  # addresses of RFC 6531
        self.line = line
        self.is_mid_message = False
        self._account = account
        self._context = context

    def open(self) -> None:
        """Connect, have the line encrypted, and hear what the server can do."""
        host = self._account.smtp_host
        code, words = self.connect(host, self._account.smtp_port)
        if code // 100 != _DONE:
            raise smtplib.SMTPConnectError(code, words)
        self.ehlo_or_helo_if_needed()
        if self._account.smtp_security == "starttls":
            if not self.has_extn("starttls"):
                raise smtp_problems.no_secure_line(host)
            if self.docmd("STARTTLS")[0] // 100 != _DONE:
                raise smtp_problems.no_secure_line(host)
            self._encrypt(host)
            self.ehlo_or_helo_if_needed()

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            assert self.sock is not None  # noqa: S101 - connected in open()
            self.file = _Answers(self.sock.makefile("rb"))
        self.file.left = _MOST_LINES
        return super().getreply()

    def put(self, raw: bytes) -> None:
        """Send all of a message but the line that ends it."""
        self.is_mid_message = True
        data = _DOT.sub(b"..", raw)
        if not data.endswith(b"\r\n"):
            data += b"\r\n"
        assert self.sock is not None  # noqa: S101 - connected in open()
        for start in range(0, len(data), _CHUNK):
            self.sock.sendall(data[start : start + _CHUNK])

    def end(self, seconds: float) -> tuple[int, bytes]:
        """Send the line that ends a message and wait so long for the answer."""
        assert self.sock is not None  # noqa: S101 - connected in open()
        self.sock.settimeout(seconds)
        self.sock.sendall(b".\r\n")
        answer = self.getreply()
        self.is_mid_message = False
        self.sock.settimeout(self.line.timeout)
        return answer

    def say_secret(self, secret: bytes, command: str = "") -> tuple[int, bytes]:
        """Say a secret in base64. An answer that says it back, as some servers do, loses its words.

        Whoever cuts it short has its beginning, so that is looked for.
        """
        coded = _base64(secret)
        code, words = self.docmd(*((command, coded) if command else (coded,)))
        plain = secret.strip(b"\1").replace(b"\1", b"\0").rpartition(b"\0")[2]
        is_said_back = coded[:_TELLING].encode() in words or plain in words
        return code, b"" if is_said_back else words

    def leave(self) -> None:
        """Say goodbye and end the connection. Never raises."""
        if not self.line.is_hung_up:
            with suppress(*smtp_problems.FOREIGN):
                self.docmd("QUIT")
        self.drop()

    def drop(self) -> None:
        """End the connection without a word."""
        with suppress(*smtp_problems.FOREIGN):
            smtplib.SMTP.close(self)
        self.line.close()

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        sock = self.line.dial(host, port)
        if self._account.smtp_security == "starttls":
            return sock
        return self._context.wrap_socket(sock, server_hostname=host)

    def _encrypt(self, host: str) -> None:
        """Wrap the line; what came before it, and what the server said it could do, is forgotten.

        smtplib's own starttls() would do the same, but swallows what kind of trouble there was.
        """
        assert self.sock is not None  # noqa: S101 - connected in open()
        self.sock = self._context.wrap_socket(self.sock, server_hostname=host)
        self.file = None
        self.helo_resp = None
        self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False


def _enter(
    client: _Client,
    account: Account,
    credential: Credential,
    company: str,
    admit: Callable[[], object],
) -> None:
    """Connect securely, have ``admit`` agree, and sign in; drop a client that isn't let in."""
    if not account.smtp_host:
        raise smtp_problems.no_sending_server(account)
    try:
        with _told(account, client.line):
            client.open()
            admit()
            _sign_in(client, account, credential, company)
    except BaseException:
        client.drop()
        raise


def _sign_in(client: _Client, account: Account, credential: Credential, company: str) -> None:
    offered = client.esmtp_features.get("auth", "").upper().split()
    name = account.username or account.email
    if isinstance(credential, Password):
        code, words = _by_password(client, offered, name, credential.text)
    else:
        code, words = _by_token(client, offered, account, credential)
    if code // 100 != _DONE:
        raise smtp_problems.sign_in_refused(company, account, code, words)


def _by_password(
    client: _Client, offered: Sequence[str], name: str, password: str
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
        code, words = client.docmd(_base64(name.encode()))
    if code == _GO_ON:
        code, words = client.say_secret(password.encode())
    return code, words


def _by_token(
    client: _Client, offered: Sequence[str], account: Account, token: Token
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
            code, words = client.docmd(_base64(credentials.token_refused(mechanism)))
        if code // 100 == _DONE:
            break
    return code, words


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _told(account: Account, line: Line) -> AbstractContextManager[None]:
    """Turn what SMTP raises into AppError; into CancelledError once the line was hung up."""
    return turned(
        line, smtp_problems.FOREIGN, lambda error: smtp_problems.unreachable(error, account)
    )
