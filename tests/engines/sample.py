"""A small base with every kind of trouble, and the settings its views are written with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa

from dovolen.insight import synth
from dovolen.insight.engines import Engine, Value
from dovolen.insight.facts import Views, definitions
from dovolen.insight.schema import Tables

ASOF, COMPARE = date(2026, 6, 30), date(2025, 6, 30)
QUARTERS = [date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31), ASOF]

PARAMS: dict[str, Value] = {
    "asof": ASOF,
    "compare": COMPARE,
    "n_quarters": len(QUARTERS),
    "grid": 5,
    "rfm_money": "revenue",
    "rfm_since": date(1, 1, 1),
    "cut_1": 0.2,
    "cut_2": 0.4,
    "cut_3": 0.6,
    "cut_4": 0.8,
    "third": 1 / 3,
    "two_thirds": 2 / 3,
    "window_assets": 24,
    "pickups_min": 5,
    "pickup_seconds": 7200,
    "regular_orders": 6,
    "regular_days": 91,
    "regular_assets": 4,
    "fleet_assets": 10,
    "fleet_orders": 24,
    "limit_floor": 60,
    "limit_default": 180,
    "pace_days": 90,
    "stale_days": 180,
    "asof_until": datetime(2026, 6, 30, 21, tzinfo=UTC).timestamp(),
    "rework_days": 90,
    "complaint_days": 180,
    "idle_days": 2,
    "zone": "Europe/Moscow",
    "minimum": 20,
    "campaign_days": 56,
    "survey_days": 30,
    "renewal_days": 365,
    "risk_warranty_days": 90,
    "risk_repeat_days": 180,
    "risk_low_score": 49,
    "risk_score_settles": 90,
    "risk_over": 0.05,
    "risk_warranty_orders": 3,
    "risk_dear": 0.9,
    "risk_promise_days": 1,
    "risk_event_days": 180,
}

AGAIN = ("rfm_values", "rfm_measured", "rfm_grades", "rfm")
"""Made twice: as of the study's day and of the day compared with (`_before`)."""


def base() -> Tables:
    """An invented centre of 300 clients with its flaws: returns, cancelled orders, missing clients and times."""
    return Tables(synth.centre(300, 8, until=ASOF, flaws=True))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def edges() -> Tables:
    """A few orders at the edges: ties, a midnight in the zone, DST nights, an empty client, text identifiers."""
    rows = [
        ("1", "а", "2026-03-29 00:59:59", 100, "repaired"),
        ("2", "а", "2026-03-29 01:00:00", 100, None),
        ("3", "Б", "2025-10-25 21:00:00", -50, "repaired"),
        ("4", "Б", "2025-10-26 00:30:00", 0, "cancelled"),
        ("5", "б", "2026-06-30 21:30:00", 1, "repaired"),
        ("6", "б", "2026-06-30 22:00:00", 1, "repaired"),
        ("7", None, "2026-01-01 00:00:00", 7, "repaired"),
        ("8", "z'\\n", "2024-02-29 12:00:00", None, "declined"),
        ("9", "", "1969-12-31 23:59:59", 5, "repaired"),
    ]
    names = ("order_id", "customer_id", "accepted_at", "revenue", "outcome")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    moments = pa.array([_moment(text) for text in columns["accepted_at"]], pa.timestamp("us", tz="UTC"))
    orders = pa.table({**columns, "accepted_at": moments})
    return Tables({"orders": orders}, zone="Europe/Berlin")


def views(engine: Engine, tables: Tables, **params: Value) -> Views:
    """The views of `tables` on `engine`, with the days they are asked for."""
    made = Views(engine, tables, PARAMS | params)
    made.put("days", pa.table({"day": pa.array(QUARTERS, pa.date32())}))
    made.put("quarters", pa.table({"day": pa.array(QUARTERS, pa.date32()), "place": list(range(1, len(QUARTERS) + 1))}))
    made.put("rfm_category_cuts", _category_cuts())
    _put_risk(made, tables)
    made.again(AGAIN, "_before", asof=COMPARE)
    return made


def _put_risk(made: Views, tables: Tables) -> None:
    """What the views of risk read beside the tables: days, ages, who fell out of the best, scores of every order."""
    orders = tables.data["orders"]
    assert isinstance(orders, pa.Table)
    size = len(orders)
    made.put("risk_days", pa.table({"day": pa.array([date(2025, 12, 31), COMPARE, ASOF], pa.date32())}))
    made.put(
        "risk_ages", pa.table({"category": ["laptop", "phone"], "from_days": [730, 1461], "to_days": [1461, 1826]})
    )
    fallen = orders["customer_id"].slice(0, 3)
    made.put(
        "risk_fallen", pa.table({"day": pa.array([ASOF] * 3, pa.date32()), "customer_id": fallen, "grade": [1, 2, 3]})
    )
    scored = [ASOF - timedelta(days=place % 700) for place in range(size)]
    scores = {"order_id": orders["order_id"], "scored_date": pa.array(scored, pa.date32()),
              "satisfaction": [place % 100 for place in range(size)],
              "low_confidence": [place % 7 // 6 for place in range(size)]}  # fmt: skip
    made.put("order_scores", pa.table(scores))


def _category_cuts() -> pa.Table:
    """Cuts of each category's own: days, orders, kopecks."""
    names = [*(f"{direction}_{place}" for direction in "rfm" for place in (1, 2, 3, 4, "third", "two_thirds"))]
    scales = {"r": 60.0, "f": 1.0, "m": 300_000.0}
    steps = (1, 2, 3, 4, 1, 3)
    rows = [
        {"category": category} | {name: scales[name[0]] * steps[place % 6] * size for place, name in enumerate(names)}
        for size, category in enumerate(("unknown", "laptop", "phone", "tablet"), start=1)
    ]
    return pa.Table.from_pylist(rows)


def names() -> list[str]:
    """Every view, the second ones too."""
    return sorted([*definitions(), *(f"{name}_before" for name in AGAIN)])


def rows(made: Views, name: str) -> list[tuple[object, ...]]:
    """The rows of a view in an order of their own."""
    found = made.fetch(f"SELECT * FROM {name}")
    listed = [tuple(row.values()) for row in found.select(sorted(found.column_names)).to_pylist()]
    return sorted(
        listed, key=lambda row: tuple((value is None, str(value)) for value in row if not isinstance(value, float))
    )
