"""IMAPClient over a line of ours: encrypted and verified before anything secret is sent."""

import imaplib
import re
import ssl
from collections.abc import Collection, Sequence
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import LoginError
from imapclient.imap_utf7 import decode as decode_utf7
from imapclient.imapclient import _normalise_search_criteria, as_pairs
from imapclient.response_parser import parse_fetch_response, parse_response

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
from bounce_assistant.mail.imap_protocol import Protocol
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.problems import FOREIGN, explain, explain_missing_starttls
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.sign_in_problems import explain_sign_in, explain_token

SEARCH_PATIENCE = 4  # times the usual time-out
_MOST_UIDS = 5_000_000
_RANGES = re.compile(rb"ALL ([0-9:,]+)")


def uids_of(said: bytes) -> list[int]:
    """Return the UIDs of an ESEARCH answer (RFC 4731, section 3.1); ValueError if too many."""
    match = _RANGES.search(said)
    found: list[int] = []
    for part in match[1].split(b",") if match else ():
        first, _, last = part.partition(b":")
        low, high = sorted((int(first), int(last or first)))
        if len(found) + high - low > _MOST_UIDS:
            raise ValueError("more messages than any folder has")
        found += range(low, high + 1)
    return found


class Client(IMAPClient):  # type: ignore[misc]  # IMAPClient comes without types
    """Not signed in; raises what sockets and imaplib raise."""

    def __init__(self, server: Server, line: Line, context: ssl.SSLContext) -> None:
        self._server, self._line = server, line
        is_tls = server.security == "tls"
        self._context = context
        super().__init__(server.host, server.port, ssl=is_tls, timeout=line.timeout)
        self.normalise_times = False  # times stay aware
        self._is_range_search = self._can_compress = self.is_gmail = False
        self._imap.debug = 0  # IMAPClient has every line of mail written for its log

    def _create_IMAP4(self) -> Any:  # noqa: N802 - IMAPClient's own name
        return Protocol(self._server, self._line, self._context)

    def capabilities(self) -> tuple[bytes, ...]:
        """Return what the server offers; asked for once before the sign-in, once after it."""
        if self._imap.state == "NONAUTH":
            return tuple(name.encode() for name in self._imap.capabilities)
        found: tuple[bytes, ...] = super().capabilities()
        return found

    def use_extensions(self) -> None:
        """Use what the server offers once somebody is signed in; none of it is needed."""
        self._is_range_search = self.has_capability("ESEARCH")
        self._can_compress = self.has_capability("COMPRESS=DEFLATE")
        self.is_gmail = self.has_capability("X-GM-EXT-1")

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

    def compress(self) -> None:
        """Have the line compressed, once, where the server offers it (RFC 4978)."""
        if not self._can_compress:
            return
        self._can_compress = False
        answer, _ = self._raw_command(b"COMPRESS", [b"DEFLATE"], uid=False)
        if answer == "OK":
            self._imap.pack()

    @property
    def has_unread(self) -> bool:
        """Whether something was received that nobody has read yet."""
        protocol: Protocol = self._imap
        return protocol.has_unread

    @property
    def received(self) -> int:
        """How many bytes came over this connection so far."""
        protocol: Protocol = self._imap
        return protocol.allowance.received

    def expect(self, size: int) -> None:
        """Allow the next command's answer so many bytes beyond the usual few."""
        self._imap.expected = size

    def fetched_so_far(self) -> dict[int, dict[bytes, Any]]:
        """Return by UID what came whole of a FETCH whose line broke."""
        said = self._imap.untagged_responses.pop("FETCH", [])
        while said and isinstance(said[-1], tuple):  # what follows its literal never came
            said.pop()
        try:
            found: dict[int, dict[bytes, Any]] = parse_fetch_response(said, self.normalise_times)
        except FOREIGN:
            return {}
        return found

    def read_line(self) -> bytes:
        """Return the next line the server sends by itself; IMAP4.abort when it went away."""
        self._imap.allowance.extend()  # nobody asked for it at any time
        line: bytes = self._imap._get_line()  # noqa: SLF001 - no other way to it
        if line.upper().startswith(b"* BYE"):
            raise self._imap.abort(line.decode("latin-1"))
        return line

    def hang_up(self) -> None:
        """Say good-bye without waiting for the answer; raises what sockets raise."""
        self._imap._command("LOGOUT")  # noqa: SLF001 - imaplib's own waits

    def outline(
        self, folders: Collection[str], items: Sequence[str]
    ) -> tuple[list[Any], dict[str, dict[bytes, Any]]]:
        """Return LIST's folders and some STATUS items of a few, asked for all at once.

        A folder that the server won't tell of is left out.
        """
        imap = self._imap
        with imap.in_one_go():
            tag = imap._command("LIST", '""', '"*"')  # noqa: SLF001 - imaplib's own waits for each
            for name in folders:
                imap._command("STATUS", self._normalise_folder(name), f"({' '.join(items)})")  # noqa: SLF001 - as above
        self._checkok("list", *imap._get_tagged_response(tag))  # noqa: SLF001 - as above
        for other in list(imap.tagged_commands):
            imap._get_tagged_response(other)  # noqa: SLF001 - as above
        _, listed = imap._untagged_response("OK", [None], "LIST")  # noqa: SLF001 - as above
        _, said = imap._untagged_response("OK", [None], "STATUS")  # noqa: SLF001 - as above
        parsed = parse_response([part for part in said if part])
        return self._proc_folder_list(listed), {
            decode_utf7(name) if isinstance(name, bytes) else str(name): dict(as_pairs(values))
            for name, values in as_pairs(parsed)
        }

    def search_uids(
        self, criteria: list[Any], charset: str | None = None, *, patience: int = SEARCH_PATIENCE
    ) -> list[int]:
        """Return UIDs, in ranges on the line where the server can say so (RFC 4731).

        Servers without an index read every message for it, so they get longer than usual:
        ``patience`` times as long.
        """
        self.socket().settimeout(self._line.timeout * patience)
        try:
            return self._search_uids(criteria, charset)
        finally:
            self.socket().settimeout(self._line.timeout)

    def _search_uids(self, criteria: list[Any], charset: str | None) -> list[int]:
        if not self._is_range_search:
            return list(self.search(criteria, charset))
        args = [b"RETURN", b"(ALL)", *([b"CHARSET", charset.encode()] if charset else [])]
        args += _normalise_search_criteria(criteria, charset)
        answer, data = self._raw_command(b"SEARCH", args)
        self._checkok("search", answer, data)
        _, said = self._imap._untagged_response(answer, data, "ESEARCH")  # noqa: SLF001 - no other way to it
        return uids_of(b" ".join(part for part in said if part))

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
        said = ""
        for name in dict.fromkeys(names):
            try:
                self._authenticate(name, password)
            except LoginError as error:
                if isinstance(error.__context__, imaplib.IMAP4.abort):
                    raise explain(error.__context__, self._server) from None
                said = str(error)
            else:
                return
        # Outside, as what the server said may have the password in it: nothing carries that along.
        raise explain_sign_in(said, account, provider)

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
        refusal = ""
        for is_last in (False, True):  # a token may end before its time; a new one decides
            token = credential.fetch(is_last)
            first = token_message(mechanism, account.username, token, self._server)
            said = _Saying(first, token_refused(mechanism))
            try:
                self._imap.authenticate(mechanism, said)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                refusal = f"{said.reasons} {error}"
            else:
                return
        raise explain_token(refusal, account, provider)  # outside, as above


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
