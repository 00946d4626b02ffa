"""A look into the archive of a spreadsheet before anything unpacks it: what would grow beyond measure is refused.

Nothing is kept of what is unpacked here, and the list of entries is not read before it is known to be short.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from dovolen.insight.schema import SchemaError

MOST_UNPACKED = 400 * 2**20
MOST_ENTRIES = 5_000
MOST_OF_LIST = MOST_ENTRIES * 200
"""Bytes of the list of entries, whatever it says of their number."""
MOST_COLUMNS = 2_000
MOST_CELLS = 30_000_000
MOST_TEXT = 2**30
"""Letters of all cells together, a shared string counted wherever it stands."""
LONGEST_STRING = 512 * 1024
"""Bytes of one shared string with its markup; a cell holds 32,767 letters."""
MOST_TABLES, MOST_TOGETHER = 21, 2 * 2**30
"""Of an archive of tables: how many, and their bytes."""
MOST_GROWTH, FREE_GROWTH = 150, 8 * 2**20
"""How many times larger an entry may become; small ones may do as they like. Sheets grow 5–60 times."""

_CHUNK, _OVERLAP = 2**20, 2_048
_END, _END64, _FINDS_END64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_LONGEST_TAIL = 22 + 65_535 + 20
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_SHARED = re.compile(rb'<c\b[^>]*?\bt="s"[^>]*><v>(\d{1,9})</v>')
_REPEATED = re.compile(
    rb'<table:table-(?:cell|row)\b[^>]*-repeated="\d{4,}"[^>]*(?:office:value-type|>\s*<table:table-cell\b[^>]*office:value-type)'
)
"""A filled cell or row of ODS that stands for a thousand or more; empty ones are how any sheet ends."""
_CELLS_REPEATED = re.compile(rb'<table:table-cell\b[^>]*columns-repeated="(\d{1,3})"')
_ROWS_REPEATED = re.compile(rb'<table:table-row\b[^>]*rows-repeated="(\d{1,3})"')


def check(path: Path) -> None:
    """Raises SchemaError when the archive would unpack to more than a spreadsheet has reason to."""
    try:
        _check_list(path)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            grown = [one for one in entries if one.file_size > max(FREE_GROWTH, MOST_GROWTH * one.compress_size)]
            if len(entries) > MOST_ENTRIES or grown or sum(one.file_size for one in entries) > MOST_UNPACKED:
                raise bomb(path.name)
            lengths = _lengths(archive, path.name)
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/") or entry.filename == "content.xml":
                    _Sheet(path.name, lengths).check(archive, entry)
                else:
                    for _ in _pieces(archive, entry, path.name):
                        pass
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, struct.error, OSError) as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "XLSX, ODS"}) from error


def unpack(path: Path, place: Path, suffixes: Collection[str]) -> None:
    """Lay the tables of an archive into a folder, under names without folders; other files are left where they are.

    Raises: SchemaError for an archive that is none, holds nothing to read, too many tables, or would grow beyond
    measure.
    """
    try:
        _check_list(path)
        with zipfile.ZipFile(path) as archive:
            held = {_name_of(one): one for one in archive.infolist() if not one.is_dir() and _is_table(one, suffixes)}
            if not held:
                raise SchemaError("error.archive_of_none", {"source": path.name, "kinds": ", ".join(suffixes)})
            if len(held) > MOST_TABLES:
                told = {"source": path.name, "count": len(held), "most": MOST_TABLES}
                raise SchemaError("error.archive_of_many", told)
            grown = [one for one in held.values() if one.file_size > max(FREE_GROWTH, MOST_GROWTH * one.compress_size)]
            if grown or sum(one.file_size for one in held.values()) > MOST_TOGETHER:
                raise SchemaError("error.archive_bomb", {"source": path.name, "most": MOST_TOGETHER // 2**20})
            for name, entry in held.items():
                _lay(archive, entry, place / name, path.name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, struct.error, zlib.error) as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "ZIP"}) from error


def _is_table(entry: zipfile.ZipInfo, suffixes: Collection[str]) -> bool:
    *folders, name = entry.filename.split("/")
    return Path(name).suffix.lower() in suffixes and not name.startswith(".") and "__MACOSX" not in folders


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Folders become part of the name; what says not that it is UTF-8 was named by Windows in Russian, as a rule."""
    told = entry.filename
    if not entry.flag_bits & 0x800:
        told = told.encode("cp437", "replace").decode("cp866", "replace")
    plain = "".join(sign if sign.isalnum() or sign in " .-_()№" else "_" for sign in told.replace("\\", "/"))
    return plain.strip(" .")[-120:]


def _lay(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path, source: str) -> None:
    size = 0
    with archive.open(entry) as content, place.open("wb") as file:
        while piece := content.read(_CHUNK):
            size += len(piece)
            if size > entry.file_size:
                raise bomb(source)
            file.write(piece)


def bomb(source: str) -> SchemaError:
    """What is said of a file that grows."""
    return SchemaError("error.archive_bomb", {"source": source, "most": MOST_UNPACKED // 2**20})


def _check_list(path: Path) -> None:
    """How long the list of entries is: a million of them would fill the memory before they are counted."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _LONGEST_TAIL))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0:
            raise zipfile.BadZipFile("no end")
        n, length = struct.unpack_from("<HL", tail, at + 10)
        finds = tail.rfind(_FINDS_END64, 0, at)
        if finds >= 0:
            n, length = _far_end(file, struct.unpack_from("<Q", tail, finds + 8)[0])
    if n > MOST_ENTRIES or length > MOST_OF_LIST:
        raise bomb(path.name)


def _far_end(file: BinaryIO, at: int) -> tuple[int, int]:
    file.seek(at)
    record = file.read(56)
    if record[:4] != _END64:
        raise zipfile.BadZipFile("no far end")
    n, length = struct.unpack_from("<QQ", record, 32)
    return int(n), int(length)


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: str) -> Iterator[bytes]:
    """An entry piece by piece, each with the end of the one before; refused when there is more than was told."""
    size, kept = 0, b""
    with archive.open(entry) as content:
        while piece := content.read(_CHUNK):
            size += len(piece)
            if size > min(entry.file_size, MOST_UNPACKED):
                raise bomb(source)
            yield kept + piece
            kept = piece[-_OVERLAP:]


def _lengths(archive: zipfile.ZipFile, source: str) -> list[int]:
    """Bytes of every shared string, in order. Raises SchemaError for one that no cell holds."""
    found: list[int] = []
    if "xl/sharedStrings.xml" not in archive.namelist():
        return found
    begun = 0
    with archive.open("xl/sharedStrings.xml") as content:
        rest = b""
        while piece := content.read(_CHUNK):
            *whole, rest = (rest + piece).split(b"</si>")
            fresh = [len(one) for one in whole]
            found += fresh
            begun += len(piece)
            if max(fresh, default=0) > LONGEST_STRING or len(rest) > LONGEST_STRING or begun > MOST_UNPACKED:
                raise bomb(source)
    return found


@dataclass
class _Sheet:
    """What is seen of one sheet so far."""

    source: str
    lengths: list[int]
    cells: int = 0
    columns: int = 1
    last_row: int = 1
    letters: int = 0
    repeated: int = 0
    most_rows: int = 1
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        self.longest = max(self.lengths, default=0)

    def check(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        """Raises SchemaError as soon as the grid or the text of its cells is beyond measure."""
        for piece in _pieces(archive, entry, self.source):
            self._look(piece)
            if self.columns > MOST_COLUMNS:
                told = {"source": self.source, "count": self.columns, "most": MOST_COLUMNS}
                raise SchemaError("error.too_many_columns", told)
            if self.columns * self.last_row > MOST_CELLS or self.letters > MOST_TEXT:
                raise bomb(self.source)
            if self.repeated * self.most_rows > MOST_CELLS:
                raise bomb(self.source)
        if self.columns * self.last_row > max(MOST_CELLS // 10, 50 * self.cells):
            raise bomb(self.source)

    def _look(self, piece: bytes) -> None:
        if _REPEATED.search(piece):
            raise bomb(self.source)
        found = _CELL.findall(piece)
        self.cells += len(found)
        if found:
            self.columns = max(self.columns, *(_number_of(letters) for letters in {letters for letters, _ in found}))
            self.last_row = max(self.last_row, int(found[-1][1]), *(int(row) for row in {row for _, row in found}))
        if len(found) * self.longest > MOST_TEXT // 1_000:
            n = len(self.lengths)
            self.letters += sum(self.lengths[int(at)] for at in _SHARED.findall(piece) if int(at) < n)
        self.repeated += sum(map(int, _CELLS_REPEATED.findall(piece)))
        self.most_rows = max(self.most_rows, *map(int, _ROWS_REPEATED.findall(piece)), 1)


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
