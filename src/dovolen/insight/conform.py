"""The text that makes canonical tables of what a source gave: every column, one type each, days in its zone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dovolen.insight.schema import TABLES, Column

_SQL = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "number": "DOUBLE",
    "money": "BIGINT",
    "moment": "TIMESTAMP",
    "date": "DATE",
    "flag": "BOOLEAN",
}

_DAYS = {
    "orders": (("picked_up_at", "picked_up_date"), ("ready_at", "ready_date")),
    "customers": (("blocked_at", "blocked_date"),),
}
"""Moments whose day in the centre's zone is asked for by the views (`accepted_date` is a column of its own)."""


def id_types(given: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """SQL type of each identifier: BIGINT where every table that has it has whole numbers, else VARCHAR.

    `given`: table → column the source gave → its kind.
    """
    types: dict[str, str] = {}
    for table, columns in given.items():
        for name, kind in columns.items():
            column = TABLES[table].column(name)
            if column and column.kind == "id":
                noun = _noun(name)
                types[noun] = "BIGINT" if kind == "int" and types.get(noun) != "VARCHAR" else "VARCHAR"
    return types


def _noun(name: str) -> str:
    """What an identifier names: `rework_of` is an order, `referred_by` a client."""
    return {"rework_of": "order_id", "referred_by": "customer_id"}.get(name, name)


def conform(table: str, given: Collection[str], ids: Mapping[str, str]) -> str:
    """Text of the view that makes a canonical table of `given_<table>`; `$zone` = the centre's zone.

    Gives every canonical column, null where the source has none, moments as UTC without a zone, and the days the
    views ask for in the centre's zone. Rows without a day are left out: quality tells of them.
    """
    spec = TABLES[table]
    parts = [_conformed(column, given, ids) for column in spec.columns if column.name != "accepted_date"]
    if table == "orders":
        parts.append(_accepted_date(given))
    for moment, day in _DAYS.get(table, ()):
        value = f"day_in_zone({moment}, $zone)" if moment in given else "CAST(NULL AS DATE)"
        parts.append(f"{value} AS {day}")
    source = f"given_{table}" if given else "(SELECT 1 AS nothing) AS nowhere"
    where = "" if given else " WHERE nothing = 0"
    if table == "orders" and given:
        days = [name for name in ("accepted_date", "accepted_at") if name in given]
        where = f" WHERE {' OR '.join(f'{name} IS NOT NULL' for name in days)}"
    return f"SELECT {', '.join(parts)} FROM {source}{where}"


def _conformed(column: Column, given: Collection[str], ids: Mapping[str, str]) -> str:
    kind = ids.get(_noun(column.name), "BIGINT") if column.kind == "id" else _SQL[column.kind]
    if column.name == "accepted_at" and "accepted_date" in given:
        midnight = "CAST(accepted_date AS TIMESTAMP)"
        both = f"coalesce(CAST(accepted_at AS TIMESTAMP), {midnight})"
        return f"{both if 'accepted_at' in given else midnight} AS accepted_at"
    if column.name in given:
        return f'CAST("{column.name}" AS {kind}) AS "{column.name}"'
    return f'CAST(NULL AS {kind}) AS "{column.name}"'


def _accepted_date(given: Collection[str]) -> str:
    """The day of an order: as given, else the day of its moment in the centre's zone."""
    from_moment = "day_in_zone(accepted_at, $zone)"
    if "accepted_date" not in given:
        return f"{from_moment} AS accepted_date"
    if "accepted_at" not in given:
        return "CAST(accepted_date AS DATE) AS accepted_date"
    return f"coalesce(CAST(accepted_date AS DATE), {from_moment}) AS accepted_date"
