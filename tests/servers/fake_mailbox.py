"""A mailbox in memory that keeps the promises of the Mailbox protocol."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from email import message_from_bytes, policy

from bounce_assistant.mail.accounts import FolderRole
from bounce_assistant.mail.inbox_search import FIELDS, Promise, decode_field, load_inbox_search
from bounce_assistant.mail.mailbox import (
    ROLES,
    WHOLE_LIMIT,
    Candidates,
    FetchedMessage,
    FolderState,
    Look,
    Outline,
)


@dataclass(slots=True)
class FakeFolder:
    """Messages by UID, with when they arrived."""

    uid_validity: int = 1
    messages: dict[int, tuple[bytes, datetime]] = field(default_factory=dict)

    def put(self, raw: bytes, when: datetime) -> int:
        uid = max(self.messages, default=0) + 1
        self.messages[uid] = (raw, when)
        return uid


class FakeMailbox:
    """``can_search`` False: like a server that refuses every SEARCH but the plainest."""

    def __init__(
        self,
        folders: dict[str, FakeFolder],
        *,
        can_search: bool = True,
        sent: Sequence[str] = (),
    ) -> None:
        self._folders = folders
        self._sent = tuple(sent)
        self._here = FakeFolder()
        self.can_search = can_search
        self.asked: list[str] = []  # what was asked for, in order
        self.is_closed = False
        self.received = 0  # bytes; nothing comes from anywhere

    def folders(self, roles: Collection[FolderRole] = ROLES) -> tuple[str, ...]:
        wanted = {"INBOX": "inbox", "Junk": "spam"}
        return tuple(name for name in self._folders if wanted.get(name) in roles)

    def outline(
        self, roles: Collection[FolderRole] = ROLES, known: Collection[str] = ()
    ) -> Outline:
        self.asked.append("outline")
        states = {name: _state(self._folders[name]) for name in known if name in self._folders}
        return Outline(self.folders(roles), states, self._sent)

    def sent_folders(self) -> tuple[str, ...]:
        return self._sent

    def open(self, folder: str) -> FolderState:
        self.asked.append(f"open {folder}")
        self._here = self._folders[folder]
        return _state(self._here)

    def uids(self, since: date, after: int = 0) -> list[int]:
        self.asked.append("uids")
        found = self._here.messages.items()
        return sorted(uid for uid, (_, when) in found if uid > after and when.date() >= since)

    def candidates(
        self, since: date, after: int = 0, until: int | None = None
    ) -> Candidates | None:
        self.asked.append("candidates")
        if not self.can_search:
            return None
        search = load_inbox_search()
        uids = [uid for uid in self.uids(since, after) if until is None or uid <= until]
        found = {uid: search.promise(self._head(uid)) for uid in uids}
        return Candidates(
            frozenset(uid for uid, one in found.items() if one is Promise.SURE),
            frozenset(uid for uid, one in found.items() if one is Promise.MAYBE),
        )

    def with_message_ids(
        self, message_ids: Sequence[str], since: date = date.min
    ) -> list[int] | None:
        self.asked.append(f"ids {len(message_ids)}")
        if not self.can_search:
            return None
        return [
            uid
            for uid, (_, when) in sorted(self._here.messages.items())
            if when.date() >= since
            and any(one in self._field(uid, "Message-ID") for one in message_ids)
        ]

    def sent_to(self, recipient: str, first: date, last: date) -> list[int] | None:
        if not self.can_search:
            return None
        found = self.arrived_between(first, last)
        return [uid for uid in found if recipient.lower() in self._field(uid, "To").lower()]

    def written_to(self, words: Sequence[str], first: date, last: date) -> list[int] | None:
        if not self.can_search:
            return None
        fields = {
            uid: [decode_field(self._field(uid, name)).lower() for name in ("To", "Cc")]
            for uid in self.arrived_between(first, last)
        }
        return [
            uid
            for uid, both in fields.items()
            if all(any(word.lower() in field for field in both) for word in words)
        ]

    def arrived_between(self, first: date, last: date) -> list[int]:
        found = self._here.messages.items()
        return sorted(uid for uid, (_, when) in found if first <= when.date() <= last)

    def looks(
        self, uids: Sequence[int], fields: Sequence[str] = FIELDS, beginning: int = 0
    ) -> Iterator[Look]:
        if uids:
            self.asked.append(f"look {len(uids)}")
        for uid in uids:
            if uid in self._here.messages:
                raw, _ = self._here.messages[uid]
                body = raw.partition(b"\r\n\r\n")[2][:beginning]
                parts = message_from_bytes(raw, policy=policy.compat32).walk()
                types = frozenset(
                    p.get_content_type() for p in parts if p.get_content_maintype() != "multipart"
                )
                header = self._head(uid, fields) if fields else b""
                header = (self._encoding(uid) if beginning else b"") + header
                yield Look(uid, len(raw), header, body, types if beginning else frozenset())

    def messages(self, looks: Sequence[Look]) -> Iterator[FetchedMessage]:
        for look in looks:
            self.asked.append(f"fetch {look.uid}")
            raw, when = self._here.messages[look.uid]
            yield FetchedMessage(look.uid, raw[:WHOLE_LIMIT], len(raw), when)

    def whole(self, look: Look) -> bytes:
        return self._here.messages[look.uid][0]

    def wait(self, seconds: float) -> bool | None:
        return None

    def close(self) -> None:
        self.is_closed = True

    def _encoding(self, uid: int) -> bytes:
        message = message_from_bytes(self._here.messages[uid][0], policy=policy.compat32)
        charset = message.get_content_charset() or "us-ascii"
        way = str(message.get("Content-Transfer-Encoding", "7bit")).strip()
        if message.get_content_maintype() == "multipart":
            return f"Content-Type: {message.get_content_type()}\r\n".encode()
        kind = f"{message.get_content_type()}; charset={charset}"
        return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {way}\r\n".encode()

    def _field(self, uid: int, name: str) -> str:
        raw, _ = self._here.messages[uid]
        head = message_from_bytes(raw.partition(b"\r\n\r\n")[0], policy=policy.compat32)
        return str(head.get(name, ""))

    def _head(self, uid: int, fields: Sequence[str] = FIELDS) -> bytes:
        raw, _ = self._here.messages[uid]
        head = message_from_bytes(raw.partition(b"\r\n\r\n")[0], policy=policy.compat32)
        wanted = {name.lower() for name in fields}
        kept = [f"{name}: {value}" for name, value in head.items() if name.lower() in wanted]
        return ("\r\n".join(kept) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def _state(folder: FakeFolder) -> FolderState:
    uids = folder.messages
    return FolderState(folder.uid_validity, max(uids, default=0) + 1, len(uids), None)
