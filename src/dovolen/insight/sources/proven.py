"""Parquet that is already in canonical columns and types: passed on by its path, never copied."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dovolen.insight.schema import ARROW, TABLES, SchemaError, Tables
from dovolen.insight.sources.settings import check_currency, check_zone


def canonical_paths(source: str | Path) -> dict[str, Path]:
    """Canonical table → its Parquet, where all of the source is such; empty where anything must be read another way."""
    path = Path(source)
    if "://" in str(source) or not path.exists():
        return {}
    if path.is_file():
        return {"orders": path} if path.suffix.lower() == ".parquet" and is_canonical(path, "orders") else {}
    named = {entry.stem: entry for entry in sorted(path.iterdir()) if entry.stem in TABLES and _is_parquet(entry)}
    if not named and any(path.glob("*.parquet")) and is_canonical(path, "orders"):
        return {"orders": path}
    return named if "orders" in named and all(is_canonical(entry, table) for table, entry in named.items()) else {}


def _is_parquet(entry: Path) -> bool:
    return entry.suffix.lower() == ".parquet" or (entry.is_dir() and any(entry.glob("*.parquet")))


def parquet_schema(path: Path) -> pa.Schema:
    """Columns of a Parquet file, or of the earliest one in a folder."""
    return pq.read_schema(next(iter(sorted(path.rglob("*.parquet"))), path) if path.is_dir() else path)


def is_canonical(path: Path, table: str) -> bool:
    """Whether a Parquet file or folder has the needed columns of `table`, and canonical types in canonical columns."""
    try:
        return has_canonical_types(parquet_schema(path), table)
    except (pa.ArrowInvalid, OSError):
        return False


def has_canonical_types(schema: pa.Schema, table: str) -> bool:
    """The same for a schema. Orders also need a day or a moment, and a client or an amount."""
    names = set(schema.names)
    if table == "orders":
        complete = bool({"accepted_at", "accepted_date"} & names) and bool({"customer_id", "revenue"} & names)
    else:
        complete = all(column.name in names for column in TABLES[table].columns if column.needed)
    known = [(column.kind, schema.field(column.name).type) for column in TABLES[table].columns if column.name in names]
    return complete and all(_fits(kind, found) for kind, found in known)


def _fits(kind: str, found: pa.DataType) -> bool:
    if kind == "id":
        return found in {pa.int64(), pa.string(), pa.large_string()}
    if kind == "text":
        return found in {pa.string(), pa.large_string()} or pa.types.is_dictionary(found)
    if kind == "moment":
        return bool(pa.types.is_timestamp(found) and found.tz)
    return bool(found == ARROW[kind])


def as_they_are(paths: dict[str, Path], currency: str | None, zone: str | None) -> Tables:
    """Tables that are only paths; their currency and zone stand in `centres` where there is such a table."""
    told = _of_centres(paths.get("centres"))
    found_currency, found_zone = currency or told.get("currency"), zone or told.get("zone")
    check_currency(found_currency)
    check_zone(found_zone)
    ignored = tuple(
        f"{table}.{name}"
        for table, path in paths.items()
        for name in parquet_schema(path).names
        if not TABLES[table].column(name)
    )
    return Tables(
        data=dict(paths),
        currency=found_currency or "RUB",
        zone=found_zone or "Europe/Moscow",
        currency_from="given" if currency else "mapping" if told.get("currency") else "default",
        zone_from="given" if zone else "mapping" if told.get("zone") else "default",
        ignored_columns=ignored,
    )


def _of_centres(path: Path | None) -> dict[str, str]:
    """The one currency and the commonest zone of the centres. Raises SchemaError for several currencies."""
    if path is None:
        return {}
    rows = pq.read_table(path).to_pydict()
    currencies = sorted({word for word in rows.get("currency", []) if word})
    zones = [word for word in rows.get("zone", []) if word]
    if len(currencies) > 1:
        raise SchemaError("error.two_currencies", {"currencies": ", ".join(currencies)})
    told = {"currency": currencies[0]} if currencies else {}
    return told | ({"zone": max(sorted(set(zones)), key=zones.count)} if zones else {})
