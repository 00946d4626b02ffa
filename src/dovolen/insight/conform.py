"""The text that makes canonical tables of what a source gave: every column, one type each, days in its zone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dovolen.insight.schema import TABLES, Column, Table

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
    "customers": (("blocked_at", "blocked_date"), ("class_hand_at", "class_hand_date")),
}
"""Moments whose day in the centre's zone is asked for by the views (`accepted_date` is a column of its own)."""


_NAMED = ("customers", "assets")
"""Tables that others are joined to by their key: a row met twice would count everything twice."""


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
    """Text of the view that makes a canonical table of `given_<table>`; `$zone` = the centre's zone, `$today` its day.

    Gives every canonical column, null where the source has none, moments as UTC without a zone, and the days the
    views ask for in the centre's zone. Orders without a day or later than today are left out, and so is a client or
    an asset without an identifier or met before: quality tells of them.
    """
    spec = TABLES[table]
    parts = [_conformed(column, given, ids) for column in spec.columns if column.name != "accepted_date"]
    if table == "orders":
        parts.append(_accepted_date(given))
    for moment, day in _DAYS.get(table, ()):
        value = f"day_in_zone({moment}, $zone)" if moment in given else "CAST(NULL AS DATE)"
        parts.append(f"{value} AS {day}")
    if not given:
        return f"SELECT {', '.join(parts)} FROM (SELECT 1 AS nothing) AS nowhere WHERE nothing = 0"
    text = f"SELECT {', '.join(parts)} FROM given_{table}"
    if table == "orders":
        return f"SELECT * FROM ({text}) AS dated WHERE accepted_date <= $today"
    return _earliest_of_each(text, spec, given) if table in _NAMED else text


def _earliest_of_each(text: str, spec: Table, given: Collection[str]) -> str:
    """Rows of `text` with an identifier, one of each: the same one whatever order they came in."""
    key = spec.key[0]
    names = ", ".join(f'"{column.name}"' for column in spec.columns)
    days = "".join(f", {day}" for _, day in _DAYS.get(spec.name, ()))
    order = ", ".join(f'"{column.name}" NULLS LAST' for column in spec.columns if column.name in given)
    numbered = f"SELECT *, ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {order}) AS met FROM ({text}) AS typed"
    return f"SELECT {names}{days} FROM ({numbered}) AS numbered WHERE met = 1 AND {key} IS NOT NULL"


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
