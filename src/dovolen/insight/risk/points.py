"""Points of risk: which there are, what they stand on, what is offered to the views, the list of names."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from dovolen.insight import rfm
from dovolen.insight.config import Config
from dovolen.insight.engines import Value
from dovolen.insight.rooms import Base

POINTS: dict[str, tuple[str, ...]] = {
    "complaint_open": ("cases.resolved_at",),
    "promise_at_risk": ("orders.promised_at", "orders.ready_at"),
    "service_book_taken": ("events.at",),
    "low_satisfaction": (),
    "repeat_repair": ("orders.rework_of",),
    "late_last_order": ("orders.promised_at", "orders.ready_at"),
    "over_estimate": ("orders.revenue",),
    "falls_out_of_best": ("orders.revenue",),
    "trade_in_valuation": ("events.at",),
    "expensive_body": ("orders.kind", "orders.revenue"),
    "expensive_after_warranty": ("assets.warranty_until", "orders.revenue"),
    "declined_not_offered": (),
    "frequent_warranty": ("orders.pay_type",),
    "warranty_ends": ("assets.warranty_until",),
    "repair_warranty_ends": ("lines.warranty_until",),
    "asset_age": ("assets.category",),
    "silent_beyond_rhythm": (),
}
"""Every point and the columns without which it cannot be seen; the first are the more pressing."""

OF_VISITS = ("falls_out_of_best", "silent_beyond_rhythm")
"""Points that are themselves a matter of silence: who has one is compared with those who came as often."""
SILENCE = ("recency",)

UNITS = {
    "expensive_body": "money", "expensive_after_warranty": "money", "over_estimate": "money",
    "declined_not_offered": "money", "late_last_order": "hours", "low_satisfaction": "number",
    "frequent_warranty": "number", "falls_out_of_best": "number", "asset_age": "years",
}  # fmt: skip
"""Unit of the number behind a point where it is not days."""


def lend(base: Base, days: tuple[date, ...]) -> None:
    """Offer the views what they read beside the tables: days, ages of replacement, who fell out of the best."""
    base.views.offer("risk_days", lambda: pa.table({"day": pa.array(sorted(days), pa.date32())}))
    base.views.offer("risk_ages", lambda: _ages(base.config))
    base.views.offer("risk_fallen", lambda: _fallen(base))


def _ages(config: Config) -> pa.Table:
    def of(years: float) -> int:
        return round(years * 365.25)

    ages = config.ages
    return pa.table(
        {
            "category": pa.array([age.category for age in ages], pa.string()),
            "from_days": pa.array([of(age.since) for age in ages], pa.int64()),
            "to_days": pa.array([of(age.until) for age in ages], pa.int64()),
        }
    )


_GRADES = ("rfm_values", "rfm_measured", "rfm_grades", "rfm")
_CUTS = ("rfm_quantiles", "rfm_thresholds")


def _fallen(base: Base) -> pa.Table:
    """Who fell out of the best by the study's day since `compare`, and by a year ago since the year before it."""
    views, config = base.views, base.config
    if not base.has("orders.revenue"):
        return views.fetch("SELECT $asof AS day, customer_id, 0 AS grade FROM billed WHERE 1 = 0")
    now = views.fetch("SELECT $asof AS day, customer_id, r_after AS grade FROM rfm_moves WHERE fell = 1")
    if base.population:
        return now  # nothing is learnt of earlier days
    year_ago, two_ago = (base.asof - timedelta(days=days) for days in (365, 730))
    own_cuts = config.rfm_method == "quantile" and config.rfm_cut == "above"
    views.again((*(_CUTS if own_cuts else ()), *_GRADES), "_year_ago", **_as_of(year_ago, config))
    # Both days are graded with the cuts of the later one.
    views.again(tuple(f"{name}_year_ago" for name in _GRADES), "_before", **_as_of(two_ago, config))
    then = views.fetch(
        "SELECT $year_ago AS day, a.customer_id, a.rfm_r AS grade FROM rfm_year_ago AS a "
        "JOIN rfm_year_ago_before AS b ON b.customer_id = a.customer_id "
        "WHERE b.rfm_r = $grid AND b.rfm_f = $grid AND b.rfm_m = $grid AND a.rfm_r < $grid",
        year_ago=year_ago,
    )
    return pa.concat_tables([now, then.cast(now.schema)])


def _as_of(day: date, config: Config) -> dict[str, Value]:
    return {"asof": day, "rfm_since": rfm.since(day, config)}
