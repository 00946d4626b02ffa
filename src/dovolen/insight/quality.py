"""Data quality: what is wrong with a base, told first. Everything found stays as it is; nothing is mended here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from dovolen.insight.currencies import minor_units
from dovolen.insight.facts import Views
from dovolen.insight.results import Sheet, sheet
from dovolen.insight.schema import TABLES, Account, Aside, Finding, Tables

_EXAMPLES = 5
_SHOWN = "order_id customer_id accepted_date promised_at ready_at picked_up_at name price revenue".split()
"""Columns that examples may show, in this order."""

_SUSPECT_RATIO = 40
_SUSPECT_SHARE = 100


@dataclass(frozen=True)
class Check:
    """A flaw a row has by itself: the condition, the columns it asks for, and what is said of such a row."""

    code: str
    table: str
    condition: str
    needs: frozenset[str]
    action: str = "kept"


def _check(code: str, table: str, condition: str, needs: str, action: str = "kept") -> Check:
    return Check(code, table, condition, frozenset(needs.split()), action)


_SAYS_NOTHING = "length(trim({0})) > 0 AND replace(lower(trim({0})), substr(lower(trim({0})), 1, 1), '') = ''"

CHECKS = (
    _check("no_customer", "orders", "customer_id IS NULL", "customer_id", "outside_clients"),
    _check("no_amount", "orders", "revenue IS NULL", "revenue"),
    _check("negative_amount", "orders", "revenue < 0", "revenue", "lowers_revenue"),
    _check("zero_amount", "orders", "revenue = 0", "revenue"),
    _check("wrong_sequence", "orders", "ready_date < accepted_date", "ready_at"),
    _check("wrong_sequence", "orders", "picked_up_date < accepted_date", "picked_up_at"),
    _check("wrong_sequence", "orders", "picked_up_at < ready_at", "picked_up_at ready_at"),
    _check("wrong_sequence", "orders", "promised_at < accepted_at", "promised_at accepted_at"),
    _check("placeholder_name", "lines", _SAYS_NOTHING.format("name"), "name"),
    _check("placeholder_name", "customers", _SAYS_NOTHING.format("name"), "name"),
)
"""Flaws of single rows; those of one code and table are told together."""

_REPEATED = (
    ("repeated_order_id", "orders", "order_id", "kept"),
    ("repeated_customer_id", "customers", "customer_id", "kept"),
    ("same_name", "customers", "name", "not_merged"),
    ("same_phone", "customers", "phones", "not_merged"),
)
_MISSING = (
    ("unknown_customer", "orders", "customer_id", "customers"),
    ("no_order", "lines", "order_id", "orders"),
)


def accounts(views: Views, tables: Tables) -> list[Account]:
    """Rows in, used and set aside of every table; those passed on by their path are counted now."""
    known = {account.table for account in tables.accounts}
    return list(tables.accounts) + [
        _account(views, table) for table, rows in tables.data.items() if isinstance(rows, Path) and table not in known
    ]


def _account(views: Views, table: str) -> Account:
    used = int(views.row(f"SELECT COUNT(*) AS n FROM {table}")["n"])
    rows_in = int(views.row(f"SELECT COUNT(*) AS n FROM given_{table}")["n"])
    told = tuple(Aside(reason, count) for reason, count in _reasons(views, table, rows_in - used).items() if count)
    return Account(table, rows_in, used, told)


def _reasons(views: Views, table: str, aside: int) -> dict[str, int]:
    """Why rows passed on by their path were left out, as `conform` leaves them out."""
    if not aside:
        return {}
    dates = [name for name in ("accepted_date", "accepted_at") if name in views.given(table)]
    first, then = ("no_date", "future_date") if table == "orders" else ("no_key", "duplicate_key")
    key = f"coalesce({', '.join(f'CAST({name} AS VARCHAR)' for name in dates)})" if dates else TABLES[table].key[0]
    lacking = int(views.row(f"SELECT COUNT(*) AS n FROM given_{table} WHERE {key} IS NULL")["n"])
    return {first: lacking, then: aside - lacking}


def findings(views: Views, tables: Tables) -> list[Finding]:
    """Flaws of the data: those seen while reading, then those of rows, keys, links, amounts and copies."""
    told = list(tables.findings)
    sizes = {
        table: int(views.row(f"SELECT COUNT(*) AS n FROM {table}")["n"])
        for table in ("orders", "customers", "lines")
        if table in tables.data
    }
    told += _of_rows(views, tables, sizes)
    told += _repeated(views, sizes)
    told += _missing(views, sizes)
    told += _suspect_amounts(views, tables, sizes)
    told += _copies(views, tables, sizes)
    seen = {(finding.code, finding.table) for finding in tables.findings}
    if ("identifier_variants", "customers") not in seen and any(
        isinstance(rows, Path) for rows in tables.data.values()
    ):
        told += _variants(views, sizes)
    return told


def _of_rows(views: Views, tables: Tables, sizes: dict[str, int]) -> list[Finding]:
    """Flaws of single rows: one aggregate a table, examples only where there are any."""
    found = []
    for table, size in sizes.items():
        conditions = _conditions(table, views.given(table))
        if not conditions or not size:
            continue
        sums = ", ".join(
            f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS {code}" for code, (condition, _) in conditions.items()
        )
        for code, count in views.row(f"SELECT {sums} FROM {table}").items():
            if count:
                condition, action = conditions[code]
                examples = _examples(views, tables, table, f"FROM {table} WHERE {condition}")
                found.append(Finding(code, table, int(count), size, examples, action))
    return found


def _conditions(table: str, columns: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Code → one condition for all its checks that the table has the columns for, and the action."""
    conditions: dict[str, tuple[str, str]] = {}
    for check in CHECKS:
        if check.table == table and check.needs <= columns.keys():
            before = f"{conditions[check.code][0]} OR " if check.code in conditions else ""
            conditions[check.code] = f"{before}({check.condition})", check.action
    return conditions


def _examples(views: Views, tables: Tables, table: str, rows: str) -> tuple[str, ...]:
    """A few rows, always the same ones: what names a row and what `rows` asks about, each as `column=value`."""
    known = {*views.given(table), *(["accepted_date"] if table == "orders" else [])}
    naming = {"order_id", "accepted_date", "name", "price", "revenue"} if "order_id" in known else known
    columns = [column for column in _SHOWN if column in known and (column in naming or column in rows)]
    listed = views.rows(f"SELECT DISTINCT {', '.join(columns)} {rows} ORDER BY {', '.join(columns)} LIMIT {_EXAMPLES}")
    units = minor_units(tables.currency)
    if len(columns) == 1:
        return tuple(_said(columns[0], value, units) for (value,) in listed)
    return tuple(_row(columns, [_said(*cell, units) for cell in zip(columns, row, strict=True)]) for row in listed)


def _row(columns: list[str], told: list[str]) -> str:
    return " | ".join(f"{column}={value}" for column, value in zip(columns, told, strict=True) if value)


def _said(column: str, value: object, units: int) -> str:
    """A value for a person: money in major units, a moment to the minute."""
    if value is None:
        return ""
    if column in {"price", "revenue"} and isinstance(value, int):
        return f"{Decimal(value) / units:f}"
    return str(value)[: 16 if column.endswith("_at") else 40]


def _repeated(views: Views, sizes: dict[str, int]) -> list[Finding]:
    """Keys, names and phones that stand in more than one row."""
    found = []
    for code, table, column, action in _REPEATED:
        if column not in views.given(table):
            continue
        groups = (
            f"SELECT {column} AS said, COUNT(*) AS n FROM {table} WHERE {column} IS NOT NULL "
            f"GROUP BY {column} HAVING COUNT(*) > 1"
        )
        count = int(views.row(f"SELECT COUNT(*) AS n FROM ({groups}) AS repeated")["n"])
        if count:
            listed = views.rows(f"SELECT said, n FROM ({groups}) AS repeated ORDER BY n DESC, said LIMIT {_EXAMPLES}")
            found.append(
                Finding(code, table, count, sizes[table], tuple(f"{said} × {n}" for said, n in listed), action)
            )
    return found


def _missing(views: Views, sizes: dict[str, int]) -> list[Finding]:
    """Rows whose key the other table does not know."""
    found = []
    for code, table, key, other in _MISSING:
        if key not in views.given(table) or key not in views.given(other):
            continue
        rows = (
            f"FROM {table} LEFT JOIN (SELECT DISTINCT {key} AS known FROM {other}) AS others ON known = {key} "
            f"WHERE known IS NULL AND {key} IS NOT NULL"
        )
        count = int(views.row(f"SELECT COUNT(*) AS n {rows}")["n"])
        if count:
            listed = views.rows(f"SELECT DISTINCT {key} AS said {rows} ORDER BY said LIMIT {_EXAMPLES}")
            found.append(Finding(code, table, count, sizes[table], tuple(str(said) for (said,) in listed), "listed"))
    return found


def _suspect_amounts(views: Views, tables: Tables, sizes: dict[str, int]) -> list[Finding]:
    """Lines at ≥ 40 × their item's median price; without lines, orders at ≥ 40 × the median and > 1 % of revenue."""
    if {"price", "name"} <= views.given("lines").keys():
        usual = "SELECT name AS item, quantile_cont(price, 0.5) AS median FROM lines WHERE price > 0 GROUP BY name"
        rows = f"FROM lines JOIN ({usual}) AS usual ON item = name WHERE price >= {_SUSPECT_RATIO} * median"
        table = "lines"
    elif "revenue" in views.given("orders") and sizes["orders"]:
        total = views.row(
            "SELECT quantile_cont(revenue, 0.5) AS median, SUM(revenue) AS whole FROM orders WHERE revenue > 0"
        )
        limit = max(_SUSPECT_RATIO * float(total["median"] or 0), float(total["whole"] or 0) / _SUSPECT_SHARE)
        rows, table = f"FROM orders WHERE revenue > 0 AND revenue >= {int(limit)}", "orders"
    else:
        return []
    count = int(views.row(f"SELECT COUNT(*) AS n {rows}")["n"])
    if not count:
        return []
    return [Finding("suspect_amount", table, count, sizes[table], _examples(views, tables, table, rows), "listed")]


def _copies(views: Views, tables: Tables, sizes: dict[str, int]) -> list[Finding]:
    """Rows that repeat another in every column; kept, for four wheels make four equal lines."""
    found = []
    for table in ("orders", "lines"):
        days = {"accepted_date"} if table == "orders" else set()
        columns = ", ".join(sorted(views.given(table).keys() | days))
        if not views.given(table) or (table == "orders" and not _may_repeat(views, sizes)):
            continue
        groups = f"SELECT {columns}, COUNT(*) AS n FROM {table} GROUP BY {columns} HAVING COUNT(*) > 1"
        count = int(views.row(f"SELECT SUM(n - 1) AS n FROM ({groups}) AS repeated")["n"] or 0)
        if count:
            examples = _examples(views, tables, table, f"FROM ({groups}) AS repeated")
            found.append(Finding("duplicate_rows", table, count, sizes[table], examples, "kept"))
    return found


def _may_repeat(views: Views, sizes: dict[str, int]) -> bool:
    """Orders with a number each are no copies of each other: one cheap count spares the comparison of all columns."""
    if "order_id" not in views.given("orders"):
        return True
    return int(views.row("SELECT COUNT(DISTINCT order_id) AS n FROM orders")["n"]) < sizes["orders"]


def _variants(views: Views, sizes: dict[str, int]) -> list[Finding]:
    """Client identifiers that differ only in case, spaces and hyphens."""
    table = "customers" if "customers" in sizes else "orders"
    if "customer_id" not in views.given(table) or views.engine.columns(table).get("customer_id") != "text":
        return []
    key = "replace(replace(lower(customer_id), ' ', ''), '-', '')"
    groups = (
        f"SELECT {key} AS said, COUNT(DISTINCT customer_id) AS n FROM {table} WHERE customer_id IS NOT NULL "
        f"GROUP BY {key} HAVING COUNT(DISTINCT customer_id) > 1"
    )
    count = int(views.row(f"SELECT COUNT(*) AS n FROM ({groups}) AS repeated")["n"])
    if not count:
        return []
    listed = views.rows(f"SELECT said, n FROM ({groups}) AS repeated ORDER BY n DESC, said LIMIT {_EXAMPLES}")
    return [
        Finding(
            "identifier_variants",
            table,
            count,
            sizes[table],
            tuple(f"{said} × {n}" for said, n in listed),
            "not_merged",
        )
    ]


def account_sheet(accounts: list[Account]) -> Sheet | None:
    """The proof of the sum: what was read, what was set aside and why, what was used."""
    rows: list[tuple[Any, ...]] = []
    for account in accounts:
        rows.append((account.table, "rows_in", account.rows_in, ""))
        rows += [(account.table, aside.reason, aside.count, "; ".join(aside.examples)) for aside in account.asides]
        rows.append((account.table, "rows_used", account.rows_used, ""))
    columns = (("table", "word"), ("reason", "word"), ("rows", "count"), ("examples", "text"))
    return sheet("quality.accounts", columns, rows)


def finding_sheet(found: list[Finding]) -> Sheet | None:
    """Flaws with their counts, shares, examples and what was done."""
    rows = [
        (
            flaw.code,
            flaw.table,
            flaw.count,
            flaw.of,
            flaw.count / flaw.of if flaw.of else None,
            flaw.action,
            "; ".join(flaw.examples),
        )
        for flaw in found
    ]
    columns = (
        ("code", "word"),
        ("table", "word"),
        ("count", "count"),
        ("of", "count"),
        ("share", "share"),
        ("action", "word"),
        ("examples", "text"),
    )
    return sheet("quality.findings", columns, rows)
