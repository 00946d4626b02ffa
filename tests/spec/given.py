"""Tables written as text – columns parted by |, an empty place is null – as the Arrow rows a study reads.

Moments are what the clock at the centre showed; money is in minor units. What a table does not care about is filled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from dovolen.insight.facts import definitions
from dovolen.insight.schema import ARROW, TABLES, Tables

FILLED = {"customer_id": "1", "accepted_at": "2025-01-01 12:00"}
ONE_ORDER = "order_id\n1"


def parsed(text: str) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a text table, every cell as it is written."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return lines[0], lines[1:]


def tables(texts: Mapping[str, str], zone: str) -> Tables:
    """Canonical tables of the texts that bear their names; a centre without orders gets one."""
    given = {"orders": ONE_ORDER} | {name: text for name, text in texts.items() if name in TABLES}
    return Tables({name: _canonical(name, text, zone) for name, text in given.items()}, zone=zone)


def _canonical(table: str, text: str, zone: str) -> pa.Table:
    names, rows = parsed(text)
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    if table == "orders":
        days = "accepted_date" in columns
        columns = {
            name: [value] * len(rows) for name, value in FILLED.items() if not (days and name != "customer_id")
        } | (columns)
    return pa.table({name: _typed(table, name, cells, zone) for name, cells in columns.items()})


def _typed(table: str, name: str, cells: list[str], zone: str) -> pa.Array:
    column = TABLES[table].column(name)
    assert column, f"{table} has no column {name}"
    if column.kind == "id":
        return as_written(cells)
    return pa.array([_value(cell, column.kind, zone) for cell in cells], ARROW[column.kind])


def _value(cell: str, kind: str, zone: str) -> Any:
    if cell == "":
        return None
    if kind == "moment":
        return datetime.fromisoformat(cell).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return {"int": int, "money": int, "number": float, "date": date.fromisoformat, "flag": "yes".__eq__}.get(kind, str)(
        cell
    )


def as_view(name: str, text: str) -> pa.Table:
    """Rows in place of a view; columns that it gives and the text does not name are null."""
    names, rows = parsed(text)
    columns = {column: as_written([row[place] for row in rows]) for place, column in enumerate(names)}
    missing = [column for column in _gives(definitions()[name]) if column not in columns]
    return pa.table(columns | {column: pa.nulls(len(rows), pa.int64()) for column in missing})


def _gives(text: str) -> list[str]:
    head = " ".join(line[2:].strip() for line in text.splitlines() if line.startswith("--"))
    said = re.sub(r"\([^)]*\)", "", head.partition("Gives: ")[2])
    return re.findall(r"[a-z_0-9]+", said.partition(".")[0])


def as_written(cells: list[str]) -> pa.Array:
    """Whole numbers, days or words, as all the cells look."""
    filled = [cell for cell in cells if cell]
    for kind, looks in (("int", r"-?\d+"), ("number", r"-?\d+\.\d+"), ("date", r"\d{4}-\d\d-\d\d")):
        if filled and all(re.fullmatch(looks, cell) for cell in filled):
            return pa.array([_value(cell, kind, "UTC") for cell in cells], ARROW[kind])
    return pa.array([cell or None for cell in cells], pa.string())
