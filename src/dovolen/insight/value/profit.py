"""What is left of revenue, by kind of repair, class, category, technician, campaign, client: margin, profitability."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dovolen.insight.results import LIST_LIMIT, Figure, Sheet, sheet
from dovolen.insight.rooms import Base

COSTS = ("orders.revenue", "orders.parts_cost", "orders.labour_cost")
SHEETS = {
    "repair": ("repair", "word"),
    "class": ("class", "word"),
    "customer_kind": ("kind", "word"),
    "category": ("category", "text"),
    "technician": ("technician", "text"),
    "campaign": ("campaign", "text"),
}
"""Dimension of the view → column of its sheet."""
SPOKEN = {"repair", "class", "customer_kind"}
"""Dimensions of our own codes, the unknown one among them."""


def figures(base: Base) -> list[Figure]:
    """Margin of everything, its share of revenue, and how many orders tell no costs."""
    if not base.has(*COSTS):
        return []
    row = base.views.row(
        "SELECT CAST(SUM(n_orders) AS BIGINT) AS orders, CAST(SUM(n_without_costs) AS BIGINT) AS silent, "
        "CAST(SUM(revenue_known) AS BIGINT) AS revenue, CAST(SUM(margin) AS BIGINT) AS margin FROM value_cube"
    )
    known, few = (row["orders"] or 0) - (row["silent"] or 0), (row["orders"] or 0) < base.config.minimum
    share = None if few or not row["revenue"] else row["margin"] / row["revenue"]
    return [
        Figure("value.margin", None if few else row["margin"], "money", n=known, few=few, rule="rule.value.margin"),
        Figure("value.profitability", share, "share", n=known, few=share is None, rule="rule.value.profitability"),
        Figure("value.without_costs", row["silent"] or 0, "orders", n=row["orders"], rule="rule.value.without_costs"),
    ]


def sheets(base: Base) -> list[Sheet | None]:
    """A sheet a dimension; cells of fewer orders than the minimum keep their number and lose their money."""
    if not base.has(*COSTS):
        return []
    found = base.views.rows(
        "SELECT dimension, value, n_orders, n_without_costs, revenue, revenue_known, margin FROM value_cells "
        "ORDER BY dimension, revenue DESC NULLS LAST, value NULLS LAST"
    )
    return [_sheet(base, name, [row[1:] for row in found if row[0] == name]) for name in SHEETS]


def _sheet(base: Base, dimension: str, cells: list[tuple[Any, ...]]) -> Sheet | None:
    if not any(cell[0] is not None for cell in cells):
        return None
    rows, withheld = [], 0
    for value, orders, silent, revenue, known, margin in cells:
        few = orders < base.config.minimum
        withheld += few
        share = margin / known if margin is not None and (known or 0) > 0 else None
        told = (None, None, None) if few else (revenue, margin, share)
        shown = "unknown" if value is None and dimension in SPOKEN else value
        rows.append((shown, orders, *told, silent or None, bool(few)))
    columns = (
        SHEETS[dimension],
        ("orders", "orders"),
        ("revenue", "money"),
        ("margin", "money"),
        ("profitability", "share"),
        ("without_costs", "orders"),
        ("withheld", "flag"),
    )
    return Sheet(f"value.{dimension}", columns, rows, rule="rule.value.profit", note=f"withheld={withheld}")


def clients(base: Base, hour: float | None) -> Sheet | None:
    """Every served client with what he brought, owes, cost in talk, and whom he brought; the best first."""
    rows = base.views.rows(
        "SELECT v.customer_id, f.name, f.kind, a.abc, v.n_orders, v.revenue, v.margin, "
        "CASE WHEN v.revenue_known > 0 THEN v.margin / CAST(v.revenue_known AS DOUBLE) END AS profitability, "
        "v.discount, v.bonus_used, v.debt, v.complaints, v.contact_seconds, v.brought, v.brought_revenue "
        "FROM value_clients AS v JOIN customer_facts AS f ON f.customer_id = v.customer_id "
        "LEFT JOIN value_abc AS a ON a.customer_id = v.customer_id AND a.measure = 'revenue' WHERE v.n_orders > 0 "
        "ORDER BY v.revenue DESC NULLS LAST, v.customer_id LIMIT $most",
        most=LIST_LIMIT,
    )
    n = base.views.row("SELECT COUNT(*) AS n FROM value_clients WHERE n_orders > 0")["n"]
    complained = base.has("cases.opened_at")  # without the table nobody is said to have had no complaint
    made = [
        (*row[:11], row[11] if complained else None, _spent(row[12], hour), row[13] or None, row[14]) for row in rows
    ]
    columns = (
        ("customer_id", "id"),
        ("name", "text"),
        ("kind", "word"),
        ("abc", "text"),
        ("orders", "orders"),
        ("revenue", "money"),
        ("margin", "money"),
        ("profitability", "share"),
        ("discount", "money"),
        ("bonus_used", "money"),
        ("debt", "money"),
        ("complaints", "count"),
        ("contact_cost", "money"),
        ("brought", "clients"),
        ("brought_revenue", "money"),
    )
    found = sheet("value.clients", columns, made, n=n)
    return found and replace(found, cut=n - len(made))


def _spent(seconds: int, hour: float | None) -> int | None:
    return round(seconds / 3600 * hour) if hour is not None and seconds else None


def referrals(base: Base) -> Sheet | None:
    """Clients who brought others, by what those others paid: part of their value that their own bills do not show."""
    if not base.has("customers.referred_by"):
        return None
    rows = base.views.rows(
        "SELECT v.customer_id, f.name, v.revenue, v.brought, v.brought_revenue, "
        "coalesce(v.revenue, 0) + coalesce(v.brought_revenue, 0) AS both_revenue "
        "FROM value_clients AS v JOIN customer_facts AS f ON f.customer_id = v.customer_id WHERE v.brought > 0 "
        "ORDER BY v.brought_revenue DESC NULLS LAST, v.brought DESC, v.customer_id"
    )
    columns = (
        ("customer_id", "id"),
        ("name", "text"),
        ("revenue", "money"),
        ("brought", "clients"),
        ("brought_revenue", "money"),
        ("both_revenue", "money"),
    )
    return sheet("value.referrals", columns, rows, n=len(rows))
