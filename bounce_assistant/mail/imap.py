"""A mailbox behind IMAP (RFC 9051, RFC 3501), opened with EXAMINE and read with BODY.PEEK only."""

import imaplib
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from functools import partial
from typing import Any

from bounce_assistant.mail.accounts import Account, FolderRole, Server
from bounce_assistant.mail.border import told
from bounce_assistant.mail.credentials import Credential
from bounce_assistant.mail.imap_client import SEARCH_PATIENCE, Client
from bounce_assistant.mail.imap_fetch import Fetching
from bounce_assistant.mail.imap_folders import Listed, reading_folders, sent_folders
from bounce_assistant.mail.imap_idle import wait_for_mail
from bounce_assistant.mail.imap_search import Searching
from bounce_assistant.mail.imap_sent import ImapSentBox
from bounce_assistant.mail.inbox_search import FIELDS, Promise, load_inbox_search
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import (
    ROLES,
    Candidates,
    FetchedMessage,
    FolderState,
    Look,
    Outline,
)
from bounce_assistant.mail.problems import FOREIGN, is_refusal
from bounce_assistant.mail.providers import Provider
from bounce_assistant.mail.search_criteria import (
    CriteriaGroup,
    criteria_groups,
    gmail_id_keys,
    id_keys,
    merged_groups,
)

_STATUS = ("UIDVALIDITY", "UIDNEXT", "MESSAGES")


def connect_imap(
    account: Account,
    credential: Credential,
    line: Line,
    provider: Provider | None = None,
    context: ssl.SSLContext | None = None,
) -> "ImapMailbox":
    """Sign in over a verified, encrypted connection, or raise AppError with nothing secret sent.

    Raises CancelledError once ``line`` was hung up. ``context`` is the system's by default,
    which honours SSL_CERT_FILE.
    """
    client = _signed_in(account, credential, line, provider, context)
    return ImapMailbox(client, account.imap, line)


def connect_sent_box(
    account: Account,
    credential: Credential,
    line: Line,
    provider: Provider | None = None,
    context: ssl.SSLContext | None = None,
) -> ImapSentBox:
    """Sign in as ``connect_imap`` does, for copies of what was sent."""
    client = _signed_in(account, credential, line, provider, context)
    return ImapSentBox(client, account.imap, line)


class ImapMailbox:
    """One signed-in connection. Not for two threads at once; hanging up its line is."""

    def __init__(self, client: Client, server: Server, line: Line) -> None:
        self._client = client
        self._server = server
        self._line = line
        self._fetching = Fetching(client, server, line)
        self._searching = Searching(client)

    @property
    def received(self) -> int:
        return self._client.received

    def folders(self, roles: Collection[FolderRole] = ROLES) -> tuple[str, ...]:
        listed, is_gmail = self._listed(), self._client.is_gmail
        return reading_folders(listed, load_inbox_search(), roles, is_gmail=is_gmail)

    def sent_folders(self) -> tuple[str, ...]:
        return sent_folders(self._listed(), load_inbox_search())

    def outline(
        self, roles: Collection[FolderRole] = ROLES, known: Collection[str] = ()
    ) -> Outline:
        with self._asking():
            listed, said = self._client.outline(known, _STATUS)
        is_gmail = self._client.is_gmail
        folders = reading_folders(listed, load_inbox_search(), roles, is_gmail=is_gmail)
        states = {name: _state(items) for name, items in said.items()}
        return Outline(folders, states, sent_folders(listed, load_inbox_search()))

    def open(self, folder: str) -> FolderState:
        with self._asking():
            self._client.compress()
            said = self._client.select_folder(folder, readonly=True)
        state = _state(said)
        self._searching.opened(state.exists, state.uid_next)
        return state

    def uids(self, since: date, after: int = 0) -> list[int]:
        with self._asking():
            return self._searching.within(after + 1, None, ["SINCE", since])

    def candidates(
        self, since: date, after: int = 0, until: int | None = None
    ) -> Candidates | None:
        groups = criteria_groups(load_inbox_search(), is_gmail=self._client.is_gmail)
        uids = partial(self._uids_of, since=since, low=after + 1, high=until)
        # All at once where the server takes that, else one by one.
        found = self._searched(merged_groups(groups), uids) or self._searched(groups, uids)
        if found is None:
            return None
        sure = frozenset(found[Promise.SURE])
        return Candidates(sure, frozenset(found[Promise.MAYBE]) - sure)

    def with_message_ids(
        self, message_ids: Sequence[str], since: date = date.min
    ) -> list[int] | None:
        if not message_ids:
            return []
        days = [] if since == date.min else ["SINCE", since]
        patience = 1 if days else SEARCH_PATIENCE  # a few weeks are soon read, even unindexed
        searches = [id_keys(message_ids)]
        if self._client.is_gmail:
            searches.append(gmail_id_keys(message_ids))
        with self._asking():
            found = [
                self._searching.if_able([*days, *keys], patience=patience) for keys in searches
            ]
        able = [uids for uids in found if uids is not None]
        return sorted(set().union(*able)) if able else None

    def sent_to(self, recipient: str, first: date, last: date) -> list[int] | None:
        with self._asking():
            return self._searching.if_able(["TO", recipient, *_between(first, last)])

    def written_to(self, words: Sequence[str], first: date, last: date) -> list[int] | None:
        either = [part for word in words for part in ("OR", "TO", word, "CC", word)]
        with self._asking():
            return self._searching.if_able([*either, *_between(first, last)])

    def arrived_between(self, first: date, last: date) -> list[int]:
        with self._asking():
            return sorted(self._client.search_uids(_between(first, last)))

    def looks(
        self, uids: Sequence[int], fields: Sequence[str] = FIELDS, beginning: int = 0
    ) -> Iterator[Look]:
        return self._fetching.looks(uids, fields, beginning)

    def messages(self, looks: Sequence[Look]) -> Iterator[FetchedMessage]:
        return self._fetching.messages(looks)

    def whole(self, look: Look) -> bytes:
        return self._fetching.whole(look)

    def wait(self, seconds: float) -> bool | None:
        with self._asking():
            return wait_for_mail(self._client, seconds)

    def close(self) -> None:
        if not self._line.is_hung_up:
            with suppress(*FOREIGN):
                self._client.hang_up()
        _drop(self._client, self._line)

    def _searched(
        self, groups: Sequence[CriteriaGroup], uids: Callable[[CriteriaGroup], list[int]]
    ) -> dict[Promise, set[int]] | None:
        """Return what all groups find together; None where the server refuses one it needs."""
        found: dict[Promise, set[int]] = {Promise.SURE: set(), Promise.MAYBE: set()}
        for group in groups:
            with self._asking():
                try:
                    found[group.promise].update(uids(group))
                except imaplib.IMAP4.error as error:
                    if not is_refusal(error):
                        raise
                    if not group.is_optional:
                        return None
        return found

    def _uids_of(
        self, group: CriteriaGroup, *, since: date, low: int, high: int | None
    ) -> list[int]:
        keys = ["SINCE", since, *group.keys]
        return self._searching.within(low, high, keys, group.charset)

    def _listed(self) -> Listed:
        with self._asking():
            listed: Listed = self._client.list_folders()
        return listed

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with told(self._server, self._line):
            yield


def _signed_in(
    account: Account,
    credential: Credential,
    line: Line,
    provider: Provider | None,
    context: ssl.SSLContext | None,
) -> Client:
    client: Client | None = None
    try:
        with told(account.imap, line):
            client = Client(account.imap, line, context or ssl.create_default_context())
            client.secure()
            client.sign_in(account, credential, provider)
            client.use_extensions()
            line.is_in_use = True
    except BaseException:
        _drop(client, line)
        raise
    return client


def _state(said: Mapping[bytes, Any]) -> FolderState:
    """Read what EXAMINE or STATUS says of a folder."""
    return FolderState(
        uid_validity=said.get(b"UIDVALIDITY", 0),
        uid_next=said.get(b"UIDNEXT"),
        exists=said.get(b"EXISTS", said.get(b"MESSAGES", 0)),
        highest_modseq=said.get(b"HIGHESTMODSEQ"),
    )


def _drop(client: Client | None, line: Line) -> None:
    if client:
        with suppress(*FOREIGN):
            client.shutdown()
    line.close()


def _between(first: date, last: date) -> list[str | date]:
    return ["SINCE", first, "BEFORE", last + timedelta(days=1)]
