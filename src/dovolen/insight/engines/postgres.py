"""PostgreSQL: the views live in a schema of their own that is dropped with the session."""

from __future__ import annotations

import io
import secrets
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.types as is_
from pyarrow import csv

from dovolen.insight.engines.dialect import translated
from dovolen.insight.engines.rows import batches, canonical, kinds, schema_of
from dovolen.insight.engines.text import name_literal, text_literal

_TYPES = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE PRECISION",
    pa.date32(): "DATE",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us"): "TIMESTAMP",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}

# Texts compare by their bytes, as on the other engines, whatever the language of the base. The second of these
# (PostgreSQL 17 and later) also knows small letters beyond ASCII.
_COLLATION = "SELECT max(collname) FROM pg_collation WHERE collname IN ('C', 'pg_c_utf8')"

_ARROW = {
    "bool": pa.bool_(),
    "int2": pa.int64(),
    "int4": pa.int64(),
    "int8": pa.int64(),
    "float4": pa.float64(),
    "float8": pa.float64(),
    "numeric": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", tz="UTC"),
}

_BLOCK = 64 << 20


class Postgres:
    """A session on a PostgreSQL base, in UTC. Rows travel by COPY."""

    name = "postgres"

    def __init__(self, url: str) -> None:
        self._schema = f"dovolen_{secrets.token_hex(6)}"
        try:
            # Nothing is prepared: a view replaced under a prepared query would refuse it.
            self._base = psycopg.connect(url, autocommit=True, application_name="dovolen", prepare_threshold=None)
            self._run(f"CREATE SCHEMA {self._schema}")
        except psycopg.OperationalError as error:
            raise ConnectionError(f"PostgreSQL does not answer: {error}") from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise ConnectionError(
                "PostgreSQL: this user needs CREATE on the base, for a schema while we work"
            ) from error
        self._run("SET TimeZone = 'UTC'")
        self._run("SET DateStyle = 'ISO'")
        self._run(f"SET search_path = {self._schema}, {self._value('SHOW search_path')}")
        self._collate = f'COLLATE "{self._value(_COLLATION)}"'
        self._loaded: dict[str, pa.Table | Path | str] = {}

    def load(self, table: str, data: pa.Table | Path | str) -> None:
        """Give `data` the name `table`: Arrow rows or Parquet are copied in, a name is a table of the base."""
        if self._loaded.get(table) is data:
            return
        self._loaded[table] = data
        name = f"{self._schema}.{name_literal(table)}"
        if isinstance(data, str):
            self._replace(table, f"CREATE VIEW {name} AS SELECT {self._columns_of(data)} FROM {_dotted(data)}")
            return
        schema = schema_of(data)
        columns = ", ".join(
            f"{name_literal(column.name)} {_TYPES.get(column.type, f'TEXT {self._collate}')}" for column in schema
        )
        self._replace(table, f"CREATE UNLOGGED TABLE {name} ({columns})")
        with self._base.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)".encode()) as copy:
            for batch in batches(data):
                text = io.BytesIO()
                csv.write_csv(batch, text, csv.WriteOptions(include_header=False))
                copy.write(text.getbuffer())
        self._run(f"ANALYZE {name}")

    def create(self, view: str, sql: str, *, keep: bool) -> None:
        """Name the result of `sql` `view`; `keep` computes it once, now."""
        name = f"{self._schema}.{name_literal(view)}"
        kind = "UNLOGGED TABLE" if keep else "VIEW"
        self._loaded.pop(view, None)
        self._replace(view, f"CREATE {kind} {name} AS {translated(sql, 'postgres')}")
        if keep:
            self._run(f"ANALYZE {name}")

    def fetch(self, sql: str) -> pa.Table:
        """The rows of `sql`."""
        query = translated(sql, "postgres")
        schema = self._described(query)
        text = io.BytesIO()
        with (
            self._base.cursor() as cursor,
            cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)".encode()) as copy,
        ):
            for piece in copy:
                text.write(piece)
        return canonical(_parsed(text.getvalue(), schema))

    def columns(self, table: str) -> dict[str, str]:
        """Canonical kind of each column of `table`."""
        return kinds(self._described(f"SELECT * FROM {name_literal(table)}"))

    def close(self) -> None:
        """Drop what this session made."""
        if not self._base.closed:
            self._run("SET client_min_messages = warning")
            self._run(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")
            self._base.close()

    def _run(self, statement: str) -> None:
        self._base.execute(statement.encode())

    def _value(self, query: str) -> str:
        row = self._base.execute(query.encode()).fetchone()
        return str(row[0]) if row else ""

    def _replace(self, name: str, statement: str) -> None:
        """Run `statement` that makes `name`; what bore the name before stays, set aside, for views that read it."""
        self._run(
            "DO $$ BEGIN IF to_regclass({0}) IS NOT NULL THEN EXECUTE format('ALTER TABLE %s RENAME TO %I', "
            "to_regclass({0}), {1}); END IF; END $$".format(
                text_literal(f"{self._schema}.{name_literal(name)}"), text_literal(f"aside_{secrets.token_hex(6)}")
            )
        )
        self._run(statement)

    def _described(self, query: str) -> pa.Schema:
        cursor = self._base.execute(f"SELECT * FROM ({query}) AS described LIMIT 0".encode())
        types = self._base.adapters.types
        fields = []
        for column in cursor.description or ():
            known = types.get(column.type_code)
            fields.append((column.name, _ARROW.get(known.name if known else "", pa.string())))
        return pa.schema(fields)

    def _columns_of(self, table: str) -> str:
        """The columns of a table of the base, its texts made to compare by their bytes."""
        names = []
        for column in self._described(f"SELECT * FROM {_dotted(table)}"):
            name = name_literal(column.name)
            names.append(f"CAST({name} AS TEXT) {self._collate} AS {name}" if is_.is_string(column.type) else name)
        return ", ".join(names)


def _dotted(name: str) -> str:
    """`schema.table` with each part in quotes."""
    return ".".join(name_literal(part) for part in name.split("."))


def _parsed(text: bytes, schema: pa.Schema) -> pa.Table:
    """Rows from what COPY wrote: every value in quotes, so that nothing between commas is null."""
    if not text:
        return schema.empty_table()
    return csv.read_csv(
        io.BytesIO(text),
        csv.ReadOptions(column_names=schema.names, block_size=_BLOCK),
        csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),  # an empty line is a single null
        csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
