"""Rows of a base in one form, whichever engine keeps them: read, counted, summed up, written to the other engine.

The form is JSON: moments are ISO in UTC, decimals and JSON are texts, bytes are base64. Equal rows give equal sums.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

Row = list[Any]
NOT_CARRIED = frozenset({"django_migrations", "django_session", "accounts_session", "core_beat", "core_word"})
"""Told by the migrations, made by the base itself, or of no use elsewhere: after a move everybody signs in again."""
BATCH = 2_000


@dataclass(frozen=True)
class Column:
    """A column and what it holds: int, bool, real, text, decimal, moment, day, time, json, bytes, uuid."""

    name: str
    kind: str


@dataclass(frozen=True)
class Sum:
    """How many rows, and the sum of their digests: in whatever order they come."""

    n: int = 0
    digest: int = 0

    def plus(self, row: Row) -> Sum:
        """The sum with one more row."""
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
        one = int.from_bytes(hashlib.blake2b(line, digest_size=16).digest(), "big")
        return Sum(self.n + 1, (self.digest + one) % 2**128)

    def __str__(self) -> str:
        return f"{self.n}:{self.digest:032x}"


class Source(Protocol):
    """Where rows are read from."""

    def tables(self) -> dict[str, list[Column]]:
        """Tables that are carried, with their columns in order of names."""

    def rows(self, table: str, columns: Sequence[Column]) -> Iterator[Row]:
        """All rows of a table in the common form."""


def sums(source: Source) -> dict[str, str]:
    """What the tables hold, for comparing."""
    return {table: str(summed(source.rows(table, columns))) for table, columns in source.tables().items()}


def summed(rows: Iterable[Row]) -> Sum:
    """The sum over rows."""
    total = Sum()
    for row in rows:
        total = total.plus(row)
    return total


def _listed(columns: Sequence[Column]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)


def _formed(row: Sequence[Any], forms: Sequence[Callable[[Any], Any] | None]) -> Row:
    pairs = zip(row, forms, strict=True)
    return [value if value is None or form is None else form(value) for value, form in pairs]


def _decimal(value: Decimal) -> str:
    """The same text for 1, 1.0 and 1.00: engines differ in the zeros they keep."""
    return f"{value.normalize():f}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# ── SQLite ───────────────────────────────────────────────────────────────────────────────────────────────────────────

SQLITE_KINDS = {
    "integer": "int", "bigint": "int", "smallint": "int", "integer unsigned": "int", "bigint unsigned": "int",
    "smallint unsigned": "int", "bool": "bool", "real": "real", "decimal": "decimal", "datetime": "moment",
    "date": "day", "time": "time", "blob": "bytes", "char(32)": "uuid",
}  # fmt: skip


class SqliteRows:
    """Rows of an SQLite base, through an open connection of the driver."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def tables(self) -> dict[str, list[Column]]:
        """Tables that are carried; those of a search index are made anew."""
        listed = self._connection.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
        names = {name for (name,) in listed} - NOT_CARRIED
        return {name: self._columns(name) for name in sorted(names) if not name.startswith("sqlite_")}

    def _columns(self, table: str) -> list[Column]:
        (made,) = self._connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
        found = []
        for _, name, declared, *_ in self._connection.execute(f'PRAGMA table_info("{table}")'):
            kind = SQLITE_KINDS.get(declared.lower().partition("(")[0], "text")
            kind = "uuid" if declared.lower() == "char(32)" else kind
            found.append(Column(name, "json" if f'JSON_VALID("{name}")' in made else kind))
        return sorted(found, key=lambda column: column.name)

    def rows(self, table: str, columns: Sequence[Column]) -> Iterator[Row]:
        """All rows of a table in the common form."""
        forms = [FROM_SQLITE.get(column.kind) for column in columns]
        for row in self._connection.execute(f'SELECT {_listed(columns)} FROM "{table}"'):
            yield _formed(row, forms)

    def write(self, table: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Fill an empty table."""
        forms = [TO_SQLITE.get(column.kind) for column in columns]
        places = ", ".join("?" for _ in columns)
        self._connection.executemany(
            f'INSERT INTO "{table}" ({_listed(columns)}) VALUES ({places})', (_formed(row, forms) for row in rows)
        )


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).isoformat()


FROM_SQLITE: dict[str, Callable[[Any], Any]] = {
    "bool": bool,
    "moment": _moment,
    "decimal": lambda value: _decimal(Decimal(str(value))),
    "real": float,
    "json": lambda text: _json(json.loads(text)),
    "bytes": lambda value: base64.b64encode(value).decode(),
}
TO_SQLITE: dict[str, Callable[[Any], Any]] = {
    "moment": lambda text: str(datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)),
    "bytes": base64.b64decode,
}


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────────────────

POSTGRES_KINDS = {
    "smallint": "int", "integer": "int", "bigint": "int", "boolean": "bool", "double precision": "real",
    "numeric": "decimal", "timestamp with time zone": "moment", "date": "day", "time without time zone": "time",
    "jsonb": "json", "bytea": "bytes", "uuid": "uuid",
}  # fmt: skip


class PostgresRows:
    """Rows of a PostgreSQL base, through an open connection of the driver."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def tables(self) -> dict[str, list[Column]]:
        """Tables that are carried."""
        listed = self._connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "JOIN information_schema.tables USING (table_schema, table_name) "
            "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' "
            'ORDER BY table_name, column_name COLLATE "C"'
        )
        found: dict[str, list[Column]] = {}
        for table, name, declared in listed:
            if table not in NOT_CARRIED:
                found.setdefault(table, []).append(Column(name, POSTGRES_KINDS.get(declared, "text")))
        return found

    def rows(self, table: str, columns: Sequence[Column]) -> Iterator[Row]:
        """All rows of a table in the common form, fetched piece by piece."""
        forms = [FROM_POSTGRES.get(column.kind) for column in columns]
        with self._connection.cursor(name=f"carry_{table}") as cursor:
            cursor.itersize = BATCH
            for row in cursor.execute(f'SELECT {_listed(columns)} FROM "{table}"'):
                yield _formed(row, forms)

    def write(self, table: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Fill an empty table, and let its counters go on after what it holds."""
        forms = [TO_POSTGRES.get(column.kind) for column in columns]
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({_listed(columns)}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(_formed(row, forms))
        for column in columns:
            if column.kind == "int":
                self._connection.execute(GO_ON.format(table=table, column=column.name), [f'"{table}"', column.name])


GO_ON = """
SELECT setval(counter, (SELECT max("{column}") FROM "{table}"))
FROM (SELECT pg_get_serial_sequence(%s, %s) AS counter) AS found
WHERE counter IS NOT NULL AND EXISTS (SELECT 1 FROM "{table}")
"""
FROM_POSTGRES: dict[str, Callable[[Any], Any]] = {
    "moment": lambda value: value.astimezone(UTC).isoformat(),
    "day": date.isoformat,
    "time": time.isoformat,
    "decimal": _decimal,
    "json": lambda value: _json(value if not isinstance(value, str) else json.loads(value)),
    "bytes": lambda value: base64.b64encode(value).decode(),
    "uuid": lambda value: value.hex,
}
TO_POSTGRES: dict[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "bool": lambda value: "t" if value else "f",
}
