"""Which mapping a source is read by, and whether the source has what that mapping needs."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import replace
from pathlib import Path

from dovolen.insight.mapping import AMOUNT, Mapping, TableMapping, check_columns, grouping
from dovolen.insight.schema import TABLES, SchemaError
from dovolen.insight.sources import propose, reading
from dovolen.insight.sources.headers import nearest
from dovolen.insight.sources.reading import Raw

_SHOWN = 30


def chosen_mapping(
    source: str | Path,
    mapping: Mapping | None,
    *,
    columns: Dictionary[str, str] | None,
    group_by: tuple[str, ...] | None,
) -> tuple[list[Raw], Mapping]:
    """The tables read, and the mapping with what the caller overrides. Raises SchemaError naming all that misses."""
    raws = reading.read(source)
    chosen = mapping or propose.from_raws(raws, source)
    if columns:
        chosen = _with_columns(chosen, columns)
    if group_by:
        chosen = _grouped(chosen, grouping(group_by))
    return fitting(raws, chosen, source, written=mapping is not None and not mapping.preset)


def fitting(raws: list[Raw], chosen: Mapping, source: str | Path, *, written: bool) -> tuple[list[Raw], Mapping]:
    """The tables with those that the mapping joins, and the mapping as they have it. Raises: SchemaError."""
    check_columns(chosen)
    raws = raws + _joined(chosen, raws, source)
    if not chosen.layout:
        chosen = _with_headers_of(chosen, raws)
        _check_needed(chosen, raws, written=written)
    return raws, chosen


def table_of(raws: list[Raw], part: TableMapping) -> Raw:
    """The foreign table a part of the mapping reads: by its name, else the one that has most of its headers."""
    if part.file:
        wanted = part.file.lower()
        found = next((raw for raw in raws if wanted in {raw.name.lower(), raw.name.rsplit(".", 1)[0].lower()}), None)
        if found is None:
            raise SchemaError(
                "error.no_file_of_mapping", {"file": part.file, "seen": ", ".join(raw.name for raw in raws[:_SHOWN])}
            )
        return found
    headers = {header.lower() for several in part.columns.values() for header in several}
    return max(raws, key=lambda raw: len(headers & {header.lower() for header in raw.headers}))


def _with_columns(mapping: Mapping, columns: Dictionary[str, str]) -> Mapping:
    """The mapping with columns named on the command line: `customer_id=…` of orders, or `table.column=…`."""
    tables = {name: replace(part, columns=dict(part.columns)) for name, part in mapping.tables.items()}
    for name, header in columns.items():
        table, _, column = name.rpartition(".")
        table = table or ("lines" if mapping.group_by and name == "revenue" else "orders")
        column = AMOUNT if (table, column) == ("lines", "revenue") else column
        column = "accepted_at" if (table, column) == ("orders", "accepted_date") else column
        part = tables.setdefault(table, TableMapping(columns={}))
        tables[table] = replace(part, columns={**part.columns, column: (header,)})
        if column == "customer_id" and table == "orders" and "customers" in tables and not tables["customers"].file:
            tables["customers"] = replace(
                tables["customers"], columns={**tables["customers"].columns, column: (header,)}
            )
    return replace(mapping, tables=tables, preset=False)


def _grouped(mapping: Mapping, keys: tuple[str, ...]) -> Mapping:
    """The mapping with its rows taken as lines; what was the order's amount is the line's."""
    tables = dict(mapping.tables)
    lines = dict(tables["lines"].columns) if "lines" in tables else {}
    orders = dict(tables["orders"].columns) if "orders" in tables else {}
    if "revenue" in orders:
        lines.setdefault(AMOUNT, orders.pop("revenue"))
    tables["lines"] = TableMapping(columns=lines, values=tables["lines"].values if "lines" in tables else {})
    tables["orders"] = replace(tables.get("orders", TableMapping(columns={})), columns=orders)
    return replace(mapping, tables=tables, group_by=keys)


def _joined(mapping: Mapping, raws: list[Raw], source: str | Path) -> list[Raw]:
    """Files beside the source that the mapping joins by a plain name."""
    known = {name for raw in raws for name in (raw.name.lower(), raw.name.rsplit(".", 1)[0].lower())}
    wanted = [part.file for part in mapping.tables.values() if part.file and part.file.lower() not in known]
    found = []
    for name in dict.fromkeys(wanted):
        path = Path(source).parent / name
        if Path(name).name != name or not path.is_file():
            raise SchemaError(
                "error.no_file_of_mapping", {"file": name, "seen": ", ".join(raw.name for raw in raws[:_SHOWN])}
            )
        found += reading.read(path)
    return found


def _with_headers_of(mapping: Mapping, raws: list[Raw]) -> Mapping:
    """The mapping with headers in the source's letters; absent ones of a preset left out, else all in one error."""
    missing: list[str] = []
    tables = {}
    for name, part in mapping.tables.items():
        raw = table_of(raws, part)
        own = {header.lower(): header for header in raw.headers}
        columns = {}
        for column, headers in part.columns.items():
            found = tuple(own[header.lower()] for header in headers if header.lower() in own)
            if found:
                columns[column] = found
            elif not mapping.preset:
                near = nearest(column, name, raw.headers) if column != AMOUNT else []
                missing.append(f"{headers[0]} ({name}.{column})" + (f" – {' / '.join(near)}?" if near else ""))
        if columns:
            tables[name] = replace(part, columns=columns)
    if missing:
        raise SchemaError("error.no_headers", {"missing": "; ".join(missing), "seen": _seen(raws)})
    return replace(mapping, tables=tables)


def _check_needed(mapping: Mapping, raws: list[Raw], *, written: bool) -> None:
    """Raises SchemaError naming every needed column that is not mapped, with the headers that look nearest.

    Who wrote a mapping with outcomes and neither clients nor money means it: such a source has none.
    """
    missing = []
    if "customers" not in mapping.tables or "orders" in mapping.tables:
        orders = mapping.tables.get("orders", TableMapping(columns={})).columns
        wanted = [] if {"accepted_at", "accepted_date"} & orders.keys() else ["accepted_at"]
        telling = {"customer_id", "revenue", "outcome"} if written else {"customer_id", "revenue"}
        if not telling & orders.keys() and not mapping.group_by:
            wanted += ["customer_id", "revenue"]
        missing += [_named("orders", column, raws) for column in wanted]
    for name, part in mapping.tables.items():
        needed = [column.name for column in TABLES[name].columns if column.needed]
        given = part.columns.keys() | ({"order_id"} if mapping.group_by and name == "lines" else set())
        missing += [_named(name, column, raws) for column in needed if name != "orders" and column not in given]
    if missing:
        raise SchemaError("error.no_columns", {"missing": "; ".join(missing), "seen": _seen(raws)})


def _named(table: str, column: str, raws: list[Raw]) -> str:
    near = nearest(column, table, raws[0].headers)
    return f"{table}.{column}" + (f" ({' / '.join(near)}?)" if near else "")


def _seen(raws: list[Raw]) -> str:
    headers = list(dict.fromkeys(header for raw in raws for header in raw.headers if header))
    more = f" … (+{len(headers) - _SHOWN})" if len(headers) > _SHOWN else ""
    return ", ".join(header[:60] for header in headers[:_SHOWN]) + more
