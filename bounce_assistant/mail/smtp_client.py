"""smtplib on a socket that we dialled: encrypted and verified, and every reply has an end."""

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from contextlib import suppress
from typing import BinaryIO

from bounce_assistant.mail import smtp_problems
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.line import Line

_SELF = "[127.0.0.1]"  # who we say we are: nothing about this computer's name
DONE = 2  # first digit of a reply that says so
_CHUNK = 1 << 16
_MOST_LINES = 500  # of one reply
_TELLING = 8  # letters of a secret in base64 that no answer has by chance
_DOT = re.compile(rb"^\.", re.MULTILINE)


def base64_of(data: bytes) -> str:
    """Return bytes as AUTH has them on the line (RFC 4954)."""
    return b64encode(data).decode("ascii")


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


class Client(smtplib.SMTP):
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
        if code // 100 != DONE:
            raise smtplib.SMTPConnectError(code, words)
        self.ehlo_or_helo_if_needed()
        if self._account.smtp_security == "starttls":
            if not self.has_extn("starttls"):
                raise smtp_problems.no_secure_line(host)
            if self.docmd("STARTTLS")[0] // 100 != DONE:
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
        coded = base64_of(secret)
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
