"""FETCH (RFC 9051, section 6.4.5) in batches: a glance at many messages, then what is worth it."""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.border import told
from bounce_assistant.mail.imap_client import Client
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import MOST_OF_ONE, WHOLE_LIMIT, FetchedMessage, Look
from bounce_assistant.mail.message_parts import (
    Piece,
    assemble,
    encoding_fields,
    part_types,
    plan_parts,
)
from bounce_assistant.mail.problems import MailServerError

_LOOKS_PER_FETCH = 500  # Dovecot refuses a command that names thousands of scattered UIDs
_MESSAGES_PER_FETCH = 100
_LEAST, _MOST = 40_000, 640_000  # bytes per fetch: what is cut off on its way is lost
_QUICK, _SLOW = 1.0, 4.0  # seconds for one fetch, to ask for more or less the next time
_HEADER_LIMIT = 16_000  # bytes of a message's deciding fields; a subject may have 50 MB
_STRUCTURE = 4_000  # bytes to describe the parts of a message
_WHOLE_HEADER_LIMIT = 200_000  # bytes of all its fields


class Fetching:
    """Fetches from the folder that is open, marking nothing as read."""

    def __init__(self, client: Client, server: Server, line: Line) -> None:
        self._client, self._server, self._line = client, server, line
        self._bytes = _LEAST  # per fetch, as the connection turns out

    def looks(self, uids: Sequence[int], fields: Sequence[str], beginning: int) -> Iterator[Look]:
        """As ``Mailbox.looks``."""
        items = ["RFC822.SIZE", "X-GM-MSGID"] if self._client.is_gmail else ["RFC822.SIZE"]
        if fields:
            items.append(f"BODY.PEEK[HEADER.FIELDS ({' '.join(fields)})]<0.{_HEADER_LIMIT}>")
        if beginning:
            items += ["BODY", f"BODY.PEEK[TEXT]<0.{beginning}>"]
        for start in range(0, len(uids), _LOOKS_PER_FETCH):
            batch = uids[start : start + _LOOKS_PER_FETCH]
            most = _STRUCTURE + beginning + (_HEADER_LIMIT if fields else 0)
            said, broken = self._fetch_so_far(batch, items, most * len(batch))
            for uid in batch:
                if uid in said:  # else it was removed meanwhile
                    yield _look(uid, said[uid])
            if broken:
                raise broken

    def messages(self, looks: Sequence[Look]) -> Iterator[FetchedMessage]:
        """As ``Mailbox.messages``."""
        for batch in self._batches(looks):
            if batch[0].size > WHOLE_LIMIT:
                yield from self._large(batch[0])
                continue
            began = time.monotonic()
            size = 2 * sum(look.size for look in batch)  # some servers only estimate it
            items = ["INTERNALDATE", "BODY.PEEK[]"]
            said, broken = self._fetch_so_far([look.uid for look in batch], items, size)
            took = time.monotonic() - began
            for look in batch:
                if look.uid in said:
                    yield _message(look, said[look.uid], _body(said[look.uid], b"BODY[]"))
            if broken:
                raise broken
            self._suit(took)

    def whole(self, look: Look) -> bytes:
        """As ``Mailbox.whole``."""
        raw = b""
        while len(raw) < look.size:
            item = f"BODY.PEEK[]<{len(raw)}.{_MOST}>"
            piece = _body(self._fetch([look.uid], [item], _MOST).get(look.uid, {}), b"BODY[]")
            if not piece:
                break
            raw += piece
        return raw

    def _large(self, look: Look) -> Iterator[FetchedMessage]:
        """Fetch of one message what a diagnosis needs; where it has no parts, its beginning."""
        head = f"BODY.PEEK[HEADER]<0.{_WHOLE_HEADER_LIMIT}>"
        items = ["INTERNALDATE", "BODYSTRUCTURE", head]
        said = self._fetch([look.uid], items, _WHOLE_HEADER_LIMIT).get(look.uid)
        if said is None:
            return
        whole = plan_parts(said.get(b"BODYSTRUCTURE"))
        header = _body(said, b"BODY[HEADER]")
        raw = self._assembled(look.uid, whole, header) if whole and _is_complete(header) else b""
        if not raw:
            item = f"BODY.PEEK[]<0.{WHOLE_LIMIT}>"
            said_more = self._fetch([look.uid], [item], WHOLE_LIMIT)
            raw = _body(said_more.get(look.uid, {}), b"BODY[]")
        if raw:
            yield _message(look, said, raw)

    def _assembled(self, uid: int, whole: Piece, header: bytes) -> bytes:
        """Fetch the pieces of a message; empty when the server doesn't give them all."""
        inside = [piece for piece in whole.all() if piece.section]
        leaves = [piece for piece in inside if piece.limit]
        if sum(piece.limit for piece in leaves) > MOST_OF_ONE:
            leaves = leaves[: MOST_OF_ONE // max(piece.limit for piece in leaves)]
        items = [f"BODY.PEEK[{piece.section}.MIME]" for piece in inside]
        items += [f"BODY.PEEK[{piece.section}]<0.{piece.limit}>" for piece in leaves]
        said = self._fetch([uid], items, MOST_OF_ONE).get(uid, {})
        heads = {p.section: _body(said, f"BODY[{p.section}.MIME]".encode()) for p in inside}
        bodies = {p.section: _body(said, f"BODY[{p.section}]".encode()) for p in leaves}
        if not all(heads.values()):
            return b""
        return assemble(whole, {**heads, "": header}, bodies)

    def _batches(self, looks: Sequence[Look]) -> Iterator[list[Look]]:
        """Cut into what is fetched at once; a large message goes alone."""
        batch: list[Look] = []
        size = 0
        for look in looks:
            is_large = look.size > WHOLE_LIMIT
            is_full = len(batch) == _MESSAGES_PER_FETCH or size + look.size > self._bytes
            if batch and (is_full or is_large or batch[0].size > WHOLE_LIMIT):
                yield batch
                batch, size = [], 0
            batch.append(look)
            size += look.size
        if batch:
            yield batch

    def _suit(self, took: float) -> None:
        """Ask for more at once on a quick line, for less on a slow one."""
        if took < _QUICK:
            self._bytes = min(_MOST, self._bytes * 2)
        elif took > _SLOW:
            self._bytes = max(_LEAST, self._bytes // 2)

    def _fetch_so_far(
        self, uids: Sequence[int], items: list[str], expected: int
    ) -> tuple[dict[int, dict[bytes, Any]], MailServerError | None]:
        """Return what the server says of each, as ``_fetch``, and why it stopped, if it did.

        What came before a line broke is kept up to the first message that didn't come whole: all
        behind that one is still to be asked for.
        """
        try:
            return self._fetch(uids, items, expected), None
        except MailServerError as problem:
            came = self._client.fetched_so_far()
            broken = problem
        # A whole answer has all that was asked for, and the message's number.
        missing = (n for n, uid in enumerate(uids) if len(came.get(uid, ())) <= len(items))
        return {uid: came[uid] for uid in uids[: next(missing, None)]}, broken

    def _fetch(
        self, uids: Iterable[int], items: list[str], expected: int
    ) -> dict[int, dict[bytes, Any]]:
        """Return what the server says of each; ``expected``: bytes that were asked for."""
        with told(self._server, self._line):
            self._client.expect(expected)
            said: dict[int, dict[bytes, Any]] = self._client.fetch(list(uids), items)
        return said


def _look(uid: int, said: dict[bytes, Any]) -> Look:
    structure = said.get(b"BODY")
    header = encoding_fields(structure) + _body(said, b"BODY[HEADER")
    return Look(
        uid,
        said.get(b"RFC822.SIZE", len(header)),
        header,
        _body(said, b"BODY[TEXT]"),
        part_types(structure),
        str(said.get(b"X-GM-MSGID", "")),
    )


def _message(look: Look, said: dict[bytes, Any], raw: bytes) -> FetchedMessage:
    arrived = said.get(b"INTERNALDATE") or datetime.now(UTC)
    return FetchedMessage(look.uid, raw, max(look.size, len(raw)), arrived, look.gmail_id)


def _body(said: dict[bytes, Any], start: bytes) -> bytes:
    """Return a section, whose name may be followed by where it begins: BODY[]<0>."""
    return next((value or b"" for key, value in said.items() if key.startswith(start)), b"")


def _is_complete(header: bytes) -> bool:
    return header.endswith(b"\r\n\r\n")
