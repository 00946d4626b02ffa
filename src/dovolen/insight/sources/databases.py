"""Tables of SQLite, DuckDB and PostgreSQL, opened for reading only."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.csv as arrow_csv

from dovolen.insight.schema import SchemaError
from dovolen.insight.sources import archives
from dovolen.insight.sources.reading import Raw, numbered

if TYPE_CHECKING:
    import psycopg  # loaded only for a PostgreSQL source

_FIRST_ROWS, _MOST_AT_ONCE, _BYTES_AT_ONCE = 8, 5_000, 16 * 2**20
_MOST_TABLES = 500
_LONGEST_CELL = 16 * 2**20
_FREE_TEXT, _MOST_GROWTH = 32 * 2**20, 8
"""Letters that a file may give whatever its size; beyond them no more than so many for each of its bytes."""


def sqlite(path: Path) -> list[Raw]:
    """Tables of an SQLite file; its own code (views, functions, triggers, columns that are made up) is not trusted."""
    budget = max(_FREE_TEXT, _MOST_GROWTH * path.stat().st_size)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.execute("PRAGMA trusted_schema=OFF")
            base.execute("PRAGMA query_only=ON")
            base.execute("PRAGMA cell_size_check=ON")
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
            base.text_factory = lambda raw: raw.decode("utf-8", "replace")
            names = [
                row[0]
                for row in base.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                    "AND rootpage > 0 ORDER BY 1"
                )
            ]
            found = []
            for name in names[:_MOST_TABLES]:
                raw, spent = _sqlite_table(base, name, budget, path.name)
                budget -= spent
                found += [raw] if raw else []
    except (sqlite3.Error, MemoryError) as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "SQLite"}) from error
    return _some(found, path.name)


def _sqlite_table(base: sqlite3.Connection, name: str, budget: int, source: str) -> tuple[Raw | None, int]:
    """A table and how many letters it has. Raises SchemaError when these are more than the file may give."""
    headers = [row[1] for row in base.execute(f"PRAGMA table_xinfo({_quoted(name)})") if not row[6]]
    cursor = base.execute(f"SELECT {', '.join(map(_quoted, headers))} FROM {_quoted(name)}")
    batches: list[pa.Table] = []
    spent, n = 0, _FIRST_ROWS if headers else 0
    while rows := cursor.fetchmany(n):
        columns = [pa.array([_word(cell) for cell in column], pa.string()) for column in zip(*rows, strict=True)]
        batches.append(pa.table(columns, names=[f"c{i}" for i in range(len(columns))]))
        size = batches[-1].nbytes
        spent, n = spent + size, max(1, min(_MOST_AT_ONCE, 4 * n, _BYTES_AT_ONCE * len(rows) // (size + 1)))
        if spent > budget:
            raise archives.bomb(source)
    return (numbered(name, headers, pa.concat_tables(batches)) if batches else None), spent


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
