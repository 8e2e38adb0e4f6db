"""IMAPClient over a line of ours: encrypted and verified before anything secret is sent."""

import imaplib
import socket
import ssl
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, Server
from bounce_assistant.mail.credentials import (
    Credential,
    Password,
    Token,
    token_mechanism,
    token_message,
    token_refused,
)
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import WHOLE_LIMIT
from bounce_assistant.mail.problems import explain, explain_missing_starttls
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.sign_in_problems import explain_sign_in, explain_token


class _Protocol(imaplib.IMAP4):
    """imaplib on a socket that we dialled."""

    def __init__(self, server: Server, line: Line, context: ssl.SSLContext) -> None:
        self._server, self._line, self._context = server, line, context
        super().__init__(server.host, server.port)

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        sock = self._line.dial(self._server.host, self._server.port)
        if self._server.security == "starttls":
            return sock
        return self._context.wrap_socket(sock, server_hostname=self._server.host)

    def read(self, size: int) -> bytes:
        if size > 2 * WHOLE_LIMIT:  # nothing we ask for is that long
            raise self.abort(f"a literal of {size} bytes")
        return super().read(size)


class Client(IMAPClient):  # type: ignore[misc]  # IMAPClient comes without types
    """Not signed in; raises what sockets and imaplib raise."""

    def __init__(self, server: Server, line: Line, context: ssl.SSLContext) -> None:
        self._server, self._line = server, line
        is_tls = server.security == "tls"
        self._context = context
        super().__init__(server.host, server.port, ssl=is_tls, timeout=line.timeout)
        self.normalise_times = False  # times stay aware
        self._imap.debug = 0  # IMAPClient has every line of mail written for its log

    def _create_IMAP4(self) -> Any:  # noqa: N802 - IMAPClient's own name
        return _Protocol(self._server, self._line, self._context)

    def secure(self) -> None:
        """Have the line encrypted; AppError when the server doesn't offer it."""
        if self._server.security == "tls":
            return
        if not self.has_capability("STARTTLS"):  # greeted with PREAUTH counts as well: no TLS
            raise explain_missing_starttls(self._server)
        try:
            self.starttls(self._context)
        except ssl.SSLError:
            raise
        except imaplib.IMAP4.error as error:
            raise explain_missing_starttls(self._server) from error

    def sign_in(self, account: Account, credential: Credential, provider: Provider | None) -> None:
        """Sign in; AppError says why the server didn't want us."""
        if isinstance(credential, Password):
            self._sign_in_by_password(account, credential.text, provider)
        else:
            self._sign_in_by_token(account, credential, provider)

    def _sign_in_by_password(
        self, account: Account, password: str, provider: Provider | None
    ) -> None:
        names = [account.username]
        if provider and provider.imap_username == "local_part":
            names += [account.email]
        for number, name in enumerate(dict.fromkeys(names), start=1):
            try:
                self._authenticate(name, password)
            except LoginError as error:
                if isinstance(error.__context__, imaplib.IMAP4.abort):
                    raise explain(error.__context__, self._server) from None
                if number == len(set(names)):
                    raise explain_sign_in(str(error), account, provider) from None
            else:
                return

    def _authenticate(self, name: str, password: str) -> None:
        if any(ord(c) < ord(" ") for c in name + password):
            raise AppError(
                "That password can't be sent.",
                "There is a line break or another control character in it.",
                "Type it again.",
            )
        is_plain = self.has_capability("AUTH=PLAIN")
        if is_plain and (not (name + password).isascii() or self.has_capability("LOGINDISABLED")):
            self.plain_login(name, password)
        else:
            self.login(name, password)

    def _sign_in_by_token(
        self, account: Account, credential: Token, provider: Provider | None
    ) -> None:
        capabilities = [name.decode("ascii", "replace").upper() for name in self.capabilities()]
        offered = [name[5:] for name in capabilities if name.startswith("AUTH=")]
        mechanism = token_mechanism(offered)
        if not mechanism:
            raise explain_token("", account, provider)
        for is_last in (False, True):  # a token may end before its time; a new one decides
            token = credential.fetch(is_last)
            first = token_message(mechanism, account.username, token, self._server)
            said = _Saying(first, token_refused(mechanism))
            try:
                self._imap.authenticate(mechanism, said)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                if is_last:
                    raise explain_token(f"{said.reasons} {error}", account, provider) from None
            else:
                return


class _Saying:
    """One side of a SASL conversation: a first message, then the one that ends a refusal."""

    def __init__(self, first: bytes, end: bytes) -> None:
        self._first: bytes | None = first
        self._end = end
        self.reasons = ""  # what the server sent against it: JSON (RFC 7628, section 3.2.2)

    def __call__(self, said: bytes) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        self.reasons = said.decode("utf-8", "replace")
        return self._end
