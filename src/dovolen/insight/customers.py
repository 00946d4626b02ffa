"""The table of clients that a study writes: one row each, with names, types and directions a reader expects."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from dovolen.insight.facts import Views

COLUMNS: tuple[tuple[str, pa.DataType | None], ...] = (
    ("customer_id", None),
    ("name", pa.string()),
    ("kind", pa.string()),
    ("class", pa.string()),
    ("class_reasons", pa.string()),
    ("n_orders", pa.int64()),
    ("n_visits", pa.int64()),
    ("n_assets", pa.int64()),
    ("first_at", pa.date32()),
    ("last_at", pa.date32()),
    ("recency_days", pa.int64()),
    ("revenue", pa.int64()),
    ("margin", pa.int64()),
    ("avg_order", pa.float64()),
    ("rfm_r", pa.int64()),
    ("rfm_f", pa.int64()),
    ("rfm_m", pa.int64()),
    ("rfm_segment", pa.string()),
    ("rfm27", pa.int64()),
    ("reading", pa.string()),
    ("lifecycle", pa.string()),
    ("life_code", pa.string()),
    ("limit_days", pa.float64()),
    ("limit_from", pa.string()),
    ("is_fleet", pa.bool_()),
)
"""Columns in the order they are written, each with its type; an identifier keeps its own."""

_GRADES = ("rfm_r", "rfm_f", "rfm_m")
_OF_MONEY = ("revenue", "margin", "avg_order", *_GRADES, "rfm_segment", "rfm27", "reading")


def customer_table(views: Views, asof: date, currency: str, *, turned_grid: int | None, with_money: bool) -> pa.Table:
    """One row a client: money in minor units, days as dates.

    `turned_grid` is the grid whose grades are shown with 1 as the best; without money what stands on it is null.
    """
    import pyarrow.compute as pc  # half the start-up of what needs no customers

    rows = views.fetch(
        "SELECT f.*, k.code AS life_code FROM customer_facts AS f "
        "LEFT JOIN client_codes AS k ON k.customer_id = f.customer_id ORDER BY f.customer_id"
    )
    columns = {name: rows[name].cast(kind) if kind else rows[name] for name, kind in COLUMNS}
    if turned_grid:
        columns |= {name: pc.subtract(turned_grid + 1, columns[name]) for name in _GRADES}
    if not with_money:
        columns |= {name: pa.nulls(len(rows), columns[name].type) for name in _OF_MONEY}
    today = pa.scalar(asof, pa.date32()).cast(pa.int32())
    columns["lifecycle_since"] = pc.subtract(today, rows["lifecycle_since_days"].cast(pa.int32())).cast(pa.date32())
    columns["currency"] = pa.array([currency] * len(rows), pa.string())
    return pa.table(columns)


def with_columns(clients: pa.Table, more: list[pa.Table]) -> pa.Table:
    """The clients with the columns of further tables, each of which names a client once; null where it does not."""
    import pyarrow.compute as pc

    for rows in more:
        known = rows["customer_id"].cast(clients["customer_id"].type).combine_chunks()
        place = pc.index_in(clients["customer_id"], value_set=known)
        for name in rows.column_names:
            if name != "customer_id":
                clients = clients.append_column(name, rows[name].take(place))
    return clients
