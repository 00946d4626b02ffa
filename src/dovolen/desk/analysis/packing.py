"""Rows of a sheet as a snapshot keeps them: JSON packed by zlib, days as ISO text."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

OF_DAYS = ("date", "month")
"""Units of columns that hold days; a period told as text («2026-Q1») stays text."""
WHOLE_DAY = len("2026-11-22")


def packed(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as bytes."""
    told = json.dumps([[plain(value) for value in row] for row in rows], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(told.encode())


def unpacked(data: bytes | memoryview, columns: Sequence[Sequence[str]]) -> list[tuple[Any, ...]]:
    """Rows again, days as days."""
    rows = json.loads(zlib.decompress(bytes(data)))
    days = [place for place, (_, unit) in enumerate(columns) if unit in OF_DAYS]
    for row in rows:
        for place in days:
            row[place] = as_day(row[place])
    return [tuple(row) for row in rows]


def as_day(value: Any) -> Any:
    """ISO text of a day as that day; anything else as it is."""
    if isinstance(value, str) and len(value) == WHOLE_DAY and value[4] == value[7] == "-":
        return date.fromisoformat(value)
    return value


def plain(value: Any) -> Any:
    """A value as JSON has it: days and moments as ISO text, no number that is none."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value
