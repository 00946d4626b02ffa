"""The SQL by which canonical tables are laid down: keys that stay the same at the next import, moments as text in UTC.

`given` is table → column → SQL type as the source has them; what it has not is null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Given = Mapping[str, Mapping[str, str]]
LONGEST_KEY = 110
DAY = "%Y-%m-%d"
MOMENT = f"{DAY} %H:%M:%S"

ORDER_TEXTS = (
    "outcome", "kind", "department", "initiated_by", "pay_type", "place", "advisor", "technician", "channel",
    "fault_text", "outcome_reason",
)  # fmt: skip
ORDER_MOMENTS = ("promised_at", "repromised_at", "ready_at", "notified_at", "picked_up_at")
ORDER_WHOLE = (
    "odometer", "estimate", "revenue", "debt", "bonus_used", "parts_cost", "labour_cost", "discount",
)  # fmt: skip
CUSTOMER_TEXTS = (
    "kind", "name", "phones", "emails", "address", "place", "postcode", "tax_number", "class_hand", "source", "manager",
)  # fmt: skip
ASSET_TEXTS = ("category", "brand", "model", "serial_number", "plate", "left_reason")


KEPT: dict[str, frozenset[str]] = {
    "customers": frozenset({
        "customer_id", *CUSTOMER_TEXTS, "class_hand_by", "class_hand_at", "blocked_at", "created_at", "image_value",
        "potential", "regular_mark", "referred_by",
    }),
    "assets": frozenset({
        "asset_id", "customer_id", *ASSET_TEXTS, "made_at", "sold_at", "warranty_until", "left_at",
    }),
    "orders": frozenset({
        "order_id", "customer_id", "asset_id", "rework_of", "centre", "accepted_at", "accepted_date", *ORDER_TEXTS,
        *ORDER_MOMENTS, *ORDER_WHOLE,
    }),
    "lines": frozenset({
        "order_id", "kind", "name", "quantity", "price", "cost", "norm_hours", "state", "decided_at", "warranty_until",
    }),
}  # fmt: skip
"""Canonical columns that have a place in the cards; facts are kept whole."""


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def as_parquet(base: duckdb.DuckDBPyConnection, rows: str, place: Path, batch: int) -> None:
    """Write rows (a table or a query) in groups of one batch."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    query = rows if rows.lstrip().upper().startswith("SELECT") else f"SELECT * FROM {rows} ORDER BY row"
    reader = base.sql(query).to_arrow_reader(batch * 20)
    with pq.ParquetWriter(place, reader.schema) as writer:
        waiting: list[pa.RecordBatch] = []
        n = 0
        for piece in reader:
            waiting.append(piece)
            n += piece.num_rows
            while n >= batch * 20:
                rest = _write(writer, waiting, batch * 20, batch)
                waiting, n = rest, sum(part.num_rows for part in rest)
        if n:
            _write(writer, waiting, n, batch)


def _write(writer: Any, waiting: list[Any], n: int, batch: int) -> list[Any]:
    """Write the first `n` rows; gives what is left."""
    import pyarrow as pa

    whole = pa.Table.from_batches(waiting)
    writer.write_table(whole.slice(0, n), row_group_size=batch)
    return list(whole.slice(n).to_batches())


def text(given: Mapping[str, str], column: str) -> str:
    """A text column without blanks around it; empty is null."""
    if column not in given:
        return f"CAST(NULL AS VARCHAR) AS {column}"
    return f"nullif(trim(CAST({column} AS VARCHAR)), '') AS {column}"


def told(given: Mapping[str, str], column: str) -> str:
    """A moment or a day as text."""
    if column not in given:
        return f"CAST(NULL AS VARCHAR) AS {column}"
    if given[column] == "DATE":
        return f"strftime({column}, '{DAY}') AS {column}"
    return f"strftime(timezone('UTC', {column}), '{MOMENT}') AS {column}"


def plain(given: Mapping[str, str], column: str, kind: str) -> str:
    """A column as it is, null where it is not given."""
    return f"CAST({column} AS {kind}) AS {column}" if column in given else f"CAST(NULL AS {kind}) AS {column}"


def key(column: str) -> str:
    """A key as it is kept: text, cut to a digest where it is longer than any key should be."""
    word = f"nullif(trim(CAST({column} AS VARCHAR)), '')"
    return f"CASE WHEN length({word}) > {LONGEST_KEY} THEN md5({word}) ELSE {word} END"


def key_if(given: Mapping[str, str], column: str, name: str) -> str:
    """The key under a name, null where the source has none."""
    return f"{key(column)} AS {name}" if column in given else f"CAST(NULL AS VARCHAR) AS {name}"


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _orders(given: Given, *, zone: str, group_by: tuple[str, ...]) -> str:
    """`keyed_orders`: one key an order; those with a client stand in the order of time."""
    columns = given.get("orders")
    if columns is None:
        return _no_orders()
    day = f"timezone({zone}, CAST(accepted_date AS TIMESTAMP))" if "accepted_date" in columns else "NULL"
    at = f"coalesce(accepted_at, {day})" if "accepted_at" in columns else day
    own = key("order_id") if "order_id" in columns and not group_by else "CAST(NULL AS VARCHAR)"
    parts = [
        "row_number() OVER () AS read_place", key_if(columns, "customer_id", "customer_key"),
        key_if(columns, "asset_id", "asset_key"), key_if(columns, "rework_of", "rework_key"),
        f"{own} AS own_key",
        key_if(columns, "order_id", "number"), f"{at} AS accepted_at", text(columns, "centre"),
        *(text(columns, name) for name in ORDER_TEXTS), *(told(columns, name) for name in ORDER_MOMENTS),
        *(plain(columns, name, "BIGINT") for name in ORDER_WHOLE),
    ]  # fmt: skip
    grouped = [f"coalesce(CAST({name} AS VARCHAR), '')" for name in group_by if name in columns]
    made = f"concat_ws('|', {', '.join(grouped)})" if grouped else (
        "concat_ws('|', coalesce(customer_key, ''), strftime(timezone('UTC', accepted_at), '" + MOMENT + "'), "
        "coalesce(CAST(revenue AS VARCHAR), ''))"
    )  # fmt: skip
    extra = ", ".join(f"{name} AS group_{name}" for name in group_by if name in columns)
    made = made if not grouped else made.replace("CAST(", "CAST(group_")
    return f"""
    CREATE TABLE read_orders AS SELECT {", ".join(parts)}{", " + extra if extra else ""} FROM given_orders;
    CREATE TABLE keyed_orders AS
    WITH keyed AS (SELECT *, coalesce(own_key, {key(made)}) AS first_key FROM read_orders),
    once AS (SELECT *, row_number() OVER (PARTITION BY first_key ORDER BY read_place) AS nth FROM keyed)
    SELECT * EXCLUDE (own_key, first_key, nth),
           CASE WHEN nth = 1 THEN first_key ELSE first_key || '#' || nth END AS key,
           CASE WHEN customer_key IS NOT NULL
                THEN row_number() OVER (PARTITION BY customer_key IS NULL ORDER BY accepted_at, read_place) - 1
           END AS row
    FROM once;
    DROP TABLE read_orders
    """


def _no_orders() -> str:
    texts = (
        "customer_key", "asset_key", "rework_key", "number", "centre", "key", *ORDER_TEXTS, *ORDER_MOMENTS,
    )  # fmt: skip
    columns = [f"CAST(NULL AS VARCHAR) AS {name}" for name in texts]
    columns += [f"CAST(NULL AS BIGINT) AS {name}" for name in (*ORDER_WHOLE, "row", "read_place")]
    return f"CREATE TABLE keyed_orders AS SELECT {', '.join(columns)}, CAST(NULL AS TIMESTAMPTZ) AS accepted_at LIMIT 0"


ORDERS = f"""
SELECT * EXCLUDE (accepted_at, read_place), strftime(timezone('UTC', accepted_at), '{MOMENT}') AS accepted_at
FROM keyed_orders WHERE row IS NOT NULL ORDER BY row
"""


def _lines(given: Given, *, zone: str, group_by: tuple[str, ...]) -> str:  # noqa: ARG001
    """`keyed_lines`: lines with the place of their order; quantities that no line has are one."""
    columns = given.get("lines")
    if columns is None:
        return "CREATE TABLE keyed_lines AS SELECT CAST(NULL AS BIGINT) AS order_place LIMIT 0"
    quantity = "CAST(quantity AS DOUBLE)" if "quantity" in columns else "1.0"
    hours = "CAST(round(norm_hours * 60) AS BIGINT)" if "norm_hours" in columns else "CAST(0 AS BIGINT)"
    return f"""
    CREATE TABLE read_lines AS SELECT row_number() OVER () AS read_place, {key("order_id")} AS order_key,
        {text(columns, "kind")}, {text(columns, "name")}, {text(columns, "work_group")}, {quantity} AS told_quantity,
        coalesce({"price" if "price" in columns else "NULL"}, 0) AS told_price, {plain(columns, "cost", "BIGINT")},
        coalesce({hours}, 0) AS norm_minutes, {text(columns, "state")}, {told(columns, "decided_at")},
        {told(columns, "warranty_until")} FROM given_lines;
    CREATE TABLE keyed_lines AS
    WITH whole AS (
        SELECT *, coalesce(told_quantity BETWEEN 0.001 AND 100000, false) AS fits FROM read_lines
    ), counted AS (
        SELECT * EXCLUDE (told_quantity, told_price),
               CASE WHEN fits THEN round(told_quantity, 3) ELSE 1.0 END AS quantity,
               CASE WHEN fits OR told_quantity IS NULL THEN told_price
                    ELSE CAST(round(told_price * told_quantity) AS BIGINT) END AS price
        FROM whole
    ), numbered AS (SELECT number, min(row) AS row FROM keyed_orders WHERE number IS NOT NULL GROUP BY number)
    SELECT counted.* EXCLUDE (fits, order_key), numbered.row AS order_place,
           row_number() OVER (PARTITION BY numbered.row ORDER BY read_place) AS position,
           CAST(floor(price * quantity + 0.5) AS BIGINT) AS amount
    FROM counted LEFT JOIN numbered ON numbered.number = counted.order_key;
    DROP TABLE read_lines
    """


LINES = """
WITH summed AS (
    SELECT order_place, sum(amount) AS total, sum(abs(quantity)) AS pieces, max(position) AS last
    FROM keyed_lines WHERE order_place IS NOT NULL GROUP BY order_place
)
SELECT lines.* EXCLUDE (amount, read_place),
       amount + CASE WHEN position = last AND abs(revenue - total) <= pieces + 1 THEN revenue - total ELSE 0 END
       AS amount
FROM keyed_lines AS lines JOIN summed USING (order_place) JOIN keyed_orders AS orders ON orders.row = order_place
ORDER BY order_place, position
"""
"""What rounding a unit price took or gave goes to the last line: the lines of an order add up to what was billed."""


# ── Clients and assets ───────────────────────────────────────────────────────────────────────────────────────────────


def _read_customers(given: Given, *, zone: str, group_by: tuple[str, ...]) -> str:  # noqa: ARG001
    columns = given.get("customers", {})
    parts = [
        "row_number() OVER () AS read_place", f"{key('customer_id')} AS key",
        key_if(columns, "referred_by", "referred_key"),
        *(text(columns, name) for name in CUSTOMER_TEXTS),
        *(told(columns, name) for name in ("class_hand_at", "blocked_at", "created_at")),
        *(plain(columns, name, "BIGINT") for name in ("image_value", "potential")),
        plain(columns, "regular_mark", "BOOLEAN"),
    ]  # fmt: skip
    source = "given_customers" if columns else "(SELECT CAST(NULL AS VARCHAR) AS customer_id LIMIT 0)"
    return f"CREATE TABLE read_customers AS SELECT {', '.join(parts)} FROM {source}"


def CUSTOMERS(given: Given, *, zone: str, group_by: tuple[str, ...]) -> str:  # noqa: ARG001, N802 – as the others
    """`staged_customers`: those told and those known only by their orders, with the places that know them."""
    return f"""
    CREATE TABLE staged_customers AS
    WITH once AS (
        SELECT *, row_number() OVER (PARTITION BY key ORDER BY read_place) AS nth FROM read_customers
        WHERE key IS NOT NULL
    ), of_orders AS (
        SELECT customer_key AS key, list(DISTINCT centre) FILTER (centre IS NOT NULL) AS centres, count(*) AS n_orders,
               strftime(timezone('UTC', min(accepted_at)), '{MOMENT}') AS since
        FROM keyed_orders WHERE customer_key IS NOT NULL GROUP BY customer_key
    ), everybody AS (
        SELECT once.* EXCLUDE (key, nth), coalesce(once.key, of_orders.key) AS key, centres, since,
               coalesce(n_orders, 0) AS n_orders
        FROM (SELECT * FROM once WHERE nth = 1) AS once FULL JOIN of_orders ON of_orders.key = once.key
    )
    SELECT everybody.* EXCLUDE (read_place, phones, emails), phones AS phones_told, emails AS emails_told,
           phone_cells.found AS phones, email_cells.found AS emails,
           phone_cells.unread AS unread_phones, email_cells.unread AS unread_emails,
           row_number() OVER (ORDER BY since NULLS LAST, read_place NULLS LAST, key) - 1 AS row
    FROM everybody
    LEFT JOIN phone_cells ON phone_cells.cell = everybody.phones
    LEFT JOIN email_cells ON email_cells.cell = everybody.emails
    """


def ASSETS(given: Given, *, zone: str, group_by: tuple[str, ...]) -> str:  # noqa: ARG001, N802 – as the others
    """`staged_assets`, with the places that had them in their hands."""
    columns = given.get("assets", {})
    parts = [
        "row_number() OVER () AS read_place", f"{key('asset_id')} AS key", key_if(columns, "customer_id", "owner_key"),
        *(text(columns, name) for name in ASSET_TEXTS),
        *(told(columns, name) for name in ("made_at", "sold_at", "warranty_until", "left_at")),
    ]  # fmt: skip
    source = "given_assets" if columns else "(SELECT CAST(NULL AS VARCHAR) AS asset_id LIMIT 0)"
    return f"""
    CREATE TABLE read_assets AS SELECT {", ".join(parts)} FROM {source};
    CREATE TABLE staged_assets AS
    WITH once AS (
        SELECT *, row_number() OVER (PARTITION BY key ORDER BY read_place) AS nth FROM read_assets WHERE key IS NOT NULL
    ), of_orders AS (
        SELECT asset_key, list(DISTINCT centre) FILTER (centre IS NOT NULL) AS centres,
               arg_max(customer_key, accepted_at) AS latest_key,
               strftime(timezone('UTC', min(accepted_at)), '{MOMENT}') AS since
        FROM keyed_orders WHERE asset_key IS NOT NULL AND customer_key IS NOT NULL GROUP BY asset_key
    )
    SELECT once.* EXCLUDE (nth, read_place, owner_key), coalesce(latest_key, owner_key) AS owner_key, centres, since,
           row_number() OVER (ORDER BY key) - 1 AS row
    FROM once LEFT JOIN of_orders ON of_orders.asset_key = once.key WHERE nth = 1
    """


PREPARED: tuple[Callable[..., str], ...] = (_orders, _lines, _read_customers)

DOUBLE = (
    "SELECT * EXCLUDE (nth) FROM (SELECT *, row_number() OVER (PARTITION BY key ORDER BY read_place) AS nth "
    "FROM read_{table} WHERE key IS NOT NULL) WHERE nth > 1"
)


# ── What the desk keeps no room for ──────────────────────────────────────────────────────────────────────────────────


def _fact(table: str, moment: str) -> Callable[[Mapping[str, str], str], str]:
    def build(columns: Mapping[str, str], zone: str) -> str:
        values = []
        for name, kind in columns.items():
            value = told(columns, name) if kind.startswith(("TIMESTAMP", "DATE")) else name
            values.append(value)
        at = "CAST(NULL AS VARCHAR)"
        if moment in columns:
            at = told(columns, moment).removesuffix(f" AS {moment}")
            at = f"strftime(timezone('UTC', timezone({zone}, CAST({moment} AS TIMESTAMP))), '{MOMENT}')" if (
                columns[moment] == "DATE"
            ) else at  # fmt: skip
        numbered = "row_number() OVER () - 1"
        return (
            f"SELECT {', '.join(values)}, {at} AS fact_at, {key_if(columns, 'customer_id', 'customer_key')}, "
            f"{key_if(columns, 'order_id', 'order_number')}, {numbered} AS row FROM given_{table} ORDER BY row"
        )

    return build


FACTS: dict[str, Callable[[Mapping[str, str], str], str]] = {
    name: _fact(name, moment)
    for name, moment in {
        "feedback": "at", "cases": "opened_at", "messages": "sent_at", "payments": "at", "leads": "at",
        "bookings": "at", "events": "at", "plans": "month", "spend": "month", "stages": "entered_at",
        "promises": "at", "estimates": "at", "contacts": "at",
    }.items()
}  # fmt: skip
"""Canonical table → the query of its rows."""
