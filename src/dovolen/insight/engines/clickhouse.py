"""ClickHouse: inside the process (`chdb://`) or a server (`clickhouse://user:password@host:port/base`)."""

from __future__ import annotations

import secrets
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from dovolen.insight.engines.dialect import translated
from dovolen.insight.engines.rows import batches, canonical, kinds, schema_of, without_zone
from dovolen.insight.engines.text import name_literal, text_literal

_SETTINGS: dict[str, str | int] = {
    "session_timezone": "UTC",
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "prefer_column_name_to_alias": 1,  # SUM(revenue) AS revenue beside another use of the column
    "union_default_mode": "DISTINCT",
    "enable_extended_results_for_datetime_functions": 1,  # the week of a day is a Date32 too
    "data_type_default_nullable": 1,
}

_TYPES = {
    pa.int64(): "Int64",
    pa.float64(): "Float64",
    pa.date32(): "Date32",
    pa.bool_(): "Bool",
    pa.timestamp("us"): "DateTime64(6, 'UTC')",
    pa.timestamp("us", tz="UTC"): "DateTime64(6, 'UTC')",
}


class _Base(Protocol):
    """What the engine asks of a connection."""

    def run(self, statement: str) -> None: ...
    def rows(self, query: str) -> pa.Table: ...
    def insert(self, table: str, rows: pa.Table) -> None: ...
    def close(self) -> None: ...


class _Embedded:
    """chdb: ClickHouse as a library. One session lives in a process at a time."""

    def __init__(self) -> None:
        from chdb.session import Session

        self._session = Session()
        for setting, value in _SETTINGS.items():
            self.run(f"SET {setting} = {text_literal(value) if isinstance(value, str) else value}")

    def run(self, statement: str) -> None:
        self._session.query(statement)

    def rows(self, query: str) -> pa.Table:
        found = self._session.query(query, "ArrowStream").bytes()
        return pa.ipc.open_stream(found).read_all() if found else pa.table({})

    def insert(self, table: str, rows: pa.Table) -> None:
        with tempfile.TemporaryDirectory(prefix="dovolen-") as folder:
            path = Path(folder) / "rows.parquet"
            pq.write_table(rows, path, compression="none")
            self.run(f"INSERT INTO {table} SELECT * FROM file({text_literal(str(path))}, 'Parquet')")

    def close(self) -> None:
        self._session.close()


class _Server:
    """A ClickHouse server over HTTP. A session keeps its own base as the current one."""

    def __init__(self, url: str) -> None:
        self._client = import_module("clickhouse_connect").get_client(dsn=url, settings=dict(_SETTINGS))

    def run(self, statement: str) -> None:
        self._client.command(statement)

    def rows(self, query: str) -> pa.Table:
        found: pa.Table = self._client.query_arrow(query)
        return found

    def insert(self, table: str, rows: pa.Table) -> None:
        self._client.insert_arrow(table, rows)

    def close(self) -> None:
        self._client.close()


class ClickHouse:
    """A session in a base of its own, dropped at the end. Times are UTC."""

    name = "clickhouse"

    def __init__(self, url: str) -> None:
        self._base: _Base = _Embedded() if url.startswith("chdb") else _Server(url)
        self._own = f"dovolen_{secrets.token_hex(6)}"
        self._embedded = isinstance(self._base, _Embedded)
        self._loaded: dict[str, pa.Table | Path | str] = {}
        self._base.run(f"CREATE DATABASE {self._own}")
        self._base.run(f"USE {self._own}")

    def load(self, table: str, data: pa.Table | Path | str) -> None:
        """Give `data` the name `table`: Arrow rows are copied in, Parquet is read in place by the embedded engine."""
        if self._loaded.get(table) is data:
            return
        self._loaded[table] = data
        name = self._name(table)
        if isinstance(data, str):
            self._replace(table, f"CREATE VIEW {name} AS SELECT * FROM {_dotted(data)}")
        elif isinstance(data, Path) and self._embedded:
            place = f"{data}/**/*.parquet" if data.is_dir() else str(data)
            self._replace(table, f"CREATE VIEW {name} AS SELECT * FROM file({text_literal(place)}, 'Parquet')")
        else:
            schema = schema_of(data)
            columns = (f"{name_literal(item.name)} Nullable({_TYPES.get(item.type, 'String')})" for item in schema)
            self._replace(table, f"CREATE TABLE {name} ({', '.join(columns)}) ENGINE = Memory")
            for batch in [data.cast(schema)] if isinstance(data, pa.Table) else map(_table, batches(data)):
                self._base.insert(name, batch)

    def create(self, view: str, sql: str, *, keep: bool) -> None:
        """Name the result of `sql` `view`; `keep` computes it once, now."""
        name, text = self._name(view), translated(sql, "clickhouse")
        self._loaded.pop(view, None)
        made = f"TABLE {name} ENGINE = Memory" if keep else f"VIEW {name}"
        self._replace(view, f"CREATE {made} AS {text}")

    def fetch(self, sql: str) -> pa.Table:
        """The rows of `sql`; moments are UTC without a zone, whatever they were."""
        return without_zone(canonical(self._base.rows(translated(sql, "clickhouse"))))

    def columns(self, table: str) -> dict[str, str]:
        """Canonical kind of each column of `table`."""
        return kinds(self._base.rows(f"SELECT * FROM {self._name(table)} LIMIT 0").schema)

    def close(self) -> None:
        """Drop what this session made."""
        self._base.run(f"DROP DATABASE IF EXISTS {self._own}")
        self._base.close()

    def _name(self, table: str) -> str:
        return f"{self._own}.{name_literal(table)}"

    def _replace(self, table: str, statement: str) -> None:
        """Run `statement` that makes `table`, which an earlier view or table may hold."""
        self._base.run(f"DROP TABLE IF EXISTS {self._name(table)}")
        self._base.run(statement)


def _table(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch])


def _dotted(name: str) -> str:
    """`base.table` with each part in quotes."""
    return ".".join(name_literal(part) for part in name.split("."))
