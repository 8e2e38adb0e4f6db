"""Opens Outlook's .msg files ([MS-OXMSG] in [MS-CFB]) within bounds; reads their properties."""

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from olefile import OleFileIO
from olefile.olefile import STGTY_STORAGE, STGTY_STREAM, OleDirectoryEntry
from oxmsg.domain.encodings import encoding_from_codepage
from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError
from oxmsg.storage import Storage, Stream

from bounce_assistant.report.charsets import decode_bytes

MAX_ENTRIES = 10_000  # streams and storages; a report on 500 people has some 6,000
MAX_KIDS = 2_500  # in one storage
MAX_STORAGES_DEEP = 8
MAX_TABLE_BYTES = 64 * 1024  # 4,096 properties of one object
MAX_TEXT_BYTES = 4 * 1024 * 1024
MAX_WORDS = 10_000  # characters of a text on one line
_ENTRY_BYTES = 128
_SECTORS = (512, 4096)
_MINI_SECTOR = 64
_IN_HEADER = 109  # places for sectors of the allocation table in the file's header
_STRING, _STRING8, _BINARY, _OBJECT, _TIME = 0x001F, 0x001E, 0x0102, 0x000D, 0x0040
_NUMBER_BYTES = {0x0002: 2, 0x0003: 4}
_CODEPAGES = (0x3FDE, 0x3FFD)  # of the body, of the other strings
_DATA = 0x3701
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
# What olefile raises on broken containers; only the first on purpose.
_BROKEN = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, struct.error),
    *(ArithmeticError, RecursionError, MemoryError),
)
_TOP_OFFSET, _EMBEDDED_OFFSET, _ROW_OFFSET = 32, 24, 8


class MsgProperties:
    """The properties of one object of a .msg file: a message, a recipient or an attachment."""

    def __init__(self, storage: Storage, offset: int, charset: str = "") -> None:
        self._storage = storage
        self._streams = {stream.name: stream.bytes_ for stream in storage.streams}
        table = self._streams.get("__properties_version1.0", b"")[offset:][:MAX_TABLE_BYTES]
        whole = table[: len(table) // 16 * 16]
        self._fixed = {
            pid: (kind, value) for kind, pid, _, value in struct.iter_unpack("<HHI8s", whole)
        }
        self._charset = self._find_charset() or charset

    def text(self, *pids: int) -> str:
        """Return the first of these properties that holds text; bytes no charset fits are kept."""
        for pid in pids:
            wide = self._streams.get(f"__substg1.0_{pid:04X}{_STRING:04X}", b"")
            narrow = self._streams.get(f"__substg1.0_{pid:04X}{_STRING8:04X}", b"")
            text = wide[:MAX_TEXT_BYTES].decode("utf-16-le", "replace")
            text = text or decode_bytes(narrow[:MAX_TEXT_BYTES], self._charset)
            text = text.replace("\x00", "")
            if text.strip():
                return text
        return ""

    def words(self, *pids: int) -> str:
        """Return text on one line, without control characters."""
        return "".join(c if c.isprintable() else " " for c in self.text(*pids)[:MAX_WORDS]).strip()

    def data(self, pid: int) -> bytes:
        return self._streams.get(f"__substg1.0_{pid:04X}{_BINARY:04X}", b"")

    def decoded(self, pid: int) -> str:
        """Return a binary property that holds text in the message's charset."""
        return decode_bytes(self.data(pid)[:MAX_TEXT_BYTES], self._charset)

    def number(self, pid: int) -> int | None:
        kind, value = self._fixed.get(pid, (0, b""))
        size = _NUMBER_BYTES.get(kind)
        return int.from_bytes(value[:size], "little", signed=True) if size else None

    def time(self, *pids: int) -> datetime | None:
        """Return the first of these moments that is one of this age."""
        for pid in pids:
            kind, value = self._fixed.get(pid, (0, b""))
            ticks = int.from_bytes(value, "little")
            if kind == _TIME and 0 < ticks < 1 << 58:  # to the year 2514
                return _EPOCH + timedelta(seconds=ticks // 10_000_000)
        return None

    def recipients(self) -> Iterator["MsgProperties"]:
        for storage in self._storage.iter_recipient_storages():
            yield MsgProperties(storage, _ROW_OFFSET, self._charset)

    def attachments(self) -> Iterator["MsgProperties"]:
        for storage in self._storage.iter_attachment_storages():
            yield MsgProperties(storage, _ROW_OFFSET, self._charset)

    def embedded(self) -> "MsgProperties | None":
        """Return the message that an attachment is, if it is one."""
        for storage in self._storage.storages:
            if storage.name == f"__substg1.0_{_DATA:04X}{_OBJECT:04X}":
                return MsgProperties(storage, _EMBEDDED_OFFSET, self._charset)
        return None

    def _find_charset(self) -> str:
        for pid in _CODEPAGES:
            try:
                return encoding_from_codepage(self.number(pid) or 0)
            except (UnrecognizedCodePageError, UnsupportedEncodingError):
                continue
        return ""


class _Container(OleFileIO):  # type: ignore[misc] # olefile has no types
    """olefile, which trusts the sizes that a file states, held to those that a file can have."""

    def loadfat(self, header: bytes) -> None:
        if self.sector_size not in _SECTORS or self.mini_sector_size != _MINI_SECTOR:
            raise OSError("sectors of no known size")
        needed = self.nb_sect * 4 // self.sector_size
        if self.num_fat_sectors > needed + _IN_HEADER or self.num_mini_fat_sectors > self.nb_sect:
            raise OSError("an allocation table larger than the file")
        super().loadfat(header)

    def loaddirectory(self, sect: int) -> None:
        most = MAX_ENTRIES * _ENTRY_BYTES // self.sector_size
        at = sect
        for _ in range(most + 1):
            if at >= len(self.fat):
                break
            at = self.fat[at]
        else:
            raise OSError("a directory without end, or too long")
        super().loaddirectory(sect)


def open_msg(data: bytes) -> MsgProperties | None:
    """Return the message that a .msg file holds, or None if it holds none that can be read.

    Takes time and memory in step with the size of ``data``, whatever the bytes are.
    """
    try:
        # From a stream, since bytes of a short file would be taken for the name of one.
        with _Container(io.BytesIO(data)) as container:
            _refuse_overlaps(container, len(data))
            root = _read_storage(container, container.root, [], MAX_STORAGES_DEEP)
    except _BROKEN:
        return None
    return MsgProperties(root, _TOP_OFFSET)


def _refuse_overlaps(container: OleFileIO, size: int) -> None:
    """Raise OSError when the streams are larger than the file: some share or repeat sectors."""
    entries = [entry for entry in container.direntries if entry is not None]
    streams = [entry for entry in entries if entry.entry_type == STGTY_STREAM]
    if container.root.size > size or sum(entry.size for entry in streams) > size:
        raise OSError("streams larger than the file")
    if any(len(entry.kids) > MAX_KIDS for entry in entries):
        raise OSError("too many streams in one storage")


def _read_storage(
    container: OleFileIO, node: OleDirectoryEntry, path: list[str], deeper: int
) -> Storage:
    """Read all streams below a storage; deeper storages than allowed are left out."""
    streams: list[Stream] = []
    storages: list[Storage] = []
    for kid in node.kids:
        below = [*path, kid.name]
        if kid.entry_type == STGTY_STREAM and kid.name.startswith("__"):
            with container.openstream(below) as stream:
                streams.append(Stream("/".join(below), stream.read()))
        elif kid.entry_type == STGTY_STORAGE and deeper and "nameid" not in kid.name:
            storages.append(_read_storage(container, kid, below, deeper - 1))
    return Storage("/".join(path), tuple(streams), tuple(storages))
