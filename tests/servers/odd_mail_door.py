"""A door in front of Dovecot that breaks, resets or falls silent over some mail."""

import re

from tests.servers.certificates import Certificate
from tests.servers.door import BreakError, Door, Fault
from tests.servers.dovecot import Dovecot

_FETCHED = re.compile(rb"\* \d+ FETCH \((?:.* )?UID (\d+) ")


class OddMailDoor(Door):
    """``odd``: UIDs at which it breaks, in whatever folder, when ``part`` of them is asked for."""

    def __init__(self, behind: Dovecot, certificate: Certificate, fault: Fault) -> None:
        super().__init__(behind, certificate)
        self.fault = fault
        self.odd: set[int] = set()
        self.part = b"BODY[]"
        self.breaks = 0
        self.most_breaks = 10**9  # then it behaves

    def from_dovecot(self, line: bytes) -> bytes:
        found = _FETCHED.match(line)
        is_odd = found and int(found[1]) in self.odd and self.part in line
        if is_odd and self.breaks < self.most_breaks:
            self.breaks += 1
            raise BreakError(self.fault)
        return line
