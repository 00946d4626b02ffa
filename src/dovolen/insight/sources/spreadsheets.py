"""XLSX, XLS and ODS through calamine, after a look into the archive: what unpacks beyond measure is refused unread."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from dovolen.insight.schema import SchemaError
from dovolen.insight.sources.reading import MOST_COLUMNS, Raw, numbered

MOST_UNPACKED = 400 * 2**20
MOST_ENTRIES = 5_000
MOST_ON_DISK = 200 * 2**20
MOST_CELLS = 60_000_000
_CHUNK = 2**20
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_REPEATED = re.compile(
    rb'<table:table-(?:cell|row)\b[^>]*-repeated="\d{4,}"[^>]*(?:office:value-type|>\s*<table:table-cell\b[^>]*office:value-type)'
)
"""A filled cell or row of ODS that stands for a thousand or more; empty ones are how any sheet ends."""


def read(path: Path) -> list[Raw]:
    """Every sheet that holds a table."""
    import python_calamine as calamine

    if path.stat().st_size > MOST_ON_DISK:
        raise SchemaError("error.too_large", {"source": path.name, "most": MOST_ON_DISK // 2**20})
    if zipfile.is_zipfile(path):
        _check_archive(path)
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "XLSX, XLS, ODS"}) from error
    found = [_table(name, rows) for name, rows in sheets if _filled(rows)]
    if not found:
        raise SchemaError("error.empty_file", {"source": path.name})
    return found


def _check_archive(path: Path) -> None:
    """Raises SchemaError when the archive would unpack to more than a spreadsheet has reason to."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise SchemaError("error.archive_bomb", {"source": path.name, "most": MOST_UNPACKED // 2**20})
            for entry in entries:
                _check_entry(archive, entry, path.name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "XLSX, ODS"}) from error


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: str) -> None:
    """Unpack one entry by pieces, never kept: its true size, and how large a grid its cells span."""
    sheet = entry.filename.startswith("xl/worksheets/") or entry.filename == "content.xml"
    cells, columns, last_row, size = 0, 1, 1, 0
    with archive.open(entry) as content:
        while piece := content.read(_CHUNK):
            size += len(piece)
            if size > min(entry.file_size, MOST_UNPACKED):
                raise SchemaError("error.archive_bomb", {"source": source, "most": MOST_UNPACKED // 2**20})
            if not sheet:
                continue
            if _REPEATED.search(piece):
                raise SchemaError("error.archive_bomb", {"source": source, "most": MOST_UNPACKED // 2**20})
            found = set(_CELL.findall(piece))
            cells += len(found)
            columns = max(columns, *(_column_number(letters) for letters, _ in found), 1)
            last_row = max(last_row, *(int(row) for _, row in found), 1)
    if columns > MOST_COLUMNS:
        raise SchemaError("error.too_many_columns", {"source": source, "count": columns, "most": MOST_COLUMNS})
    if columns * last_row > max(MOST_CELLS // 10, 50 * cells) or columns * last_row > MOST_CELLS:
        raise SchemaError("error.archive_bomb", {"source": source, "most": MOST_UNPACKED // 2**20})


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _filled(rows: Sequence[Sequence[object]]) -> bool:
    return any(cell not in {"", None} for row in rows for cell in row)


def _table(name: str, rows: Sequence[Sequence[object]]) -> Raw:
    """The rows under the first row that has at least half as many words as the widest one."""
    widest = max(sum(cell != "" for cell in row) for row in rows[:50])
    top = next((i for i, row in enumerate(rows[:50]) if sum(cell != "" for cell in row) * 2 >= widest), 0)
    headers = [_text(cell) or "" for cell in rows[top]]
    body = [row for row in rows[top + 1 :] if any(cell != "" for cell in row)]
    columns = [pa.array([_text(cell) for cell in column], pa.string()) for column in zip(*body, strict=True)]
    if not columns:
        raise SchemaError("error.header_only", {"source": name})
    return numbered(name, headers, pa.table(columns, names=[f"c{i}" for i in range(len(columns))]))


def _text(cell: object) -> str | None:
    """A cell as one would type it."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)
