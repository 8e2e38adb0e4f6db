"""Lays copies of what was sent into Sent; no folder is ever opened on this connection."""

from contextlib import suppress
from datetime import datetime

from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.border import told
from bounce_assistant.mail.imap_client import Client
from bounce_assistant.mail.imap_folders import sent_folders
from bounce_assistant.mail.inbox_search import load_inbox_search
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.problems import FOREIGN


class ImapSentBox:
    """One signed-in connection that knows APPEND only. Not for two threads at once."""

    def __init__(self, client: Client, server: Server, line: Line) -> None:
        self._client, self._server, self._line = client, server, line

    def put(self, raw: bytes, sent_at: datetime) -> bool:
        with told(self._server, self._line):
            folders = sent_folders(self._client.list_folders(), load_inbox_search())
            if not folders:
                return False
            self._client.append(folders[0], raw, (b"\\Seen",), sent_at)
        return True

    def close(self) -> None:
        if not self._line.is_hung_up:
            with suppress(*FOREIGN):
                self._client.hang_up()
        with suppress(*FOREIGN):
            self._client.shutdown()
        self._line.close()
