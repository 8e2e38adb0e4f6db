"""A door in front of Dovecot that speaks X-GM-EXT-1: Gmail's search and numbers.

It ends TLS, and rewrites what goes through line by line: X-GM-RAW becomes SEARCH keys, X-GM-MSGID
is made of Dovecot's GUID, which like Gmail's number stays when a message moves to another folder.
"""

import re
from contextlib import AbstractContextManager
from hashlib import blake2b

from tests.servers.certificates import Certificate
from tests.servers.door import Door
from tests.servers.dovecot import Dovecot
from tests.servers.running import running

# As at Gmail: a folder with all mail but spam (RFC 6154).
ALL_MAIL = 'namespace inbox {\n  mailbox "All Mail" {\n    special_use = \\All\n  }\n}\n'
_RAW = re.compile(rb'X-GM-RAW ("[^"]*"|[^ )\r\n]+)')
_TERM = re.compile(r"(from|subject|to|rfc822msgid):(\S+)")
_NAMES = {"rfc822msgid": "HEADER Message-ID"}
_GUID = re.compile(rb'X-GUID "?([^\s")]+)"?')


def search_keys(raw: str) -> bytes:
    """Return the SEARCH keys for the few words of Gmail's language that are known here."""
    *alternatives, last = (_keys(part) for part in raw.split(" OR "))
    return "".join([*(f"OR {keys} " for keys in alternatives), last]).encode()


def _keys(raw: str) -> str:
    keys = [f'{_NAMES.get(field, field.upper())} "{value}"' for field, value in _TERM.findall(raw)]
    if not keys or _TERM.sub("", raw).strip():
        raise ValueError(raw)
    return f"({' '.join(keys)})"


class GmailFront(Door):
    """Speaks Gmail's words to the client and plain IMAP to Dovecot."""

    def from_client(self, line: bytes) -> bytes:
        line = _RAW.sub(lambda found: search_keys(found[1].decode().strip('"')), line)
        return line.replace(b"X-GM-MSGID", b"X-GUID") if b" FETCH " in line else line

    def from_dovecot(self, line: bytes) -> bytes:
        if b" FETCH (" in line:
            return _GUID.sub(lambda found: b"X-GM-MSGID %d" % _number(found[1]), line)
        return line.replace(b"CAPABILITY IMAP4rev1", b"CAPABILITY IMAP4rev1 X-GM-EXT-1")


def _number(guid: bytes) -> int:
    return int.from_bytes(blake2b(guid, digest_size=7).digest())


def gmail_front(behind: Dovecot, certificate: Certificate) -> AbstractContextManager[GmailFront]:
    """Run the door on a free port."""
    return running(GmailFront(behind, certificate))
