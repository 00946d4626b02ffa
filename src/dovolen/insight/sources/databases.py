"""Tables of SQLite, DuckDB and PostgreSQL, opened for reading only."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.csv as arrow_csv

from dovolen.insight.schema import SchemaError
from dovolen.insight.sources.reading import Raw, numbered

if TYPE_CHECKING:
    import psycopg  # loaded only for a PostgreSQL source

_BATCH = 50_000
_MOST_TABLES = 500


def sqlite(path: Path) -> list[Raw]:
    """Tables of an SQLite file; its own code (views' functions, triggers) is not trusted."""
    try:
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        base.execute("PRAGMA trusted_schema=OFF")
        base.execute("PRAGMA query_only=ON")
        base.text_factory = lambda raw: raw.decode("utf-8", "replace")
        names = [
            row[0]
            for row in base.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            )
        ]
        found = [raw for name in names[:_MOST_TABLES] if (raw := _sqlite_table(base, name))]
    except sqlite3.Error as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "SQLite"}) from error
    return _some(found, path.name)


def _sqlite_table(base: sqlite3.Connection, name: str) -> Raw | None:
    cursor = base.execute(f"SELECT * FROM {_quoted(name)}")
    headers = [column[0] for column in cursor.description]
    batches: list[pa.Table] = []
    while rows := cursor.fetchmany(_BATCH):
        columns = [pa.array([_word(cell) for cell in column], pa.string()) for column in zip(*rows, strict=True)]
        batches.append(pa.table(columns, names=[f"c{i}" for i in range(len(columns))]))
    return numbered(name, headers, pa.concat_tables(batches)) if batches else None


def _word(cell: object) -> str | None:
    if isinstance(cell, bytes):
        return None
    return cell if cell is None or isinstance(cell, str) else str(cell)


def duck(path: Path) -> list[Raw]:
    """Tables of a DuckDB file, with everything outside it closed."""
    try:
        with duckdb.connect(str(path), read_only=True, config={"enable_external_access": False}) as base:
            base.execute("SET TimeZone = 'UTC'")
            names = [
                row[0]
                for row in base.execute(
                    "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
                ).fetchall()
            ]
            tables = {
                name: base.sql(f"SELECT * FROM {_quoted(name)}").to_arrow_table() for name in names[:_MOST_TABLES]
            }
    except duckdb.Error as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "DuckDB"}) from error
    return _some([numbered(name, rows.column_names, rows) for name, rows in tables.items() if rows.num_rows], path.name)


_POSTGRES_TYPES = {
    "smallint": pa.int64(),
    "integer": pa.int64(),
    "bigint": pa.int64(),
    "double precision": pa.float64(),
    "real": pa.float64(),
    "numeric": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "timestamp without time zone": pa.timestamp("us"),
    "timestamp with time zone": pa.timestamp("us", tz="UTC"),
}


def postgres(address: str) -> list[Raw]:
    """Tables of the schemas on the search path of a PostgreSQL database, in one read-only transaction."""
    import psycopg

    try:
        with psycopg.connect(address, connect_timeout=10) as base:
            base.read_only = True
            base.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'")
            columns: dict[str, list[tuple[str, str]]] = {}
            for table, column, kind in base.execute(
                "SELECT table_name, column_name, data_type FROM information_schema.columns "
                "WHERE table_schema = ANY (current_schemas(false)) ORDER BY table_name, ordinal_position"
            ):
                columns.setdefault(table, []).append((column, kind))
            found = [
                _postgres_table(base.cursor(), name, kinds) for name, kinds in list(columns.items())[:_MOST_TABLES]
            ]
    except psycopg.Error as error:
        raise SchemaError("error.no_database", {"reason": str(error).strip().splitlines()[0]}) from error
    return _some([raw for raw in found if raw], "PostgreSQL")


def _postgres_table(cursor: psycopg.Cursor[Any], name: str, kinds: list[tuple[str, str]]) -> Raw | None:
    """One table through COPY."""
    buffer = io.BytesIO()
    with cursor.copy(f"COPY (SELECT * FROM {_quoted(name)}) TO STDOUT (FORMAT csv)") as copy:
        for piece in copy:
            buffer.write(piece)
    if not buffer.tell():
        return None
    buffer.seek(0)
    names = [f"c{i}" for i in range(len(kinds))]
    types = {names[i]: _POSTGRES_TYPES.get(kind, pa.string()) for i, (_, kind) in enumerate(kinds)}
    rows = arrow_csv.read_csv(
        buffer,
        read_options=arrow_csv.ReadOptions(column_names=names),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types, null_values=[""], true_values=["t"], false_values=["f"], strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )  # fmt: skip
    return numbered(name, [column for column, _ in kinds], rows)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _some(found: list[Raw], source: str) -> list[Raw]:
    if not found:
        raise SchemaError("error.no_rows", {"source": source})
    return found
