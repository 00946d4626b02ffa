"""Orders made of lines, clients and assets made of orders: by grouping, in an order that never changes between runs."""

from __future__ import annotations

import duckdb

from dovolen.insight.mapping import AMOUNT
from dovolen.insight.sources import values

SPOILED_RATIO = 40
SPOILED_SHARE = 100
"""A line is set aside when its unit price is ≥ 40 × its item's median and it alone is > 1/100 of all amounts."""


def total_of_line(columns: set[str]) -> str | None:
    """SQL of a line's total in minor units."""
    if AMOUNT in columns:
        return AMOUNT
    if "price" in columns:
        return "CAST(round_even(price * coalesce(quantity, 1), 0) AS BIGINT)" if "quantity" in columns else "price"
    return None


def take_spoiled(base: duckdb.DuckDBPyConnection, lines: str, columns: set[str]) -> list[int]:
    """Take lines with an amount spoiled on the way (a lost decimal mark) out of `lines`; gives their source rows."""
    total = total_of_line(columns)
    if total is None or "name" not in columns:
        return []
    quantity = "CASE WHEN quantity > 0 THEN quantity ELSE 1 END" if "quantity" in columns else "1"
    rows = base.execute(
        f"WITH priced AS (SELECT source_row, name, {total} AS total, {total} / {quantity} AS unit FROM {lines}), "
        "usual AS (SELECT name, quantile_cont(unit, 0.5) AS median FROM priced WHERE unit > 0 GROUP BY name) "
        f"SELECT source_row FROM priced JOIN usual USING (name) WHERE median > 0 AND unit >= {SPOILED_RATIO} * median "
        f"AND total * {SPOILED_SHARE} > (SELECT sum(total) FROM priced)"
    ).fetchall()
    spoiled = sorted(row[0] for row in rows)
    if spoiled:
        base.execute(f"DELETE FROM {lines} WHERE source_row IN ({', '.join(map(str, spoiled))})")
    return spoiled


def orders_of_lines(
    base: duckdb.DuckDBPyConnection, lines: str, columns: set[str], keys: tuple[str, ...], order_columns: set[str]
) -> None:
    """Make `grouped_orders` and `grouped_lines` of `lines`: one order a group, its revenue the exact sum of its lines.

    The order number is the source's own where lines are grouped by it, else the group's place by day, client, branch.
    A technician, an advisor or a word is the one of most lines, the earlier line first among equals.
    """
    keys = tuple(key for key in keys if key in columns)
    total = total_of_line(columns)
    ranked = (
        sorted(keys, key=("accepted_date", "customer_id", "centre").index) if "order_id" not in keys else list(keys)
    )
    number = (
        "order_id"
        if "order_id" in keys
        else f"dense_rank() OVER (ORDER BY {', '.join(f'{key} NULLS LAST' for key in ranked)})"
    )
    kept = f"* EXCLUDE (order_id), {number} AS order_id" if "order_id" in columns else f"*, {number} AS order_id"
    base.execute(f"CREATE TEMP TABLE numbered AS SELECT {kept} FROM {lines}")
    rest = sorted(order_columns - set(keys) - {"order_id", "revenue"})
    chosen = [
        f"arg_min({column}, source_row) AS {column}"
        for column in (*keys, *rest)
        if column not in {"order_id", "technician", "advisor"}
    ]
    revenue = [f"CAST(sum({total}) AS BIGINT) AS revenue"] if total else []
    base.execute(
        f"CREATE TEMP TABLE grouped_orders AS SELECT order_id, {', '.join(chosen + revenue)} FROM numbered "
        "GROUP BY order_id ORDER BY order_id"
    )
    for column in {"technician", "advisor"} & set(rest):
        _most_frequent(base, column)
    base.execute(f"CREATE TEMP TABLE grouped_lines AS SELECT *{_unit_price(columns)} FROM numbered ORDER BY source_row")
    base.execute("DROP TABLE numbered")


def _most_frequent(base: duckdb.DuckDBPyConnection, column: str) -> None:
    base.execute(
        f"CREATE OR REPLACE TEMP TABLE grouped_orders AS WITH counted AS ("
        f"SELECT order_id, {column}, "
        "row_number() OVER (PARTITION BY order_id ORDER BY count(*) DESC, min(source_row)) AS place "
        f"FROM numbered WHERE {column} IS NOT NULL GROUP BY order_id, {column}) "
        f"SELECT grouped_orders.*, counted.{column} FROM grouped_orders "
        "LEFT JOIN counted ON counted.order_id = grouped_orders.order_id AND place = 1 ORDER BY grouped_orders.order_id"
    )


def _unit_price(columns: set[str]) -> str:
    """`price` is of one piece: the total over the quantity, half to even; the exact sum is the order's revenue."""
    if AMOUNT not in columns or "price" in columns:
        return ""
    if "quantity" not in columns:
        return f", {AMOUNT} AS price"
    exact = (
        f"CAST({AMOUNT} AS DECIMAL(28, 8)) / CAST(CASE WHEN quantity > 0 THEN quantity ELSE 1 END AS DECIMAL(18, 4))"
    )
    return f", CAST(round_even({exact}, 0) AS BIGINT) AS price"


def one_row_each(base: duckdb.DuckDBPyConnection, rows: str, key: str, columns: list[str]) -> None:
    """Leave one row a key in `rows`: in every column the earliest filled value."""
    chosen = ", ".join(f"arg_min({column}, source_row) AS {column}" for column in columns if column != key)
    listed = f", {chosen}" if chosen else ""
    base.execute(
        f"CREATE OR REPLACE TEMP TABLE {rows} AS SELECT {key}{listed}, min(source_row) AS source_row FROM {rows} "
        f"GROUP BY {key} ORDER BY {key}"
    )


def companies_by_orders(
    base: duckdb.DuckDBPyConnection, customers: str, orders: str, column: str, words: tuple[str, ...]
) -> None:
    """Clients with an order that bears one of `words` are companies."""
    known = values.literals(tuple(word.lower() for word in words))
    with_orders = f"SELECT customer_id FROM {orders} WHERE lower({column}) IN ({known})"
    base.execute(f"UPDATE {customers} SET kind = 'company' WHERE customer_id IN ({with_orders})")
