"""METRICS and the one aggregator: a metric is a numerator over a denominator, so it can be regrouped, given an
interval, and withheld when few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dovolen.insight.facts import Views
from dovolen.insight.results import Figure, Sheet
from dovolen.insight.stats import intervals


@dataclass(frozen=True)
class Metric:
    """One measure over `order_facts`. `unit` share gets a Wilson interval; one with `squares` the interval of a mean.

    `numerator` and `denominator` are aggregates in the views' dialect; null = nothing to judge. `needs` names the
    columns of `orders` without which it is not computed.
    """

    name: str
    unit: str
    better: str
    numerator: str
    denominator: str = ""
    squares: str = ""
    needs: tuple[str, ...] = ()


def _sum(what: str) -> str:
    return f"CAST(SUM({what}) AS BIGINT)"


def _mean_of(name: str, unit: str, better: str, column: str, *needs: str) -> Metric:
    """The mean of a column over counted orders that have it."""
    value = f"CASE WHEN counted = 1 THEN CAST({column} AS DOUBLE) END"
    return Metric(name, unit, better, f"SUM({value})", f"COUNT({value})", f"SUM(({value}) * ({value}))", needs)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("orders", "orders", "higher", _sum("counted")),
        Metric(
            "clients",
            "clients",
            "higher",
            "COUNT(DISTINCT CASE WHEN counted = 1 THEN customer_id END)",
            needs=("customer_id",),
        ),
        Metric("revenue", "money", "higher", _sum("CASE WHEN is_cancelled = 0 THEN revenue END"), needs=("revenue",)),
        _mean_of("average_order", "money", "higher", "revenue", "revenue"),
        Metric(
            "margin",
            "money",
            "higher",
            _sum("CASE WHEN is_cancelled = 0 THEN margin END"),
            needs=("parts_cost", "labour_cost"),
        ),
        Metric(
            "promise_kept",
            "share",
            "higher",
            _sum("promise_kept"),
            "COUNT(promise_kept)",  # null = nothing was promised, so nobody was let down
            needs=("promised_at", "ready_at"),
        ),
        _mean_of("turnaround", "hours", "lower", "turnaround_hours", "ready_at"),
        Metric(
            "rework_share",
            "share",
            "lower",
            _sum("CASE WHEN counted = 1 THEN is_rework END"),
            _sum("counted"),
            needs=("rework_of",),
        ),
        Metric("cancelled_share", "share", "lower", _sum("is_cancelled"), "COUNT(*)", needs=("outcome",)),
    )
}
"""What is measured on orders, by name."""

DIMENSIONS = (
    "centre",
    "customer_kind",
    "class",
    "lifecycle",
    "rfm_segment",
    "category",
    "brand",
    "kind",
    "pay_type",
    "department",
    "place",
    "initiated_by",
    "outcome",
    "technician",
    "advisor",
    "manager",
    "channel",
    "source",
    "image_value",
    "potential",
    "weekday",
)
"""Columns of `order_facts` that orders are sliced by."""


@dataclass(frozen=True)
class Measured:
    """One metric in one cell; `few` = under the minimum sample, and then there is no value."""

    value: float | int | None
    n: int
    low: float | None = None
    high: float | None = None
    few: bool = False


def measure(
    views: Views, metrics: tuple[Metric, ...], by: tuple[str, ...] = (), *, minimum: int
) -> list[tuple[tuple[Any, ...], dict[str, Measured]]]:
    """Each cell of `by` (dimensions of `order_facts`) with its metrics, cells in order of their values.

    A share or mean of under `minimum` cases is withheld; so is every metric of a cell of under `minimum` orders.
    """
    parts = [f"{', '.join(by)}, " if by else "", "COUNT(*) AS cell_orders"]
    for metric in metrics:
        for role, aggregate in (("n", metric.numerator), ("d", metric.denominator), ("q", metric.squares)):
            if aggregate:
                parts.append(f", {aggregate} AS {metric.name}_{role}")
    group = f" GROUP BY {', '.join(by)} ORDER BY {', '.join(f'{name} NULLS LAST' for name in by)}" if by else ""
    table = views.fetch(f"SELECT {''.join(parts)} FROM order_facts{group}").to_pylist()
    return [
        (tuple(row[name] for name in by), {metric.name: _measured(metric, row, minimum) for metric in metrics})
        for row in table
    ]


def _measured(metric: Metric, row: dict[str, Any], minimum: int) -> Measured:
    numerator = row[f"{metric.name}_n"]
    if not metric.denominator:
        orders = row["cell_orders"]
        few = orders < minimum
        return Measured(None if few or numerator is None else numerator, orders, few=few)
    n = int(row[f"{metric.name}_d"] or 0)
    if n < minimum or numerator is None:
        return Measured(None, n, few=True)
    return Measured(numerator / n, n, *_interval(metric, numerator, row, n))


def _interval(metric: Metric, numerator: float, row: dict[str, Any], n: int) -> tuple[float | None, float | None]:
    """The interval of a share, or of a mean: one case tells nothing of how means vary."""
    if not metric.squares:
        return intervals.wilson(int(numerator), n)
    return intervals.mean(numerator, row[f"{metric.name}_q"], n) if n > 1 else (None, None)


def possible(names: tuple[str, ...], given: frozenset[str]) -> tuple[Metric, ...]:
    """Those of the named metrics whose columns the source gave."""
    return tuple(METRICS[name] for name in names if given.issuperset(METRICS[name].needs))


def overall(views: Views, given: frozenset[str], *, minimum: int) -> dict[str, Figure]:
    """Promise kept, rework, turnaround and the average order over the whole base; `given` = columns of `orders`."""
    names = ("average_order", "promise_kept", "turnaround", "rework_share", "cancelled_share")
    asked = possible(names, given)
    [(_, cell)] = measure(views, asked, minimum=minimum)
    return {
        f"orders.{name}": Figure(
            f"orders.{name}",
            cell[name].value,
            METRICS[name].unit,
            n=cell[name].n,
            low=cell[name].low,
            high=cell[name].high,
            few=cell[name].few,
            rule=f"rule.{name}",
        )
        for name in (metric.name for metric in asked)
        if cell[name].n
    }


def slices(views: Views, given: frozenset[str], *, minimum: int) -> list[Sheet]:
    """Every dimension that the source has, cell by cell; cells of under `minimum` orders are withheld and counted."""
    shown = possible(("orders", "clients", "revenue", "average_order", "margin", "promise_kept"), given)
    rows: list[tuple[Any, ...]] = []
    withheld = 0
    for dimension in _present(views):
        for (value,), cell in measure(views, shown, (dimension,), minimum=minimum):
            few = cell["orders"].few
            withheld += few
            figures = [cell[metric.name].value for metric in shown]
            rows.append((dimension, None if value is None else str(value), *figures, few))
    if not rows:
        return []
    columns = (
        ("dimension", "word"),
        ("value", "text"),
        *((metric.name, metric.unit) for metric in shown),
        ("withheld", "flag"),
    )
    return [Sheet("slices", columns, rows, n=withheld, rule="rule.slices", note=f"minimum={minimum}")]


def _present(views: Views) -> list[str]:
    """Dimensions with at least two different values, the unknown one among them, and at most 200."""
    counts = ", ".join(f"COUNT(DISTINCT {name}) AS {name}, COUNT({name}) AS {name}_known" for name in DIMENSIONS)
    row = views.row(f"SELECT COUNT(*) AS orders, {counts} FROM order_facts")
    return [
        name
        for name in DIMENSIONS
        if row[name] and row[name] <= 200 and row[name] + (row[f"{name}_known"] < row["orders"]) >= 2
    ]
