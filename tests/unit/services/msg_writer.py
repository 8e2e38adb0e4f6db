"""Writes Outlook .msg files for tests: [MS-OXMSG] properties in a [MS-CFB] container, version 3."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

FREE, END, FAT, DIFAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC, 0xFFFFFFFF
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR, MINI, CUTOFF = 512, 64, 4096
STORAGE, STREAM, ROOT = 1, 2, 5


class Narrow(bytes):
    """A string that is kept in the file's code page, as old Outlooks do."""

    __slots__ = ()


Value = str | bytes | int | datetime
Tree = dict[str, "bytes | Tree"]


@dataclass
class Msg:
    """A message for the writer: property ids and their values, and what hangs below it."""

    properties: dict[int, Value]
    recipients: Sequence[dict[int, Value]] = ()
    attachments: Sequence["dict[int, Value] | Msg"] = ()


def write_msg(message: Msg) -> bytes:
    return write_container(_message(message, b"\x00" * 32))


def _message(message: Msg, header: bytes) -> Tree:
    tree = _object(message.properties, header)
    for number, row in enumerate(message.recipients):
        tree[f"__recip_version1.0_#{number:08X}"] = _object(row, b"\x00" * 8)
    for number, attachment in enumerate(message.attachments):
        below = _object({0x3705: 5} if isinstance(attachment, Msg) else attachment, b"\x00" * 8)
        if isinstance(attachment, Msg):
            below["__substg1.0_3701000D"] = _message(attachment, b"\x00" * 24)
        tree[f"__attach_version1.0_#{number:08X}"] = below
    return tree


def _object(properties: dict[int, Value], header: bytes) -> Tree:
    tree: Tree = {}
    table = header
    for pid, value in properties.items():
        kind, fixed, stream = _encoded(value)
        table += struct.pack("<HHI8s", kind, pid, 6, fixed)
        if stream is not None:
            tree[f"__substg1.0_{pid:04X}{kind:04X}"] = stream
    tree["__properties_version1.0"] = table
    return tree


def _encoded(value: Value) -> tuple[int, bytes, bytes | None]:
    """Return a value's type, what stands in the table for it, and its stream."""
    if isinstance(value, int):
        return 0x0003, struct.pack("<q", value)[:4], None
    if isinstance(value, datetime):
        ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
        return 0x0040, struct.pack("<Q", ticks), None
    kind = 0x001F if isinstance(value, str) else 0x001E if isinstance(value, Narrow) else 0x0102
    stream = value.encode("utf-16-le") if isinstance(value, str) else bytes(value)
    return kind, struct.pack("<I", len(stream)), stream


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    left: int = NONE
    right: int = NONE
    child: int = NONE
    start: int = END
    size: int = 0


@dataclass
class _Container:
    """The sectors of a file and the chains that join them."""

    sectors: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)

    def add(self, data: bytes) -> int:
        """Append a stream; returns its first sector."""
        first = len(self.sectors)
        pieces = _pieces(data, SECTOR)
        self.sectors += pieces
        self.fat += [*range(first + 1, first + len(pieces)), END] if pieces else []
        return first if pieces else END


def write_container(tree: Tree) -> bytes:
    """Return a compound file that holds these streams (bytes) and storages (dicts)."""
    entries = [_Entry("Root Entry", ROOT)]
    entries[0].child = _add(entries, tree)
    container = _Container()
    mini, mini_fat = b"", list[int]()
    for entry in entries[1:]:
        entry.size = len(entry.data)
        if entry.size >= CUTOFF:
            entry.start = container.add(entry.data)
        elif entry.data:
            entry.start = len(mini_fat)
            pieces = _pieces(entry.data, MINI)
            mini_fat += [*range(entry.start + 1, entry.start + len(pieces)), END]
            mini += b"".join(pieces)
    entries[0].start, entries[0].size = container.add(mini), len(mini)
    mini_start = container.add(_numbers(mini_fat))
    directory = container.add(b"".join(map(_packed, entries)))
    return _with_tables(container, directory, mini_start, -(-len(mini_fat) // 128))


def _add(entries: list[_Entry], tree: Tree) -> int:
    """Append what a storage holds, as the balanced tree that the format wants; returns its top."""
    names = sorted(tree, key=lambda name: (len(name), name.upper()))
    first = len(entries)
    for name in names:
        inner = tree[name]
        data = inner if isinstance(inner, bytes) else b""
        entries.append(_Entry(name, STREAM if isinstance(inner, bytes) else STORAGE, data))
    for number, name in enumerate(names):
        inner = tree[name]
        if not isinstance(inner, bytes):
            entries[first + number].child = _add(entries, inner)
    return _balance(entries, first, first + len(names))


def _balance(entries: list[_Entry], low: int, high: int) -> int:
    if low >= high:
        return NONE
    middle = (low + high) // 2
    entries[middle].left = _balance(entries, low, middle)
    entries[middle].right = _balance(entries, middle + 1, high)
    return middle


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    links = (entry.left, entry.right, entry.child)
    where = (0, 0, 0, entry.start, entry.size)
    head = struct.pack("<64sHBB", name, len(name) + 2, entry.kind, 1)
    return head + struct.pack("<III16sIQQIQ", *links, b"", *where)


def _with_tables(container: _Container, directory: int, mini_start: int, minis: int) -> bytes:
    """Append the allocation table and put the header before it all."""
    count = len(container.sectors)
    fats = difats = 0
    while fats * 128 < count + fats + difats:
        fats = -(-(count + fats + difats) // 128)
        difats = max(0, -(-(fats - 109) // 127))
    places = list(range(count, count + fats))
    chain = [END] if not difats else [*range(count + fats + 1, count + fats + difats), END]
    first_difat = count + fats if difats else END
    table = container.fat + [FAT] * fats + [DIFAT] * difats
    container.sectors += _pieces(_numbers(table), SECTOR)
    rest = places[109:]
    for number in range(difats):
        piece = rest[number * 127 :][:127]
        container.sectors.append(_numbers([*piece, *[FREE] * (127 - len(piece)), chain[number]]))
    fields = (0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, fats, directory, 0, CUTOFF, mini_start, minis)
    header = MAGIC + b"\x00" * 16 + struct.pack("<HHHHHHLLLLLLLL", *fields)
    header += struct.pack("<LL", first_difat, difats)
    header += struct.pack("<109L", *(places[:109] + [FREE] * (109 - len(places[:109]))))
    return header + b"".join(container.sectors)


def _pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size].ljust(size, b"\x00") for at in range(0, len(data), size)]


def _numbers(values: list[int]) -> bytes:
    """Return a table of sector numbers, filled up to whole sectors with free ones."""
    filled = values + [FREE] * (-len(values) % 128)
    return struct.pack(f"<{len(filled)}L", *filled)
