"""A door in front of Dovecot that breaks, resets, falls silent or says no over some mail."""

import re

from tests.servers.certificates import Certificate
from tests.servers.door import BreakError, Door, Fault
from tests.servers.dovecot import Dovecot

_FETCHED = re.compile(rb"\* \d+ FETCH \((?:.* )?UID (\d+) ")
_OPENED = re.compile(rb'EXAMINE "?([^"\r\n]+)')
_ASKED = re.compile(rb"(\S+) UID FETCH ([0-9:,]+) ")


def uids_in(said: bytes) -> set[int]:
    """Return the numbers of a sequence set (RFC 9051, section 9), which names no ``*``."""
    found: set[int] = set()
    for part in said.split(b","):
        first, _, last = part.partition(b":")
        found |= set(range(int(first), int(last or first) + 1))
    return found


class OddMailDoor(Door):
    """``odd``: UIDs at which it breaks when ``part`` of them is asked for.

    In whatever folder, or in ``where``, as long as there is one client at a time.
    """

    def __init__(self, behind: Dovecot, certificate: Certificate, fault: Fault) -> None:
        super().__init__(behind, certificate)
        self.fault = fault
        self.odd: set[int] = set()
        self.part = b"BODY.PEEK[]"  # as the client asks for it
        self.where = b""
        self._open = b""  # the folder
        self._refused: set[bytes] = set()  # commands
        self.breaks = 0
        self.most_breaks = 10**9  # then it behaves

    def from_client(self, line: bytes) -> bytes:
        opened = _OPENED.search(line)
        self._open = opened[1] if opened else self._open
        asked = _ASKED.match(line) if self.fault == "refuse" and self.part in line else None
        if asked and self.odd & uids_in(asked[2]) and self._may_break():
            self._refused.add(asked[1])
            return asked[1] + b" NOOP\r\n"
        return line

    def from_dovecot(self, line: bytes) -> bytes:
        tag = line.partition(b" ")[0]
        if tag in self._refused:
            self._refused.discard(tag)
            return tag + b" NO [SERVERBUG] Internal trouble with that mail.\r\n"
        found = _FETCHED.match(line) if self.fault != "refuse" else None
        if found and int(found[1]) in self.odd and self._sent in line and self._may_break():
            raise BreakError(self.fault)
        return line

    @property
    def _sent(self) -> bytes:
        """How what was asked for is called in the answer."""
        return self.part.replace(b".PEEK", b"")

    def _may_break(self) -> bool:
        if self.breaks >= self.most_breaks or self.where not in (b"", self._open):
            return False
        self.breaks += 1
        return True
