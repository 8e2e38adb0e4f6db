"""A name server that knows only the names it was given, and can also fail on purpose."""

import asyncio
import struct
from collections.abc import Mapping, Sequence
from typing import cast

Records = Mapping[str, Sequence[str]]  # {"MX": ["10 mail.maple.example"], "A": [...]}
_TYPES = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA"}
_NUMBERS = {name: number for number, name in _TYPES.items()}
_NXDOMAIN, _SERVFAIL = 3, 2


class DnsServer(asyncio.DatagramProtocol):
    """Answers from a table of lower-case names; the record type FAIL means SERVFAIL."""

    def __init__(self, table: Mapping[str, Records]) -> None:
        self._table = table
        self._parents = {name.split(".", n)[-1] for name in table for n in range(1, 8)}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(answer(data, self._table, self._parents), addr)


def answer(query: bytes, table: Mapping[str, Records], parents: set[str]) -> bytes:
    """Return the reply to one query (RFC 1035, section 4)."""
    name, end = _read_name(query, 12)
    question = query[12 : end + 4]
    (number,) = struct.unpack(">H", query[end : end + 2])
    records = table.get(name)
    code = 0
    if records is None and name not in parents:
        code = _NXDOMAIN
    if records is not None and "FAIL" in records:
        code = _SERVFAIL
    values = [] if code or records is None else records.get(_TYPES.get(number, ""), [])
    header = query[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, len(values), 0, 0)
    body = b"".join(
        b"\xc0\x0c" + struct.pack(">HHIH", number, 1, 60, len(data)) + data
        for data in (_encode(_TYPES[number], value) for value in values)
    )
    return header + question + body


def _encode(kind: str, value: str) -> bytes:
    if kind == "A":
        return bytes(int(part) for part in value.split("."))
    if kind == "MX":
        preference, host = value.split()
        return struct.pack(">H", int(preference)) + _write_name(host)
    if kind == "TXT":
        text = value.encode()
        return bytes([len(text)]) + text
    return _write_name(value)


def _write_name(name: str) -> bytes:
    labels = [label for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def _read_name(data: bytes, at: int) -> tuple[str, int]:
    labels = []
    while data[at]:
        labels.append(data[at + 1 : at + 1 + data[at]].decode("latin-1").lower())
        at += 1 + data[at]
    return ".".join(labels), at + 1
