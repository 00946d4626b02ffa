"""The live base as canonical tables: what `insight.study` reads. Orders done elsewhere among them, as they were told.

Rows come as they lie in the base (`rows_of`) and are put into canonical shape by the statements of `CANONICAL`. What
the base tells of no row at all is left out, so that a study says that it cannot be known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dovolen.desk.accounts.models import Centre
from dovolen.desk.analysis import live_rows
from dovolen.desk.analysis.live_sql import CANONICAL, PAST_TABLES, past_facts
from dovolen.desk.core import words
from dovolen.insight.schema import ARROW, TABLES, Account, SchemaError, Tables

REPEATED = 10
"""Times that a word comes on the average, from which on a column is kept as numbers of its words."""

FILLED_LATER = {
    "cases": ("order_id", "first_reply_at", "resolved_at"), "feedback": ("order_id", "by_manager"),
}  # fmt: skip
"""Columns that the desk itself fills when it comes to that: once it has a row of its own, nothing in them says that it
did not happen, and a client refreshed alone may be the first of whom they tell."""

Given = Mapping[str, Collection[str]]
"""Table → columns that the base tells of."""


def read(
    centre: Centre | None, *, day: date, customers: Collection[int] | None = None, given: Given | None = None
) -> Tables:
    """What the base knows of a centre, or of the whole house, up to the end of a day.

    `customers` reads these clients alone; `given` then names the columns that the whole base tells of, so that one
    client's rows are read as all were. Money is in the currency of the oldest centre; orders in another stay out.
    """
    places = list(Centre.objects.filter(pk=centre.pk) if centre else Centre.objects.order_by("pk"))
    if not places:
        raise SchemaError("error.no_orders")
    base = _base()
    asked = live_rows.Asked(places, has_all=centre is None, customers=customers)
    for name, rows in live_rows.all_rows(asked).items():
        base.register(name, rows)
    _name_categories(base)
    made: dict[str, pa.Table] = {}
    own_tables = set()
    for table in dict.fromkeys((*CANONICAL, *PAST_TABLES)):
        own, past = (_rows(base, text) for text in (CANONICAL.get(table), _past(table)))
        if table in FILLED_LATER and own is not None and len(own):
            own_tables.add(table)
        rows = _typed(table, _united(own, past))
        if table in ("customers", "assets", "orders"):
            base.register(f"known_{table}", rows)
        if own is not None or len(rows):
            made[table] = rows
    base.close()
    pa.default_memory_pool().release_unused()
    kept = _given(made, given) if given is not None else _told(made, own_tables)
    return Tables(
        kept, currency=places[0].currency, zone=places[0].zone, currency_from="given", zone_from="given",
        today=day,
        accounts=tuple(Account(name, len(rows), len(rows)) for name, rows in kept.items()),
    )  # fmt: skip


def given_of(tables: Tables) -> dict[str, list[str]]:
    """Columns that tables hold, as `read` is told for single clients."""
    return {name: list(rows.column_names) for name, rows in tables.data.items() if isinstance(rows, pa.Table)}


def _base() -> duckdb.DuckDBPyConnection:
    base = duckdb.connect(":memory:")
    for setting in (
        "SET TimeZone = 'UTC'", "SET preserve_insertion_order = false", "SET memory_limit = '1GB'",
        "SET autoinstall_known_extensions = false", "SET python_enable_replacements = false",
    ):  # fmt: skip
        base.execute(setting)
    return base


def _rows(base: duckdb.DuckDBPyConnection, text: str | None) -> pa.Table | None:
    return base.sql(text).to_arrow_table() if text else None


def _past(table: str) -> str | None:
    return past_facts(table) if table in PAST_TABLES else None


def _united(own: pa.Table | None, past: pa.Table | None) -> pa.Table:
    """Rows of the desk's own, and those told of elsewhere."""
    known = [rows for rows in (own, past) if rows is not None]
    told = [rows for rows in known if len(rows)] or known[:1]
    return pa.concat_tables(told, promote_options="permissive")


def _name_categories(base: duckdb.DuckDBPyConnection) -> None:
    """A category that every reader has a word for goes by its code, one of the house's own by its name."""
    rows = base.table("categories").to_arrow_table()
    known = words.current()
    names = [
        one["code"] if f"value.{one['code']}" in known else one["name"]
        for one in rows.to_pylist()
    ]  # fmt: skip
    base.register("category_names", pa.table({"pk": rows["pk"], "label": pa.array(names, pa.string())}))


def _typed(table: str, rows: pa.Table) -> pa.Table:
    """Canonical columns in canonical types; identifiers are ours, so they are numbers, save those of no table here."""
    columns = {}
    for column in TABLES[table].columns:
        if column.name in rows.column_names:
            kind = ARROW.get(column.kind, rows[column.name].type)
            columns[column.name] = _kept(rows[column.name].cast(kind))
    return pa.table(columns)


def _kept(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column in the least memory, which a study holds to its end: words that come again and again as numbers of them.

    It is a copy: columns as the engine gives them are freed all together or not at all.
    """
    if pa.types.is_string(column.type):
        coded = column.dictionary_encode()
        if coded.num_chunks and len(coded.chunk(0).dictionary) * REPEATED <= len(column):
            return coded
    return pa.chunked_array([pa.concat_arrays([chunk]) for chunk in column.chunks], column.type)


def _told(tables: Mapping[str, pa.Table], own: Collection[str]) -> dict[str, pa.Table]:
    """Without tables that are empty and columns that say nothing. Clients and orders are always there.

    `own`: tables of which the desk itself has rows.
    """
    kept = {}
    for name, rows in tables.items():
        if len(rows) or name in ("customers", "orders"):
            spoken = FILLED_LATER[name] if name in own else ()
            silent = [one for one in rows.column_names if one not in spoken and _is_silent(name, one, rows)]
            kept[name] = rows.drop_columns(silent) if len(rows) else rows
    return kept


def _is_silent(table: str, name: str, rows: pa.Table) -> bool:
    spec = TABLES[table].column(name)
    if spec is None or spec.needed or name == "accepted_date":
        return False
    if spec.kind == "flag":
        return not pc.any(rows[name]).as_py()
    return bool(rows[name].null_count == len(rows))


def _given(tables: Mapping[str, pa.Table], given: Given) -> dict[str, pa.Table]:
    """The tables and columns that the whole base tells of, whether these rows do or not."""
    kept = {}
    for name, columns in given.items():
        rows = tables.get(name)
        if rows is None:
            continue
        kept[name] = pa.table({column: rows[column] for column in columns if column in rows.column_names})
    return kept
