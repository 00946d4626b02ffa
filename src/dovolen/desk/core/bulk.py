"""Many rows of a table at once, as tuples: several times faster than the ORM writes them.

Constraints are the base's own. Checks and defaults that Python gives do not run: whoever calls gives whole rows, with
moments as text in UTC and JSON as text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

Row = Sequence[Any]
PLAIN = re.compile(r"[a-z0-9_:. {}\[\]+-]{0,40}", re.ASCII)
"""Texts that may stand in a statement themselves: words of ours, moments, empty values."""
MANY = 50
"""Rows from which on it is worth while to look for columns in which all of them are alike."""


def keys(model: type[models.Model], n: int) -> list[int]:
    """Keys for so many new rows, ours from now on. On SQLite they are until the transaction ends: nobody else writes.

    Raises: ValueError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise ValueError("keys are given in the transaction that uses them")
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            named = f'"{table}"'
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [named, n])
            return [key for (key,) in cursor.fetchall()]
        cursor.execute(
            f'SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0), '
            f'coalesce((SELECT max(id) FROM "{table}"), 0))', [table],
        )  # fmt: skip
        (last,) = cursor.fetchone()
    return list(range(last + 1, last + n + 1))


def insert(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Row], same: Mapping[str, Any] | None = None
) -> None:
    """Write rows: `names` are columns as the model has them (`customer_id`), `same` what all rows have in common.

    What neither names has the default of its field. Rows that are there already are left out by `ON CONFLICT`-less
    tables only: a double raises IntegrityError.
    """
    fixed = _rest(model, names) | dict(same or {})
    columns = [_column(model, name) for name in (*names, *fixed)]
    tail = tuple(_adapted(value) for value in fixed.values())
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        whole = [(*row, *tail) for row in rows]
        if whole:
            listed = ", ".join(f'"{column}"' for column in columns)
            with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
                for row in whole:
                    copy.write_row(row)
        return
    _insert_sqlite(table, columns, list(rows), tail)


def _insert_sqlite(table: str, columns: Sequence[str], rows: Sequence[Row], tail: Row) -> None:
    """One statement for all rows; what is alike in all of them stands in it: a value costs half a µs to bind."""
    if not rows:
        return
    given: list[Sequence[Any]] = list(zip(*rows, strict=True))
    given += [[value] * len(rows) for value in tail]
    literals = [_literal(column) if len(rows) >= MANY else None for column in given]
    if all(literals):
        literals[0] = None  # a row has to be told apart by something
    values = ", ".join("%s" if one is None else one for one in literals)
    bound = [column for column, one in zip(given, literals, strict=True) if one is None]
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({values})', list(zip(*bound, strict=True)))


def _literal(column: Sequence[Any]) -> str | None:
    """The one value of a column as SQL writes it; None where values differ, or where it is a text of people."""
    first = column[0]
    if first is None:
        return "NULL" if column.count(None) == len(column) else None
    if column.count(first) < len(column):
        return None
    if isinstance(first, int):
        return str(int(first))
    return f"'{first}'" if isinstance(first, str) and PLAIN.fullmatch(first) else None


def insert_at_once(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[str | int]]) -> None:
    """The same by one statement: for a table whose triggers write trigrams.

    Inside of a savepoint FTS5 writes all it holds to the disk before each statement: rows that come by a statement each
    cost several times as much.
    """
    if connection.vendor != "sqlite":
        insert(model, names, rows)
        return
    listed = ", ".join(f'"{_column(model, name)}"' for name in names)
    values = ", ".join(f"value ->> {place}" for place in range(len(names)))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({listed}) SELECT {values} FROM json_each(%s)',
            [json.dumps(rows, ensure_ascii=False)],
        )


def among(values: Iterable[str] | Iterable[int]) -> RawSQL:
    """For `column__in`: texts or keys by the thousand as one value of the question, which costs less than one each.

    At least one: of none PostgreSQL could not tell whether they are keys.
    """
    told = list(values)
    if connection.vendor == "postgresql":
        kind = "bigint" if told and isinstance(told[0], int) else "text"
        return RawSQL(f"SELECT unnest(%s::{kind}[])", (told,))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(told, ensure_ascii=False),))


def _rest(model: type[models.Model], names: Sequence[str]) -> dict[str, Any]:
    """Defaults of the columns that nobody names; a key that the base gives stays away."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.attname not in names and not isinstance(field, models.AutoField):
            value = field.get_default()
            found[field.attname] = "{}" if value == {} else "[]" if value == [] else value
    return found


def _column(model: type[models.Model], name: str) -> str:
    return str(next(field.column for field in model._meta.concrete_fields if field.attname == name))


def _adapted(value: Any) -> Any:
    return moment(value) if isinstance(value, datetime) else value


def moment(value: datetime) -> str:
    """A moment as both bases take it in a row of text."""
    told = value.astimezone(UTC).replace(tzinfo=None)
    return str(told)
