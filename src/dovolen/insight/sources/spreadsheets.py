"""XLSX, XLS and ODS through calamine, after a look into the archive: what unpacks beyond measure is refused unread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from dovolen.insight.schema import SchemaError
from dovolen.insight.sources import archives, compound
from dovolen.insight.sources.reading import Raw, numbered

MOST_ON_DISK = 200 * 2**20
_ROWS_AT_ONCE = 20_000
_LOOKED_AT = 50
_OLE = b"\xd0\xcf\x11\xe0"


def read(path: Path) -> list[Raw]:
    """Every sheet that holds a table."""
    import python_calamine as calamine

    if path.stat().st_size > MOST_ON_DISK:
        raise SchemaError("error.too_large", {"source": path.name, "most": MOST_ON_DISK // 2**20})
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLE:
        compound.check(path)
    else:
        archives.check(path)
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        found = [raw for name in book.sheet_names if (raw := _table(name, book.get_sheet_by_name(name)))]
    except (calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, SchemaError):
            raise
        raise SchemaError("error.damaged", {"source": path.name, "kind": "XLSX, XLS, ODS"}) from error
    if not found:
        raise SchemaError("error.empty_file", {"source": path.name})
    return found


def _table(name: str, sheet: Any) -> Raw | None:
    """The rows under the first row that has at least half as many words as the widest one; taken a few at a time."""
    if sheet.total_height * sheet.total_width > archives.MOST_CELLS:
        raise archives.bomb(name)
    rows = iter(sheet.iter_rows())
    looked = list(islice(rows, _LOOKED_AT))
    widest = max((sum(cell != "" for cell in row) for row in looked), default=0)
    if not widest:
        looked = list(islice((row for row in rows if _is_filled(row)), _LOOKED_AT))
        widest = max((sum(cell != "" for cell in row) for row in looked), default=0)
    if not widest:
        return None
    top = next((i for i, row in enumerate(looked) if sum(cell != "" for cell in row) * 2 >= widest), 0)
    headers = [_text(cell) or "" for cell in looked[top]]
    body = (row for row in chain(looked[top + 1 :], rows) if _is_filled(row))
    names = [f"c{i}" for i in range(len(headers))]
    batches = []
    while several := list(islice(body, _ROWS_AT_ONCE)):
        columns = [pa.array(_texts(column), pa.string()) for column in zip(*several, strict=True)]
        batches.append(pa.table(columns, names=names))
    if not batches:
        raise SchemaError("error.header_only", {"source": name})
    return numbered(name, headers, pa.concat_tables(batches))


def _is_filled(row: Sequence[object]) -> bool:
    return any(row) or any(cell not in {"", None} for cell in row)


def _texts(column: Sequence[object]) -> list[str | None]:
    """Cells of a column; most hold nothing but text, as it is."""
    if set(map(type, column)) == {str}:
        return [str(cell) or None for cell in column]
    return [_text(cell) for cell in column]


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
