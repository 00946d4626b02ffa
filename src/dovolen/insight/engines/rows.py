"""Rows as every engine gives them back: the same few Arrow types, whatever its own are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.types as is_

if TYPE_CHECKING:
    import pyarrow.dataset as ds

_MOMENT = pa.timestamp("us", tz="UTC")


def canonical(rows: pa.Table) -> pa.Table:
    """`rows` with whole numbers as int64, others as float64, texts as string, times in microseconds of UTC."""
    schema = pa.schema([pa.field(column.name, _type(column.type)) for column in rows.schema])
    return rows if rows.schema.equals(schema) else rows.cast(schema)


def _type(kind: pa.DataType) -> pa.DataType:
    if is_.is_dictionary(kind):
        kind = kind.value_type
    if is_.is_integer(kind) or (is_.is_decimal(kind) and kind.scale == 0):
        return pa.int64()
    if is_.is_floating(kind) or is_.is_decimal(kind):
        return pa.float64()
    if is_.is_large_string(kind) or is_.is_string_view(kind) or is_.is_binary(kind):
        return pa.string()
    if is_.is_timestamp(kind):
        return pa.timestamp("us") if kind.tz is None else _MOMENT
    return pa.date32() if is_.is_date(kind) else kind


def without_zone(rows: pa.Table) -> pa.Table:
    """`rows` with moments of UTC written plainly, as the views make them: ClickHouse does not tell the two apart."""
    plain = [
        pa.field(column.name, pa.timestamp("us") if is_.is_timestamp(column.type) else column.type)
        for column in rows.schema
    ]
    return rows.cast(pa.schema(plain))


def kinds(schema: pa.Schema) -> dict[str, str]:
    """Canonical kind of each column."""
    return {column.name: _kind(column.type) for column in schema}


def _kind(kind: pa.DataType) -> str:
    kind = _type(kind)
    if is_.is_timestamp(kind):
        return "moment"
    return {pa.int64(): "int", pa.float64(): "number", pa.date32(): "date", pa.bool_(): "flag"}.get(kind, "text")


def schema_of(data: pa.Table | Path) -> pa.Schema:
    """Columns of `data` in canonical types."""
    return canonical(_pieces(data).schema.empty_table()).schema


def batches(data: pa.Table | Path) -> Iterator[pa.RecordBatch]:
    """`data` in canonical types, a piece at a time, so that a large file never stands in memory whole."""
    for batch in _pieces(data).to_batches():
        yield from canonical(pa.Table.from_batches([batch])).to_batches()


def _pieces(data: pa.Table | Path) -> pa.Table | ds.Dataset:
    if isinstance(data, pa.Table):
        return data
    import pyarrow.dataset as ds  # a third of the memory at start, and only Parquet needs it

    return ds.dataset(data, format="parquet")
